package books_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain finds goroutines that outlive the tests: a Journal owns one.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
