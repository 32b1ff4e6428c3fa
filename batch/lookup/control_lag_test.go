package lookup_test

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
	"axgbind/report"
)

// bound are bindings of a pool that a journal knows or a run makes, and what a service shows
// of them: each from a time on, as it is then said to.
type bound struct {
	t     *testing.T
	s     *bookstest.Writer
	j     *books.Journal
	c     *lookup.Controls
	ends  time.Time
	shows map[string]*aliyun.Subscription // by X; nil: it shows nothing
	from  map[string]time.Time            // by X: before, it shows nothing
	err   error                           // of every look-up
	asked []string                        // the bindings that were asked about, by their numbers, since the last look
	takes time.Duration                   // how long an answer does
}

func newBound(t *testing.T) *bound {
	return &bound{t: t, s: bookstest.NewWriter(), ends: time.Now().AddDate(0, 1, 0).Truncate(time.Second), shows: map[string]*aliyun.Subscription{}, from: map[string]time.Time{}}
}

func (b *bound) QuerySubsID(_ context.Context, _, x string) (aliyun.Held, error) {
	b.asked = append(b.asked, strings.TrimLeft(x[3:], "0"))
	time.Sleep(b.takes)
	s := b.shows[x]
	switch {
	case b.err != nil:
		return aliyun.Held{}, b.err
	case s == nil || time.Now().Before(b.from[x]):
		return aliyun.HeldBy(), nil
	}
	return aliyun.HeldBy(s.SubsID), nil
}

func (b *bound) QuerySubscriptionDetail(_ context.Context, _, _, x string) (*aliyun.Subscription, error) {
	return b.shows[x], nil
}

func xOf(n int) string    { return fmt.Sprintf("171%08d", n) }
func subsOf(n int) string { return fmt.Sprintf("1000000000%06d", n) }

// made has the service show binding n, made now, as it is.
func (b *bound) made(n int) {
	b.shows[xOf(n)] = &aliyun.Subscription{SubsID: subsOf(n), PhoneNoA: fmt.Sprintf("138%08d", n), GroupID: "7", Expiration: b.ends, Created: time.Now(), Live: true}
}

// wrote has the journal know binding n, which is made now; change is to its particulars,
// those of the intent and those of its end.
func (b *bound) wrote(n int, change func(sent, said *books.Detail)) {
	b.made(n)
	ms := time.Now().UnixMilli()
	sent := books.Detail{T: ms, PoolKey: "FC1", PhoneNoA: fmt.Sprintf("138%08d", n), GroupID: "7", Expiration: b.ends.In(report.Beijing).Format(time.DateTime)}
	said := books.Detail{T: ms, SecretNo: xOf(n), SubsID: subsOf(n)}
	if change != nil {
		change(&sent, &said)
	}
	b.s.Call++
	b.s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: b.s.Call, Row: bookstest.KeyOf(n), Place: ledger.Place(n), At: ms, Due: ms, Ends: b.ends.Unix()}, sent)
	b.s.Record(ledger.Record{Kind: ledger.OK, Call: b.s.Call, Binding: ledger.ParseSubsID(subsOf(n)), Code: "OK", At: ms}, said)
}

// begin reads the journal, and begins a run.
func (b *bound) begin() {
	var err error
	if b.j, err = books.Read(bookstest.NewMemory(b.s.Text), int64(len(b.s.Text)), nil); err != nil {
		b.t.Fatal(err)
	}
	b.c = lookup.NewControls(b, b.j, func(ctx context.Context, request func(context.Context) error) error { return request(ctx) })
}

// binds has the run bind binding n, which look-ups show so much later.
func (b *bound) binds(n int, lag time.Duration) {
	b.made(n)
	b.from[xOf(n)] = time.Now().Add(lag)
	row := &input.Row{}
	row.Fields[field.PoolKey], row.Fields[field.PhoneNoA], row.Fields[field.GroupID], row.Fields[field.Expiration] = "FC1", fmt.Sprintf("138%08d", n), "7", b.ends.In(report.Beijing).Format(time.DateTime)
	b.c.Bound(row, xOf(n), subsOf(n))
}

