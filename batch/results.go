package batch

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// simulatedMark begins the Message of every row that was sent to a simulator,
// so that its results are known for what they are wherever they go.
const simulatedMark = "[simulated]"

// Results calls do with the record of each row of the plan, in input order, as
// the rows stand now. The record is valid during the call. stop is why the run
// stopped, for rows that were not reached.
func (p *Plan) Results(lang report.Lang, stop Stop, do func(*report.Record) error) error {
	return p.again(func(i int, row *Row) error {
		if p.rows[i].fate == fateLeft {
			return nil
		}
		rec := report.Record{Input: row.Record, Line: row.Line}
		rec.Status, rec.Code = p.verdict(i)
		if err := p.describe(&rec, i, row, lang, stop); err != nil {
			return fmt.Errorf("%w: line %d: %w", ErrUnread, row.Line, err)
		}
		if err := p.keepIDs(&rec, i, row, lang); err != nil {
			return err
		}
		if p.journal.Header.Simulated && rec.Attempts > 0 {
			rec.Message = strings.TrimSpace(simulatedMark + " " + strings.TrimPrefix(rec.Message, simulatedMark+" "))
		}
		return do(&rec)
	})
}

// ErrUnread says that the journal could not be read back.
var ErrUnread = errors.New("journal cannot be read")

// describe fills in all but input, line, status and code.
func (p *Plan) describe(rec *report.Record, i int, row *Row, lang report.Lang, stop Stop) error {
	r := &p.rows[p.speaker(i)]
	info := p.info(p.speaker(i))
	if err := p.describeRow(rec, row, r, &info, lang); err != nil {
		return err
	}
	say := func(reason, action report.Phrase, args ...any) {
		rec.Reason, rec.Action = reason.In(lang, args...), action.In(lang, args...)
	}
	explain := func() {
		e := aliyun.Lookup(rec.Code)
		rec.Reason, rec.Action = sentence(lang, e.Meaning, e.Cause), sentence(lang, e.Cure)
	}
	if err := p.nameBinding(rec, r, row); err != nil {
		return err
	}
	switch r.fate {
	case fateDamaged, fateOther:
		explain()
		return nil
	case fateDoubt:
		say(report.ReasonUnsettled, report.ActionUnsettled)
		return nil
	case fateOthers:
		return p.describeOthers(rec, r, row, lang)
	case fateInvalid:
		p.describeFaults(rec, row, lang)
		return nil
	case fateLate:
		if rec.Status == report.Invalid {
			say(report.ReasonLate, report.ActionLate)
			return nil
		}
	case fateDuplicate:
		f := duplicateOf(p.rows[r.other].line)
		rec.Reason, rec.Action = f.Reason(lang), f.Action(lang)
		return nil
	case fateSamePlace:
		if p.changes != nil {
			say(report.ReasonSameTarget, report.ActionSameTarget, p.rows[r.other].line)
			return nil
		}
		f := (*layout)(nil).rowFault(ruleSamePlace, p.rows[r.other].line)
		rec.Reason, rec.Action = f.Reason(lang), f.Action(lang)
		return nil
	case fateTwice:
		say(report.ReasonTwice, report.ActionTwice, p.rows[r.other].line)
		return nil
	case fateClaimed:
		say(report.ReasonClaimed, report.ActionClaimed)
		if v := row.Verdict; v != nil {
			rec.SecretNo, rec.SubsID, rec.RequestID = v.SecretNo, v.SubsID, v.RequestID
		}
		return nil
	case fateEdited, fateStill, fateAlready:
		return p.describeHeld(rec, i, r, row, lang)
	case fateNoBinding:
		if p.changes != nil && r.other >= 0 {
			say(report.ReasonRenewGone, report.ActionUpdateGone)
			return nil
		}
		if p.namesPlace(row) {
			c := p.crowds[int32(p.speaker(i))]
			say(report.ReasonNotOne, report.ActionNotOne, c.bindings, c.doubts)
			return nil
		}
		say(report.ReasonNoBinding, report.ActionNoBinding)
		return nil
	}
	if rec.Status == report.Released {
		return p.describeReleased(rec, &info, lang)
	}
	if rec.Code == aliyun.CodeReleaseBegun {
		explain()
		return nil
	}
	if info.Op != 0 && info.Op != ledger.Bind {
		switch {
		case rec.Status == report.Bound:
			rec.Reason = report.ReasonRenewed.In(lang, report.Whole(rec.SubsID))
		case info.Refused:
			e := aliyun.Lookup(rec.Code)
			ends := endText(p.journal.binding(int32(info.Binding)).Ends)
			rec.Reason = report.ReasonNotRenewed.In(lang, report.Whole(rec.SubsID), ends, report.Whole(sentence(lang, e.Meaning, e.Cause)))
			rec.Action = sentence(lang, e.Cure)
			return nil
		case RenewedNothing(rec.Status, rec.Code):
			say(report.ReasonRenewGone, report.ActionRunAgain)
			return nil
		case rec.Status == report.Pending && rec.Code == aliyun.CodeInterrupted:
			say(report.ReasonRenewBegun, report.ActionRunAgain)
			return nil
		case MayBeDone(rec.Status, rec.Code):
			say(report.ReasonMayBeDone, report.ActionMayBeDone)
			return nil
		case rec.Status == report.Failed && saysGone(rec.Code):
			if say(report.ReasonRenewGone, report.ActionRenewGone, rec.Code); p.changes != nil {
				rec.Action = report.ActionUpdateGone.In(lang)
			}
			return nil
		}
	}
	switch {
	case rec.Status == report.Bound:
	case rec.Status == report.Pending && rec.Code == "":
		say(report.ReasonNotReached, report.ActionRunAgain)
		if why := stop.Phrase(); why != report.NoPhrase {
			rec.Reason = report.ReasonStopped.In(lang, why.In(lang))
		}
	default:
		e, found := aliyun.Lookup(rec.Code), rec.Reason
		explain()
		if found != "" {
			rec.Reason = found
		}
		if rec.Status == report.Unknown && found == "" && e.Class != aliyun.Ambiguous {
			rec.Reason = report.ReasonUnresolved.In(lang, report.Whole(rec.Reason))
			rec.Action = report.ActionUnresolved.In(lang)
		}
	}
	return nil
}

