package input_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain finds goroutines that outlive the tests: Scan ends its own.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