// asks has controls asked, now.
func (b *bound) asks() lookup.Trust { return b.c.After(b.t.Context(), "FC1", b.c.Mark("FC1")) }

// wasAsked tests which bindings were asked about, in their order.
func (b *bound) wasAsked(what string, want ...string) {
	b.t.Helper()
	if !slices.Equal(b.asked, want) {
		b.t.Errorf("%s: asked about %q, want %q", what, b.asked, want)
	}
	b.asked = nil
}

// TestControlsOfJournal: the latest made come first, those of unknown age last, five at
// most; what has no whole ids or values, has ended or is about to, is being changed, or is
// another pool's, is none.
func TestControlsOfJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBound(t)
		b.s.Begin("a", 20)
		b.wrote(1, func(sent, _ *books.Detail) { sent.Undated = true })
		for n := 2; n <= 4; n++ {
			b.wrote(n, nil)
			time.Sleep(time.Second)
		}
		ends := b.ends
		for n, change := range []func(sent, said *books.Detail){
			func(sent, _ *books.Detail) { sent.PoolKey = "FC2" },
			func(sent, _ *books.Detail) { sent.PhoneNoA = "" },
			func(sent, _ *books.Detail) { sent.PhoneNoA = "138****0001" },
			func(sent, _ *books.Detail) { sent.GroupID = "" },
			func(sent, _ *books.Detail) { sent.Expiration = "soon" },
			func(_, said *books.Detail) { said.SubsID = "S-1" },
			func(_, said *books.Detail) { said.SecretNo = "" },
			func(sent, _ *books.Detail) {
				sent.Expiration = time.Now().Add(61 * time.Second).In(report.Beijing).Format(time.DateTime)
			},
		} {
			b.wrote(10+n, change)
		}
		b.ends = ends
		b.wrote(20, nil)
		b.s.Record(ledger.Record{Kind: ledger.Gone, Binding: ledger.ParseSubsID(subsOf(20)), At: 1}, nil)
		b.wrote(21, nil) // and being released
		b.s.Call++
		b.s.Record(ledger.Record{Kind: ledger.Intent, Op: ledger.Release, Call: b.s.Call, Row: bookstest.KeyOf(40), Binding: ledger.ParseSubsID(subsOf(21)), At: 1, Due: 2}, nil)
		b.begin()
		time.Sleep(2 * time.Second) // 17 is about to end
		for _, s := range b.shows {
			s.PhoneNoA = "13900139000" // all were changed, so none tells anything
		}
		if got := b.asks(); got != lookup.NoControl {
			t.Errorf("trust %v of bindings that all were changed", got)
		}
		b.wasAsked("all changed", "4", "3", "2", "1")
		for n := 30; n < 37; n++ {
			b.wrote(n, nil)
			b.shows[xOf(n)].GroupID = "8"
		}
		b.begin()
		b.asks()
		b.wasAsked("of many", "36", "35", "34", "33", "32")
	})
}

// TestControlsOfRun: of what a run binds, bindings that lie apart are controls, the latest
// first, three at most, before those of the journal.
func TestControlsOfRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBound(t)
		b.s.Begin("a", 20)
		b.wrote(1, nil)
		b.begin()
		time.Sleep(time.Hour)
		hide := func() {
			for _, s := range b.shows {
				s.GroupID = "8"
			}
		}
		bind := func(n int, then time.Duration) {
			b.binds(n, 0)
			time.Sleep(then)
		}
		bind(2, 5*time.Second)
		hide()
		b.asks()
		b.wasAsked("one", "2", "1")
		bind(3, 4*time.Second) // 5 s behind 2: the next takes its place
		bind(4, 6*time.Second) // 9 s
		hide()
		b.asks()
		b.wasAsked("close together", "4", "2", "1")
		bind(5, 10*time.Second) // 4 has come too close to 2: it goes
		hide()
		b.asks()
		b.wasAsked("and later", "5", "2", "1")
		bind(6, 10*time.Second)
		hide()
		b.asks()
		b.wasAsked("three", "6", "5", "2", "1")
		bind(7, 10*time.Second)
		hide()
		b.asks()
		b.wasAsked("the first of four goes", "7", "6", "5", "1")
	})
}