// nameBinding keeps the ids of the binding that a row of an update or a release
// is about, whatever became of the row: without them nobody could change or
// release it. What the journal knows of it goes before what the row says.
func (p *Plan) nameBinding(rec *report.Record, r *planned, row *Row) error {
	if rec.SubsID != "" || p.scope.op == 0 || row.target == nil {
		return nil
	}
	rec.SecretNo, rec.SubsID = row.target.secretNo, row.target.subsID
	b := r.other
	switch r.fate {
	case fateOther: // it is another's
		return nil
	case fateTwice, fateSamePlace, fateDuplicate, fateStill, fateEdited: // other is what is in the way
		b = -1
	}
	if b < 0 {
		p.journal.asks(func(l *ledger.Ledger) {
			if n, ok := l.BindingOf(ledger.ParseSubsID(row.target.subsID)); ok && p.changes != nil {
				b = int32(n)
			}
		})
	}
	if b < 0 {
		return nil
	}
	k, err := p.journal.bindingAt(b)
	rec.SecretNo, rec.SubsID = cmp.Or(k.secretNo, rec.SecretNo), cmp.Or(k.subsID, rec.SubsID)
	return err
}

// namesPlace reports whether pool, A and group are all that a row of a list says of its
// binding.
func (p *Plan) namesPlace(row *Row) bool {
	return p.scope.op != 0 && p.scope.of == 0 && row.target.subsID == "" && row.place() != 0 && !row.moves(p.changes)
}

