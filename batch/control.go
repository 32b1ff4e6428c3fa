package batch

import (
	"context"
	"slices"
	"sync"
	"time"

	"axgbind/aliyun"
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
	// shown means that nothing is there; lagSeen is how old a binding may be whose absence
	// tells of a lag rather than of somebody who released it.
	lagTimes = 3
	lagSeen  = time.Hour
	// unseenFor is for how long after its call the first binding that is not shown yet is
	// waited for, where nothing else is a control.
	unseenFor = time.Minute
	// mostScanned bounds the bindings of the journal that are read to find controls.
	mostScanned = 20_000
)

// controls know bindings of which the answer to a look-up is known beforehand. A look-up
// that shows nothing, or something else, is believed only between two controls of its
// pool: a service that shows nothing to anybody for a while, or shows numbers or times in
// another form, would have every lost call made again. It is safe for concurrent use.
type controls struct {
	client  Lister
	journal *Journal
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
	said         trust         // of the latest
	good         int           // the latest that was good; 0: none
	goodAt       time.Time     // when that began
	form         form          // of what it showed

	lag    time.Duration // the longest between an answer and the look-up that showed its binding
	unseen *control      // the first one that a look-up did not show yet
}

// form is how the look-ups of a pool show bindings.
type form struct {
	utc   bool // times are in UTC, not in Beijing time
	dated bool // a binding shows the time at which it was made
}

// trust is what controls say of the look-ups of a pool.
type trust uint8

const (
	noControl trust = iota // no binding of the pool is known that could be one
	distrust               // none is shown as it is known
	trusted
)

func newControls(client Lister, j *Journal, asks func(context.Context, func(context.Context) error) error) *controls {
	c := &controls{client: client, journal: j, asks: asks, pools: map[string]*poolControls{}}
	j.asks(func(l *ledger.Ledger) { c.known = l.Bindings() })
	return c
}

func (c *controls) of(pool string) *poolControls {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pools[pool]
	if p == nil {
		p = &poolControls{}
		c.pools[pool] = p
	}
	return p
}

// bound notes a binding that an answer of this run told of.
func (c *controls) bound(row *Row, secretNo, subsID string) {
	expires, err := parseExpiration(row.Fields[Expiration])
	if err != nil {
		return
	}
	f := &row.Fields
	p, now := c.of(f[PoolKey]), time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.recent); n > 1 && p.recent[n-1].made.Sub(p.recent[n-2].made) < controlApart {
		p.recent = p.recent[:n-1]
	} else if n == mostControls-2 { // two are left for what is older than the run
		p.recent = append(p.recent[:0], p.recent[1:]...)
	}
	p.recent = append(p.recent, control{secretNo, subsID, f[PhoneNoA], f[PhoneNoB], f[GroupID], expires, now, -1})
}

// before makes sure that a control was shown as it is known just now. Without controls,
// there is none.
func (c *controls) before(ctx context.Context, pool string) trust {
	if c == nil {
		return noControl
	}
	p := c.of(pool)
	p.mu.Lock()
	after := p.began
	if p.busy == nil && p.good > 0 && p.good == p.ended && time.Since(p.goodAt) <= controlFresh {
		after = p.good - 1
	}
	p.mu.Unlock()
	return c.ask(ctx, pool, after)
}

// mark is a point in time for after.
func (c *controls) mark(pool string) int {
	p := c.of(pool)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.began
}

// after makes sure that a control was shown as it is known in an asking that began
// after a mark.
func (c *controls) after(ctx context.Context, pool string, mark int) trust {
	return c.ask(ctx, pool, mark)
}

// form is how the controls of a pool were shown.
func (c *controls) form(pool string) form {
	p := c.of(pool)
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.form
}

// shows is how long after its call a binding may still not be shown, as far as the
// look-ups of this run tell.
func (c *controls) shows(pool string) time.Duration {
	if c == nil {
		return 0
	}
	p := c.of(pool)
	p.mu.Lock()
	defer p.mu.Unlock()
	lag := p.lag
	if p.unseen != nil {
		lag = max(lag, time.Since(p.unseen.made))
	}
	return lagTimes * lag
}

// awaits is how long to wait until the controls of a pool are asked again, for the look-ups
// may only lag; 0: they would have been shown by now.
func (c *controls) awaits(pool string) time.Duration {
	p := c.of(pool)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.unseen == nil || time.Since(p.unseen.made) > unseenFor {
		return 0
	}
	return unseenFor / 10
}