// TestTrust: a control that is shown as it is known is enough, if it tells when it was
// made; a second look tells what is not shown from what is not shown yet.
func TestTrust(t *testing.T) {
	refuses := &aliyun.Error{Code: "isp.RAM_PERMISSION_DENY", HTTPStatus: 200}
	for _, c := range []struct {
		name  string
		tells func(b *bound)
		want  lookup.Trust
		form  lookup.Form
		asked []string
	}{
		{"as it is known", func(*bound) {}, lookup.Trusted, lookup.Form{Dated: true}, []string{"3"}},
		{"in UTC", func(b *bound) {
			for _, s := range b.shows {
				s.Expiration, s.Created = s.Expiration.Add(-8*time.Hour), s.Created.Add(-8*time.Hour)
			}
		}, lookup.Trusted, lookup.Form{UTC: true, CreatedUTC: true, Dated: true}, []string{"3"}},
		{"its end in UTC", func(b *bound) {
			for _, s := range b.shows {
				s.Expiration = s.Expiration.Add(-8 * time.Hour)
			}
		}, lookup.Trusted, lookup.Form{UTC: true, Dated: true}, []string{"3"}},
		{"made at another time", func(b *bound) { b.shows[xOf(3)].Created = time.Now().Add(-24 * time.Hour) }, lookup.Trusted, lookup.Form{Dated: true}, []string{"3", "2"}},
		{"made at other times", func(b *bound) {
			for _, s := range b.shows {
				s.Created = time.Time{}
			}
		}, lookup.Trusted, lookup.Form{}, []string{"3", "2", "1"}},
		{"ended", func(b *bound) { b.shows[xOf(3)].Live = false }, lookup.Trusted, lookup.Form{Dated: true}, []string{"3", "2"}},
		{"with a B", func(b *bound) { b.shows[xOf(3)].PhoneNoB = "13900139000" }, lookup.Trusted, lookup.Form{Dated: true}, []string{"3", "2"}},
		{"not shown", func(b *bound) { delete(b.shows, xOf(3)) }, lookup.Trusted, lookup.Form{Dated: true}, []string{"3", "3", "2"}},
		{"none shown", func(b *bound) { clear(b.shows) }, 1, lookup.Form{}, []string{"3", "3", "2", "2", "1", "1"}},
		{"no answer", func(b *bound) { b.err = errors.New("no answer") }, 1, lookup.Form{}, []string{"3", "2", "1"}},
		{"refused", func(b *bound) { b.err = refuses }, 1, lookup.Form{}, []string{"3"}},
		{"a lie before", func(b *bound) { b.c.Lie("FC1") }, 1, lookup.Form{}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBound(t)
				b.s.Begin("a", 20)
				for n := 1; n <= 3; n++ {
					b.wrote(n, nil)
					time.Sleep(time.Minute)
				}
				time.Sleep(time.Hour)
				b.begin()
				c.tells(b)
				if got := b.asks(); got != c.want || b.c.Form("FC1") != c.form {
					t.Errorf("trust %v, form %+v; want %v, %+v", got, b.c.Form("FC1"), c.want, c.form)
				}
				b.wasAsked("controls", c.asked...)
			})
		})
	}
}