// describeOthers tells whose the binding of a row is that is left alone, and how it is
// released or changed.
func (p *Plan) describeOthers(rec *report.Record, r *planned, row *Row, lang report.Lang) error {
	var maker, holder, taker uint32
	var why objection
	p.journal.asks(func(l *ledger.Ledger) {
		if r.other >= 0 {
			maker, holder = l.Owners(int(r.other))
		}
		if why = p.scope.objects(l, r.other, row.adopted()); why == othersMay {
			taker = l.Taker(int(r.other), p.scope.of)
		}
	})
	switch why {
	case othersMay:
		name, path := p.ownerOf(taker)
		rec.Reason = report.ReasonOthersMay.In(lang, report.Whole(rec.SubsID), name, cmp.Or(path, "-"))
		rec.Action = report.ActionOthersMay.In(lang, report.Whole(p.bindAgain(name, path)))
	case othersHold, notTheirs: // of the batch itself, a later row holds it
		owner := cmp.Or(holder, maker)
		name, path := p.ownerOf(owner)
		rec.Reason = report.ReasonOthersHold.In(lang, report.Whole(rec.SubsID), name, cmp.Or(path, "-"))
		switch {
		case p.older(owner, path):
			rec.Action = report.ActionOlder.In(lang, name)
			return nil
		case p.scope.op == ledger.Update:
			rec.Action = report.ActionOthersUpdate.In(lang)
			return nil
		}
		command := []string{"axgbind unbind", name}
		if word, ok := report.Word(runtime.GOOS, path); ok && path != "" {
			command[1] = word
		}
		command = append(command, "--only SubsId="+rec.SubsID)
		switch maker {
		case owner:
		case 0:
			command = append(command, "--foreign")
		default:
			command = append(command, "--renewed")
		}
		rec.Action = report.ActionOthersHold.In(lang, report.Whole(strings.Join(append(command, "--yes"), " ")))
	case othersMade:
		name, path := p.ownerOf(maker)
		rec.Reason = report.ReasonOthersMade.In(lang, report.Whole(rec.SubsID), name, cmp.Or(path, "-"))
		rec.Action = report.ActionOthersMade.In(lang)
	case takenFromOne:
		rec.Reason, rec.Action = report.ReasonTakenFromOne.In(lang, report.Whole(rec.SubsID)), report.ActionForeign.In(lang)
	default:
		rec.Reason, rec.Action = report.ReasonNobodys.In(lang, report.Whole(rec.SubsID)), report.ActionForeign.In(lang)
	}
	return nil
}

// bindAgain is the command that goes on with a batch: the bind of its results, or of its
// input if it wrote none. Where that would be another batch's, its results come first.
func (p *Plan) bindAgain(id, path string) string {
	runs := p.journal.Runs
	if path == "" {
		command := "axgbind reconcile " + id
		if run := LastBind(runs, id); run.Input != "-" && p.wroteNone(id) {
			if words, ok := run.BindWords(run.Input, run.Results); ok {
				command = strings.Join(words, " ")
			}
		}
		return command
	}
	command := "axgbind bind INPUT"
	if word, ok := report.Word(runtime.GOOS, path); ok {
		command = "axgbind bind " + word
	}
	for i := len(runs) - 1; i >= 0; i-- {
		if pool := runs[i].Pool; runs[i].Batch == id && pool != "" {
			if word, ok := report.Word(runtime.GOOS, pool); ok {
				command += " --pool-key " + word
			}
			break
		}
	}
	return command
}

// wroteNone reports whether a batch has written no results, and no other batch wrote to
// where they are to be.
func (p *Plan) wroteNone(id string) bool {
	path := ""
	for i := range p.journal.Runs {
		r := &p.journal.Runs[i]
		if r.Batch == id {
			if path = r.Path; p.journal.wrote(i) {
				return false
			}
		}
	}
	for i := len(p.journal.Runs) - 1; i >= 0; i-- {
		if r := &p.journal.Runs[i]; r.Path == path {
			return r.Batch == id
		}
	}
	return false
}

