package lookup

import (
	"context"
	"slices"
	"sync"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

const (
	// mostControls is how many bindings of a pool are asked about until one is shown as
	// it is known: others may have changed or released some.
	mostControls = 5
	// controlFresh is for how long a control counts as made before a look-up.
	controlFresh = 10 * time.Second
	// controlApart is how far apart the answers of this run lie that are controls: look-ups
	// may not show the latest ones yet.
	controlApart = 10 * time.Second
	// lagTimes is how many times the longest lag of look-ups has to pass until nothing
	// shown means that nothing is there.
	lagTimes = 3
	// UnseenFor is for how long after its answer the first binding that is not shown yet
	// is waited for, where nothing else is a control.
	UnseenFor = time.Minute
	// missingBy is how much older than a call a binding may be that, not shown, forbids to
	// say what the call made.
	missingBy = 15 * time.Second
	// LongestLag is how long at most a row waits in a run for what look-ups may show
	// late.
	LongestLag = 2 * time.Minute

	// SettledAge is how old a binding is of which look-ups may no longer lag.
	SettledAge = 10 * time.Minute
	// mostScanned bounds the bindings of the journal that are read to find controls.
	mostScanned = 20_000
)

// Controls know bindings of which the answer to a look-up is known beforehand. A look-up
// that shows nothing, or something else, is believed only between two controls of its
// pool: a service that shows nothing to anybody for a while, or shows numbers or times in
// another form, would have every lost call made again. It is safe for concurrent use.
type Controls struct {
	client  Lister
	journal *books.Journal
	known   int // bindings of the journal before this run
	// asks makes a request until it is answered; the error is the service's refusal, or
	// says that there was no answer.
	asks func(ctx context.Context, request func(context.Context) error) error

	mu    sync.Mutex
	pools map[string]*poolControls
}

// control is a binding whose ids and values are known.
type control struct {
	secretNo, subsID, a, b, group string
	expires                       time.Time
	made                          time.Time // when its bind was answered; zero: not known
	binding                       int32     // of the ledger; -1: of this run
}

// poolControls are those of a pool.
type poolControls struct {
	mu     sync.Mutex
	recent []control // of this run, the latest last, controlApart from each other but for the latest
	old    []control // of the journal, the latest first
	read   bool      // old was looked for

	busy         chan struct{} // closed when the asking under way ends; nil: none is
	began, ended int           // askings
	said         Trust         // of the latest
	good         int           // the latest that was good; 0: none
	goodAt       time.Time     // when that began
	form         Form          // of what it showed

	lag      time.Duration // the longest between an answer of this run and the look-up that showed its binding
	unseen   *control      // the first of this run that a look-up did not show yet
	shown    map[string]bool
	youngest time.Time     // when the youngest control that was shown was made
	bound    time.Duration // no look-up lags more: so old was a control when it was first shown; 0: not known
	missing  time.Time     // when the youngest was made that the latest asking did not show
	lies     bool          // a binding was shown and then was not, or not and then was
}

// Form is how the look-ups of a pool show bindings.
type Form struct {
	UTC        bool // Expiration is in UTC, not in Beijing time
	CreatedUTC bool // likewise the time of making
	Dated      bool // that is the time at which a binding was made
}

// Read is a binding as it is meant.
func (f Form) Read(s *aliyun.Subscription) *aliyun.Subscription { return s.InUTC(f.UTC, f.CreatedUTC) }

// Trust is what controls say of the look-ups of a pool.
type Trust uint8

const (
	NoControl Trust = iota // no binding of the pool is known that could be one
	distrust               // none is shown as it is known
	Trusted                // one is shown as it is known
)

// NewControls returns the controls of the bindings that a journal knows. asks makes a
// look-up until it is answered.
func NewControls(client Lister, j *books.Journal, asks func(context.Context, func(context.Context) error) error) *Controls {
	c := &Controls{client: client, journal: j, asks: asks, pools: map[string]*poolControls{}}
	j.Asks(func(l *ledger.Ledger) { c.known = l.Bindings() })
	return c
}

func (c *Controls) of(pool string) *poolControls {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pools[pool]
	if p == nil {
		p = &poolControls{}
		c.pools[pool] = p
	}
	return p
}

// Bound notes a binding that an answer of this run told of.
func (c *Controls) Bound(row *input.Row, secretNo, subsID string) {
	expires, err := input.ParseExpiration(row.Fields[field.Expiration])
	if err != nil {
		return
	}
	f := &row.Fields
	p, now := c.of(f[field.PoolKey]), time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.recent); n > 1 && p.recent[n-1].made.Sub(p.recent[n-2].made) < controlApart {
		p.recent = p.recent[:n-1]
	} else if n == mostControls-2 { // two are left for what is older than the run
		p.recent = append(p.recent[:0], p.recent[1:]...)
	}
	p.recent = append(p.recent, control{secretNo, subsID, f[field.PhoneNoA], f[field.PhoneNoB], f[field.GroupID], expires, now, -1})
}

