package plan

import (
	"cmp"
	"errors"
	"slices"

	"axgbind/aliyun"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/rules"
	"axgbind/report"
)

// Release makes a plan of releases: each row ends the binding that it is BOUND
// to, or that its columns SecretNo and SubsId name. The input must have been
// opened with Bindings.
//
// SecretNo and SubsId come from the journal wherever it knows the row, and the
// cells only have to agree with it. What the journal does not know is taken from
// whole cells and proven before the call (see Prover).
//
// An input with SurplusColumn is a list of what reconcile found to be one too many: of
// its bindings, those that a row of the journal has are left alone, and those that no
// batch is known to have made are released if the journal named them so.
type Release struct {
	// Select reports whether a row is to be released; nil: every row. It is called
	// by several goroutines at once.
	Select func(*input.Row) bool
	// Renewed releases also what the batch of Options.Of only renewed.
	Renewed bool
	// Foreign releases also bindings that no batch is known to have made, each after a
	// look-up.
	Foreign bool
}

// releaser matches the rows of a Release.
type releaser struct {
	*matcher
	want  *Release
	taken map[ledger.Key]int32 // rows by what they release
	nth   map[ledger.Identity]uint32
	done  map[ledger.Place]ended // what this batch released before; nil: not asked yet

	list  bool            // the input is one of surplus bindings
	named map[string]bool // their SubsIds, by the journal
}

func (o *Release) begin(m *matcher) rows {
	if m.ids == nil {
		m.index()
	}
	m.scope = scope{op: ledger.Release, of: m.l.BatchNumber(m.opt.Of), renewed: o.Renewed, foreign: o.Foreign}
	m.identify = o.identify
	r := &releaser{matcher: m, want: o, taken: map[ledger.Key]int32{}, nth: map[ledger.Identity]uint32{}}
	if r.list = m.input.NamesSurplus(); r.list {
		r.named, m.err = m.Journal.Surplus()
	}
	return r
}

func (r *releaser) judge(row *input.Row, j *judged) {
	j.faults = slices.DeleteFunc(slices.Clone(row.Faults), func(f input.Fault) bool { return !f.IsError() }) // those that keep the record from being read
	j.ref = referenceOf(row)
	j.ref.row, j.ref.wanted = row.Identity(), r.want.Select == nil || r.want.Select(row)
}

func (r *releaser) end() error { return nil }

// identify is the identity of a row of a release: all that tells which binding
// it means.
func (o *Release) identify(row *input.Row) ledger.Identity {
	id := input.Identify(&row.Fields)
	sum := input.Digest("axgbind release row v1"+string(id[:]), row.SecretNo, row.SubsID)
	return ledger.Identity(sum[:16])
}

// releaseKey names the release of a binding among the rows of a batch.
func releaseKey(batch uint32, pool, secretNo, subsID string) ledger.Key {
	sum := input.Digest("axgbind release v1", pool, secretNo, subsID)
	return ledger.Key{ID: ledger.Identity(sum[:16]), Batch: batch}
}

// referenceOf is what a row of a release or an update says of its binding.
func referenceOf(row *input.Row) *reference {
	f := &row.Fields
	n := &reference{
		pool: f[field.PoolKey], a: f[field.PhoneNoA], group: f[field.GroupID],
		secretNo: row.SecretNo, subsID: row.SubsID, bound: true, id: ledger.ParseSubsID(row.SubsID), wanted: true,
	}
	if !row.Relative {
		n.ends = EndOf(f[field.Expiration])
	}
	if v := row.Verdict; v != nil {
		n.bound, n.released, n.code = v.Status == report.Bound.String(), v.Status == report.Released.String(), v.Code
		n.evidence = v.Status == report.Unknown.String() || v.Code == aliyun.CodeBindConflict
		_, read := report.ParseStatus(v.Status)
		n.unread = !read && v.SubsID != ""
	}
	return n
}

// adopted reports whether a row of results took the binding of another.
func (n *reference) adopted() bool { return n.code == aliyun.CodeAlreadyBound }

