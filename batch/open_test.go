package batch_test

import (
	"strings"
	"testing"
	"time"

	"axgbind/batch/input"
)

// checkedAt is the time at which the tests check rows.
var checkedAt = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

// openInput opens text as an input and fails the test if it is refused.
func openInput(t testing.TB, text string, opt input.Options) *input.Input {
	t.Helper()
	in, err := input.Open(strings.NewReader(text), int64(len(text)), opt)
	if err != nil {
		t.Fatalf("OpenInput: %v", err)
	}
	return in
}