// Before makes sure that a control was shown as it is known just now. Without controls,
// there is none.
func (c *Controls) Before(ctx context.Context, pool string) Trust {
	if c == nil {
		return NoControl
	}
	p := c.of(pool)
	p.mu.Lock()
	after := p.began
	if p.busy == nil && p.good == p.ended && time.Since(p.goodAt) <= controlFresh {
		after = p.good - 1
	}
	p.mu.Unlock()
	return c.ask(ctx, pool, after)
}

// Mark is a point in time for After.
func (c *Controls) Mark(pool string) int {
	p := c.of(pool)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.began
}

// After makes sure that a control was shown as it is known in an asking that began
// after a mark.
func (c *Controls) After(ctx context.Context, pool string, mark int) Trust {
	return c.ask(ctx, pool, mark)
}

// Form is how the controls of a pool were shown.
func (c *Controls) Form(pool string) Form {
	p := c.of(pool)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.form
}

// ask has an asking that begins after a mark. Callers at one time share one.
func (c *Controls) ask(ctx context.Context, pool string, after int) Trust {
	p := c.of(pool)
	for {
		p.mu.Lock()
		switch {
		case p.lies:
			p.mu.Unlock()
			return distrust
		case p.good > after:
			p.mu.Unlock()
			return Trusted
		case p.busy != nil:
			busy := p.busy
			p.mu.Unlock()
			select {
			case <-busy:
			case <-ctx.Done():
				return distrust
			}
			continue
		case p.ended > after:
			said := p.said
			p.mu.Unlock()
			return said
		}
		p.began++
		p.busy = make(chan struct{})
		began := time.Now()
		p.mu.Unlock()

		said, form := c.round(ctx, pool, p)

		p.mu.Lock()
		if p.ended, p.said = p.began, said; said == Trusted {
			p.good, p.goodAt, p.form = p.began, began, form
		}
		close(p.busy)
		p.busy = nil
		p.mu.Unlock()
	}
}

// round asks about the controls of a pool until one is shown as it is known. It is
// not called twice at a time.
func (c *Controls) round(ctx context.Context, pool string, p *poolControls) (said Trust, best Form) {
	said = NoControl // those that others changed are none
	c.refresh(pool, p)
	asked := map[string]bool{}
	for _, b := range p.candidates() {
		if len(asked) == mostControls || ctx.Err() != nil {
			break
		}
		if asked[b.subsID] || !c.stands(&b) {
			continue
		}
		asked[b.subsID] = true
		switch shown, shows, err := c.probe(ctx, pool, p, &b); {
		case err != nil:
			if said = max(said, distrust); RefusesAll(err) {
				return said, best
			}
		case shown == ledger.ShownEqual:
			p.saw(&b, shown)
			if best = shows; shows.Dated {
				return Trusted, shows
			}
			said = Trusted // but another may tell more
		case !c.stands(&b): // this run has begun to change it
		default:
			p.saw(&b, shown)
			if shown == ledger.ShownNone {
				said = max(said, distrust)
			}
		}
	}
	return said, best
}

// refresh looks for older bindings that may serve as controls, if it was not done yet or
// none of those found then stands any more.
func (c *Controls) refresh(pool string, p *poolControls) {
	if p.read && (len(p.old) == 0 || slices.ContainsFunc(p.old, func(b control) bool { return c.stands(&b) })) {
		return
	}
	old := c.look(pool)
	p.mu.Lock()
	p.old, p.read = old, true
	p.mu.Unlock()
}

// candidates are the bindings that may serve as controls, those to be asked about first
// in front, in a round that begins.
func (p *poolControls) candidates() []control {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.missing = time.Time{}
	var list []control
	if p.unseen != nil { // first, for it tells the lag
		list = append(list, *p.unseen)
	}
	for i := len(p.recent) - 1; i >= 0; i-- {
		list = append(list, p.recent[i])
	}
	return append(list, p.old...)
}