func adopted(r *input.Row) bool { return r.Verdict != nil && r.Verdict.Code == aliyun.CodeAlreadyBound }

// add finds the binding of a row and what becomes of the row.
func (r *releaser) add(p *Entry, row *judged, index, _ int32) {
	n := row.ref
	key, released, err := r.target(p, n, index)
	if r.err = errors.Join(r.err, err); err != nil {
		return
	}
	switch {
	case p.Fate != FateSend:
		if !n.wanted {
			p.Fate = fateLeft
		}
	case released:
		r.addReleased(p, key, n.wanted)
	case !n.wanted || n.released:
		p.Fate = fateLeft
	default:
		r.addOnce(p, key, index)
	}
	switch p.Fate {
	case fateLeft:
		r.Left++
	case fateEntry, fateAlready:
		r.Settled++
	case fateOthers, fateDoubt, fateClaimed: // a matter of the binding, not of what the row says
	case FateSend:
		if r.fit(p, row); p.Fate != FateSend {
			delete(r.taken, key) // a further row may be fit
		}
	default:
		r.refused(p, row)
	}
}

// target finds the binding of a row, the key of its release, and whether it is released
// already; the fate of the row says whether it may be.
func (r *releaser) target(p *Entry, n *reference, index int32) (key ledger.Key, released bool, err error) {
	nth := r.nth[n.row]
	r.nth[n.row]++
	own := ledger.Key{ID: n.row, Occurrence: nth, Batch: r.scope.of}
	b, fate, err := r.find(n, own, index)
	if err != nil {
		return key, false, err
	}
	key = releaseKey(r.batch, n.pool, n.secretNo, n.subsID)
	if fate == fateDoubt {
		p.other = b
	}
	if b >= 0 {
		k, err := r.Journal.BindingAt(b)
		if err != nil {
			return key, false, err
		}
		if k.SubsID != "" {
			key = releaseKey(r.batch, cmp.Or(k.Detail.PoolKey, n.pool), k.SecretNo, k.SubsID)
		}
		p.other = b
		switch released = k.Life == ledger.Released; {
		case fate != FateSend || released:
		case k.Life != ledger.Bound:
			fate = fateLeft
		case !input.Digits(cmp.Or(k.SubsID, n.subsID)) || !input.Digits(cmp.Or(k.SecretNo, n.secretNo)): // as a file had them that was carried in
			fate = fateNoBinding
		}
	}
	if fate == FateSend && !released {
		if fate = r.claim(n, own, b); fate == FateSend && r.overtaken(n, b) {
			fate = fateOthers
		}
	}
	p.Fate = fate
	return key, released, nil
}

// addReleased takes a row whose binding is released.
func (r *releaser) addReleased(p *Entry, key ledger.Key, wanted bool) {
	p.Fate, p.Row = fateEntry, r.intern(key)
	switch info := r.l.Info(int(p.Row)); {
	case info.Op == 0 && !wanted:
		p.Fate = fateLeft
	case info.State != ledger.Released: // another batch released it
		p.Fate = fateAlready
	}
}

// addOnce takes a row whose binding is to be released, unless an earlier row does that.
func (r *releaser) addOnce(p *Entry, key ledger.Key, index int32) {
	if first, twice := r.taken[key]; twice {
		p.Fate, p.Row = fateEntry, r.Entries[first].Row
		r.alike[index] = first
		return
	}
	r.taken[key] = index
	p.Row = r.intern(key)
	if info := r.l.Info(int(p.Row)); info.Op != 0 && !r.sendable(info.State, info.Code) {
		p.Fate = fateEntry
	}
}

// overtaken reports whether another row of the batch has the binding of a row of its
// results by now, with a later end: it was renewed since the file was written. What
// was renewed before a compaction is not known by its row any more.
func (r *releaser) overtaken(n *reference, b int32) bool {
	if b < 0 || !r.input.IsResults() {
		return false
	}
	holder := r.l.Binding(int(b)).Holder
	if holder < 0 {
		return false
	}
	key := r.l.Key(holder)
	return key.Batch == r.scope.of && key.ID != n.row && n.ends != 0 && n.ends < r.l.Binding(int(b)).Ends
}

