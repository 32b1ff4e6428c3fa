package batch

import (
	"slices"

	"axgbind/report"
)

// holding gives live bindings to rows.
type holding struct {
	*matcher
	live  map[holder][]int32
	given map[int32]bool // roots that have their row
	named map[int32]bool // roots that some row is held back for, given to, or takes
	rows  map[holder][]int32
}

// row judges a row that would be sent, and the place that it would take.
func (h *holding) row(i int32, place holder) {
	p := &h.matcher.rows[i]
	if p.entry >= 0 {
		if e := &h.journal.entries[p.entry]; e.update && e.link >= 0 && !h.journal.entries[e.link].is(markGone) && h.journal.entries[e.link].status != report.Released &&
			h.journal.standing(p.entry) != report.Released {
			if now := h.journal.now(e.link); h.given[e.link] || h.mayBeGone(e.link) >= 0 || now != e.link && now != p.entry && h.matched[now] { // another row stands for it
				p.other = e.link
				h.holdBack(p)
				return
			}
			// Whatever the user says now: its binding may have changed already.
			h.give(e.link)
			h.renew(p, e.link)
			return
		}
	}
	if len(h.live) > 0 && len(h.live[place]) > 0 {
		if h.rows == nil {
			h.rows = map[holder][]int32{}
		}
		h.rows[place] = append(h.rows[place], i)
	}
}

// give notes that a row stands for a binding.
func (h *holding) give(root int32) {
	h.given[root] = true
	h.name(root)
}

func (h *holding) name(root int32) {
	e := &h.journal.entries[root]
	if !h.named[root] && int(root) < h.known && e.touched && !e.update && !h.matched[root] && !h.matched[h.journal.now(root)] {
		h.Gone--
	}
	h.named[root] = true
}

// pair gives each row that would occupy a place a second time the binding that
// is there, if it is clear which, and holds it back otherwise.
func (h *holding) pair() error {
	doubtful := map[int32]*[NumFields]string{}
	for place, rows := range h.rows {
		free := h.free(place)
		if h.opt.WhenBound != RefuseWhenBound && len(rows) == 1 && len(free) == 1 && h.certain(free[0]) {
			h.take(rows[0], free[0])
			delete(h.rows, place)
			continue
		}
		if h.opt.WhenBound != RefuseWhenBound && len(free) > 0 {
			for _, i := range rows {
				doubtful[i] = nil
			}
		}
	}
	if len(doubtful) > 0 {
		err := h.again(func(i int, row *Row) error {
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
	for place, rows := range h.rows {
		slices.Sort(rows)
		if err := h.sort(place, rows, doubtful); err != nil {
			return err
		}
	}
	return nil
}

// sort gives the rows of one place the bindings that are certainly theirs, those
// that name an X first. The others are held back, unless every binding there has
// its row: then they are rows beside it, as in a file that was never sent.
func (h *holding) sort(place holder, rows []int32, doubtful map[int32]*[NumFields]string) error {
	var rest []int32
	for _, named := range []bool{true, false} {
		for _, i := range rows {
			fields := doubtful[i]
			if named != (fields != nil && fields[PhoneNoX] != "") {
				continue
			}
			root, ok := int32(-1), false
			if fields != nil {
				var err error
				if root, ok, err = h.only(place, rows, doubtful, fields); err != nil {
					return err
				}
			}
			if ok {
				h.take(i, root)
			} else {
				rest = append(rest, i)
			}
		}
	}
	free := h.free(place)
	if len(free) == 0 {
		return nil
	}
	for _, i := range rest {
		p := &h.matcher.rows[i]
		p.other = free[0]
		h.name(p.other)
		h.holdBack(p)
	}
	return nil
}

// free returns the bindings of a place that have no row yet.
func (h *holding) free(place holder) []int32 {
	return slices.DeleteFunc(slices.Clone(h.live[place]), func(root int32) bool { return h.given[root] })
}

// only finds the one binding of a place that is a row's: on the X that it names,
// or with its B if no other row and no other binding has that B.
func (h *holding) only(place holder, rows []int32, all map[int32]*[NumFields]string, fields *[NumFields]string) (root int32, ok bool, err error) {
	root = -1
	for _, at := range h.free(place) {
		now := h.journal.now(at)
		if !h.certain(at) || h.journal.entries[now].status == report.Unknown {
			return -1, false, nil // it may be any row's, or gone
		}
		sent, err := h.journal.detailAt(h.journal.entries[now].last)
		if err != nil {
			return -1, false, err
		}
		end, err := h.journal.detailAt(h.journal.entries[now].outcome)
		if err != nil {
			return -1, false, err
		}
		if x := fields[PhoneNoX]; x != "" && x == end.SecretNo || x == "" && fields[PhoneNoB] == sent.PhoneNoB {
			if root >= 0 {
				return -1, false, nil
			}
			root = at
		}
	}
	alike := 0
	for _, i := range rows {
		if f := all[i]; f != nil && f[PhoneNoX] == fields[PhoneNoX] && f[PhoneNoB] == fields[PhoneNoB] {
			alike++
		}
	}
	return root, root >= 0 && alike == 1, nil
}

// certain reports whether a root's binding is known to live.
func (h *holding) certain(root int32) bool {
	return h.journal.entries[root].status != report.Unknown && h.mayBeGone(root) < 0
}

// take gives a binding to a row, as the user said.
func (h *holding) take(i, root int32) {
	p := &h.matcher.rows[i]
	h.give(root)
	if h.opt.WhenBound == RenewWhenBound {
		h.renew(p, root)
		return
	}
	p.fate, p.other = fateAlready, h.journal.now(root)
	h.Taken++
}
