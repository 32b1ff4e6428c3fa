package plan

import (
	"cmp"
	"errors"
	"slices"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// Update is the operation of rows that change live bindings. The input must have been
// opened with Bindings.
type Update struct {
	// Changes are what each row changes of the binding that it names, in the order of
	// the calls.
	Changes []aliyun.Operate
	// Foreign changes also bindings that no batch is known to have made, each after a
	// look-up.
	Foreign bool
}

// updater matches the rows of an Update.
type updater struct {
	*matcher
	changes  []aliyun.Operate
	changers map[ledger.SubsID]int32 // the first row that changes each binding,
	movers   map[ledger.Place]int32  // and that moves one to each place
}

func (o *Update) begin(m *matcher) rows {
	m.identify = o.identify
	m.scope = scope{op: ledger.Update, of: m.l.BatchNumber(m.opt.Of), foreign: o.Foreign}
	return &updater{m, o.Changes, map[ledger.SubsID]int32{}, map[ledger.Place]int32{}}
}

func (u *updater) judge(row *input.Row, j *judged) {
	f := &row.Fields
	if j.faults = row.Check(u.Now); j.faults == nil {
		row.MarkGood()
	}
	j.faults, j.unbound = u.op.mattering(j.faults), !changeable(row, u.changes)
	n := referenceOf(row)
	n.row, n.changes, n.fields, n.listed = row.Identity(), targetNamed(row).with(u.changes, f).Changes, *f, row.Verdict == nil
	if !n.listed {
		n.requestID = row.Verdict.RequestID
	}
	if j.moves = moves(row, u.changes); j.moves {
		n.group = "" // where the binding is to be
		j.pool, j.a, j.group = f[field.PoolKey], f[field.PhoneNoA], f[field.GroupID]
	}
	j.ref, j.subsID = n, n.id
}

// add says whether a row is to be sent: unless it is done, and its binding has had no
// other values since.
func (u *updater) add(p *Entry, row *judged, index, first int32) {
	known := u.info(p)
	if known.Op != 0 && (u.opt.AsSent && known.State == ledger.Superseded || !u.sendable(known.State, known.Code)) {
		p.Fate = fateEntry
	}
	if !row.unbound {
		u.ofBinding(p, row, index)
	}
	switch p.Fate {
	case fateEntry:
		u.settle(p, known.State == ledger.Unknown)
	case FateSend:
		t := told{m: u.matcher, p: p, row: row}
		u.decide(&t, index, first)
		t.count()
	}
	if p.Fate == FateSend || p.Fate == fateEntry {
		u.changesOnce(p, row, index)
	}
	if p.Fate == FateSend {
		u.turned(row)
	}
}

func (u *updater) end() error { return nil }

// identify is the identity of a row of an update: the binding, and what it
// is to be changed to.
func (u *Update) identify(row *input.Row) ledger.Identity {
	texts := []string{row.Fields[field.PoolKey], row.SecretNo, row.SubsID}
	if row.SubsID == "" {
		texts = append(texts, row.Fields[field.PhoneNoA], row.Fields[field.GroupID])
	}
	for _, c := range u.Changes {
		texts = append(texts, string(c), row.Fields[books.FieldOf(c)])
	}
	sum := input.Digest("axgbind update v1", texts...)
	return ledger.Identity(sum[:16])
}

// with returns the binding with what is to change of it: of the changes those
// for which the row has a value. A blank yes-or-no is no, and a blank
// restriction is none; a blank B, group or OutId cannot be set.
func (t *Target) with(changes []aliyun.Operate, fields *[field.NumFields]string) *Target {
	mine := *t
	for _, c := range changes {
		if fields[books.FieldOf(c)] != "" || c == aliyun.UpdateRecording || c == aliyun.UpdateCallRestrict {
			mine.Changes = append(mine.Changes, c)
		}
	}
	return &mine
}

// moves reports whether changes bring the row's binding to the group that it says.
func moves(r *input.Row, changes []aliyun.Operate) bool {
	return slices.Contains(changes, aliyun.UpdateGroup) && r.Fields[field.GroupID] != ""
}

// changeable reports whether the row names a binding, by its SubsId or by the place
// where it is, and something to change.
func changeable(r *input.Row, changes []aliyun.Operate) bool {
	named := input.Digits(r.SubsID) || r.SubsID == "" && r.Place() != 0 && !moves(r, changes)
	return named && (r.SecretNo == "" || input.Digits(r.SecretNo)) && r.Fields[field.PoolKey] != "" && len(targetNamed(r).with(changes, &r.Fields).Changes) > 0
}

// mattering keeps the faults of the record and of the fields that change.
func (u *Update) mattering(faults []input.Fault) []input.Fault {
	return slices.DeleteFunc(slices.Clone(faults), func(f input.Fault) bool {
		return f.Field != field.NumFields && f.Field != field.PoolKey &&
			!slices.ContainsFunc(u.Changes, func(c aliyun.Operate) bool { return books.FieldOf(c) == f.Field })
	})
}

// ofBinding finds the binding that a row of an update is about, and says whether it
// may be changed. A row that is done is done only until another change of the binding;
// one whose binding is no more is not sent.
func (u *updater) ofBinding(p *Entry, row *judged, index int32) {
	n := row.ref
	at, known := u.l.BindingOf(n.id)
	b, whole := int32(at), true
	if n.subsID == "" {
		b = u.meant(p, n.place(), index)
		known, whole = b >= 0, false
	}
	refuse := func(f Fate) {
		if p.Fate == FateSend {
			p.Fate = f
		}
	}
	if n.evidence {
		refuse(fateNoBinding)
		return
	}
	if !known {
		switch {
		case !input.Digits(n.subsID) || !input.Digits(n.secretNo):
			refuse(fateNoBinding)
		case u.scope.objects(u.l, -1, n.adopted()) != notTheirs:
			refuse(fateOthers)
		}
		return
	}
	k, err := u.Journal.BindingAt(b)
	if u.err = errors.Join(u.err, err); err != nil {
		return
	}
	switch {
	case !u.agrees(n, &k, whole):
		refuse(FateOther)
		return
	case !input.Digits(cmp.Or(k.SubsID, n.subsID)) || !input.Digits(cmp.Or(k.SecretNo, n.secretNo)):
		refuse(fateNoBinding)
		return
	}
	p.other, row.subsID = b, k.ID
	if k.Life != ledger.Bound {
		refuse(fateNoBinding)
		return
	}
	if p.Fate == fateEntry && u.l.Info(int(p.Row)).State != ledger.Failed && !u.l.Current(int(p.Row)) {
		p.Fate = FateSend // the binding has had other values since
	}
	if u.scope.objects(u.l, b, n.adopted()) != notTheirs {
		refuse(fateOthers)
	}
	if u.older(n, &k) {
		refuse(fateOlder)
	}
}

// older reports whether a row would take back what was changed of its binding since
// its file was written. Of results it would where it stands as it was sent, and the
// binding has other values now; or where it makes the Expiration earlier, and does not
// know of the last call. A list means what it says, unless it is a row that was sent
// and would end the binding earlier.
func (u *updater) older(n *reference, k *books.Known) bool {
	earlier := slices.Contains(n.changes, aliyun.UpdateExpire) && n.ends != 0 && n.ends < k.Ends
	differs := slices.ContainsFunc(n.changes, func(c aliyun.Operate) bool {
		return k.Detail.Differs(c, &n.fields) && !(c == aliyun.UpdateExpire && n.ends == 0)
	})
	if n.listed {
		return earlier && u.asSent(n.row, k)
	}
	return earlier && (n.requestID == "" || n.requestID != k.End.RequestID) || differs && u.asSent(n.row, k)
}

// asSent reports whether a row stands as a batch sent it which made or renewed a
// binding for it.
func (u *updater) asSent(id ledger.Identity, k *books.Known) bool {
	maker, holder := u.l.Owners(int(k.N))
	return slices.ContainsFunc([]uint32{u.scope.of, maker, holder}, func(batch uint32) bool {
		n, ok := u.l.Row(ledger.Key{ID: id, Batch: batch})
		return ok && batch != 0 && u.l.Info(n).Binding == int(k.N)
	})
}

// meant is the binding that a row of an update by place is about, -1 if nobody can
// say: the one to which a call of the row may have been made, the one that this batch
// found there before if nothing else is there now, or else the only one there.
func (u *updater) meant(p *Entry, place ledger.Place, index int32) int32 {
	info := u.l.Info(int(p.Row))
	begun := slices.ContainsFunc(u.l.Calls(int(p.Row)), func(c ledger.CallInfo) bool { return !c.Passed })
	if info.Binding >= 0 && (begun || u.nothingElse(place, info.Binding)) {
		return int32(info.Binding)
	}
	b, c := u.onlyAt(place)
	if b < 0 {
		u.noteOccupancy(index, c)
	}
	if info.Op != 0 && b != int32(info.Binding) {
		u.past[index] = info.Run
		if p.Fate == fateEntry {
			p.Fate = FateSend
		}
	}
	return b
}

// nothingElse reports whether nothing but a binding is at a place, or may be.
func (u *updater) nothingElse(place ledger.Place, binding int) bool {
	bindings, binds := u.l.At(place, u.clock)
	return len(binds) == 0 && !slices.ContainsFunc(bindings, func(b int) bool { return b != binding })
}

// changesOnce refuses a second change of one binding: which would stay? It also
// holds back what would bring a binding to a place that is not free.
func (u *updater) changesOnce(p *Entry, row *judged, index int32) {
	first, twice := u.changers[row.subsID]
	switch {
	case !twice:
		u.changers[row.subsID] = index
	case u.ids == nil && u.Entries[first].Row == p.Row || u.id(int(first)) == row.id:
	case p.Fate == fateEntry && u.l.State(int(p.Row)) == ledger.Bound && u.Entries[first].Fate == FateSend:
		u.Settled--
		p.Fate, p.other = fateTwice, first
	case p.Fate == FateSend:
		p.Fate, p.other = fateTwice, first
	}
	if p.Fate == FateSend && row.moves {
		u.moves(p, row, index)
	}
}

// moves judges a row that brings its binding to another place.
func (u *updater) moves(p *Entry, row *judged, index int32) {
	var k books.Known
	if p.other >= 0 {
		var err error
		k, err = u.Journal.BindingAt(p.other)
		if u.err = errors.Join(u.err, err); err != nil {
			return
		}
	}
	a := cmp.Or(k.Detail.PhoneNoA, row.a)
	if a == "" { // nobody can tell which place that is
		return
	}
	place := input.PlaceOf(cmp.Or(k.Detail.PoolKey, row.pool), a, row.group)
	if k.Place == place {
		return
	}
	if first, taken := u.movers[place]; taken && first != index {
		p.Fate, p.other = fateSamePlace, first
		return
	}
	u.movers[place] = index
	bindings, binds := u.l.At(place, u.clock)
	bindings = slices.DeleteFunc(bindings, func(b int) bool { return int32(b) == p.other })
	switch {
	case len(bindings) > 0:
		u.holdBack(p, int32(bindings[0]))
	case len(binds) > 0:
		u.holdBack(p, doubtOf(int32(binds[0].Row)))
	}
}

func (o *Update) standing(status report.Status, code string) string {
	return Bind{}.standing(status, code)
}

func (o *Update) namesPlace(p *Plan, row *Row) bool {
	return p.scope.of == 0 && row.Target.SubsID == "" && row.Place() != 0 && !moves(&row.Row, o.Changes)
}

func (o *Update) say(p *Plan, d *description) bool {
	changed := d.info.Op != 0 && d.info.Op.MayRepeat() && !d.info.Refused
	switch {
	case d.r.Fate == fateSamePlace:
		d.say(report.ReasonSameTarget, report.ActionSameTarget, p.Entries[d.r.other].line)
	case d.r.Fate == fateNoBinding && d.r.other >= 0, changed && whys[d.r.Fate].say == nil && d.rec.Status == report.Failed && books.SaysGone(d.rec.Code):
		d.say(report.ReasonRenewGone, report.ActionUpdateGone)
	default:
		return false
	}
	return true
}

func (o *Update) released(p *Plan, d *description) error { return Bind{}.released(p, d) }

func (o *Update) held(_ *Plan, d *description, args []any) error {
	d.rec.Action = report.ActionMoveHeld.In(d.lang, args...)
	return nil
}

func (o *Update) heldByEnded() report.Text { return report.ActionEndedMove }