// TestTrustLasts: what was shown just now is not asked again before a look-up, but is after
// it; callers at one time share an asking.
func TestTrustLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBound(t)
		b.s.Begin("a", 20)
		b.wrote(1, nil)
		time.Sleep(time.Hour)
		b.begin()
		before := func(what string, want ...string) {
			t.Helper()
			if got := b.c.Before(t.Context(), "FC1"); got != lookup.Trusted {
				t.Errorf("%s: trust %v", what, got)
			}
			b.wasAsked(what, want...)
		}
		before("at first", "1")
		time.Sleep(10 * time.Second)
		before("ten seconds later")
		time.Sleep(time.Millisecond)
		before("and later", "1")
		mark := b.c.Mark("FC1")
		if b.c.After(t.Context(), "FC1", mark-1) != lookup.Trusted {
			t.Error("what was asked after a mark is not believed")
		}
		b.wasAsked("behind an older mark")
		if b.c.After(t.Context(), "FC1", mark) != lookup.Trusted {
			t.Error("it is not believed")
		}
		b.wasAsked("behind a mark", "1")

		b.takes = time.Second
		said := make(chan lookup.Trust)
		ask := func(ctx context.Context, after int) {
			go func() { said <- b.c.After(ctx, "FC1", after) }()
			synctest.Wait()
		}
		mark = b.c.Mark("FC1")
		ask(t.Context(), mark)
		ask(t.Context(), mark)
		cancelled, cancel := context.WithCancel(t.Context())
		ask(cancelled, mark)
		cancel()
		if got := <-said; got == lookup.Trusted {
			t.Error("whoever gave up believes it")
		}
		ask(t.Context(), b.c.Mark("FC1")) // one that begins later
		for range 3 {
			if got := <-said; got != lookup.Trusted {
				t.Errorf("trust %v", got)
			}
		}
		b.wasAsked("shared", "1", "1")
		var none *lookup.Controls
		if none.Before(t.Context(), "FC1") != lookup.NoControl {
			t.Error("there are controls where there are none")
		}
	})
}

// TestLag: nothing shown means nothing there once three times the longest lag has passed
// that was seen, by a control made after the call, or else its age when it was shown.
func TestLag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const late = 30 * time.Second
		from := func(what string, b *bound, left time.Time, want time.Duration, sure bool) {
			t.Helper()
			at, ok := b.c.From("FC1", left, late)
			if ok != sure || sure && at.Sub(left) != want {
				t.Errorf("%s: %v after it left, %v; want %v, %v", what, at.Sub(left), ok, want, sure)
			}
		}
		waits := func(what string, b *bound, want time.Duration) {
			t.Helper()
			if got := b.c.Awaits("FC1"); got != want {
				t.Errorf("%s: it awaits %v, want %v", what, got, want)
			}
		}
		b := newBound(t)
		b.s.Begin("a", 20)
		b.wrote(1, nil)
		time.Sleep(time.Hour)
		b.begin()
		left := time.Now()
		from("nothing was asked", b, left, 0, false)
		b.asks()
		from("an old one is shown", b, left, time.Hour+late, true) // no look-up lags more than by its age
		time.Sleep(time.Second)
		b.binds(2, 20*time.Second)
		time.Sleep(2 * time.Second)
		b.asks()
		waits("a young one is not", b, lookup.UnseenFor/10)
		from("a young one is not shown yet", b, left, 0, false)
		time.Sleep(3 * time.Second)
		from("and not later", b, left.Add(-time.Minute), 0, false)
		time.Sleep(20 * time.Second) // it is 25 s old
		b.asks()
		waits("it is shown", b, 0)
		from("it is shown", b, left, 75*time.Second, true)                             // 3 x 25 s
		from("of a call behind it", b, left.Add(25*time.Second), 75*time.Second, true) // late + bound: 55 s
		time.Sleep(time.Minute)
		b.binds(3, time.Second)
		time.Sleep(time.Second)
		b.asks()
		from("a quick one tells no longer lag", b, left, 75*time.Second, true)
		b.c.Lie("FC1")
		from("a lie", b, left, 75*time.Second, false)

		// One that was never shown is waited for a minute.
		b = newBound(t)
		b.begin()
		b.binds(2, time.Hour)
		time.Sleep(time.Second)
		b.asks()
		from("only one that is not shown", b, time.Now(), 0, false)
		time.Sleep(lookup.UnseenFor - time.Second)
		waits("for a minute", b, lookup.UnseenFor/10)
		time.Sleep(time.Millisecond)
		waits("and no longer", b, 0)
		b.binds(3, 0)
		b.shows[xOf(2)] = &aliyun.Subscription{SubsID: subsOf(2), GroupID: "8", Live: true} // somebody else changed it
		b.from[xOf(2)] = time.Time{}
		b.asks()
		waits("changed by others", b, 0)
		from("without it", b, time.Now().Add(-time.Minute), late, true)

		// One that is shown at once tells that nothing lags.
		b = newBound(t)
		b.begin()
		b.binds(2, 0)
		b.asks()
		from("no lag, of a call before it", b, time.Now().Add(-time.Minute), late, true)
		from("no lag, of a call after it", b, time.Now(), late+1, true)
	})
}