// ask has an asking that begins after a mark. Callers at one time share one.
func (c *controls) ask(ctx context.Context, pool string, after int) trust {
	p := c.of(pool)
	for {
		p.mu.Lock()
		switch {
		case p.good > after:
			p.mu.Unlock()
			return trusted
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
		if p.ended, p.said = p.began, said; said == trusted {
			p.good, p.goodAt, p.form = p.began, began, form
		}
		close(p.busy)
		p.busy = nil
		p.mu.Unlock()
	}
}

// round asks about the controls of a pool until one is shown as it is known. It is
// not called twice at a time.
func (c *controls) round(ctx context.Context, pool string, p *poolControls) (said trust, shows form) {
	if !p.read || len(p.old) > 0 && !slices.ContainsFunc(p.old, func(b control) bool { return c.stands(&b) }) {
		old := c.look(pool)
		p.mu.Lock()
		p.old, p.read = old, true
		p.mu.Unlock()
	}
	p.mu.Lock()
	var list []control
	if p.unseen != nil { // first, for it tells the lag
		list = append(list, *p.unseen)
	}
	for i := len(p.recent) - 1; i >= 0; i-- {
		list = append(list, p.recent[i])
	}
	list = append(list, p.old...)
	p.mu.Unlock()
	asked := 0
	for i := range list {
		b := &list[i]
		again := i > 0 && p.unseen != nil && b.subsID == list[0].subsID
		if asked == mostControls || ctx.Err() != nil {
			break
		}
		if again || !c.stands(b) {
			continue
		}
		asked++
		shown, shows, err := c.compare(ctx, pool, b)
		if err != nil {
			if RefusesAll(err) {
				break
			}
			continue
		}
		p.saw(b, shown)
		if shown == ledger.ShownEqual {
			return trusted, shows
		}
	}
	if asked == 0 {
		return noControl, form{}
	}
	return distrust, form{}
}

// saw notes whether a look-up shows a binding, for the lag.
func (p *poolControls) saw(b *control, shown ledger.Shown) {
	p.mu.Lock()
	defer p.mu.Unlock()
	age := time.Since(b.made)
	switch first := p.unseen != nil && p.unseen.subsID == b.subsID; {
	case b.made.IsZero() && !first:
	case shown == ledger.ShownEqual && first:
		p.lag, p.unseen = max(p.lag, age), nil
	case shown == ledger.ShownNone && p.unseen == nil && age < lagSeen:
		mine := *b
		p.unseen = &mine
	case first && (shown != ledger.ShownNone || age >= lagSeen): // somebody else changed or released it
		p.unseen = nil
	}
}

// compare asks the service about a control.
func (c *controls) compare(ctx context.Context, pool string, b *control) (shown ledger.Shown, shows form, err error) {
	var held aliyun.Held
	err = c.asks(ctx, func(ctx context.Context) (err error) {
		held, err = c.client.QuerySubsID(ctx, pool, b.secretNo)
		return err
	})
	switch {
	case err != nil:
		return ledger.ShownNothing, form{}, err
	case held.Free():
		return ledger.ShownNone, form{}, nil
	case !slices.Contains(held.IDs(), b.subsID):
		return ledger.ShownOther, form{}, nil
	}
	var s *aliyun.Subscription
	err = c.asks(ctx, func(ctx context.Context) (err error) {
		s, err = c.client.QuerySubscriptionDetail(ctx, pool, b.subsID, b.secretNo)
		return err
	})
	if err != nil {
		return ledger.ShownNothing, form{}, err
	}
	if shows.utc = !s.Expiration.Equal(b.expires); shows.utc {
		s = s.InUTC()
	}
	if !s.Live || !aliyun.SameNumber(s.PhoneNoA, b.a) || s.GroupID != b.group || s.PhoneNoB != "" && !aliyun.SameNumber(s.PhoneNoB, b.b) ||
		!s.Expiration.Equal(b.expires) {
		return ledger.ShownOther, form{}, nil
	}
	shows.dated = !b.made.IsZero() && eraOf(s, b.made) == eraThen
	return ledger.ShownEqual, shows, nil
}

// stands reports whether a control of the journal is still known to live as it was.
func (c *controls) stands(b *control) (yes bool) {
	if !b.expires.After(time.Now().Add(time.Minute)) {
		return false
	}
	c.journal.asks(func(l *ledger.Ledger) {
		at, known := int(b.binding), b.binding >= 0
		if !known {
			at, known = l.BindingOf(ledger.ParseSubsID(b.subsID))
		}
		yes = !known || l.Binding(at).Life == ledger.Bound && len(l.CallsOn(at)) == 0 && (b.binding >= 0 || l.Binding(at).Ends == b.expires.Unix())
	})
	return yes
}

// look finds bindings of a pool in the journal, from before this run, that can be
// controls, the latest made first.
func (c *controls) look(pool string) (list []control) {
	for i, read := c.known-1, 0; i >= 0 && read < mostScanned && len(list) < mostControls; i-- {
		var info ledger.BindingInfo
		c.journal.asks(func(l *ledger.Ledger) {
			if info = l.Binding(i); len(l.CallsOn(i)) > 0 {
				info.Life = ledger.Pending
			}
		})
		if info.Life != ledger.Bound || info.OK < 0 || info.Values < 0 {
			continue
		}
		read++
		k, err := c.journal.bindingAt(int32(i))
		if err != nil || k.values.PoolKey != pool {
			continue
		}
		v := &k.values
		expires, err := parseExpiration(v.Expiration)
		if err != nil || !digits(k.subsID) || !digits(k.secretNo) || v.PhoneNoA == "" || report.Masked(v.PhoneNoA) || v.GroupID == "" {
			continue
		}
		b := control{k.secretNo, k.subsID, v.PhoneNoA, v.PhoneNoB, v.GroupID, expires, time.Time{}, int32(i)}
		if !k.values.Undated && !k.Edited && k.Maker == k.Held && k.Maker >= 0 {
			b.made = time.UnixMilli(k.end.T)
		}
		if c.stands(&b) {
			list = append(list, b)
		}
	}
	return list
}
