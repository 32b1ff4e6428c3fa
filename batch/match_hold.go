package batch

import (
	"axgbind/batch/ledger"
	"axgbind/report"
)

// hold asks the ledger of each row that would be sent whether it may be; see
// [ledger.Ledger.Decide]. What it says of a row becomes its fate:
//
//	the ledger says                      fate           shown as
//	-----------------------------------  -------------  --------------------------------
//	it stands                            fateEntry      what the ledger knows
//	a bind                               fateSend       what comes of it
//	a renewal, begun or wanted           fateRenew      what comes of it
//	it takes a binding                   fateAlready    BOUND client.AlreadyBound
//	another row of the input is there    fateSamePlace  INVALID client.SamePlace
//	something of this batch is there     fateEdited     INVALID client.EditedAfterSend
//	something of another batch is there  fateStill      INVALID client.StillBound
//
// planned.other says what is there: a binding, or the row of a call in doubt. Where
// several rows and several bindings meet at one place, which is so only where a
// person allowed it, pair finds out which is whose. A binding is given to one row.
func (m *matcher) hold() error {
	if !m.asks() {
		return nil
	}
	h := holding{matcher: m, given: map[int32]int32{}, named: map[int32]bool{}, rows: map[ledger.Place][]int32{}}
	for i := range m.rows {
		if p := &m.rows[i]; p.fate == fateAlready {
			h.give(p.other, int32(i))
		}
	}
	next := 0
	for i := range m.rows {
		switch m.rows[i].fate {
		case fateSend:
			h.row(int32(i), m.places[next])
		case fateLook:
			h.look(int32(i), m.places[next])
		default:
			continue
		}
		next++
	}
	if err := h.pair(); err != nil {
		return err
	}
	if err := h.keep(); err != nil {
		return err
	}
	m.Gone = h.gone()
	if m.Renew > 0 {
		return m.weighRenewals()
	}
	return nil
}

// holding gives live bindings to rows.
type holding struct {
	*matcher
	given map[int32]int32 // the row of each binding that has one, + 1
	named map[int32]bool  // bindings that some row is held back for, given to, or takes
	rows  map[ledger.Place][]int32
}

// wish is what a person wants of a row.
func (h *holding) wish(i int32, place ledger.Place) *ledger.Wish {
	w := &ledger.Wish{
		Key: h.l.Key(int(h.matcher.rows[i].row)), Place: place, Resend: true, // who may not be sent again is settled
		Present: h.speaks, WhenBound: h.opt.WhenBound,
	}
	if h.opt.Resend.Unknown {
		w.Consent |= ledger.ResendUnknown
	}
	if h.opt.Resend.Released {
		w.Consent |= ledger.ResendReleased
	}
	if h.opt.AllowDuplicates {
		w.Consent |= ledger.Duplicates
	}
	return w
}

// speaks reports whether a row of the ledger stands in the input and where it
// stood.
func (h *holding) speaks(row int) bool {
	if !h.present(row) {
		return false
	}
	f := h.matcher.rows[h.first[row]-1].fate
	return f == fateEntry || f == fateLook
}

// row judges a row that would be sent.
func (h *holding) row(i int32, place ledger.Place) {
	p := &h.matcher.rows[i]
	if first, twice := h.brought[place]; twice {
		if !h.opt.AllowDuplicates {
			p.fate, p.other = fateSamePlace, first
			return
		}
		p.allow(ledger.Duplicates)
	}
	if p.row < 0 { // a check: nothing is known
		return
	}
	d := h.l.Decide(h.wish(i, place), h.clock)
	b := int32(d.Binding)
	if d.Act != ledger.Holds {
		p.allow(d.Consent)
	}
	switch {
	case d.Act == ledger.Sends:
	case d.Act == ledger.Stands:
		p.fate = fateEntry
		h.Settled++
	case d.Act == ledger.Renews && d.Reason == ledger.None && h.given[b] == 0: // what was begun
		h.give(b, i)
		h.renew(p, b)
	case d.Act == ledger.Renews && d.Reason == ledger.None:
		p.other = b
		h.holdBack(p)
	case d.Act == ledger.Holds && d.Reason == ledger.IsBound && h.l.Moved(int(p.row), place): // its own is elsewhere
		p.other = b
		h.holdBack(p)
		p.fate = fateStill
	case d.Act == ledger.Holds || h.opt.AllowDuplicates || h.given[b] > 0:
		h.rows[place] = append(h.rows[place], i)
	default:
		h.take(i, b)
	}
}

// look lets an UNKNOWN row have a place with other rows of the input, as a person
// said, in case look-ups show that it may be sent again.
func (h *holding) look(i int32, place ledger.Place) {
	if h.matcher.rows[i].row < 0 { // a check: nothing is known
		return
	}
	w := h.wish(i, place)
	w.Consent |= ledger.ResendUnknown // by then no call of it will be in doubt
	h.matcher.rows[i].allow(h.l.Decide(w, h.clock).Consent & ledger.Duplicates)
}

// give notes that a row stands for a binding.
func (h *holding) give(b, row int32) { h.given[b], h.named[b] = row+1, true }

// holdBack keeps a row from being sent because of what p.other says.
func (m *matcher) holdBack(p *planned) {
	if m.holds == nil {
		m.holds = map[int32]int{}
	}
	m.holds[p.other]++
	p.fate = fateStill
	run := 0
	if row, ok := p.doubtful(); ok {
		run = m.l.Info(int(row)).Run
	} else {
		run = m.l.Binding(int(p.other)).Held
	}
	if m.opt.Results != "" && m.journal.batchOf(run) == m.opt.Results {
		p.fate = fateEdited
	}
	m.Held++
}

func (m *matcher) renew(p *planned, b int32) {
	p.fate, p.other = fateRenew, b
	m.Renew++
}

// gone counts the rows that are BOUND or UNKNOWN and not in the input any more,
// but for those whose binding some row of it is about.
func (h *holding) gone() (n int) {
	for i := range h.known {
		if h.present(i) {
			continue
		}
		info := h.l.Info(i)
		if info.Op != ledger.Bind && info.Op != ledger.Renew {
			continue
		}
		if s := statusOf(info.State); s == report.Bound && !h.named[int32(info.Binding)] || s == report.Unknown && !h.named[doubtOf(int32(i))] {
			n++
		}
	}
	return n
}

// weighRenewals finds out what the rows that are to change a binding would
// change. A row that differs in nothing that can be changed takes the binding as
// its own; one that wants what cannot be changed, or an earlier end, is held back.
func (m *matcher) weighRenewals() error {
	return m.again(func(i int, row *Row) error {
		p := &m.rows[i]
		if p.fate != fateRenew {
			return nil
		}
		t, ok, err := m.targetOf(i, row)
		switch {
		case err != nil:
			return err
		case !ok || endOf(row.Fields[Expiration]) < m.l.Binding(int(p.other)).Ends:
			m.Renew--
			m.holdBack(p)
		case len(t.changes) == 0 && len(m.l.CallsOn(int(p.other))) == 0:
			m.Renew--
			m.Taken++
			p.fate = fateAlready
		}
		return nil
	})
}