// TestShownAgain: a binding that was shown and then is not is a lie, and so is one long made
// that is shown after it was not.
func TestShownAgain(t *testing.T) {
	for _, c := range []struct {
		name       string
		age        time.Duration // at the second look
		first      bool          // shown at the first look,
		second     bool          // and at the second
		changed    bool          // another's by then
		trusted    bool
		afterwards lookup.Trust
	}{
		{"always", time.Minute, true, true, false, true, lookup.Trusted},
		{"no more", time.Minute, true, false, false, false, 1},
		{"by now", time.Minute, false, true, false, true, lookup.Trusted},
		{"ten minutes after", 10 * time.Minute, false, true, false, true, lookup.Trusted},
		{"later than that", 10*time.Minute + time.Second, false, true, false, false, 1},
		{"another's now", time.Minute, true, true, true, false, lookup.NoControl},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBound(t)
				b.begin()
				b.binds(1, 0)
				shows := b.shows[xOf(1)]
				look := func(shown bool) lookup.Trust {
					if delete(b.shows, xOf(1)); shown {
						b.shows[xOf(1)] = shows
					}
					return b.asks()
				}
				look(c.first)
				time.Sleep(c.age)
				if c.changed {
					shows.GroupID = "8"
				}
				if got := look(c.second); (got == lookup.Trusted) != c.trusted {
					t.Errorf("at the second look: trust %v", got)
				}
				if got := b.asks(); got != c.afterwards {
					t.Errorf("afterwards: trust %v, want %v", got, c.afterwards)
				}
			})
		})
	}
}

// TestUnshown: a binding made lately may not be shown yet.
func TestUnshown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBound(t)
		b.s.Begin("a", 20)
		b.wrote(1, nil)
		time.Sleep(time.Minute)
		b.wrote(2, nil)
		b.begin()
		unshown := func(what string, n int, most time.Duration, want bool) {
			t.Helper()
			if got := b.c.Unshown("FC1", ledger.ParseSubsID(subsOf(n)), most); got != want {
				t.Errorf("%s: %v", what, got)
			}
		}
		unshown("nobody knows it", 9, 0, false)
		unshown("nothing was asked", 1, 0, true)
		unshown("older than most", 1, time.Minute-time.Millisecond, false)
		unshown("as old as most", 1, time.Minute, true)
		b.asks()
		unshown("another was shown", 1, 0, false)
		unshown("made just now", 2, 0, true)
		time.Sleep(books.SettleAfter - time.Millisecond)
		unshown("made half a minute ago, all but", 2, 0, true)
		time.Sleep(time.Millisecond)
		unshown("made half a minute ago", 2, 0, false)
		b.c.Lie("FC1")
		unshown("where look-ups lie", 1, 0, true)
	})
}

// TestPoll: what look-ups did not show is asked about every two seconds, until it is shown
// or for two minutes.
func TestPoll(t *testing.T) {
	for _, c := range []struct {
		lag  time.Duration
		asks int           // behind the first
		from time.Duration // three times the lag that was seen
		ok   bool
	}{
		{5 * time.Second, 3, 18 * time.Second, true},
		{time.Hour, 60, 0, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := newBound(t)
			b.begin()
			b.binds(1, c.lag)
			left := time.Now()
			b.asks()
			b.asked = nil
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() {
				defer close(done)
				b.c.Poll(ctx)
			}()
			time.Sleep(3 * time.Minute)
			cancel()
			<-done
			if len(b.asked) != c.asks {
				t.Errorf("lag %v: asked %d times, want %d", c.lag, len(b.asked), c.asks)
			}
			if at, ok := b.c.From("FC1", left, 0); ok != c.ok || ok && at.Sub(left) != c.from {
				t.Errorf("lag %v: from %v, %v; want %v, %v", c.lag, at.Sub(left), ok, c.from, c.ok)
			}
		})
	}
}
