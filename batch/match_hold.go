package batch

import (
	"cmp"
	"slices"

	"axgbind/report"
)

// hold finds the journal's live bindings that no input row stands for, and holds
// back input rows that would occupy the same pool, A and group a second time, or
// has them take that binding, or change it, as the user said. A binding is given
// to one row, and only where it is clear to which.
func (m *matcher) hold() error {
	if m.changes != nil || m.releases != nil {
		return nil // another change of the same binding is no second binding
	}
	m.begun = m.journal.unfinished()
	if !m.opt.AsSent {
		if err := m.changed(); err != nil {
			return err
		}
	}
	live, err := m.live()
	if err != nil {
		return err
	}
	h := holding{matcher: m, live: live, given: map[int32]bool{}, named: map[int32]bool{}}
	for i := range m.rows {
		switch p := &m.rows[i]; p.fate {
		case fateRenew:
			h.give(p.other)
		case fateAlready:
			root := m.journal.rootOf(p.other)
			if at := m.mayBeGone(root); at >= 0 {
				p.fate, p.other = fateReleasing, at
				m.Taken--
			}
			h.give(root)
		}
	}
	next := 0
	for i := range m.rows {
		if m.known > 0 && m.rows[i].fate == fateSend {
			h.row(int32(i), m.holders[next])
			next++
		}
	}
	if err := h.pair(); err != nil {
		return err
	}
	if err := h.keep(); err != nil {
		return err
	}
	if m.Renew > 0 {
		return m.weighRenewals()
	}
	return nil
}

// changed judges the settled rows whose binding is not theirs any more: an
// update gave it the values of another row, or may have. A binding that a row of
// the input still stands for, or was given to one, is nobody else's.
func (m *matcher) changed() error {
	j := m.journal
	var astray []int32
	for i := range m.rows {
		p := &m.rows[i]
		if p.fate != fateEntry || p.entry < 0 || int(p.entry) >= m.known || j.standing(p.entry) != report.Bound {
			continue
		}
		root := j.rootOf(p.entry)
		now := j.now(root)
		if j.entries[root].is(markGone) || j.entries[root].status == report.Released {
			continue
		}
		if at := m.mayBeGone(root); at >= 0 {
			p.fate, p.other = fateReleasing, at
			continue
		}
		back := Key{ID: p.id, Occurrence: p.occurrence | changedBack}
		if at, ok := j.index[back]; ok && root == p.entry && at == now {
			p.entry, p.occurrence = at, back.Occurrence
			m.matched[at] = true
		}
		if now != p.entry || m.overtaken(root) {
			astray = append(astray, int32(i))
		}
	}
	given := map[int32]bool{}
	for _, i := range astray {
		p := &m.rows[i]
		root := j.rootOf(p.entry)
		now := j.now(root)
		sent, err := j.detailAt(j.entries[p.entry].last)
		if err != nil {
			return err
		}
		if end, err := parseExpiration(sent.Expiration); err == nil && !end.After(m.now) {
			continue // what the row asked for is over, whatever the binding is
		}
		m.Settled--
		p.other = root
		switch {
		case given[root] || now != p.entry && m.matched[now]: // another row stands for it
			m.holdBack(p)
		case m.opt.WhenBound == RenewWhenBound && m.otherJob(root, p.entry): // an earlier night run again
			m.holdBack(p)
		case m.opt.WhenBound == SkipWhenBound:
			given[root] = true
			p.fate, p.other = fateAlready, now
			m.Taken++
		case m.opt.WhenBound == RenewWhenBound && (j.entries[root].touched || now != p.entry):
			given[root] = true
			if root == p.entry { // the entry that made the binding goes on to say so
				back := Key{ID: p.id, Occurrence: p.occurrence | changedBack}
				p.occurrence, p.entry = back.Occurrence, -1
				if at, ok := j.index[back]; ok {
					p.entry = at
				}
			}
			m.renew(p, root)
		default:
			m.holdBack(p)
		}
	}
	return nil
}

