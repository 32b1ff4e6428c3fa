package history_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain finds goroutines that outlive the tests: a journal that is compacted owns one.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