// representative is the row whose fate row i of a plan shares.
func (p *Plan) representative(i int) int {
	if first, ok := p.alike[int32(i)]; ok {
		return int(first)
	}
	return i
}

// fit judges a row that would be sent.
func (r *releaser) fit(p *Entry, row *judged) {
	if i := slices.IndexFunc(row.faults, input.Fault.IsError); i >= 0 {
		p.code = r.l.Code(row.faults[i].Code())
		for i := range row.faults {
			r.found(row, &row.faults[i])
		}
		p.Fate = fateInvalid
	}
}

// refused tells why a row cannot be released.
func (r *releaser) refused(p *Entry, row *judged) {
	rule := map[Fate]string{FateDamaged: rules.SubsID, FateOther: rules.OtherBinding, fateNoBinding: rules.NoBinding}[p.Fate]
	f := input.RowFault(rule, "SubsId")
	f.Severity = report.Error
	r.found(row, &f)
}

// ReleaseTarget is the binding that row i of a plan of releases ends, and the
// pool that it belongs to.
func (p *Plan) ReleaseTarget(i int, row *Row) (t *Target, pool string, err error) {
	pool = row.Fields[field.PoolKey]
	mine := *row.Target
	t = &mine
	t.Binding, t.place = ledger.ParseSubsID(t.SubsID), row.Place()
	if b := p.Entries[i].other; b >= 0 {
		k, err := p.Journal.BindingAt(b)
		if err != nil {
			return nil, "", err
		}
		if k.SubsID != "" {
			t, pool = targetKnown(&k), cmp.Or(k.Detail.PoolKey, pool)
		}
		t.foreign = p.strange(b)
	}
	p.await(t, i)
	return t, pool, nil
}

// strange reports whether no batch is known to have made a binding.
func (p *Plan) strange(binding int32) (yes bool) {
	p.Journal.Asks(func(l *ledger.Ledger) {
		maker, _ := l.Owners(int(binding))
		yes = maker == 0
	})
	return yes
}

func (o *Release) standing(status report.Status, code string) string {
	if status == report.Pending && code == aliyun.CodeInterrupted {
		return aliyun.CodeReleaseBegun
	}
	return code
}

func (o *Release) mattering(faults []input.Fault) []input.Fault { return faults }

func (o *Release) namesPlace(p *Plan, row *Row) bool {
	return p.scope.of == 0 && row.Target.SubsID == "" && row.Place() != 0
}

func (o *Release) say(*Plan, *description) bool { return false }

// released tells what the service said.
func (o *Release) released(_ *Plan, d *description) error {
	d.rec.Reason = report.ReasonReleased.In(d.lang, report.Whole(d.rec.SubsID))
	if d.rec.Code != aliyun.CodeOK {
		d.rec.Reason = report.ReasonReleasedGone.In(d.lang, report.Whole(d.rec.SubsID))
	}
	return nil
}

// held and heldByEnded have nothing to say: a release is held back by no binding.
func (o *Release) held(*Plan, *description, []any) error { return nil }

func (o *Release) heldByEnded() report.Text { return report.ActionEnded }

// Unnamed counts the live bindings that the batch of Options.Of may release and no row of
// the input names: those of rows that left its input since.
func (p *Plan) Unnamed() (n int) {
	if p.scope.of == 0 {
		return 0
	}
	p.Journal.Asks(func(l *ledger.Ledger) {
		named := make([]bool, l.Bindings())
		for i := range p.Entries {
			if b := int(p.Entries[i].other); b >= 0 && b < len(named) {
				named[b] = true
			}
		}
		for b := range named {
			if named[b] || p.scope.objects(l, int32(b), false) != notTheirs {
				continue
			}
			if info := l.Binding(b); info.Life == ledger.Bound && (info.Ends == 0 || info.Ends > p.Now.Unix()) {
				n++
			}
		}
	})
	return n
}
