package batch

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"axgbind/report"
)

// find is the root of a row's binding, -1 if the journal does not know it, and
// whether it may be released.
func (r *releaser) find(n *named, key Key) (root int32, f fate, err error) {
	j := r.journal
	whole := digits(n.subsID) && digits(n.secretNo)
	if at, ok := r.bound[n.subsID]; ok {
		agrees, err := r.agrees(n, at, true)
		if err != nil {
			return -1, 0, err
		}
		if agrees {
			return r.own(n, at)
		}
	}
	if at, ok := j.index[key]; ok && j.entries[at].touched && r.opt.Results != "" {
		e := &j.entries[at]
		root := j.rootOf(at)
		if j.standing(at) != report.Bound && j.standing(at) != report.Released {
			return -1, fateLeft, nil // not bound, whatever the file says
		}
		if _, several := j.index[Key{ID: key.ID, Occurrence: 1}]; several {
			return -1, fateOther, nil // which of them is meant, only a whole id could say
		}
		if e.update && !j.entries[root].touched { // another journal knows what made it: whole ids, which are proven
			end, err := j.detailAt(e.outcome)
			if err != nil || !whole || n.pool == "" || end.SubsID != n.subsID || end.SecretNo != n.secretNo {
				return -1, fateOther, err
			}
			return -1, r.ours(n, root), nil
		}
		agrees, err := r.agrees(n, root, false)
		if err != nil {
			return -1, 0, err
		}
		if agrees {
			return root, r.ours(n, root), nil
		}
		return -1, fateOther, nil
	}
	switch _, other := r.bound[n.subsID]; {
	case !n.bound && !n.released:
		return -1, fateLeft, nil
	case r.opt.Release.Orphans && other:
		return -1, fateLeft, nil
	case other: // a binding of another row
		return -1, fateOther, nil
	case n.subsID != "" && !digits(n.subsID):
		return -1, fateDamaged, nil
	case !whole || n.pool == "":
		return -1, fateNoBinding, nil
	}
	return -1, fateSend, nil
}

// own judges a row whose cells name the binding of a root, by what the journal
// knows of the row itself: it is not to release what another row is bound to.
func (r *releaser) own(n *named, root int32) (int32, fate, error) {
	j := r.journal
	var known, bound bool
	for nth := uint32(0); ; nth++ {
		at, ok := j.index[Key{ID: n.row, Occurrence: nth}]
		if !ok {
			break
		}
		if !j.entries[at].touched {
			continue
		}
		mine := j.rootOf(at)
		end, err := j.detailAt(j.entries[mine].outcome)
		if err != nil {
			return -1, 0, err
		}
		standing := j.standing(at)
		if is := standing == report.Bound || standing == report.Released; is && (mine == root || end.SubsID == n.subsID) {
			return mine, r.ours(n, mine), nil
		} else if is {
			bound = true
		}
		known = true
	}
	switch {
	case r.opt.Release.Orphans:
		return -1, fateLeft, nil
	case bound:
		return -1, fateOther, nil
	case known && !n.bound && !n.released: // its SubsId is what a look-up found
		return -1, fateLeft, nil
	}
	return root, r.ours(n, root), nil
}

// agrees reports whether what a row says fits the binding of a root. With whole,
// its SubsId is that of the binding; else it must be what a spreadsheet makes of
// it, or blank.
func (r *releaser) agrees(n *named, root int32, whole bool) (bool, error) {
	j := r.journal
	made, err := j.detailAt(j.entries[root].last)
	if err != nil {
		return false, err
	}
	end, err := j.detailAt(j.entries[root].outcome)
	if err != nil {
		return false, err
	}
	group := made.GroupID
	if now := j.now(root); now != root {
		last, err := j.detailAt(j.entries[now].last)
		if err != nil {
			return false, err
		}
		group = cmp.Or(last.GroupID, group)
	}
	same := func(cell string, have ...string) bool { return cell == "" || slices.Contains(have, cell) }
	return (whole || n.subsID == end.SubsID || n.subsID == "" || cutFrom(n.subsID, end.SubsID)) &&
		(same(strings.TrimLeft(n.secretNo, "0"), strings.TrimLeft(end.SecretNo, "0")) || cutFrom(n.secretNo, end.SecretNo)) &&
		same(n.pool, made.PoolKey) && same(n.a, made.PhoneNoA) && same(n.group, made.GroupID, group), nil
}

// ours says whether a binding that the journal knows is this job's to release.
func (r *releaser) ours(n *named, root int32) fate {
	switch {
	case r.opt.Release.Orphans:
		return fateLeft
	case r.opt.Results == "": // no job: the file alone says what it means
		return fateSend
	}
	j := r.journal
	owner := root
	if at, ok := r.owners[root]; ok {
		owner = at
	}
	e := &j.entries[owner]
	if j.entries[root].status == report.Released || int(e.run) < len(j.Runs) && r.mine[j.Runs[e.run].Results] {
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
