package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/lookup"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// part is a run of one row that has not begun, and what it told.
type part struct {
	*Run
	row  *plan.Row
	said []string // its events
	stop error    // for which it was cancelled
}

// newPart makes one of a journal that a test writes; nil: it is empty.
func newPart(t *testing.T, op Operation, opt Options, write func(s *bookstest.Writer)) *part {
	t.Helper()
	s := bookstest.NewWriter()
	if write != nil {
		write(s)
	}
	j := bookstest.Read(t, s.Text)
	in := bookstest.Input(t, "PhoneNoA,GroupId,Expiration,PoolKey\n13800138000,7,2099-01-31 23:59:59,FC1\n", input.Options{})
	made, err := plan.New(in, j, plan.Options{Now: time.Now(), Batch: "a"})
	if err != nil {
		t.Fatal(err)
	}
	p := &part{}
	opt.Rate, opt.Seed = 100, 1
	opt.Explain = func(m Message) { p.said = append(p.said, strings.TrimSpace(fmt.Sprint(m.Event, " ", m.Code, m.Place))) }
	if p.Run, err = NewRun(made, op, opt); err != nil {
		t.Fatal(err)
	}
	p.cancel = func(cause error) { p.stop = cause }
	if err := made.EachRow(func(_ int, row *plan.Row) error { p.row = row.ForKeeps(); return nil }); err != nil {
		t.Fatal(err)
	}
	return p
}

// troubled closes the breaker of a run and trips it, and returns the permit of the next
// row, which is a probe.
func (p *part) troubled(t *testing.T) permit {
	t.Helper()
	p.breaker.report(permit{probe: true}, aliyun.Done, "")
	p.breaker.trip()
	pass, err := p.breaker.enter(t.Context(), false)
	if err != nil || !pass.probe {
		t.Fatalf("%+v, %v", pass, err)
	}
	return pass
}

// TestSound asks about the row's X in place of a row that probes, or about one that is
// known, and tells the breaker what came of it.
func TestSound(t *testing.T) {
	for _, c := range []struct {
		name    string
		x       string // of the row
		err     error
		cancels bool
		asked   string
		heard   bool
		failed  int
		stop    books.Stop
	}{
		{"answered", "17100000009", nil, false, "FC1 17100000009", true, 0, books.StopNone},
		{"answered, of what is known", "", nil, false, "FC2 17100000001", true, 0, books.StopNone},
		{"refused", "17100000009", coded(refusedCode), false, "FC1 17100000009", true, 0, books.StopNone},
		{"lost", "17100000009", coded(aliyun.CodeTimeout), false, "FC1 17100000009", false, 1, books.StopNone},
		{"no answer of the service", "17100000009", errors.ErrUnsupported, false, "FC1 17100000009", false, 1, books.StopNone},
		{"given up", "17100000009", nil, true, "FC1 17100000009", false, 0, books.StopNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				asked := ""
				p := newPart(t, Bind{}, Options{Probe: func(_ context.Context, pool, x string) error {
					if asked = pool + " " + x; c.cancels {
						cancel()
					}
					return c.err
				}}, nil)
				if p.breaker.asks() {
					t.Error("something is asked before a number is known")
				}
				p.know(number{"", "17100000000"})
				p.know(number{"FC2", ""})
				p.know(number{"FC2", "17100000001"})
				p.know(number{"FC3", "17100000002"})
				pass := p.troubled(t)
				if !pass.lookFirst {
					t.Errorf("the row is to probe itself: %+v", pass)
				}
				p.row.Fields[field.PhoneNoX] = c.x
				p.sound(ctx, p.row, pass)
				if asked != c.asked || p.breaker.heard != c.heard || p.breaker.failed != c.failed || p.breaker.probing || p.Run.stop != c.stop || p.live.looks.Load() != 1 {
					t.Errorf("asked %q, heard %v, %d failed, probing %v, stop %q, %d paid", asked, p.breaker.heard, p.breaker.failed, p.breaker.probing, p.Run.stop, p.live.looks.Load())
				}
				if !p.breaker.tripped.Load() {
					t.Error("a look-up closed the breaker")
				}
				cancel()
				asked = ""
				p.breaker.probing = true
				if p.sound(ctx, p.row, pass); asked != "" || p.breaker.probing {
					t.Errorf("once all has ended it asked about %q", asked)
				}
			})
		})
	}
	// Two credentials that are both out of date end the run.
	synctest.Test(t, func(t *testing.T) {
		p := newPart(t, Bind{}, Options{Probe: func(context.Context, string, string) error { return coded(aliyun.CodeTokenExpired) }}, nil)
		p.know(number{"FC2", "17100000001"})
		pass := p.troubled(t)
		p.sound(t.Context(), p.row, pass)
		if p.Run.stop != books.StopNone || !p.breaker.held {
			t.Errorf("one: %q, held %v", p.Run.stop, p.breaker.held)
		}
		p.sound(t.Context(), p.row, pass)
		if p.Run.stop != books.StopAccount || p.stopCode != aliyun.CodeTokenExpired || p.stop != books.StopAccount {
			t.Errorf("two: %q %q, %v", p.Run.stop, p.stopCode, p.stop)
		}
	})
}

