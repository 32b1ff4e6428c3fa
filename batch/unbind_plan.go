package batch

import (
	"crypto/sha256"
	"slices"

	"axgbind/report"
)

// Release makes a plan of releases: each row ends the binding that it is BOUND
// to, or that its columns SecretNo and SubsId name. The input must have been
// opened with Bindings.
//
// SecretNo and SubsId come from the journal wherever it knows the row, and the
// cells only have to agree with it. What the journal does not know is taken from
// whole cells and proven before the call (see Prover).
type Release struct {
	// Select reports whether a row is to be released; nil: every row. It is called
	// by several goroutines at once.
	Select func(*Row) bool
	// Orphans leaves alone what the journal knows as a row's binding: the rows are
	// bindings that belong to none.
	Orphans bool
}

// releaser matches the rows of a Release.
type releaser struct {
	*matcher
	bound   map[string]int32 // roots by SubsId
	owners  map[int32]int32  // the latest row that a bind gave a binding to, where that is not its root
	mine    map[string]bool  // results files of this job
	first   map[Key]int32    // rows by what they release
	alike   map[int32]int32  // rows that release what an earlier row does: that row
	repeats map[Identity]uint32
}

// releasing prepares a matcher for a plan of releases.
func (m *matcher) releasing() error {
	j := m.journal
	r := &releaser{matcher: m, owners: map[int32]int32{}, first: map[Key]int32{}, alike: map[int32]int32{}, repeats: map[Identity]uint32{}}
	m.identify = r.identify
	var err error
	if r.bound, err = j.boundBy(); err != nil {
		return err
	}
	for i := range j.entries {
		e := &j.entries[i]
		if !e.update || e.is(markRelease) || e.link < 0 || !e.touched || e.status == report.Failed || j.verb(e) == "update" {
			continue
		}
		if at, ok := r.owners[e.link]; !ok || j.entries[at].last < e.last {
			r.owners[e.link] = int32(i)
		}
	}
	r.mine = map[string]bool{m.opt.Results: true}
	for grown := true; grown; { // an update of results belongs to their job
		grown = false
		for i := range j.Runs {
			run := &j.Runs[i]
			if run.Verb() == "update" && r.mine[run.Results] && !r.mine[run.Input] {
				r.mine[run.Input], grown = true, true
			}
		}
	}
	m.releases = r
	return nil
}

// verb is the command of the run that touched an entry last.
func (j *Journal) verb(e *entry) string {
	if int(e.run) < len(j.Runs) {
		return j.Runs[e.run].Verb()
	}
	return ""
}

// identify is the identity of a row of a release: all that tells which binding
// it means.
func (r *releaser) identify(row *Row) Identity {
	var room [256]byte
	b := append(room[:0], "axgbind release row v1"...)
	id := Identify(&row.Fields)
	b = append(b, id[:]...)
	b = appendPrefixed(appendPrefixed(b, row.target.secretNo), row.target.subsID)
	sum := sha256.Sum256(b)
	return Identity(sum[:16])
}

// releaseKey names the release of a binding in the journal.
func releaseKey(pool, secretNo, subsID string) Key {
	var room [128]byte
	b := append(room[:0], "axgbind release v1"...)
	for _, s := range []string{pool, secretNo, subsID} {
		b = appendPrefixed(b, s)
	}
	sum := sha256.Sum256(b)
	return Key{ID: Identity(sum[:16])}
}

// named is what a row of a release says of its binding.
type named struct {
	row                                    Identity // of the bind that made it
	pool, a, group, secretNo, subsID, code string
	bound, released                        bool // by its verdict
	wanted                                 bool
	binding                                Key // names it in the journal, if that knows no row of it
}

func (r *releaser) nameOf(row *Row) *named {
	f := &row.Fields
	n := &named{
		row: Identify(f), pool: f[PoolKey], a: f[PhoneNoA], group: f[GroupID],
		secretNo: row.target.secretNo, subsID: row.target.subsID, bound: true, binding: bindingKey(row),
		wanted: r.opt.Release.Select == nil || r.opt.Release.Select(row),
	}
	if v := row.Verdict; v != nil {
		n.bound, n.released, n.code = v.Status == report.Bound.String(), v.Status == report.Released.String(), v.Code
	}
	return n
}

