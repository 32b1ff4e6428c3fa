package plan

import (
	"slices"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// hold asks the ledger of each row that would be sent whether it may be; see
// [ledger.Ledger.Decide]. What it says of a row becomes its fate:
//
//	the ledger says                      fate           shown as
//	-----------------------------------  -------------  --------------------------------
//	it stands                            fateEntry      what the ledger knows
//	a bind                               FateSend       what comes of it
//	a renewal, begun or wanted           FateRenew      what comes of it
//	it takes a binding                   fateAlready    BOUND client.AlreadyBound
//	another row of the input is there    fateSamePlace  INVALID client.SamePlace
//	something of this batch is there     fateEdited     HELD client.EditedAfterSend
//	something of another batch is there  fateStill      HELD client.StillBound
//
// Entry.other says what is there: a binding, or the row of a call in doubt. Where
// several rows and several bindings meet at one place, which is so only where a
// person allowed it, pair finds out which is whose. A binding is given to one row.
func (m *matcher) hold() error {
	if !m.mayHold() {
		return nil
	}
	h := holding{matcher: m, given: map[int32]int32{}, reserved: map[int32]bool{}, rows: map[ledger.Place][]int32{}}
	for i := range m.Entries {
		if p := &m.Entries[i]; p.Fate == fateAlready && !h.taken(p) {
			h.give(p.other, int32(i))
		}
	}
	next := 0
	for i := range m.Entries {
		switch m.Entries[i].Fate {
		case FateSend:
			h.row(int32(i), m.places[next])
		case FateLook:
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
	m.Gone, m.GoneUnknown = h.gone()
	m.Gone += m.GoneUnknown
	if m.Renew > 0 || len(m.holds) > 0 {
		return h.weigh()
	}
	return nil
}

// holding gives live bindings to rows.
type holding struct {
	*matcher
	given    map[int32]int32 // the row of each binding that has one, + 1
	reserved map[int32]bool  // bindings that some row is held back for, given to, or takes
	rows     map[ledger.Place][]int32
}

// wish is what a person wants of a row.
func (h *holding) wish(i int32, place ledger.Place) *ledger.Wish {
	w := &ledger.Wish{
		Key: h.l.Key(int(h.Entries[i].Row)), Place: place, Resend: true, // who may not be sent again is settled
		Present: h.settled, WhenBound: h.opt.WhenBound,
		Prolongs: true, // none that is bound, and has its binding, comes here for anything else
		Relative: h.input.Relative(),
	}
	if h.opt.Another {
		w.Consent |= ledger.Another
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

// settled reports whether a row of the ledger is in the input and is not sent by this
// plan: what it is bound to, or may be, is its own.
func (h *holding) settled(row int) bool {
	if !h.present(row) {
		return false
	}
	f := h.Entries[h.first[row]-1].Fate
	return f == fateEntry || f == FateLook
}

// taken refuses a row that is to take a live binding which another row of the input
// has.
func (h *holding) taken(p *Entry) bool {
	b := h.l.Binding(int(p.other))
	first := h.given[p.other] - 1
	if h.settled(b.Holder) {
		first = h.first[b.Holder] - 1
	}
	if first < 0 || b.Life != ledger.Bound {
		return false
	}
	p.Fate, p.other = fateSamePlace, first
	h.likens(p)
	h.Taken--
	return true
}

// row judges a row that would be sent.
func (h *holding) row(i int32, place ledger.Place) {
	p := &h.Entries[i]
	if first, twice := h.brought[place]; twice {
		if !h.opt.AllowDuplicates {
			p.Fate, p.other = fateSamePlace, first
			return
		}
		p.allow(ledger.Duplicates)
	}
	if p.Row < 0 { // a check: nothing is known
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
		p.Fate = fateEntry
		h.Settled++
	case d.Act == ledger.Renews && d.Reason == ledger.None && h.given[b] == 0: // what was begun
		h.give(b, i)
		h.renew(p, b)
	case d.Act == ledger.Renews && d.Reason == ledger.None:
		h.holdBack(p, b)
	case d.Act == ledger.Holds && d.Reason == ledger.IsBound && h.l.Moved(int(p.Row), place): // its own is elsewhere
		h.holdBack(p, b)
		p.Fate = fateStill
	case d.Act == ledger.Holds && h.l.Info(int(p.Row)).Binding == int(b) && h.l.Info(int(p.Row)).State == ledger.Bound: // its own has just lapsed
		h.holdFor(p, b)
		p.Fate = fateStill
	case d.Act == ledger.Holds || h.opt.AllowDuplicates || h.given[b] > 0:
		h.rows[place] = append(h.rows[place], i)
	default:
		h.take(i, b, d.Act == ledger.Renews)
	}
}

// look lets an UNKNOWN row have a place with other rows of the input, as a person
// said, in case look-ups show that it may be sent again.
func (h *holding) look(i int32, place ledger.Place) {
	if h.Entries[i].Row < 0 { // a check: nothing is known
		return
	}
	w := h.wish(i, place)
	w.Consent |= ledger.ResendUnknown // by then no call of it will be in doubt
	h.Entries[i].allow(h.l.Decide(w, h.clock).Consent & ledger.Duplicates)
}

// over reports whether a binding has just lapsed: it holds its place, but nobody can
// use or renew it.
func (h *holding) over(b int32) bool { return h.l.Over(int(b), h.clock) }

// give notes that a row stands for a binding.
func (h *holding) give(b, row int32) { h.given[b], h.reserved[b] = row+1, true }

// holdBack keeps a row from being sent because of what other, as Entry.other has it, tells.
func (m *matcher) holdBack(p *Entry, other int32) {
	m.holds[other]++
	p.Fate, p.other = fateStill, other
	var holder uint32
	if row, ok := p.doubtful(); ok {
		holder = m.l.Key(int(row)).Batch
	} else {
		_, holder = m.l.Owners(int(p.other))
	}
	if m.batch != 0 && holder == m.batch {
		p.Fate = fateEdited
	}
}

// holdFor is holdBack for what is then no other row's.
func (h *holding) holdFor(p *Entry, other int32) {
	h.reserved[other] = true
	h.holdBack(p, other)
}

func (m *matcher) renew(p *Entry, b int32) {
	p.Fate, p.other = FateRenew, b
	m.Renew++
}

// gone counts the rows of the batch that are BOUND or UNKNOWN and not in the input
// any more, but for those whose binding some row of it is about.
func (h *holding) gone() (bound, unknown int) {
	for i := range h.known {
		if h.present(i) || h.l.Key(i).Batch != h.batch {
			continue
		}
		info := h.l.Info(i)
		if info.Op != ledger.Bind && info.Op != ledger.Renew {
			continue
		}
		switch books.StatusOf(info.State) {
		case report.Bound:
			if !h.reserved[int32(info.Binding)] {
				bound++
			}
		case report.Unknown:
			unknown++ // though a row may be held back for it: it was sent, and nobody knows
		}
	}
	return bound, unknown
}

// onlyEnd reports whether nothing but the Expiration is to change.
func onlyEnd(changes []aliyun.Operate) bool {
	return !slices.ContainsFunc(changes, func(c aliyun.Operate) bool { return c != aliyun.UpdateExpire })
}

// weigh compares rows that are to change a binding, or are held back for one, with
// what the journal knows of that. A row that is held back and has all its values
// takes the binding as its own. So does one that is to change it and differs in
// nothing that can be changed, or in its end alone and that is not near yet; one that
// wants what cannot be changed, or an earlier end, is held back.
func (h *holding) weigh() error {
	return h.EachRow(func(i int, row *Row) error {
		p := &h.Entries[i]
		if p.Fate != FateRenew {
			if (p.Fate == fateStill || p.Fate == fateEdited) && h.comparable(p, row) {
				return h.compare(p, int32(i), row)
			}
			return nil
		}
		t, ok, err := h.targetOf(i, row)
		if err != nil {
			return err
		}
		ends, quiet := h.l.Binding(int(p.other)).Ends, len(h.l.CallsOn(int(p.other))) == 0
		switch own := h.l.Info(int(p.Row)).Binding == int(p.other); {
		case ok && own && row.Relative: // a later end
		case own && h.l.State(int(p.Row)) == ledger.Bound && row.Relative: // it cannot be named
			h.Renew--
			p.Fate = fateEntry
			h.Settled++
		case !ok || EndOf(row.Fields[field.Expiration]) < ends:
			h.Renew--
			h.holdBack(p, p.other)
		case quiet && (len(t.Changes) == 0 || !own && !h.due(ends) && onlyEnd(t.Changes)):
			h.Renew--
			h.already(p, int32(i))
		}
		return nil
	})
}

// compare lets a row that is held back take the binding, if that has all its values.
func (h *holding) compare(p *Entry, i int32, row *Row) error {
	k, err := h.Journal.BindingAt(p.other)
	if err == nil && h.equal(&k, &row.Fields) {
		h.holds[p.other]--
		h.already(p, i)
	}
	return err
}

// equal reports whether a binding surely has all values of a row.
func (h *holding) equal(k *books.Known, f *[field.NumFields]string) bool {
	return k.SubsID != "" && len(h.l.CallsOn(int(k.N))) == 0 && k.Detail.Has(k.SecretNo, f)
}

// comparable reports whether a row is held back for one certain binding in its
// place, which no other row has.
func (h *holding) comparable(p *Entry, row *Row) bool {
	if p.other < 0 || h.given[p.other] > 0 || h.holds[p.other] != 1 {
		return false
	}
	place := row.Place()
	free := h.free(place)
	return h.l.Binding(int(p.other)).Place == place && len(free) == 1 && free[0] == p.other && h.certain(place)
}

// already lets a binding count as a row's own.
func (h *holding) already(p *Entry, i int32) {
	p.Fate = fateAlready
	h.give(p.other, i)
	h.Taken++
}
