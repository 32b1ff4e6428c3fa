package batch

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"slices"

	"axgbind/batch/ledger"
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
	mine  map[string]bool // the batch, and those whose updates were of its results
	taken map[Key]int32   // rows by what they release
	alike map[int32]int32 // rows that release what an earlier row does: that row
	nth   map[Identity]uint32
}

// releasing prepares a matcher for a plan of releases.
func (m *matcher) releasing() {
	r := &releaser{
		matcher: m, taken: map[Key]int32{}, alike: map[int32]int32{}, nth: map[Identity]uint32{}, mine: map[string]bool{m.opt.Results: true},
	}
	m.identify = r.identify
	for grown := true; grown; { // an update of results belongs to their batch
		grown = false
		for i := range m.journal.Runs {
			run := &m.journal.Runs[i]
			if run.Verb() == "update" && r.mine[run.Results] && !r.mine[run.Input] {
				r.mine[run.Input], grown = true, true
			}
		}
	}
	m.releases = r
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
	id                                     ledger.SubsID
}

func (r *releaser) nameOf(row *Row) *named {
	f := &row.Fields
	n := &named{
		row: Identify(f), pool: f[PoolKey], a: f[PhoneNoA], group: f[GroupID],
		secretNo: row.target.secretNo, subsID: row.target.subsID, bound: true, id: ledger.ParseSubsID(row.target.subsID),
		wanted: r.opt.Release.Select == nil || r.opt.Release.Select(row),
	}
	if v := row.Verdict; v != nil {
		n.bound, n.released, n.code = v.Status == report.Bound.String(), v.Status == report.Released.String(), v.Code
	}
	return n
}

// add finds the binding of a row and what becomes of the row.
func (r *releaser) add(p *planned, row *judged, index int32) {
	n := row.named
	nth := r.nth[n.row]
	r.nth[n.row]++
	b, fate, err := r.find(n, Key{ID: n.row, Occurrence: nth})
	if r.err = errors.Join(r.err, err); err != nil {
		return
	}
	key := releaseKey(n.pool, n.secretNo, n.subsID)
	done := false
	if b >= 0 {
		k, err := r.journal.bindingAt(b)
		if r.err = errors.Join(r.err, err); err != nil {
			return
		}
		if k.subsID != "" {
			key = releaseKey(cmp.Or(k.values.PoolKey, n.pool), k.secretNo, k.subsID)
		}
		done = k.Life == ledger.Released
		p.other = b
		if fate == fateSend && !done && !(digits(cmp.Or(k.subsID, n.subsID)) && digits(cmp.Or(k.secretNo, n.secretNo))) { // as a file had them that was carried in
			fate = fateNoBinding
		}
	}
	switch p.fate = fate; {
	case fate != fateSend:
		if !n.wanted {
			p.fate = fateLeft
		}
	case done: // what is known of it says the row of the release, or, carried in, its own
		p.fate, p.row = fateEntry, r.intern(key)
		if r.l.Info(int(p.row)).Op == 0 {
			p.row = int32(r.l.Binding(int(b)).Holder)
		}
	case !n.wanted || n.released:
		p.fate = fateLeft
	default:
		if first, twice := r.taken[key]; twice { // it releases no other binding
			p.fate, p.row = fateEntry, r.rows[first].row
			r.alike[index] = first
			break
		}
		r.taken[key] = index
		p.row = r.intern(key)
		if info := r.l.Info(int(p.row)); info.Op != 0 && !r.sendable(info.State, info.Code) {
			p.fate = fateEntry
		}
	}
	switch p.fate {
	case fateLeft:
		r.Left++
	case fateEntry:
		r.Settled++
	case fateSend:
		if r.fit(p, row); p.fate != fateSend {
			delete(r.taken, key) // a further row may be fit
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
func (r *releaser) drop() { r.taken, r.nth = nil, nil }

// ofRecord keeps of a record's faults those that keep it from being read.
func ofRecord(faults []Fault) []Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f Fault) bool { return !f.isError() })
}

// fit judges a row that would be sent.
func (r *releaser) fit(p *planned, row *judged) {
	if i := slices.IndexFunc(row.faults, Fault.isError); i >= 0 {
		p.code = r.l.Code(row.faults[i].Code())
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
	pool = row.Fields[PoolKey]
	mine := *row.target
	t = &mine
	t.binding, t.place = ledger.ParseSubsID(t.subsID), row.place()
	if b := p.rows[i].other; b >= 0 {
		k, err := p.journal.bindingAt(b)
		if err != nil {
			return nil, "", err
		}
		if k.subsID != "" {
			t, pool = k.target(), cmp.Or(k.values.PoolKey, pool)
		}
	}
	p.await(t, i)
	return t, pool, nil
}