// add finds the binding of a row and what becomes of the row.
func (r *releaser) add(p *planned, row *judged, index int32) {
	n, j := row.named, r.journal
	nth := r.repeats[n.row]
	r.repeats[n.row]++
	root, fate, err := r.find(n, Key{ID: n.row, Occurrence: nth})
	if err != nil {
		r.err = err
		return
	}
	key := releaseKey(n.pool, n.secretNo, n.subsID)
	done := false
	if root >= 0 {
		end, err := j.detailAt(j.entries[root].outcome)
		if err != nil {
			r.err = err
			return
		}
		made, err := j.detailAt(j.entries[root].last)
		if err != nil {
			r.err = err
			return
		}
		key = releaseKey(made.PoolKey, end.SecretNo, end.SubsID)
		done = j.entries[root].status == report.Released
		p.other = root
		if fate == fateSend && !done && !(digits(end.SubsID) && digits(end.SecretNo)) { // as a file had them that was carried in
			fate = fateNoBinding
		}
	}
	at, known := j.index[key]
	if known && root < 0 {
		done = j.entries[at].status == report.Released
	}
	switch p.fate = fate; {
	case fate != fateSend:
		if !n.wanted {
			p.fate = fateLeft
		}
	case done && !known: // carried in: no call of ours released it
		p.fate, p.entry = fateEntry, root
	case done:
		p.fate, p.entry = fateEntry, at
	case !n.wanted || n.released:
		p.fate = fateLeft
	default:
		if first, twice := r.first[key]; twice { // it releases no other binding
			p.fate, p.entry = fateEntry, r.rows[first].entry
			r.alike[index] = first
			break
		}
		r.first[key] = index
		if !known {
			at = j.addEntry()
		}
		if p.entry = at; !r.sendable(at) {
			p.fate = fateEntry
		}
		if root < 0 {
			j.rootFor(n.binding) // now: once the run goes, entries must stay where they are
		}
	}
	switch p.fate {
	case fateLeft:
		r.Left++
	case fateEntry:
		r.Settled++
	case fateSend:
		if r.fit(p, row); p.fate != fateSend {
			delete(r.first, key) // a further row may be fit
		}
	default:
		r.refused(p, row)
	}
}

// speaker is the row whose fate row i of a plan shares.
func (p *Plan) speaker(i int) int {
	if p.releases != nil {
		if first, ok := p.releases.alike[int32(i)]; ok {
			return int(first)
		}
	}
	return i
}

// drop makes room once all rows are matched.
func (r *releaser) drop() { r.bound, r.owners, r.first, r.repeats = nil, nil, nil, nil }

// ofRecord keeps of a record's faults those that keep it from being read.
func ofRecord(faults []Fault) []Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f Fault) bool { return !f.isError() })
}

// fit judges a row that would be sent.
func (r *releaser) fit(p *planned, row *judged) {
	if i := slices.IndexFunc(row.faults, Fault.isError); i >= 0 {
		p.code = r.journal.codeIndex(row.faults[i].Code())
		for i := range row.faults {
			r.found(row, &row.faults[i])
		}
		p.fate = fateInvalid
	}
}

// refused tells why a row cannot be released.
func (r *releaser) refused(p *planned, row *judged) {
	rule := map[fate]string{fateDamaged: ruleSubsID, fateOther: ruleOtherBinding, fateNoBinding: ruleNoBinding}[p.fate]
	f := r.input.layout.rowFault(rule, "SubsId")
	f.Severity = report.Error
	r.found(row, &f)
}

// releaseTarget is the binding that row i of a plan of releases ends, and the
// pool that it belongs to.
func (p *Plan) releaseTarget(i int, row *Row) (t *target, pool string, err error) {
	j, root := p.journal, p.rows[i].other
	if root < 0 {
		mine := *row.target
		t = &mine
		t.of, t.entry = bindingKey(row), j.rootFor(bindingKey(row))
		return t, row.Fields[PoolKey], nil
	}
	t = &target{entry: root, known: true}
	end, err := j.detailAt(j.entries[root].outcome)
	if err != nil {
		return nil, "", err
	}
	now := j.now(root)
	was, err := j.detailAt(j.entries[now].last)
	if err != nil {
		return nil, "", err
	}
	made, err := j.recordAt(j.entries[root].last)
	if err != nil {
		return nil, "", err
	}
	t.secretNo, t.subsID, t.of = end.SecretNo, end.SubsID, made.key
	if was.PoolKey != "" {
		t.was = &was
	}
	sent, err := made.decode()
	return t, sent.PoolKey, err
}