// TestKnowJournal takes a number from the first binding that lives and has one.
func TestKnowJournal(t *testing.T) {
	bind := func(s *bookstest.Writer, n int, x string) {
		s.Sent(n)
		s.Ends(ledger.OK, "OK", books.Detail{SecretNo: x})
	}
	for _, c := range []struct {
		name  string
		write func(s *bookstest.Writer)
		want  string
	}{
		{"none", func(*bookstest.Writer) {}, ""},
		{"the first", func(s *bookstest.Writer) { bind(s, 1, "17100000001"); bind(s, 2, "17100000002") }, "FC1 17100000001"},
		{"one is gone", func(s *bookstest.Writer) {
			bind(s, 1, "17100000001")
			bind(s, 2, "17100000002")
			s.Record(ledger.Record{Kind: ledger.Gone, Binding: ledger.ParseSubsID("1")}, nil)
		}, "FC1 17100000002"},
		{"one that only a list named", func(s *bookstest.Writer) {
			s.Intend(1, ledger.Record{Op: ledger.Update, Binding: ledger.ParseSubsID("77")})
			s.Record(ledger.Record{Kind: ledger.Lost, Call: s.Call}, nil)
			bind(s, 2, "17100000002")
		}, "FC1 17100000002"},
	} {
		p := newPart(t, Bind{}, Options{Probe: func(context.Context, string, string) error { return nil }}, func(s *bookstest.Writer) { s.Begin("z", 1); c.write(s) })
		got := ""
		if n := p.known.Load(); n != nil {
			got = n.pool + " " + n.x
		}
		if got != c.want || p.breaker.asks() != (c.want != "") {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	row := &plan.Row{Chosen: "17100000003"}
	row.Fields[field.PoolKey] = "FC1"
	if numberOf(row) != (number{"FC1", "17100000003"}) {
		t.Errorf("of a bind: %v", numberOf(row))
	}
	if row.Target = (&plan.Target{SecretNo: "17100000004"}); numberOf(row) != (number{"FC1", "17100000004"}) {
		t.Errorf("of a change: %v", numberOf(row))
	}
}

// TestRunLooks tells the breaker what a look-up came to, and whether the row may go by it.
func TestRunLooks(t *testing.T) {
	for _, c := range []struct {
		name   string
		f      lookup.Finding
		barred bool // look-ups are, before
		ok     bool
		proof  books.Proof
		made   int
		failed int // probes
		stop   books.Stop
	}{
		{"shown", lookup.Finding{Proof: books.Ours}, false, true, books.Ours, 1, 0, books.StopNone},
		{"unclear", lookup.Finding{Proof: books.Unclear, Class: aliyun.Ambiguous, Code: aliyun.CodeTimeout}, false, true, books.Unclear, 1, 1, books.StopNone},
		{"barred", lookup.Finding{Proof: books.Barred, Class: aliyun.AccountRefused}, false, true, books.Barred, 1, 0, books.StopNone},
		{"barred before", lookup.Finding{Proof: books.Ours}, true, true, books.Barred, 0, 0, books.StopNone},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := newPart(t, Bind{}, Options{}, nil)
				p.barred.Store(c.barred)
				made := 0
				do := func(pay func(context.Context) error) lookup.Finding {
					made++
					if err := pay(t.Context()); err != nil {
						t.Error(err)
					}
					return c.f
				}
				heard := make(chan struct{}, 1)
				f, ok := p.look(t.Context(), &arrival{heard: heard}, do)
				if f.Proof != c.proof || ok != c.ok || made != c.made || p.breaker.failed != c.failed || p.Run.stop != c.stop || p.breaker.probing {
					t.Errorf("%v, %v after %d, %d failed, stop %q, probing %v", f.Proof, ok, made, p.breaker.failed, p.Run.stop, p.breaker.probing)
				}
				if len(heard) != 1 {
					t.Error("the row told nobody that it is there")
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) { // a breaker that is tripped meanwhile keeps it from being made
		p := newPart(t, Bind{}, Options{}, nil)
		p.breaker.report(permit{probe: true}, aliyun.Done, "")
		tries := 0
		f, ok := p.look(t.Context(), nil, func(pay func(context.Context) error) lookup.Finding {
			if tries++; tries == 1 {
				p.breaker.report(permit{look: true}, aliyun.Stale, aliyun.CodeTokenExpired)
			}
			if err := pay(t.Context()); (err != nil) != (tries == 1) {
				t.Errorf("try %d: %v", tries, err)
			}
			return lookup.Finding{Proof: books.Ours}
		})
		if tries != 2 || !ok || f.Proof != books.Ours {
			t.Errorf("%d tries, %v, %v", tries, f.Proof, ok)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if f, ok := p.look(ctx, nil, func(func(context.Context) error) lookup.Finding { cancel(); return lookup.Finding{} }); ok || f.Proof != books.Unclear {
			t.Errorf("given up: %v, %v", f.Proof, ok)
		}
		if _, ok := p.look(ctx, nil, func(func(context.Context) error) lookup.Finding { t.Error("made"); return lookup.Finding{} }); ok {
			t.Error("one that was given up before says something")
		}
		again := func() (lookup.Finding, bool) {
			return p.look(t.Context(), nil, func(pay func(context.Context) error) lookup.Finding {
				if err := pay(t.Context()); err != nil {
					t.Error(err)
				}
				return lookup.Finding{Proof: books.Unclear, Class: aliyun.Stale, Code: aliyun.CodeTokenExpired}
			})
		}
		if _, ok := again(); !ok || p.Run.stop != books.StopNone {
			t.Errorf("one old credential: %v, %q", ok, p.Run.stop)
		}
		if _, ok := again(); ok || p.Run.stop != books.StopAccount {
			t.Errorf("two: %v, %q", ok, p.Run.stop)
		}
	})
}

// TestMine says whether a call may be made on a binding by what was shown of it, and what
// becomes of the row.
func TestMine(t *testing.T) {
	for _, c := range []struct {
		name   string
		f      lookup.Finding
		subsID string
		lost   string // the code of a release of it whose answer was lost; blank: there was none
		want   bool
		fate   plan.Fate
		said   string
		stop   books.Stop
	}{
		{"ours", lookup.Finding{Proof: books.Ours}, "1", "", true, plan.FateSend, "", books.StopNone},
		{"ended", lookup.Finding{Proof: books.Absent, Ended: true}, "1", "", true, plan.FateSend, "", books.StopNone},
		{"not shown", lookup.Finding{Proof: books.Absent}, "1", "", false, plan.FateUnshown, "", books.StopNone},
		{"not shown, and a release was lost", lookup.Finding{Proof: books.Absent}, "1", aliyun.CodeTimeout, true, plan.FateSend, "", books.StopNone},
		{"not shown, and a release found nothing", lookup.Finding{Proof: books.Absent}, "1", aliyun.CodeSubsNotExist, false, plan.FateUnshown, "", books.StopNone},
		{"another's", lookup.Finding{Proof: books.Foreign}, "1", "", false, plan.FateOther, "", books.StopNone},
		{"odd", lookup.Finding{Proof: books.Odd}, "1", "", false, plan.FateOther, "", books.StopNone},
		{"another's, and rounded", lookup.Finding{Proof: books.Foreign}, "1000000000000000", "", false, plan.FateDamaged, "", books.StopNone},
		{"refused", lookup.Finding{Proof: books.Odd, Class: aliyun.RowRefused, Code: refusedCode}, "1", "", false, plan.FateSend, fmt.Sprint(EventLookRefused, " ", refusedCode), books.StopLookups},
		{"barred", lookup.Finding{Proof: books.Barred, Class: aliyun.RowRefused, Code: "NoPermission"}, "1", "", false, plan.FateSend, fmt.Sprint(EventLookBarred, " NoPermission"), books.StopNone},
		{"barred for the account", lookup.Finding{Proof: books.Barred, Class: aliyun.AccountRefused, Code: accountCode}, "1", "", false, plan.FateSend, fmt.Sprint(EventLookBarred, " ", accountCode), books.StopAccount},
		{"unproven", lookup.Finding{Proof: books.Unproven}, "1", "", false, plan.FateSend, fmt.Sprint(EventLookUnproven, " FC1"), books.StopNone},
		{"distrusted", lookup.Finding{Proof: books.Distrusted}, "1", "", false, plan.FateSend, fmt.Sprint(EventLookDistrusted, " FC1"), books.StopNone},
		{"masked", lookup.Finding{Proof: books.Masked}, "1", "", false, plan.FateSend, fmt.Sprint(EventLookMasked, " FC1"), books.StopNone},
	} {
		p := newPart(t, Unbind{}, Options{}, func(s *bookstest.Writer) {
			s.Begin("z", 1)
			s.Bind(1, ledger.OK, "OK", 1)
			if c.lost != "" {
				s.Intend(2, ledger.Record{Op: ledger.Release, Binding: ledger.ParseSubsID("1")})
				s.Record(ledger.Record{Kind: ledger.Lost, Call: s.Call, Code: c.lost}, nil)
			}
		})
		p.row.Target = &plan.Target{SubsID: c.subsID, Binding: ledger.ParseSubsID(c.subsID)}
		for range 2 { // what is to be said is said once
			got := p.mine(0, p.row, c.f)
			if fate := p.plan.Entries[0].Fate; got != c.want || fate != c.fate || p.Run.stop != c.stop {
				t.Errorf("%s: %v, fate %d, stop %q; want %v, %d, %q", c.name, got, fate, p.Run.stop, c.want, c.fate, c.stop)
			}
		}
		if strings.Join(p.said, ", ") != c.said || p.live.invalid.Load() > 0 != (c.fate != plan.FateSend) {
			t.Errorf("%s: said %q, %d invalid; want %q", c.name, p.said, p.live.invalid.Load(), c.said)
		}
	}
}

// TestRunWaits says how long a row waits after an answer, and when it is given up.
func TestRunWaits(t *testing.T) {
	for _, c := range []struct {
		name  string
		class aliyun.Class
		then  []next // after one answer, two and so on; two retries
		waits bool
	}{
		{"done", aliyun.Done, []next{notMade, notMade, notMade, notMade}, false},
		{"refused for its X", aliyun.RowRefused, []next{again, again, again, again}, false},
		{"lost", aliyun.Ambiguous, []next{again, again, leave, leave}, true},
		{"throttled", aliyun.Throttled, []next{again, again, again, again}, true},
		{"not sent", aliyun.NotSent, []next{again, again, notMade, again}, true},
		{"out of date", aliyun.Stale, []next{again, again, again, again}, false},
	} {
		p := newPart(t, Bind{}, Options{Retries: 2}, nil)
		p.breaker.report(permit{probe: true}, aliyun.Done, "")
		var tried tries
		for i, want := range c.then {
			wait, then := p.wait(&tried, Answer{Class: c.class})
			if then != want || wait > 0 != (c.waits && want == again) {
				t.Errorf("%s, answer %d: %v, then %d; want %d", c.name, i+1, wait, then, want)
			}
			if tripped := p.breaker.tripped.Load(); tripped != (c.class == aliyun.NotSent && i >= 2) {
				t.Errorf("%s, answer %d: tripped %v", c.name, i+1, tripped)
			}
		}
	}
	p := newPart(t, Bind{}, Options{}, nil)
	if wait, _ := p.wait(&tries{}, Answer{Class: aliyun.Throttled, RetryAfter: 30 * time.Second}); wait < 30*time.Second {
		t.Errorf("it waits %v, and was asked to wait longer", wait)
	}
}

// TestRunHeeds takes what an answer asks of all rows.
func TestRunHeeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPart(t, Bind{}, Options{}, nil)
		throttled := func(wait time.Duration) {
			p.heed(&Answer{Class: aliyun.Throttled, Code: throttledCode, RetryAfter: wait})
		}
		if throttled(time.Second); len(p.said) > 0 || p.throttling.Holds() {
			t.Errorf("a second holds all: %q", p.said)
		}
		if throttled(5 * time.Second); !slices.Equal(p.said, []string{fmt.Sprint(EventRetryAfter, " ", throttledCode)}) || !p.throttling.Holds() {
			t.Errorf("five seconds: %q", p.said)
		}
		start := time.Now()
		if err := p.throttling.Wait(t.Context()); err != nil || time.Since(start) != 5*time.Second {
			t.Errorf("waited %v, %v", time.Since(start), err)
		}
		time.Sleep(pace.NoSuccess)
		throttled(0)
		p.heed(&Answer{Class: aliyun.NotSent}) // that the service was not reached is no answer
		if throttled(0); p.Run.stop != books.StopNone {
			t.Errorf("four answers end the run: %q", p.Run.stop)
		}
		p.heed(&Answer{Class: aliyun.RowRefused})
		for range 5 { // as many as it takes at least
			throttled(0)
		}
		if p.Run.stop != books.StopNone {
			t.Error("an answer of another kind did not begin it anew")
		}
		time.Sleep(pace.NoSuccess)
		if throttled(0); p.Run.stop != books.StopThrottled || p.stopCode != throttledCode {
			t.Errorf("stop %q %q", p.Run.stop, p.stopCode)
		}
	})
}

