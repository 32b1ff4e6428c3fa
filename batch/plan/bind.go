package plan

import (
	"slices"
	"strconv"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// Bind is the operation of rows that are to be bound: each gets a binding in its place,
// or the one that is there.
type Bind struct{}

// binder matches the rows of a Bind.
type binder struct {
	*matcher
}

func (Bind) begin(m *matcher) rows { return &binder{m} }

func (b *binder) judge(row *input.Row, j *judged) {
	f := &row.Fields
	j.faults, j.verdict = row.Check(b.Now), row.Verdict
	if j.faults == nil {
		row.MarkGood()
	}
	if j.x != "" {
		j.xHash = b.shared.hash(f[field.PoolKey], j.x)
	}
	if b.known > 0 || row.Verdict != nil {
		j.place = input.PlaceOf(f[field.PoolKey], f[field.PhoneNoA], f[field.GroupID])
	}
	v := row.Verdict
	if v == nil {
		return
	}
	if v.SubsID != "" && b.known > 0 {
		fields := *f
		j.fields = &fields
	}
	if v.SecretNo != "" {
		j.verdictXHash = b.shared.hash(f[field.PoolKey], v.SecretNo)
	}
	if v.Status == report.Unknown.String() && v.Line > 0 && v.FinishedAt != "" {
		j.callHash = b.shared.hash(string(j.id[:]), strconv.Itoa(v.Line), v.FinishedAt, v.RequestID)
	}
}

// add says whether a row is to be sent or looked up, by what the ledger and its own
// verdict say of it. What is in its place is asked once all rows are known: see hold.
func (b *binder) add(p *Entry, row *judged, index, first int32) {
	known := b.info(p)
	sent := known.Op != 0
	if b.lapsed(&known, row) {
		if known.State = ledger.Pending; known.Refused && known.Anew {
			known.State = ledger.Failed
		}
	}
	if row.verdict != nil && !b.copied(p, row, index, sent) && (!sent || b.later(&known, row.verdict)) {
		b.takeVerdict(p, row, index)
	}
	if p.Fate == FateSend && sent && b.stands(p, row, &known) {
		p.Fate = fateEntry
	}
	unknown := p.Is(markUnknown) || known.State == ledger.Unknown
	if p.Fate == fateEntry && unknown && b.worthLooking(row, p) {
		p.Fate = FateLook
		b.ToLook++
		if b.opt.AllowDuplicates {
			b.share(p, row, index)
		}
	}
	switch p.Fate {
	case fateEntry:
		b.settle(p, unknown)
	case FateSend:
		b.fit(p, row, index, first)
	}
	if (sent || p.Is(carried)) && row.x != "" {
		b.pin(p, row, index)
	}
	if p.Fate == FateSend {
		b.turned(row)
	}
	b.keepPlace(p, row, index, sent)
}

// fit tells whether a row is fit to be sent: by itself, and beside the rows before it.
func (b *binder) fit(p *Entry, row *judged, index, first int32) {
	t := told{m: b.matcher, p: p, row: row}
	if b.decide(&t, index, first) {
		b.beside(&t, index, index != first)
	}
	t.count()
}

// stands reports whether a row that was sent stays as it is known: it is not to be sent
// again, and has still what it was sent with.
func (b *binder) stands(p *Entry, row *judged, known *ledger.RowInfo) bool {
	if b.opt.AsSent && known.State == ledger.Superseded {
		return true
	}
	changed := known.State == ledger.Bound &&
		(b.l.Overtaken(int(p.Row)) || !b.opt.AsSent && b.l.Moved(int(p.Row), row.place) || b.prolongs(known, row))
	return !changed && !b.sendable(known.State, known.Code)
}

// keepPlace notes the place of a row, as what becomes of it wants.
func (b *binder) keepPlace(p *Entry, row *judged, index int32, sent bool) {
	if b.mayHold() && (p.Fate == FateSend || p.Fate == FateLook) {
		b.places = append(b.places, row.place)
	}
	if p.Is(markBound) || p.Is(markUnknown) && p.Fate != FateSend || row.verdict != nil && (p.Fate == fateClaimed || p.Fate == FateOther) {
		b.brought[row.place] = index
	}
	if b.known > 0 && p.Fate == fateInvalid && !sent && !p.Is(carried) {
		b.faulty = append(b.faulty, faulty{index, row.place})
	}
}

// mayHold reports whether the ledger, or what the input brings in, may hold back a row.
func (m *matcher) mayHold() bool { return m.known > 0 || m.input.IsResults() }

func (b *binder) end() error { return b.hold() }

// lengthens reports whether a row is bound and its Expiration counts from when it is sent,
// so that its binding would end later if it was sent now.
func (b *binder) lengthens(known *ledger.RowInfo, row *judged) bool {
	return known.State == ledger.Bound && row.relative && !b.opt.LookOnly && !b.opt.AsSent
}

// lapsed reports whether a binding that would be lengthened lapsed so long ago that it
// holds its place no more: the row is sent anew.
func (b *binder) lapsed(known *ledger.RowInfo, row *judged) bool {
	return b.lengthens(known, row) && !b.l.MayLive(known.Binding, b.clock)
}

// prolongs reports whether a row that is bound is to have the end that it would
// get if it was sent now: if the user said so and it is time. One whose binding has
// just lapsed needs that too, but cannot get it yet; see [ledger.Ledger.Over].
func (b *binder) prolongs(known *ledger.RowInfo, row *judged) bool {
	if !b.lengthens(known, row) {
		return false
	}
	ends := b.l.Binding(known.Binding).Ends
	return b.l.Over(known.Binding, b.clock) || b.opt.WhenBound == RenewWhenBound && ends < row.expires && b.due(ends)
}

// worthLooking reports whether a look-up can still tell what became of an
// UNKNOWN row: a call in doubt names its X, and a binding would still live.
func (b *binder) worthLooking(row *judged, p *Entry) bool {
	if !row.pooled || row.expires == 0 || !time.Unix(row.expires, 0).After(b.Now.Add(input.SendAhead)) {
		return false
	}
	if p.Is(markUnknown) {
		return row.x != ""
	}
	return slices.ContainsFunc(b.l.Calls(int(p.Row)), InDoubt)
}

func (Bind) standing(status report.Status, code string) string {
	if status == report.Released {
		return aliyun.CodeReleased
	}
	return code
}

func (Bind) mattering(faults []input.Fault) []input.Fault { return faults }

func (Bind) namesPlace(*Plan, *Row) bool { return false }

func (Bind) say(*Plan, *description) bool { return false }

// released tells that the binding of the row was taken back, and when.
func (Bind) released(p *Plan, d *description) error {
	e := aliyun.Lookup(aliyun.CodeReleased)
	d.rec.Reason, d.rec.Action = books.Sentence(d.lang, e.Meaning), books.Sentence(d.lang, e.Cure)
	if d.info.Binding < 0 {
		return nil
	}
	k, err := p.Journal.BindingAt(int32(d.info.Binding))
	if err != nil || k.OK == d.info.Last { // carried in: no call of ours released it
		return err
	}
	d.rec.Message, d.rec.RequestID, d.rec.FinishedAt = k.End.Message, k.End.RequestID, time.UnixMilli(k.End.T)
	return nil
}

// held tells why a row that was to renew the binding cannot.
func (Bind) held(p *Plan, d *description, args []any) error {
	if p.when != RenewWhenBound {
		return nil
	}
	_, can, err := p.targetOf(d.i, d.row)
	switch {
	case err != nil:
		return err
	case !can:
		d.say(report.ReasonRenewCannot, report.ActionRenewCannot, args...)
	case EndOf(d.row.Fields[field.Expiration]) < p.Journal.Binding(d.r.other).Ends:
		d.say(report.ReasonRenewEarlier, report.ActionRenewEarlier, args...)
	}
	return nil
}

func (Bind) heldByEnded() report.Text { return report.ActionEnded }
