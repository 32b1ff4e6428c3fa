package batch

import (
	"strconv"
	"strings"

	"axgbind/batch/ledger"
)

// find is the binding of a row, -1 if the journal does not know it, and whether
// it may be released.
func (r *releaser) find(n *named, key Key) (b int32, f fate, err error) {
	whole := digits(n.subsID) && digits(n.secretNo)
	at, known := r.l.BindingOf(n.id)
	if known {
		agrees, err := r.agrees(n, int32(at), true)
		if err != nil {
			return -1, 0, err
		}
		if agrees {
			return r.own(n, int32(at))
		}
	}
	if row, ok := r.l.Row(key); ok && r.l.Info(row).Op != 0 && r.opt.Results != "" {
		return r.ofRow(n, key, row)
	}
	switch {
	case !n.bound && !n.released:
		return -1, fateLeft, nil
	case r.opt.Release.Orphans && known:
		return -1, fateLeft, nil
	case known: // a binding of another row
		return -1, fateOther, nil
	case n.subsID != "" && !digits(n.subsID):
		return -1, fateDamaged, nil
	case !whole || n.pool == "":
		return -1, fateNoBinding, nil
	}
	return -1, fateSend, nil
}

// ofRow judges a row of the batch whose cells do not name a binding as the ledger
// knows it.
func (r *releaser) ofRow(n *named, key Key, row int) (b int32, f fate, err error) {
	info := r.l.Info(row)
	if !r.l.Holds(row) {
		return -1, fateLeft, nil // not bound, whatever the file says
	}
	if second, several := r.l.Row(Key{ID: key.ID, Occurrence: 1}); several && r.l.Info(second).Op != 0 {
		return -1, fateOther, nil // which of them is meant, only a whole id could say
	}
	agrees, err := r.agrees(n, int32(info.Binding), false)
	if err != nil || !agrees {
		return -1, fateOther, err
	}
	return int32(info.Binding), r.ours(n, int32(info.Binding)), nil
}

// own judges a row whose cells name a binding, by what the ledger knows of the
// row itself: it is not to release what another row is bound to.
func (r *releaser) own(n *named, b int32) (int32, fate, error) {
	var known, bound bool
	for nth := uint32(0); ; nth++ {
		at, ok := r.l.Row(Key{ID: n.row, Occurrence: nth})
		if !ok {
			break
		}
		info := r.l.Info(at)
		if info.Op == 0 {
			continue
		}
		has := r.l.Holds(at)
		if has && int32(info.Binding) == b {
			return b, r.ours(n, b), nil
		}
		known, bound = true, bound || has
	}
	switch {
	case r.opt.Release.Orphans:
		return -1, fateLeft, nil
	case bound:
		return -1, fateOther, nil
	case known && !n.bound && !n.released: // its SubsId is what a look-up found
		return -1, fateLeft, nil
	}
	return b, r.ours(n, b), nil
}

// agrees reports whether what a row says fits a binding. With whole, its SubsId
// is that of the binding; else it must be what a spreadsheet makes of it, or blank.
func (r *releaser) agrees(n *named, b int32, whole bool) (bool, error) {
	k, err := r.journal.bindingAt(b)
	if err != nil || k.subsID == "" { // nobody but a list spoke of it: what that says is proven
		return true, err
	}
	same := func(cell, have string) bool { return cell == "" || have == "" || cell == have }
	return (whole || n.subsID == k.subsID || n.subsID == "" || cutFrom(n.subsID, k.subsID)) &&
		(same(strings.TrimLeft(n.secretNo, "0"), strings.TrimLeft(k.secretNo, "0")) || cutFrom(n.secretNo, k.secretNo)) &&
		same(n.pool, k.values.PoolKey) && same(n.a, k.values.PhoneNoA) && r.inGroup(n, &k), nil
}

// inGroup reports whether a row says a group that the binding has or had.
func (r *releaser) inGroup(n *named, k *known) bool {
	if n.group == "" || n.group == k.values.GroupID {
		return true
	}
	if k.Holder < 0 {
		return false
	}
	made, ok := r.l.Row(Key{ID: n.row})
	return ok && made == k.Holder // as it was sent: an update moved it since
}

// ours says whether a binding that the ledger knows is this batch's to release.
func (r *releaser) ours(n *named, b int32) fate {
	k := r.l.Binding(int(b))
	switch {
	case r.opt.Release.Orphans:
		return fateLeft
	case r.opt.Results == "": // no batch: the file alone says what it means
		return fateSend
	case k.Life != ledger.Bound || k.Held >= 0 && r.mine[r.journal.batchOf(k.Held)] || k.Held < 0 && n.bound:
		return fateSend
	}
	return fateLeft
}

// cutFrom reports whether a cell is what a spreadsheet makes of an id: rounded to
// 15 digits, or in scientific notation.
func cutFrom(cell, id string) bool {
	kept, all := 15, len(cell)
	if digits(cell) {
		if all <= kept || strings.Trim(cell[kept:], "0") != "" {
			return false
		}
	} else {
		var ok bool
		if kept, all, ok = scientific(cell); !ok {
			return false
		}
		cell = strings.Replace(cell[:strings.IndexAny(cell, "Ee")], ".", "", 1)
	}
	if all != len(id) || kept > min(all, 18) || !digits(id) {
		return false
	}
	left, _ := strconv.ParseInt(cell[:kept], 10, 64) // 18 digits at most
	had, _ := strconv.ParseInt(id[:kept], 10, 64)
	return left == had || left == had+1 // rounded down or up
}
