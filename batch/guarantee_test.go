package batch_test

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/report"
	"axgbind/report/reference"
)

// instants are the lines of the reference, guarantees.md, that a journal alone decides: the
// moment at which everything stops, told as the journal it leaves behind, and
// what the next run of the same command makes of it. The page quotes name,
// state and calls of each.
var instants = []struct {
	name   string
	x      bool   // the row names its X
	fault  string // of the first run's call
	after  string // the last record on disk: kind and which of its kind
	torn   bool   // that record is torn off in its middle
	served bool   // the service had the call and executed it, if its fault says so
	status report.Status
	code   string
	calls  int // BindAxg calls of the next run
}{
	{"journal created, no run recorded", false, "", "header1", false, false, report.Bound, "OK", 1},
	{"run recorded, nothing sent", false, "", "run1", false, false, report.Bound, "OK", 1},
	{"intent torn: its call cannot have left", false, "", "intent1", true, false, report.Bound, "OK", 1},
	{"intent durable, call not sent", false, "", "intent1", false, false, report.Unknown, "client.Interrupted", 0},
	{"intent durable, call executed, answer lost", false, "", "intent1", false, true, report.Unknown, "client.Interrupted", 0},
	{"the same, X named", true, "", "intent1", false, true, report.Bound, "OK", 0},
	{"intent durable, call not sent, X named", true, "", "intent1", false, false, report.Bound, "OK", 1},
	{"outcome torn", false, "", "ok1", true, true, report.Unknown, "client.Interrupted", 0},
	{"outcome torn, X named", true, "", "ok1", true, true, report.Bound, "OK", 0},
	{"outcome BOUND durable", false, "", "ok1", false, true, report.Bound, "OK", 0},
	{"refusal durable", false, "code:isv.MOBILE_NUMBER_ILLEGAL=1", "refused1", false, true, report.Failed, "isv.MOBILE_NUMBER_ILLEGAL", 0},
	{"throttled, outcome durable", false, "flow-limit=1", "notsent1", false, true, report.Bound, "OK", 1},
	{"throttled, second intent durable", false, "flow-limit=1", "intent2", false, true, report.Unknown, "client.Interrupted", 0},
	{"answer lost, outcome durable", false, "drop-after=1", "lost1", false, true, report.Unknown, "client.ConnectionLost", 0},
	{"the same, X named, not looked up yet", true, "drop-after=1", "lost1", false, true, report.Bound, "OK", 0},
	{"look-up torn", true, "drop-after=1", "found1", true, true, report.Bound, "OK", 0},
	{"look-up durable: bound", true, "drop-after=1", "found1", false, true, report.Bound, "OK", 0},
	{"look-up durable: not bound", true, "drop-before=1", "absent1", false, true, report.Bound, "OK", 1},
	{"re-sent with the same X, second intent durable", true, "drop-before=1", "intent2", false, true, report.Bound, "OK", 1},
	{"run ended, results not written yet", false, "", "ok1", false, true, report.Bound, "OK", 0},
}

func TestGuarantees(t *testing.T) {
	for _, c := range instants {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				input := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n"
				if c.x {
					input = pinned(1)
				}
				first := newNight(t, simulator.Options{})
				defer first.close()
				first.control(t)
				begun := first.journal.Len()
				if c.after == "header1" {
					begun = 0
				}
				first.service.SetFaults(faultList(t, c.fault))
				// A fault that hits every call never lets the row end, so the run is stopped.
				ctx, cancel := context.WithTimeoutCause(t.Context(), 100*time.Second, books.StopUntil)
				defer cancel()
				first.run(t, ctx, input)

				next := newNight(t, simulator.Options{SubsIDOffset: 1_000_000})
				defer next.close()
				if c.served {
					next.service.Close()
					next.door.Close()
					next.client.Close()
					next.service, next.door, next.client = first.service, first.door, first.client
					first.service.SetFaults(nil)
				}
				text := first.journal.Text()
				next.journal.Set(slices.Concat(text[:begun], cutAfter(t, text[begun:], c.after, c.torn)))
				if !c.served {
					time.Sleep(time.Minute)
					next.control(t)
				}
				records, _, calls := next.run(t, t.Context(), input)
				if r := records[0]; r.Status != c.status || r.Code != c.code || calls != c.calls {
					t.Errorf("%v %s after %d calls, want %v %s after %d", r.Status, r.Code, calls, c.status, c.code, c.calls)
				}
				if n := len(next.live()); n > 1 {
					t.Errorf("bound %d times", n)
				}
				if _, _, calls := next.run(t, t.Context(), input); calls != 0 {
					t.Errorf("a run after that made %d calls", calls)
				}
			})
		})
	}
}

// cutAfter is a journal up to the nth record of a kind, such as intent2, that
// record torn in its middle if torn is set.
func cutAfter(t *testing.T, journal []byte, which string, torn bool) []byte {
	t.Helper()
	end, seen := 0, 0
	word := strings.TrimRight(which, "0123456789")
	for line := range bytes.Lines(journal) {
		end += len(line)
		if !bytes.HasPrefix(line[9:], []byte(word)) {
			continue
		}
		if seen++; seen == int(which[len(word)]-'0') {
			if torn {
				end -= len(line) / 2
			}
			return append([]byte(nil), journal[:end]...)
		}
	}
	t.Fatalf("the first run wrote no record %s:\n%s", which, journal)
	return nil
}

// TestGuaranteesPage keeps the reference and the table above the same, line by line, in
// both languages.
func TestGuaranteesPage(t *testing.T) {
	cell := regexp.MustCompile("(?m)^\\| (.+?) *\\| ([A-Z]+) `(.+?)` *\\| (\\d) *\\|$")
	for _, lang := range []report.Lang{report.EN, report.ZH} {
		topic, _ := reference.Find("guarantees")
		lines := cell.FindAllStringSubmatch(topic.Page(lang), -1)
		if len(lines) != len(instants) {
			t.Fatalf("language %d: the page has %d instants, want %d", lang, len(lines), len(instants))
		}
		for i, c := range instants {
			l := lines[i]
			if lang == report.EN && l[1] != c.name || l[2] != c.status.String() || l[3] != c.code || l[4] != strconv.Itoa(c.calls) {
				t.Errorf("language %d: the page has %q for %q, want %v %s and %d calls", lang, l[0], c.name, c.status, c.code, c.calls)
			}
		}
	}
}

func faultList(t *testing.T, text string) []simulator.Fault {
	t.Helper()
	if text == "" {
		return nil
	}
	f, err := simulator.ParseFault(text)
	if err != nil {
		t.Fatal(err)
	}
	return []simulator.Fault{f}
}