// ownerOf is the id of a batch, and the path of its results as the journal has it;
// blank if that is not known.
func (p *Plan) ownerOf(batch uint32) (id, path string) {
	p.journal.asks(func(l *ledger.Ledger) { id = l.BatchName(batch) })
	return id, p.resultsOf()[id]
}

// resultsOf are the results that each batch wrote last, unless another batch wrote
// there since. One whose runs were killed has none.
func (p *Plan) resultsOf() map[string]string {
	if p.batches == nil {
		p.batches = map[string]string{}
		at, last := map[string]string{}, map[string]string{} // paths by batch, and batches by path
		for i := range p.journal.Runs {
			r := &p.journal.Runs[i]
			if last[r.Path] = r.Batch; p.journal.wrote(i) {
				p.batches[r.Batch], at[r.Batch] = r.Results, r.Path
			}
		}
		for id, path := range at {
			if last[path] != id {
				delete(p.batches, id)
			}
		}
	}
	return p.batches
}

// describeReleased tells of a row whose binding was taken back: in the results of
// the release what the service said; in those of the bind that it was done, and
// when.
func (p *Plan) describeReleased(rec *report.Record, info *ledger.RowInfo, lang report.Lang) error {
	if p.releases != nil {
		rec.Reason = report.ReasonReleased.In(lang, report.Whole(rec.SubsID))
		if rec.Code != aliyun.CodeOK {
			rec.Reason = report.ReasonReleasedGone.In(lang, report.Whole(rec.SubsID))
		}
		return nil
	}
	e := aliyun.Lookup(aliyun.CodeReleased)
	rec.Reason, rec.Action = sentence(lang, e.Meaning), sentence(lang, e.Cure)
	if info.Binding < 0 {
		return nil
	}
	k, err := p.journal.bindingAt(int32(info.Binding))
	if err != nil || k.OK == info.Last { // carried in: no call of ours released it
		return err
	}
	rec.Message, rec.RequestID, rec.FinishedAt = k.end.Message, k.end.RequestID, time.UnixMilli(k.end.T)
	return nil
}

// describeRow takes over what the journal recorded of the row's last attempt.
func (p *Plan) describeRow(rec *report.Record, row *Row, r *planned, info *ledger.RowInfo, lang report.Lang) error {
	var d detail
	switch v := row.Verdict; {
	case r.is(carried) && v != nil: // not journalled yet
		d = detail{Message: v.Message, SecretNo: v.SecretNo, SubsID: v.SubsID, RequestID: v.RequestID, LatencyMs: v.LatencyMs}
		rec.Attempts = v.Attempts
	case info.Op == 0 || info.State == ledger.Superseded:
		return nil
	default:
		rec.Attempts = info.Attempts
		var err error
		if d, err = p.journal.detailAt(info.Last); err != nil {
			return err
		}
		if info.Refused { // of the change; it lives as it was
			k, err := p.journal.bindingAt(int32(info.Binding))
			if err != nil {
				return err
			}
			d.SecretNo, d.SubsID = k.secretNo, k.subsID
		}
		if info.Code == aliyun.CodeIDTwice && d.Named == "" { // both were told at once
			d.Named, d.SubsID, d.SecretNo = strings.TrimSpace(d.SubsID+" "+d.SecretNo), "", ""
		}
	}
	rec.Message, rec.SecretNo, rec.SubsID, rec.RequestID, rec.LatencyMs = d.Message, d.SecretNo, d.SubsID, d.RequestID, d.LatencyMs
	rec.Reason = p.evidence(&d, lang)
	if d.T > 0 {
		rec.FinishedAt = time.UnixMilli(d.T)
	}
	return nil
}

