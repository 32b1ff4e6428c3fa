package batch_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

// TestForget takes a journal through nights with lost answers, refusals, renewals and
// releases, and forgets the number of each row in turn. What is known stays the same
// but for that number, of which nothing is left; other lines stay as they are.
func TestForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{
			Numbers: 200, Latency: 80 * time.Millisecond, Jitter: 60 * time.Millisecond, Seed: 3,
			Faults: faults(t, "drop-after@*=0.1", "drop-before@*=0.1", "flow-limit@*=0.05", "code:isv.MOBILE_NUMBER_ILLEGAL=0.1"),
		})
		defer n.close()
		day := func(d int) string { return time.Now().AddDate(0, 0, d).In(report.Beijing).Format(time.DateTime) }
		n.results = "1.csv"
		first := nightInput(100, 130, day(30), "13900000001")
		bound, _, _ := n.run(t, t.Context(), first)
		n.results, n.whenBound = "2.csv", plan.RenewWhenBound
		n.run(t, t.Context(), nightInput(110, 140, day(60), "13900000001"))
		half := plan.Release{Select: func(r *input.Row) bool { return r.Line%2 == 0 }}
		if _, _, err := n.releases(t, t.Context(), release{job: "1.csv", input: resultsText(t, nightHead, bound), opt: half}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		text := n.journal.Text()
		short, _ := bookstest.Compacted(t, text, time.Now().Add(-bookstest.Month))
		live := map[string]bool{}
		for _, b := range n.service.Bindings() {
			live[b.PhoneNoA], live[b.PhoneNoB], live[b.SecretNo] = true, true, true
		}
		forgotten, needed := 0, 0
		for _, text := range [][]byte{text, short} {
			known := bookstest.Dump(t, text)
			for i := 100; i < 140; i++ {
				number := fmt.Sprintf("1380013%04d", i)
				if !bytes.Contains(text, []byte(number)) {
					continue
				}
				f, without := bookstest.Forget(t, text, number)
				switch held := bytes.Count(text, []byte(number)); {
				case bytes.Contains(without, []byte(number)):
					t.Fatalf("%s is left", report.Mask(number))
				case f.Records == 0 || f.Records > held:
					t.Errorf("%s stands %d times, and in %d records", report.Mask(number), held, f.Records)
				case live[number] && len(f.Needed) == 0:
					t.Errorf("a binding of %s lives, and it may be forgotten", report.Mask(number))
				}
				if len(f.Needed) == 0 {
					forgotten++
				} else {
					needed++
				}
				was, is := bytes.SplitAfter(text, []byte{'\n'}), bytes.SplitAfter(without, []byte{'\n'})
				if len(was) != len(is) {
					t.Fatalf("%d lines become %d", len(was), len(is))
				}
				for at := range was {
					if at == 0 { // it says that the journal was written anew
						continue
					}
					if !bytes.Contains(was[at], []byte(number)) && !bytes.Equal(was[at], is[at]) {
						t.Errorf("line %d changed:\n%s%s", at+1, was[at], is[at])
					}
				}
				want := make([]string, len(known))
				for at := range known {
					want[at] = strings.ReplaceAll(known[at], number, report.Mask(number))
				}
				if diff := cmp.Diff(want, bookstest.Dump(t, without)); diff != "" {
					t.Errorf("without %s (-want +got):\n%.3000s", report.Mask(number), diff)
				}
			}
		}
		if forgotten == 0 || needed == 0 {
			t.Errorf("%d numbers were forgotten, %d needed: the journal is not rich", forgotten, needed)
		}
	})
}