// TestRunClaims: an answer that names what another row was told is not to be relied on.
func TestRunClaims(t *testing.T) {
	p := newPart(t, Bind{}, Options{}, func(s *bookstest.Writer) {
		s.Begin("z", 1)
		s.Bind(1, ledger.OK, "OK", 1)
	})
	mine := p.plan.Entries[0].Row
	done := Answer{Class: aliyun.Done, Code: "OK", SubsID: "2", SecretNo: "17100000002"}
	if got := p.claim(mine, done); got != done {
		t.Errorf("its own: %+v", got)
	}
	if got := p.claim(mine, done); got != done {
		t.Errorf("its own, again: %+v", got)
	}
	lost := Answer{Class: aliyun.Ambiguous, SubsID: "1"}
	if got := p.claim(mine, lost); got != lost {
		t.Errorf("a lost one: %+v", got)
	}
	want := Answer{Class: aliyun.Ambiguous, Code: aliyun.CodeIDTwice, Named: books.Named{SubsID: "1", SecretNo: "17100000001", Line: 1, Batch: "z"}}
	if got := p.claim(mine, Answer{Class: aliyun.Done, Code: "OK", SubsID: "1", SecretNo: "17100000001"}); got != want {
		t.Errorf("another's: %+v", got)
	}
}