// evidence is what a look-up of a row of a pool showed, in short, or what binding
// an answer named that settles nothing; blank if there was neither.
func (p *Plan) evidence(d *detail, lang report.Lang) string {
	switch d.Look {
	case "":
		switch {
		case d.OtherBatch != "":
			return report.FoundTwiceThere.In(lang, report.Whole(d.Named), d.Other, cmp.Or(p.resultsOf()[d.OtherBatch], d.OtherBatch))
		case d.Other > 0:
			return report.FoundTwice.In(lang, report.Whole(d.Named), d.Other)
		case d.Named != "":
			return report.FoundNamed.In(lang, report.Whole(d.Named))
		}
	case Ours.String():
		found := report.FoundOurs.In(lang, d.Created)
		if more := p.journal.strays(d.More); len(more) > 0 {
			found += report.Between.In(lang) + report.FoundMore.In(lang, len(more), report.Whole(strings.Join(more, ", ")))
		}
		return found
	case Unfound.String():
		if len(d.More) > 0 {
			return report.FoundUnlike.In(lang, report.Whole(strings.Join(d.More, ", ")))
		}
		return report.FoundNot.In(lang, d.Swept)
	case Blind.String():
		return report.FoundBlind.In(lang)
	case Foreign.String():
		return report.FoundForeign.In(lang, report.Whole(d.SubsID))
	case Older.String():
		return report.FoundOlder.In(lang, report.Whole(d.SubsID), d.Created)
	case Odd.String():
		return report.FoundOdd.In(lang, report.Whole(d.SubsID))
	case Absent.String():
		return report.FoundAbsent.In(lang)
	}
	return ""
}

// describeFaults lists every fault of the row.
func (p *Plan) describeFaults(rec *report.Record, row *Row, lang report.Lang) {
	var reasons, actions []string
	faults := row.Check(p.now)
	if p.changes != nil {
		faults = p.ofUpdate(faults)
	}
	for _, f := range faults {
		if !f.isError() {
			continue
		}
		reasons = append(reasons, f.Reason(lang))
		if a := f.Action(lang); !slices.Contains(actions, a) {
			actions = append(actions, a)
		}
	}
	rec.Message = ""
	rec.Reason, rec.Action = strings.Join(reasons, report.Between.In(lang)), strings.Join(actions, report.Between.In(lang))
}

// holder is what holds a row back, or what the row takes: a binding, or a row whose
// call in doubt may have made one.
type holder struct {
	known
	status report.Status
	batch  uint32 // number of its batch; 0: none of this journal
	moved  bool   // it is the row's own binding, and in another place now
}

// holderOf reads back what p.other of a planned row tells.
func (p *Plan) holderOf(r *planned, row *Row) (h holder, err error) {
	if other, doubtful := r.doubtful(); doubtful {
		h.status = report.Unknown
		p.journal.asks(func(l *ledger.Ledger) { h.batch = l.Key(int(other)).Batch })
		for _, c := range p.journal.calls(other) {
			if c.Op != ledger.Bind {
				continue
			}
			if h.values, err = p.journal.detailAt(c.Ref); err != nil {
				return h, err
			}
		}
		return h, nil
	}
	h.status = report.Bound
	if h.known, err = p.journal.bindingAt(r.other); err != nil {
		return h, err
	}
	p.journal.asks(func(l *ledger.Ledger) {
		_, h.batch = l.Owners(int(r.other))
		if h.Holder >= 0 && l.Releasing(h.Holder) {
			h.status = report.Unknown
		}
		h.moved = h.Holder >= 0 && h.Holder == int(r.row) && l.Moved(h.Holder, row.place())
	})
	return h, nil
}

