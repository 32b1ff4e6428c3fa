package plan

import (
	"strconv"
	"strings"

	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// find is the binding of a row, -1 if the journal does not know it, and whether
// it could be released.
func (r *releaser) find(n *reference, key ledger.Key, index int32) (b int32, f Fate, err error) {
	list := r.scope.of == 0
	at, known := r.l.BindingOf(n.id)
	if known {
		agrees, err := r.agreesWith(n, int32(at), true)
		if err != nil {
			return -1, 0, err
		}
		if agrees {
			return r.own(n, int32(at))
		}
	}
	if row, ok := r.l.Row(key); ok && r.l.Info(row).Op != 0 && !list {
		return r.ofRow(n, key, row)
	}
	switch {
	case n.unread && !known:
		return -1, fateClaimed, nil
	case !n.bound && !n.released:
		return -1, fateLeft, nil
	case known: // a binding of another row
		return -1, FateOther, nil
	case list && n.subsID == "" && n.place() != 0:
		return r.there(n, index)
	case n.subsID != "" && !input.Digits(n.subsID):
		return -1, FateDamaged, nil
	case !input.Digits(n.subsID) || !input.Digits(n.secretNo) || n.pool == "":
		return -1, fateNoBinding, nil
	}
	return -1, FateSend, nil
}

// there finds the binding of a row that gives pool, A and group instead of a SubsId:
// the only one there. While nothing is there, it is the one that this batch released
// there last, so that a further run comes to the same.
func (r *releaser) there(n *reference, index int32) (b int32, f Fate, err error) {
	place := n.place()
	b, c := r.onlyAt(place)
	if c == (occupancy{}) {
		before := r.doneAt(place)
		if c.bindings = len(before); c.bindings == 1 {
			b = before[0]
		}
	}
	if b < 0 {
		r.noteOccupancy(index, c)
		return -1, fateNoBinding, nil
	}
	if agrees, err := r.agreesWith(n, b, false); err != nil || !agrees {
		return -1, FateOther, err
	}
	return r.own(n, b)
}

// ended are bindings that one run of this batch released at a place.
type ended struct {
	run      int
	bindings []int32
}

// doneAt are the bindings of a place that this batch released in the last run in which
// it released any there.
func (r *releaser) doneAt(place ledger.Place) []int32 {
	if r.done == nil {
		r.done = map[ledger.Place]ended{}
		for n := 0; n < r.known && r.matcher.own > 0; n++ {
			info := r.l.Info(n)
			if info.Key.Batch != r.batch || info.Op != ledger.Release || info.Binding < 0 {
				continue
			}
			b := r.l.Binding(info.Binding)
			if b.Life != ledger.Released {
				continue
			}
			e, ok := r.done[b.Place]
			if !ok || e.run < info.Run {
				e = ended{run: info.Run}
			}
			if e.run == info.Run {
				e.bindings = append(e.bindings, int32(info.Binding))
			}
			r.done[b.Place] = e
		}
	}
	return r.done[place].bindings
}

// ofRow judges a row of the batch whose cells do not name a binding as the ledger
// knows it.
func (r *releaser) ofRow(n *reference, key ledger.Key, row int) (b int32, f Fate, err error) {
	info := r.l.Info(row)
	passed := info.Binding >= 0 && info.State == ledger.Superseded // to another row
	if info.State == ledger.Unknown && !r.l.Holding(row) {
		return doubtOf(int32(row)), fateDoubt, nil
	}
	if !r.l.Holds(row) && !passed {
		return -1, fateLeft, nil // not bound, whatever the file says
	}
	if second, several := r.l.Row(ledger.Key{ID: key.ID, Occurrence: 1, Batch: key.Batch}); several && r.l.Info(second).Op != 0 {
		return -1, FateOther, nil // which of them is meant, only a whole id could say
	}
	agrees, err := r.agreesWith(n, int32(info.Binding), false)
	if err != nil || !agrees {
		return -1, FateOther, err
	}
	return int32(info.Binding), FateSend, nil
}

// own judges a row whose cells name a binding, by what the ledger knows of the
// row itself: it is not to release what another row is bound to.
func (r *releaser) own(n *reference, b int32) (int32, Fate, error) {
	if r.list {
		if r.l.Binding(int(b)).Holder >= 0 {
			return -1, fateLeft, nil
		}
		return b, FateSend, nil
	}
	var known, bound bool
	for nth := uint32(0); r.scope.of != 0; nth++ {
		at, ok := r.l.Row(ledger.Key{ID: n.row, Occurrence: nth, Batch: r.scope.of})
		if !ok {
			break
		}
		info := r.l.Info(at)
		if info.Op == 0 {
			continue
		}
		has := r.l.Holds(at)
		if has && int32(info.Binding) == b {
			return b, FateSend, nil
		}
		known, bound = true, bound || has
	}
	switch {
	case bound:
		return -1, FateOther, nil
	case n.evidence, known && !n.bound && !n.released: // its SubsId is what a look-up found
		return -1, fateLeft, nil
	}
	return b, FateSend, nil
}

// claim says whether a binding, -1 for one that the ledger does not know, is the
// plan's to release.
func (r *releaser) claim(n *reference, key ledger.Key, b int32) Fate {
	switch why := r.scope.objects(r.l, b, n.adopted()); {
	case why == notTheirs, why == nobodys && r.named[n.subsID]:
		return FateSend
	case r.scope.of != 0 && !n.bound && !r.had(key, b): // it never was the row's
		return fateLeft
	}
	return fateOthers
}

// had reports whether a binding was that of a row of the plan's batch, or the batch made
// it: a row that is held back now, since another batch has the binding by now, is about
// that one all the same.
func (r *releaser) had(key ledger.Key, b int32) bool {
	if b < 0 {
		return false
	}
	if row, ok := r.l.Row(key); ok {
		if info := r.l.Info(row); info.Op != 0 && int32(info.Binding) == b {
			return true
		}
	}
	maker, _ := r.l.Owners(int(b))
	return maker == r.scope.of
}

// agreesWith reports whether what a row says fits a binding, by its number.
func (r *releaser) agreesWith(n *reference, b int32, whole bool) (bool, error) {
	k, err := r.Journal.BindingAt(b)
	return r.agrees(n, &k, whole), err
}

// agrees reports whether what a row says fits a binding. With whole, its SubsId
// is that of the binding; else it must be what a spreadsheet makes of it, or blank.
func (m *matcher) agrees(n *reference, k *books.Known, whole bool) bool {
	if k.SubsID == "" { // nobody but a list spoke of it: what that says is proven
		return true
	}
	same := func(cell, have string) bool {
		return cell == "" || have == "" || cell == have || report.Masked(have) && report.Mask(cell) == have // forgotten
	}
	return (whole || n.subsID == k.SubsID || n.subsID == "" || cutFrom(n.subsID, k.SubsID)) &&
		(same(n.secretNo, k.SecretNo) || same(strings.TrimLeft(n.secretNo, "0"), strings.TrimLeft(k.SecretNo, "0")) || cutFrom(n.secretNo, k.SecretNo)) &&
		same(n.pool, k.Detail.PoolKey) && same(n.a, k.Detail.PhoneNoA) && m.inGroup(n, k, whole)
}

// inGroup reports whether a row says a group that the binding has or had. One that is
// no more may have been in any: updates brought it from one to the next.
func (m *matcher) inGroup(n *reference, k *books.Known, whole bool) bool {
	if n.group == "" || k.Detail.GroupID == "" || n.group == k.Detail.GroupID || whole && k.Life != ledger.Bound {
		return true
	}
	if k.Holder < 0 || m.scope.op != ledger.Release {
		return false
	}
	made, ok := m.l.Row(ledger.Key{ID: n.row, Batch: m.scope.of})
	return ok && made == k.Holder // as it was sent: an update moved it since
}

// cutFrom reports whether a cell is what a spreadsheet makes of an id: rounded to
// 15 digits, or in scientific notation.
func cutFrom(cell, id string) bool {
	kept, all := 15, len(cell)
	if input.Digits(cell) {
		if all <= kept || strings.Trim(cell[kept:], "0") != "" {
			return false
		}
	} else {
		var ok bool
		if kept, all, ok = input.Scientific(cell); !ok {
			return false
		}
		cell = strings.Replace(cell[:strings.IndexAny(cell, "Ee")], ".", "", 1)
	}
	if all != len(id) || kept > min(all, 18) || !input.Digits(id) {
		return false
	}
	left, _ := strconv.ParseInt(cell[:kept], 10, 64) // 18 digits at most
	had, _ := strconv.ParseInt(id[:kept], 10, 64)
	return left == had || left == had+1 // rounded down or up
}