// TestCountEnd counts rows that ended by a call, and stops the run where too many ended
// badly.
func TestCountEnd(t *testing.T) {
	p := newPart(t, Bind{}, Options{MaxFailures: MaxFailures{Count: 2}}, nil)
	for _, status := range []report.Status{report.Held, report.Invalid, report.Pending} {
		p.countEnd(status, "c", ledger.Bind)
	}
	p.countEnd(report.Bound, "OK", ledger.Bind)
	p.countEnd(report.Bound, "OK", ledger.Renew)
	if p.countEnd(report.Unknown, aliyun.CodeTimeout, ledger.Bind); p.Run.stop != books.StopNone || p.failures.ended != 3 {
		t.Errorf("stop %q after %d", p.Run.stop, p.failures.ended)
	}
	s := p.Status()
	if p.countEnd(report.Failed, "c", ledger.Bind); p.Run.stop != books.StopMaxFailures || p.stopCode != "c" {
		t.Errorf("stop %q %q", p.Run.stop, p.stopCode)
	}
	if s.Bound != 2 || s.Renewed != 1 || s.Unknown != 1 || s.Failed != 0 || s.Left != 1 || s.ToSend != 1 {
		t.Errorf("%+v", s)
	}
}

// TestSweepConsiders keeps a binding that fits a row, or is in the place of one, and says
// whether it can be what the answers say.
func TestSweepConsiders(t *testing.T) {
	const utc = -8 * time.Hour
	ends, left := time.Date(2099, 1, 31, 15, 59, 59, 0, time.UTC), time.Now()
	place := input.PlaceOf("FC1", "13800138000", "7")
	s := bookstest.NewWriter()
	s.Begin("z", 1)
	for i, at := range []ledger.Place{place, place + 1} { // known by the journal, 1 there and 2 elsewhere
		call := uint64(i + 1)
		s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: call, Row: bookstest.KeyOf(int(call)), Place: at}, nil)
		s.Record(ledger.Record{Kind: ledger.OK, Call: call, Binding: ledger.ParseSubsID(fmt.Sprint(call)), Code: "OK"}, nil)
	}
	j := bookstest.Read(t, s.Text)
	for _, c := range []struct {
		name          string
		change        func(s *aliyun.Subscription)
		want          bool
		found, unlike int
		masked        bool
	}{
		{"a row's", func(*aliyun.Subscription) {}, true, 1, 0, false},
		{"a row's, in another form", func(s *aliyun.Subscription) { s.PhoneNoA = "+8613800138000" }, true, 1, 0, false},
		{"a row's, of long before", func(s *aliyun.Subscription) { s.Created = left.Add(-24 * time.Hour) }, true, 0, 1, false},
		{"with another end", func(s *aliyun.Subscription) { s.Expiration = ends.Add(utc) }, true, 0, 1, false},
		{"with another B", func(s *aliyun.Subscription) { s.PhoneNoB = "13900139000" }, true, 0, 1, false},
		{"of another A", func(s *aliyun.Subscription) { s.PhoneNoA = "13700137000" }, true, 0, 0, false},
		{"of another group", func(s *aliyun.Subscription) { s.GroupID = "8" }, true, 0, 0, false},
		{"ended", func(s *aliyun.Subscription) { s.Live = false }, false, 0, 0, false},
		{"hidden", func(s *aliyun.Subscription) { s.PhoneNoA = "138****8000" }, false, 0, 0, true},
		{"another row's", func(s *aliyun.Subscription) { s.SubsID = "1" }, true, 0, 0, false},
		{"told to a row elsewhere", func(s *aliyun.Subscription) { s.SubsID = "2" }, true, 0, 1, false},
	} {
		x := &plan.Suspect{Call: ledger.CallInfo{Place: place}, Sent: books.Detail{T: left.UnixMilli(), PoolKey: "FC1"}, Expires: ends}
		key := matchKeyOf(x)
		w := sweeper{
			journal: j, controls: lookup.NewControls(nil, j, nil), pools: map[string]*sweptPool{"FC1": {}},
			suspects: map[matchKey][]*plan.Suspect{key: {x}}, places: map[ledger.Place][]*plan.Suspect{place: {x}}, shown: map[string]bool{},
			found: map[matchKey][]*aliyun.Subscription{}, unlike: map[ledger.Place][]*aliyun.Subscription{},
		}
		shown := &aliyun.Subscription{SubsID: "9", PhoneNoA: "13800138000", GroupID: "7", Expiration: ends, Created: left, Live: true}
		c.change(shown)
		if got := w.consider("FC1", shown); got != c.want || len(w.found[key]) != c.found || len(w.unlike[place]) != c.unlike || w.pools["FC1"].masked.Load() != c.masked {
			t.Errorf("%s: %v, %d found, %d unlike, masked %v", c.name, got, len(w.found[key]), len(w.unlike[place]), w.pools["FC1"].masked.Load())
		}
		if kept := c.found+c.unlike > 0; kept && w.consider("FC1", shown) {
			t.Errorf("%s: it has two numbers", c.name)
		}
	}
}