// probe compares a control; one that ought to be shown and is not, twice.
func (c *Controls) probe(ctx context.Context, pool string, p *poolControls, b *control) (shown ledger.Shown, shows Form, err error) {
	shown, shows, err = c.compare(ctx, pool, b)
	if err == nil && shown == ledger.ShownNone && time.Since(b.made) > SettledAge && c.stands(b) { // released, or a lie
		p.saw(b, shown)
		return c.compare(ctx, pool, b)
	}
	return shown, shows, err
}

// compare asks the service about a control.
func (c *Controls) compare(ctx context.Context, pool string, b *control) (shown ledger.Shown, shows Form, err error) {
	var held aliyun.Held
	err = c.asks(ctx, func(ctx context.Context) (err error) {
		held, err = c.client.QuerySubsID(ctx, pool, b.secretNo)
		return err
	})
	switch {
	case err != nil:
		return ledger.ShownNothing, Form{}, err
	case held.Free():
		return ledger.ShownNone, Form{}, nil
	case !slices.Contains(held.IDs(), b.subsID):
		return ledger.ShownOther, Form{}, nil
	}
	var s *aliyun.Subscription
	err = c.asks(ctx, func(ctx context.Context) (err error) {
		s, err = c.client.QuerySubscriptionDetail(ctx, pool, b.subsID, b.secretNo)
		return err
	})
	if err != nil {
		return ledger.ShownNothing, Form{}, err
	}
	shows.UTC = !s.Expiration.Equal(b.expires)
	if utc := s.InUTC(false, true); !b.made.IsZero() {
		shows.CreatedUTC = books.EraOf(s, b.made) != books.EraThen && books.EraOf(utc, b.made) == books.EraThen
	} else {
		shows.CreatedUTC = shows.UTC // most likely
	}
	s = shows.Read(s)
	if !s.Live || !aliyun.SameNumber(s.PhoneNoA, b.a) || s.GroupID != b.group || s.PhoneNoB != "" && !aliyun.SameNumber(s.PhoneNoB, b.b) ||
		!s.Expiration.Equal(b.expires) {
		return ledger.ShownOther, Form{}, nil
	}
	shows.Dated = !b.made.IsZero() && books.EraOf(s, b.made) == books.EraThen
	return ledger.ShownEqual, shows, nil
}

// stands reports whether a control of the journal is still known to live as it was.
func (c *Controls) stands(b *control) (yes bool) {
	if !b.expires.After(time.Now().Add(time.Minute)) {
		return false
	}
	c.journal.Asks(func(l *ledger.Ledger) {
		at, known := int(b.binding), b.binding >= 0
		if !known {
			at, known = l.BindingOf(ledger.ParseSubsID(b.subsID))
		}
		yes = !known || l.Binding(at).Life == ledger.Bound && len(l.CallsOn(at)) == 0 && (b.binding >= 0 || l.Binding(at).Ends == b.expires.Unix())
	})
	return yes
}

// look finds bindings of a pool in the journal, from before this run, that can be
// controls, the latest made first; behind them stand those of which nobody knows when they
// were made.
func (c *Controls) look(pool string) (list []control) {
	var undated []control
	for i, read := c.known-1, 0; i >= 0 && read < mostScanned && len(list) < mostControls; i-- {
		var info ledger.BindingInfo
		c.journal.Asks(func(l *ledger.Ledger) {
			if info = l.Binding(i); len(l.CallsOn(i)) > 0 {
				info.Life = ledger.Pending
			}
		})
		if info.Life != ledger.Bound || info.OK < 0 || info.Values < 0 {
			continue
		}
		read++
		k, err := c.journal.BindingAt(int32(i))
		if err != nil || k.Detail.PoolKey != pool {
			continue
		}
		v := &k.Detail
		expires, err := input.ParseExpiration(v.Expiration)
		if err != nil || !input.Digits(k.SubsID) || !input.Digits(k.SecretNo) || v.PhoneNoA == "" || report.Masked(v.PhoneNoA) || v.GroupID == "" {
			continue
		}
		b := control{k.SecretNo, k.SubsID, v.PhoneNoA, v.PhoneNoB, v.GroupID, expires, time.Time{}, int32(i)}
		switch known := !v.Undated && !k.Edited && k.Maker == k.HeldSince && k.Maker >= 0; {
		case !c.stands(&b):
		case known:
			b.made = time.UnixMilli(k.End.T)
			list = append(list, b)
		case len(undated) < mostControls:
			undated = append(undated, b)
		}
	}
	return append(list, undated...)
}
