package batch

import (
	"slices"
	"time"

	"axgbind/aliyun"
	"axgbind/report"
)

// A binding is made by one entry of the journal, its root: a row that was bound,
// or that a results file called bound. Updates change it later. Each is an entry
// of its own that links to the root, and the root links to the last that is
// done: what the binding is now, or to its release.

// now returns the entry that says what the binding of a root is.
func (j *Journal) now(root int32) int32 {
	if e := &j.entries[root]; !e.update && e.link >= 0 {
		return e.link
	}
	return root
}

// rootOf returns the root of the binding that an entry made or changed.
func (j *Journal) rootOf(i int32) int32 {
	if e := &j.entries[i]; e.update && e.link >= 0 {
		return e.link
	}
	return i
}

// standing is where an entry stands: as it ended last, unless its binding was
// released since. What made it was released too if it is sent again later.
func (j *Journal) standing(i int32) report.Status {
	e := &j.entries[i]
	if e.update && !e.is(markRelease) && e.status == report.Bound && e.link >= 0 {
		if root := &j.entries[e.link]; root.status == report.Released || root.last > e.last {
			return report.Released
		}
	}
	return e.status
}

// unfinished returns, by root, the updates and releases that were begun and are
// not known to be done: the binding may have some of their values, or get them
// still, or may be gone. A release that surely was not executed is none.
func (j *Journal) unfinished() map[int32][]int32 {
	begun := map[int32][]int32{}
	for i := range j.entries {
		e := &j.entries[i]
		if !e.update || e.link < 0 || !e.touched || e.status == report.Bound || e.is(markRelease) && (e.status == report.Released || !e.doubted) {
			continue
		}
		begun[e.link] = append(begun[e.link], int32(i))
	}
	return begun
}

// mayBeGone returns the release of a root's binding that was begun and may be
// done, -1 if there is none.
func (p *Plan) mayBeGone(root int32) int32 {
	j := p.journal
	for _, at := range p.begun[root] {
		if e := &j.entries[at]; e.is(markRelease) && e.last > j.entries[root].last {
			return at
		}
	}
	return -1
}

// Releasing is how many rows are UNKNOWN because a release of their binding was
// begun and may be done.
func (p *Plan) Releasing() (n int) {
	for i := range p.rows {
		if p.rows[i].fate == fateReleasing {
			n++
		}
	}
	return n
}

// changedBack marks the occurrence of a row that changes the binding it once
// made back to what it was: an update needs an entry of its own.
const changedBack = 1 << 30

// targetOf is the binding that row i changes, read back from the journal, and
// what is to change of it. An update of it that was begun and is not known to be
// done may have been made in part: what differs from that is changed too. ok is
// false if the binding cannot be made what the row says.
func (p *Plan) targetOf(i int, row *Row) (t *target, ok bool, err error) {
	j, root := p.journal, p.rows[i].other
	now := j.now(root)
	t = &target{entry: root}
	end, err := j.detailAt(j.entries[now].outcome)
	if err != nil {
		return nil, false, err
	}
	t.secretNo, t.subsID = end.SecretNo, end.SubsID
	for n, at := range append([]int32{now}, p.begun[root]...) {
		e := &j.entries[at]
		sent, err := j.recordAt(e.last)
		if err != nil {
			return nil, false, err
		}
		old, err := sent.decode()
		if err != nil {
			return nil, false, err
		}
		changes, can := renewal(&old, t.secretNo, &row.Fields)
		ok = can && (ok || n == 0)
		if n == 0 {
			if t.of = sent.key; e.update {
				t.of = sent.of
			}
		}
		for _, c := range changes {
			if !slices.Contains(t.changes, c) {
				t.changes = append(t.changes, c)
			}
		}
		if e.update && at != p.rows[i].entry { // its own calls say the same, however late
			t.await(old.T)
		}
	}
	return t, ok && t.subsID != "", nil
}

// await notes when another call for the binding left: it may be executed late.
func (t *target) await(ms int64) {
	if at := time.UnixMilli(ms); at.After(t.after) {
		t.after = at
	}
}

// updateTarget is the binding that row i of an update changes, with what is to
// change of it.
func (p *Plan) updateTarget(i int, row *Row) (*target, error) {
	j, root := p.journal, p.rows[i].other
	t := row.target.with(p.changes, &row.Fields)
	t.entry, t.of = root, bindingKey(row)
	was, err := j.detailAt(j.entries[j.now(root)].last)
	if err != nil {
		return nil, err
	}
	if was.PoolKey != "" {
		t.was = &was
	}
	if e := &j.entries[root]; e.intent >= 0 {
		made, err := j.recordAt(e.intent)
		if err != nil {
			return nil, err
		}
		t.of = made.key
	}
	for _, at := range append([]int32{j.now(root)}, p.begun[root]...) {
		if e := &j.entries[at]; e.update && at != p.rows[i].entry {
			sent, err := j.detailAt(e.last)
			if err != nil {
				return nil, err
			}
			t.await(sent.T)
		}
	}
	return t, nil
}

// renewalOf is targetOf for a row about to be sent. One that differs in nothing
// any more, because what it began was done, says so again: that is one harmless
// call, and then it is known.
func (p *Plan) renewalOf(i int, row *Row) (*target, error) {
	t, _, err := p.targetOf(i, row)
	if err == nil && len(t.changes) == 0 {
		t.changes = []aliyun.Operate{aliyun.UpdateExpire}
	}
	return t, err
}