// TestSweptPools tells of pools whose sweep settles nothing, and why.
func TestSweptPools(t *testing.T) {
	some := []Number{{"1", "FC1", ""}}
	for _, c := range []struct {
		name string
		pool *sweptPool
		want Swept
	}{
		{"proven", &sweptPool{numbers: some, proven: true, foreign: 2}, Swept{Foreign: 2}},
		{"no number", &sweptPool{proven: true}, Swept{Unlisted: []string{"FC1"}}},
		{"unproven", &sweptPool{numbers: some, why: books.Unproven}, Swept{Unproven: []string{"FC1"}}},
		{"distrusted", &sweptPool{numbers: some, why: books.Distrusted}, Swept{Distrusted: []string{"FC1"}}},
	} {
		c.pool.lost.Store(3)
		c.want.Lost = 3
		var got Swept
		if c.pool.addTo(&got, "FC1"); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestVerifySkips: rows without ids that can be asked about are counted, and so are those
// that are not bound any more.
func TestVerifySkips(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const head = "PhoneNoA,GroupId,Expiration,PoolKey,Line,Status,Code,SecretNo,SubsId\n"
		in := bookstest.Input(t, head+
			"13800138001,7,2001-01-31 23:59:59,FC1,2,BOUND,OK,17100000001,1000000000000001\n"+
			"13800138002,7,2001-01-31 23:59:59,FC1,3,BOUND,OK,17100000002,\n"+
			"13800138003,7,2001-01-31 23:59:59,FC1,4,BOUND,OK,,1000000000000003\n"+
			"13800138004,7,1999-01-31 23:59:59,FC1,5,BOUND,OK,17100000004,1000000000000004\n"+
			"13800138005,7,2001-01-31 23:59:59,FC1,6,PENDING,,,\n"+
			"13800138006,7,2001-01-31 23:59:59,FC1,7,BOUND,OK,17100000006,1000000000000001\n", input.Options{})
		made, err := plan.New(in, bookstest.Read(t, bookstest.NewWriter().Text), plan.Options{Now: time.Now(), Batch: "a"})
		if err != nil {
			t.Fatal(err)
		}
		made.Entries[0].Fate = plan.FateOther // two rows name its binding; here one is enough
		asker, err := NewAsker(1000)
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		v := Verify{Client: &shows{detail: coded(aliyun.CodeSubsNotExist)}, Asker: asker, Differs: func(Difference) { t.Error("a difference is believed") }, Asked: func(n int) { asked = n }}
		got, err := v.Do(t.Context(), made)
		if err != nil || got.Rows != 3 || got.NoID != 2 || got.NoIDAt != 3 || got.Lapsed != 1 || got.Unlike != 2 || got.UnlikeAt != 2 || asked != 0 {
			t.Errorf("%+v, %d asked, %v", got, asked, err)
		}
	})
}