// describeHeld names the binding, or the call in doubt, that holds the row back, and
// the batch and line that it is of.
func (p *Plan) describeHeld(rec *report.Record, i int, r *planned, row *Row, lang report.Lang) error {
	h, err := p.holderOf(r, row)
	if err != nil {
		return err
	}
	_, doubtful := r.doubtful()
	name, typed := p.batchName(h.batch)
	args := []any{h.values.Line, report.Whole(cmp.Or(h.subsID, "-")), h.status.String(), report.Whole(name), report.Whole(typed), endText(h.Ends)}
	say := func(reason, action report.Phrase) {
		rec.Reason, rec.Action = reason.In(lang, args...), action.In(lang, args...)
	}
	ids := func() { rec.SecretNo, rec.SubsID, rec.RequestID = h.secretNo, h.subsID, h.end.RequestID }
	if r.fate == fateAlready {
		ids()
		if rec.Reason = report.ReasonAlready.In(lang, args...); h.batch == 0 {
			rec.Reason = report.ReasonOthersBound.In(lang, args...)
		}
		if rec.Status != report.Bound {
			e := aliyun.Lookup(rec.Code)
			rec.Reason, rec.Action = sentence(lang, e.Meaning, e.Cause), sentence(lang, e.Cure)
		}
		return nil
	}
	own := h.Holder >= 0 && h.Holder == int(r.row) && !doubtful
	if r.fate == fateEdited && (p.holds[r.other] == 1 || int(r.line) == h.values.Line) || own { // it is the row's own
		ids()
	}
	switch {
	case h.moved:
		rec.Reason, rec.Action = report.ReasonMoved.In(lang, args[1]), report.ActionMoved.In(lang, args[1])
		return nil
	case own:
		rec.Reason = report.ReasonOwnEnded.In(lang, args[1])
	case r.fate == fateEdited:
		say(report.ReasonEdited, report.ActionEdited)
	case doubtful:
		say(report.ReasonMayBeBound, report.ActionHeldByUnknown)
	case h.batch == 0:
		say(report.ReasonOthersBound, report.ActionStillBound)
	default:
		say(report.ReasonStillBound, report.ActionStillBound)
	}
	switch {
	case doubtful:
		rec.Action = report.ActionHeldByUnknown.In(lang, args...)
	case h.status == report.Unknown:
		rec.Action = report.ActionHeldByRelease.In(lang, args...)
	case p.over(r.other):
		action, free := report.ActionEnded, p.freeFrom(r.other)
		switch {
		case !free.After(p.now):
			action = report.ActionEndedUntold
		case p.changes != nil:
			action = report.ActionEndedMove
		}
		rec.Reason += report.Between.In(lang) + report.ReasonEnded.In(lang, endText(h.Ends))
		rec.Action = action.In(lang, free.Format(time.DateTime))
	case p.changes != nil:
		rec.Action = report.ActionMoveHeld.In(lang, args...)
	case p.when == RenewWhenBound:
		_, can, err := p.targetOf(i, row)
		switch {
		case err != nil:
			return err
		case !can:
			say(report.ReasonRenewCannot, report.ActionRenewCannot)
		case endOf(row.Fields[Expiration]) < h.Ends:
			say(report.ReasonRenewEarlier, report.ActionRenewEarlier)
		}
	}
	return nil
}

// batchName is how people and commands name a batch: by the results that it wrote
// last or, if nobody could type their path, by its id.
func (p *Plan) batchName(number uint32) (name, typed string) {
	var id string
	p.journal.asks(func(l *ledger.Ledger) { id = l.BatchName(number) })
	if name = p.resultsOf()[id]; name == "" {
		name = id
	}
	if word, ok := report.Word(runtime.GOOS, name); ok {
		return name, word
	}
	return name, id
}

// sentence joins texts of aliyun's table.
func sentence(lang report.Lang, texts ...aliyun.Text) string {
	var parts []string
	for _, t := range texts {
		s := t.EN
		if lang == report.ZH {
			s = t.ZH
		}
		if s != "" {
			parts = append(parts, s)
		}
	}
	if lang == report.ZH {
		return strings.Join(parts, "")
	}
	return strings.Join(parts, " ")
}
