package plan

import (
	"cmp"
	"maps"
	"slices"

	"axgbind/batch/field"
	"axgbind/batch/ledger"
)

// pair says what becomes of the rows that may not be sent for what is in their
// place: each gets the binding that has all its values or, if the user said so and
// it is clear which, one that is there, and is held back otherwise. One row and one
// binding are compared later, together with all such: see weigh.
func (h *holding) pair() error {
	doubtful := map[int32]*[field.NumFields]string{} // rows of which more must be known
	for _, place := range h.sorted() {
		rows, free := h.rows[place], h.free(place)
		switch {
		case len(free) == 0, h.opt.WhenBound == RefuseWhenBound && len(rows) == 1 && len(free) == 1:
		case h.opt.WhenBound != RefuseWhenBound && len(rows) == 1 && len(free) == 1 && h.certain(place) && !h.over(free[0]):
			h.take(rows[0], free[0], h.opt.WhenBound == RenewWhenBound)
			delete(h.rows, place)
		default:
			for _, i := range rows {
				doubtful[i] = nil
			}
		}
	}
	if len(doubtful) > 0 {
		err := h.EachRow(func(i int, row *Row) error {
			if _, ok := doubtful[int32(i)]; ok {
				fields := row.Fields
				doubtful[int32(i)] = &fields
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, place := range h.sorted() {
		if err := h.sort(place, doubtful); err != nil {
			return err
		}
	}
	return nil
}

// sorted are the places of the rows, in the order of their first rows.
func (h *holding) sorted() []ledger.Place {
	return slices.SortedFunc(maps.Keys(h.rows), func(a, b ledger.Place) int { return cmp.Compare(h.rows[a][0], h.rows[b][0]) })
}

// sort gives the rows of one place the bindings that are certainly theirs, those
// that name an X first. The others are held back, unless all that is there has
// its row: then they are rows beside it, as in a file that was never sent.
func (h *holding) sort(place ledger.Place, doubtful map[int32]*[field.NumFields]string) error {
	var rest []int32
	rows := h.rows[place]
	for _, named := range []bool{true, false} {
		for _, i := range rows {
			fields := doubtful[i]
			if named != (fields != nil && fields[field.PhoneNoX] != "") {
				continue
			}
			b, ok := int32(-1), false
			if fields != nil && h.certain(place) {
				var err error
				if b, ok, err = h.only(place, rows, doubtful, fields); err != nil {
					return err
				}
			}
			if ok {
				h.take(i, b, h.opt.WhenBound == RenewWhenBound)
			} else {
				rest = append(rest, i)
			}
		}
	}
	slices.Sort(rest)
	for _, i := range rest {
		h.obstruct(i, place)
	}
	return nil
}

// obstruct says what becomes of a row that got no binding.
func (h *holding) obstruct(i int32, place ledger.Place) {
	p := &h.Entries[i]
	if bindings, binds := h.l.At(place, h.clock); len(bindings)+len(binds) == 0 {
		// What it began to renew, or else its own binding, was moved to another place since.
		b := h.l.Decide(h.wish(i, place), h.clock).Binding
		if b < 0 {
			b = h.l.Info(int(p.Row)).Binding
		}
		h.holdFor(p, int32(b))
		return
	}
	bindings, binds := h.l.Others(h.wish(i, place), h.clock)
	bindings = slices.DeleteFunc(bindings, func(b int) bool { return h.given[int32(b)] > 0 })
	switch {
	case len(bindings) > 0:
		h.holdFor(p, int32(bindings[0]))
	case len(binds) > 0:
		h.holdFor(p, doubtOf(int32(binds[0].Row)))
	case h.opt.AllowDuplicates:
		w := h.wish(i, place)
		w.Present = func(int) bool { return true } // all that is there has its row
		p.allow(h.l.Decide(w, h.clock).Consent)
	default: // it belongs to another row of the input
		p.Fate, p.other = fateSamePlace, h.beside(place)
	}
}

// beside is the row of the input that has a place already.
func (h *holding) beside(place ledger.Place) int32 {
	bindings, binds := h.l.At(place, h.clock)
	for _, b := range bindings {
		if holder := h.l.Binding(b).Holder; h.present(holder) {
			return h.first[holder] - 1
		}
		if row := h.given[int32(b)]; row > 0 {
			return row - 1
		}
	}
	for _, c := range binds {
		if h.present(c.Row) {
			return h.first[c.Row] - 1
		}
	}
	return -1
}

// free returns the bindings of a place that have no row yet.
func (h *holding) free(place ledger.Place) (list []int32) {
	bindings, _ := h.l.At(place, h.clock)
	for _, b := range bindings {
		if h.given[int32(b)] == 0 && !h.settled(h.l.Binding(b).Holder) {
			list = append(list, int32(b))
		}
	}
	return list
}

// certain reports whether it is known what is at a place: no bind there is in
// doubt, and no release of what has no row yet.
func (h *holding) certain(place ledger.Place) bool {
	_, binds := h.l.At(place, h.clock)
	for _, c := range binds {
		if !h.settled(c.Row) {
			return false
		}
	}
	return !slices.ContainsFunc(h.free(place), func(b int32) bool {
		return slices.ContainsFunc(h.l.CallsOn(int(b)), func(c ledger.CallInfo) bool { return c.Op == ledger.Release })
	})
}

// only finds the one binding of a place that is a row's: one with all its values;
// else, if the user said so, on the X that it names, or with its B if no other row
// and no other binding has that B.
func (h *holding) only(place ledger.Place, rows []int32, all map[int32]*[field.NumFields]string, fields *[field.NumFields]string) (b int32, ok bool, err error) {
	b = -1
	for _, at := range h.free(place) {
		if h.over(at) {
			continue
		}
		k, err := h.Journal.BindingAt(at)
		switch {
		case err != nil:
			return -1, false, err
		case h.equal(&k, fields):
			return at, true, nil
		case h.opt.WhenBound == RefuseWhenBound:
			continue
		}
		if x := fields[field.PhoneNoX]; x != "" && x == k.SecretNo || x == "" && fields[field.PhoneNoB] == k.Detail.PhoneNoB {
			if b >= 0 {
				return -1, false, nil
			}
			b = at
		}
	}
	alike := 0
	for _, i := range rows {
		if f := all[i]; f != nil && f[field.PhoneNoX] == fields[field.PhoneNoX] && f[field.PhoneNoB] == fields[field.PhoneNoB] {
			alike++
		}
	}
	return b, b >= 0 && alike == 1, nil
}

// take gives a binding to a row, to be renewed or as it is. One that is to be
// renewed and needs no change takes it as it is, once they are compared.
func (h *holding) take(i, b int32, renew bool) {
	p := &h.Entries[i]
	if p.other = b; renew {
		h.give(b, i)
		h.renew(p, b)
		return
	}
	h.already(p, i)
}
