package batch_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/report"
)

// halfReleased makes a release of a job that is stopped while a fault keeps its
// calls from ending.
func (n *night) halfReleased(t *testing.T, fault string, r release) []report.Record {
	t.Helper()
	n.service.SetFaults(faults(t, fault))
	ctx, cancel := context.WithTimeoutCause(t.Context(), 500*time.Millisecond, batch.StopInterrupt)
	defer cancel()
	records, _, err := n.releases(t, ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	n.service.SetFaults(nil)
	return records
}

// TestSafetyUnbindSwept: a row whose release was begun is UNKNOWN, and yet no
// sweep may call it not bound: its binding lives, and it would be bound again.
func TestSafetyUnbindSwept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		input := nightInput(0, 3, "2099-01-31 23:59:59", "13900000001")
		bound, _, _ := n.run(t, t.Context(), input)
		n.halfReleased(t, "drop-before@UnbindSubscription=1", release{job: "r.csv", input: resultsText(t, nightHead, bound)})
		swept, after, _ := n.sweep(t, input, n.everyNumber(), true)
		if got := count(after); swept.Rows != 0 || got[report.Unknown] != 3 {
			t.Errorf("%+v, %v", swept, got)
		}
		if rows, _, calls := n.run(t, t.Context(), input); calls != 0 || count(rows)[report.Unknown] != 3 || len(n.live()) != 3 {
			t.Errorf("%v, %d calls, %d live", count(rows), calls, len(n.live()))
		}
	})
}
