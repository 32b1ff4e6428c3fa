package lookup

import (
	"context"
	"maps"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/batch/pace"
)

// From is from when the look-ups of a pool can show that a call made nothing, if it left at
// a time and may have been executed as long as late after that; ok is false if that cannot
// be told. If a control is shown that was made after the call was due, what the call made
// would be shown as well, after three times the longest lag that was seen. If those shown
// are older, look-ups lag at most by the age that such a control had when it was first
// shown, unless a binding nearly as young as the call is missing.
func (c *Controls) From(pool string, left time.Time, late time.Duration) (at time.Time, ok bool) {
	p := c.of(pool)
	p.mu.Lock()
	defer p.mu.Unlock()
	lag := p.lag
	if p.unseen != nil {
		lag = max(lag, time.Since(p.unseen.made))
	}
	lag = max(lagTimes*lag, late+lag)
	if p.youngest.Before(left) && (p.bound == 0 || p.missing.After(left.Add(-missingBy))) {
		return time.Time{}, false
	}
	if p.youngest.Before(left.Add(late)) {
		lag = max(lag, late+p.bound)
	}
	return left.Add(lag), !p.lies
}

// Unshown reports whether a binding was made, or changed, so lately that look-ups of its
// pool may not show it yet. One that is older than most is taken to be shown by now; 0: none
// is.
func (c *Controls) Unshown(pool string, id ledger.SubsID, most time.Duration) bool {
	ok := int64(-1)
	c.journal.Asks(func(l *ledger.Ledger) {
		if b, known := l.BindingOf(id); known {
			ok = l.Binding(b).OK
		}
	})
	d, err := c.journal.DetailAt(ok)
	if err != nil || ok < 0 {
		return err != nil
	}
	made := c.journal.Past(d.T)
	if most > 0 && time.Since(made) > most {
		return false
	}
	from, sure := c.From(pool, made, 0)
	return !sure || time.Until(from) > 0 || time.Since(made) < books.SettleAfter
}

// Lie notes that the look-ups of a pool contradict each other, or an answer.
func (c *Controls) Lie(pool string) {
	p := c.of(pool)
	p.mu.Lock()
	p.lies = true
	p.mu.Unlock()
}

// Awaits is how long to wait until the controls of a pool are asked again, for the look-ups
// may only lag; 0: what is missing would have been shown by now.
func (c *Controls) Awaits(pool string) time.Duration {
	p := c.of(pool)
	p.mu.Lock()
	defer p.mu.Unlock()
	missing := p.missing
	if p.unseen != nil {
		missing = p.unseen.made
	}
	if missing.IsZero() || time.Since(missing) > UnseenFor || p.lies {
		return 0
	}
	return UnseenFor / 10
}

// saw notes what a look-up shows of a control.
func (p *poolControls) saw(b *control, shown ledger.Shown) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown == nil {
		p.shown = map[string]bool{}
	}
	was, before := p.shown[b.subsID]
	p.shown[b.subsID] = shown == ledger.ShownEqual
	first := p.unseen != nil && p.unseen.subsID == b.subsID
	if shown == ledger.ShownEqual {
		age := time.Since(b.made)
		p.lies = p.lies || before && !was && age > SettledAge
		p.appeared(b, age, first, !was)
		return
	}
	p.lies = p.lies || was && shown == ledger.ShownNone
	if shown == ledger.ShownNone && b.made.After(p.missing) {
		p.missing = b.made
	}
	switch {
	case first && shown != ledger.ShownNone: // somebody else changed it
		p.unseen = nil
	case b.binding < 0 && shown == ledger.ShownNone && p.unseen == nil:
		mine := *b
		p.unseen = &mine
	}
}

// appeared notes what a control tells of the lag of look-ups: it is shown, at an age. first
// says that it is p.unseen, anew that it was not shown before.
func (p *poolControls) appeared(b *control, age time.Duration, first, anew bool) {
	if first {
		p.lag, p.unseen = max(p.lag, age), nil
	}
	if b.made.IsZero() || age < 0 {
		return
	}
	if anew && (p.bound == 0 || age < p.bound) {
		p.bound = max(age, 1)
	}
	if b.made.After(p.youngest) {
		p.youngest = b.made
	}
}

// Poll asks about what look-ups did not show yet, so that it is known how much they lag,
// until ctx ends.
func (c *Controls) Poll(ctx context.Context) {
	const every = 2 * time.Second
	for pace.SleepUntil(ctx, time.Now().Add(every)) == nil {
		c.mu.Lock()
		pools := maps.Clone(c.pools)
		c.mu.Unlock()
		for name, p := range pools {
			p.mu.Lock()
			unseen := p.unseen
			p.mu.Unlock()
			if unseen == nil || time.Since(unseen.made) > LongestLag {
				continue
			}
			if shown, _, err := c.compare(ctx, name, unseen); err == nil {
				p.saw(unseen, shown)
			}
		}
	}
}