// TestUnlagged: what is shown late is waited for two minutes, and a wait of more than five
// seconds is said once.
func TestUnlagged(t *testing.T) {
	for _, c := range []struct {
		lag    time.Duration // after which a binding of this run was shown
		proven bool
		said   int
	}{
		{time.Second, true, 0},
		{2 * time.Second, true, 1},
		{lookup.LongestLag / 3, true, 1},
		{lookup.LongestLag/3 + time.Millisecond, false, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			made := time.Now()
			client := &shows{held: aliyun.HeldBy()}
			p := newPart(t, Bind{Client: client}, Options{}, nil)
			p.controls = lookup.NewControls(client, p.journal, func(ctx context.Context, ask func(context.Context) error) error { return ask(ctx) }) // without a pace
			p.controls.Bound(&p.row.Row, "17100000001", "1")
			p.controls.Before(t.Context(), "FC1")
			time.Sleep(time.Until(made.Add(c.lag)))
			client.held = aliyun.HeldBy("1")
			client.s = &aliyun.Subscription{SubsID: "1", PhoneNoA: "13800138000", GroupID: "7", Expiration: time.Date(2099, 1, 31, 15, 59, 59, 0, time.UTC), Created: made, Live: true}
			if got := p.controls.After(t.Context(), "FC1", p.controls.Mark("FC1")); got != lookup.Trusted {
				t.Fatalf("trust %v", got)
			}
			left := time.Now()
			l := &lostCall{Run: p.Run, pool: "FC1", call: ledger.CallInfo{At: left.UnixMilli(), Due: left.UnixMilli()}}
			for range 2 {
				f := lookup.Finding{Proof: books.Absent}
				until := l.unlagged(&f)
				wait := until.Sub(time.UnixMilli(left.UnixMilli()))
				if (f.Proof == books.Absent) != c.proven || wait != 3*c.lag {
					t.Errorf("lag %v: %v, until %v", c.lag, f.Proof, wait)
				}
			}
			if len(p.said) != c.said {
				t.Errorf("lag %v: said %q", c.lag, p.said)
			}
		})
	}
}
