package batch_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/plan"
)

// TestReopened: whoever opens a journal knows at once that the calls of a run that
// was killed are in doubt: --resend unknown plans to send them, and not fewer.
func TestReopened(t *testing.T) {
	inRig(t, simulator.Options{Latency: 50 * time.Millisecond}, func(t *testing.T, r *rig) {
		var kept []byte
		time.AfterFunc(100*time.Millisecond, func() { kept = r.disk.kept() })
		const rows = 100
		text := header + rowsText(0, rows)
		r.run(text, job{options: batch.Options{Rate: 300}})
		synctest.Wait()
		r.disk.text, r.disk.durable = kept, len(kept)
		open := openIntents(kept)
		if open == 0 {
			t.Fatal("no call was under way")
		}
		bound := 0
		m := r.match(text, plan.Options{Resend: plan.Resend{Unknown: true}})
		for _, row := range m.rows {
			if strings.HasPrefix(row, "BOUND") {
				bound++
			}
		}
		if m.plan.ToSend != rows-bound {
			t.Errorf("%d to send of %d rows, %d of them bound, %d interrupted", m.plan.ToSend, rows, bound, open)
		}
	})
}
