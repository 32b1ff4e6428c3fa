package batch_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/report"
)

// TestClockSetBack resumes a job whose journal was written under a clock five
// hours ahead: nothing that is settled moves, and a row in doubt is looked up
// as long as ever, not five hours.
func TestClockSetBack(t *testing.T) {
	var journal []byte
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(5 * time.Hour)
		n := newNight(t, simulator.Options{Faults: faultList(t, "drop-before=0.5"), Seed: 5})
		defer n.close()
		ctx, cancel := context.WithTimeoutCause(t.Context(), 2*time.Second, books.StopUntil)
		defer cancel()
		records, _, _ := n.run(t, ctx, pinned(10))
		if c := count(records); c[report.Unknown] == 0 || c[report.Bound] == 0 {
			t.Fatalf("%v, want some of each", c)
		}
		journal = n.journal.Text()
	})
	synctest.Test(t, func(t *testing.T) { // whose clock starts anew
		n := newNight(t, simulator.Options{SubsIDOffset: 1_000_000})
		defer n.close()
		n.journal.Set(journal)
		start := time.Now()
		records, _, _ := n.run(t, t.Context(), pinned(11)) // the last one shows that look-ups can be believed
		if c := count(records); c[report.Bound] != 11 {
			t.Errorf("%v, want all bound", c)
		}
		if took := time.Since(start); took > 35*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
