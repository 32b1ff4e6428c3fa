package batch_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/report"
)

// TestCompact drops what lapsed and nothing else: what is live resumes as before.
func TestCompact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{})
		defer n.close()
		soon := time.Now().Add(2 * time.Hour).In(report.Beijing).Format(time.DateTime)
		live := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n13800138001,1,2099-01-31 23:59:59\n"
		lapsing := "PhoneNoA,GroupId,Expiration\n13800138002,1," + soon + "\n13800138003,1," + soon + "\n13800138004,1," + soon + "\n"
		n.run(t, t.Context(), live)
		n.run(t, t.Context(), lapsing)
		time.Sleep(24 * time.Hour)

		j, err := batch.OpenJournal(&n.paper, int64(n.paper.Len()), nil)
		if err != nil {
			t.Fatal(err)
		}
		var shorter bytes.Buffer
		dropped, err := j.Compact(&shorter, time.Now(), time.Now())
		if err != nil || dropped != 3 {
			t.Fatalf("dropped %d rows, error %v; want 3", dropped, err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		for _, number := range []string{"13800138002", "13800138003", "13800138004"} {
			if strings.Contains(shorter.String(), number) {
				t.Errorf("the compacted journal still holds %s", report.Mask(number))
			}
		}
		n.paper.Buffer = shorter
		records, _, calls := n.run(t, t.Context(), live)
		if calls != 0 || count(records)[report.Bound] != 2 {
			t.Errorf("after compacting: %d calls, %v; want none and 2 BOUND", calls, count(records))
		}
		records, _, calls = n.run(t, t.Context(), lapsing)
		if calls != 0 || count(records)[report.Invalid] != 3 {
			t.Errorf("lapsed rows after compacting: %d calls, %v; want none and 3 INVALID", calls, count(records))
		}
	})
}