// otherJob reports whether what changed a binding since an entry was another job.
func (m *matcher) otherJob(root, entry int32) bool {
	j := m.journal
	return slices.ContainsFunc(append([]int32{j.now(root)}, m.begun[root]...), func(at int32) bool {
		e := &j.entries[at]
		return at != entry && e.last > j.entries[entry].last && int(e.run) < len(j.Runs) && j.Runs[e.run].Results != m.opt.Results
	})
}

// overtaken reports whether an update of a binding was begun after the last that
// is done: the binding may have its values, or get them still.
func (p *Plan) overtaken(root int32) bool {
	now := p.journal.now(root)
	return slices.ContainsFunc(p.begun[root], func(at int32) bool { return p.journal.entries[at].last > p.journal.entries[now].last })
}

func (m *matcher) renew(p *planned, root int32) {
	p.fate, p.other = fateRenew, root
	m.Renew++
}

// live returns the roots of the live bindings that no input row stands for, by
// what they occupy.
func (m *matcher) live() (map[holder][]int32, error) {
	live := map[holder][]int32{}
	j := m.journal
	for i := range m.known {
		e := &j.entries[i]
		root, now := int32(i), j.now(int32(i))
		switch {
		case !e.touched || e.is(markGone) || e.status != report.Bound && e.status != report.Unknown:
			continue
		case !e.update:
		case e.link < 0 || j.entries[e.link].touched || j.now(e.link) != int32(i):
			continue // its root speaks for it
		default: // what was bound by another journal, and changed by this one
			root, now = e.link, int32(i)
		}
		if m.matched[now] {
			continue
		}
		if !e.update && !m.matched[i] {
			m.Gone++
		}
		ends, h, err := m.endOf(root, now, m.begun[root])
		if err != nil {
			return nil, err
		}
		if ends { // a lapsed binding holds nothing back
			continue
		}
		live[h] = append(live[h], root)
	}
	return live, nil
}

// endOf reports whether a binding has lapsed, whatever of the updates begun was
// done, and what it occupies.
func (m *matcher) endOf(root, now int32, begun []int32) (lapsed bool, h holder, err error) {
	lapsed = true
	made, err := m.journal.detailAt(m.journal.entries[root].last)
	if err != nil {
		return false, 0, err
	}
	for n, at := range append([]int32{now}, begun...) {
		d, err := m.journal.detailAt(m.journal.entries[at].last)
		if err != nil {
			return false, 0, err
		}
		if n == 0 {
			h = holderOf(d.PoolKey, cmp.Or(made.PhoneNoA, d.PhoneNoA), cmp.Or(d.GroupID, made.GroupID))
		}
		if end, err := parseExpiration(cmp.Or(d.Expiration, made.Expiration)); err != nil || end.After(m.now) {
			lapsed = false
		}
	}
	return lapsed, h, nil
}

// holdBack keeps a row from being sent because of the binding of the root
// `other`.
func (m *matcher) holdBack(p *planned) {
	p.other = m.journal.now(p.other)
	e := &m.journal.entries[p.other]
	if m.holds == nil {
		m.holds = map[int32]int{}
	}
	m.holds[p.other]++
	p.fate = fateStill
	if int(e.run) < len(m.journal.Runs) && m.journal.Runs[e.run].Results == m.opt.Results {
		p.fate = fateEdited
	}
	m.Held++
}

// weighRenewals finds out what the rows that are to change a binding would
// change. A row that differs in nothing that can be changed takes the binding as
// its own; one that wants what cannot be changed is held back.
func (m *matcher) weighRenewals() error {
	return m.again(func(i int, row *Row) error {
		p := &m.rows[i]
		if p.fate != fateRenew {
			return nil
		}
		root := p.other
		t, ok, err := m.targetOf(i, row)
		switch {
		case err != nil:
			return err
		case !ok:
			m.Renew--
			m.holdBack(p)
		case len(t.changes) == 0 && (p.entry < 0 || len(m.begun[root]) == 0):
			m.Renew--
			m.Taken++
			p.fate, p.other = fateAlready, m.journal.now(root)
		}
		return nil
	})
}
