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

// A row that was sent in its repaired form is the same row in the next run,
// however the cell is written then, and however late it is.
func TestRepairedRowResumes(t *testing.T) {
	inRig(t, simulator.Options{}, func(t *testing.T, r *rig) {
		const header = "A号码,G组ID,过期时间\n"
		r.run(header+"13800138000,2000000000001.0,2001/1/31 23:59\n", job{})
		time.Sleep(24 * time.Hour)
		for _, row := range []string{
			"138-0013-8000,2000000000001.0,2001/1/31 23:59\n",
			"13800138000,2000000000001,2001-01-31 23:59:00\n",
			"+86 13800138000,\"2,000,000,000,001\",2001-01-31T15:59:00Z\n",
		} {
			if m := r.match(header+row, plan.Options{}); m.plan.ToSend != 0 || m.plan.Settled != 1 || !strings.HasPrefix(m.rows[0], "BOUND OK ") {
				t.Errorf("%s: %v", row, m.rows)
			}
		}
	})
}
