package plan

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// Results calls do with the record of each row of the plan, in input order, as
// the rows stand now. The record is valid during the call. stop is why the run
// stopped, for rows that were not reached.
func (p *Plan) Results(lang report.Lang, stop books.Stop, do func(*report.Record) error) error {
	return p.Again(func(i int, row *Row) error {
		if p.Entries[i].Fate == fateLeft {
			return nil
		}
		rec := report.Record{Input: row.Record, Line: row.Line}
		rec.Status, rec.Code = p.Verdict(i)
		if err := p.describe(&rec, i, row, lang, stop); err != nil {
			return fmt.Errorf("%w: line %d: %w", ErrUnread, row.Line, err)
		}
		if err := p.keepIDs(&rec, i, row, lang); err != nil {
			return err
		}
		if p.Journal.Header.Simulated && rec.Attempts > 0 {
			rec.Message = strings.TrimSpace(input.SimulatedMark + " " + strings.TrimPrefix(rec.Message, input.SimulatedMark+" "))
		}
		return do(&rec)
	})
}

// ErrUnread says that the journal could not be read back.
var ErrUnread = errors.New("journal cannot be read")

// describe fills in all but input, line, status and code.
func (p *Plan) describe(rec *report.Record, i int, row *Row, lang report.Lang, stop books.Stop) error {
	r := &p.Entries[p.speaker(i)]
	info := p.Info(p.speaker(i))
	if err := p.describeRow(rec, row, r, &info, lang); err != nil {
		return err
	}
	say := func(reason, action report.Phrase, args ...any) {
		rec.Reason, rec.Action = reason.In(lang, args...), action.In(lang, args...)
	}
	explain := func() {
		e := aliyun.Lookup(rec.Code)
		rec.Reason, rec.Action = books.Sentence(lang, e.Meaning, e.Cause), books.Sentence(lang, e.Cure)
	}
	if err := p.nameBinding(rec, r, row); err != nil {
		return err
	}
	switch r.Fate {
	case FateDamaged, FateOther:
		explain()
		return nil
	case fateDoubt:
		say(report.ReasonUnsettled, report.ActionUnsettled)
		return nil
	case fateOthers:
		return p.describeOthers(rec, r, row, lang)
	case fateOlder:
		say(report.ReasonOlder, report.ActionOlderUpdate, report.Whole(rec.SubsID), endText(p.Journal.Binding(r.other).Ends))
		return nil
	case fateInvalid:
		p.describeFaults(rec, row, lang)
		return nil
	case FateLate:
		if rec.Status == report.Invalid {
			say(report.ReasonLate, report.ActionLate)
			return nil
		}
	case fateDuplicate:
		f := duplicateOf(p.Entries[r.other].line)
		rec.Reason, rec.Action = f.Reason(lang), f.Action(lang)
		return nil
	case fateSamePlace:
		if p.Changes != nil {
			say(report.ReasonSameTarget, report.ActionSameTarget, p.Entries[r.other].line)
			return nil
		}
		f := input.RowFault(input.RuleSamePlace, p.Entries[r.other].line)
		rec.Reason, rec.Action = f.Reason(lang), f.Action(lang)
		return nil
	case fateTwice:
		say(report.ReasonTwice, report.ActionTwice, p.Entries[r.other].line)
		return nil
	case fateClaimed:
		p.describeClaimed(rec, row, lang)
		return nil
	case fateEdited, fateStill, fateAlready:
		return p.describeHeld(rec, i, r, row, lang)
	case FateUnshown:
		say(report.ReasonUnshown, report.ActionUnshown)
		return nil
	case fateNoBinding:
		if p.Changes != nil && r.other >= 0 {
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
		case info.Refused && books.SaysGone(rec.Code):
			rec.Reason = report.ReasonGoneUnproven.In(lang, report.Whole(rec.SubsID))
			rec.Action = report.ActionGoneUnproven.In(lang, rec.Code)
			return nil
		case info.Refused:
			e := aliyun.Lookup(rec.Code)
			ends := endText(p.Journal.Binding(int32(info.Binding)).Ends)
			rec.Reason = report.ReasonNotRenewed.In(lang, report.Whole(rec.SubsID), ends, report.Whole(books.Sentence(lang, e.Meaning, e.Cause)))
			rec.Action = books.Sentence(lang, e.Cure)
			return nil
		case RenewedNothing(rec.Status, rec.Code):
			say(report.ReasonRenewGone, report.ActionRunAgain)
			return nil
		case rec.Status == report.Pending && rec.Code == aliyun.CodeInterrupted:
			say(report.ReasonRenewBegun, report.ActionRunAgain)
			return nil
		case books.MayBeDone(rec.Status, rec.Code):
			say(report.ReasonMayBeDone, report.ActionMayBeDone)
			return nil
		case rec.Status == report.Failed && books.SaysGone(rec.Code):
			if say(report.ReasonRenewGone, report.ActionRenewGone, rec.Code); p.Changes != nil {
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
func (p *Plan) nameBinding(rec *report.Record, r *Entry, row *Row) error {
	if rec.SubsID != "" || p.scope.op == 0 || row.Target == nil {
		return nil
	}
	rec.SecretNo, rec.SubsID = row.Target.SecretNo, row.Target.SubsID
	b := r.other
	switch r.Fate {
	case FateOther: // it is another's
		return nil
	case fateTwice, fateSamePlace, fateDuplicate, fateStill, fateEdited: // other is what is in the way
		b = -1
	}
	if b < 0 {
		p.Journal.Asks(func(l *ledger.Ledger) {
			if n, ok := l.BindingOf(ledger.ParseSubsID(row.Target.SubsID)); ok && p.Changes != nil {
				b = int32(n)
			}
		})
	}
	if b < 0 {
		return nil
	}
	k, err := p.Journal.BindingAt(b)
	rec.SecretNo, rec.SubsID = cmp.Or(k.SecretNo, rec.SecretNo), cmp.Or(k.SubsID, rec.SubsID)
	return err
}

// namesPlace reports whether pool, A and group are all that a row of a list says of its
// binding.
func (p *Plan) namesPlace(row *Row) bool {
	return p.scope.op != 0 && p.scope.of == 0 && row.Target.SubsID == "" && row.Place() != 0 && !moves(&row.Row, p.Changes)
}

// describeReleased tells of a row whose binding was taken back: in the results of
// the release what the service said; in those of the bind that it was done, and
// when.
func (p *Plan) describeReleased(rec *report.Record, info *ledger.RowInfo, lang report.Lang) error {
	if p.Releaser != nil {
		rec.Reason = report.ReasonReleased.In(lang, report.Whole(rec.SubsID))
		if rec.Code != aliyun.CodeOK {
			rec.Reason = report.ReasonReleasedGone.In(lang, report.Whole(rec.SubsID))
		}
		return nil
	}
	e := aliyun.Lookup(aliyun.CodeReleased)
	rec.Reason, rec.Action = books.Sentence(lang, e.Meaning), books.Sentence(lang, e.Cure)
	if info.Binding < 0 {
		return nil
	}
	k, err := p.Journal.BindingAt(int32(info.Binding))
	if err != nil || k.OK == info.Last { // carried in: no call of ours released it
		return err
	}
	rec.Message, rec.RequestID, rec.FinishedAt = k.End.Message, k.End.RequestID, time.UnixMilli(k.End.T)
	return nil
}

// describeRow takes over what the journal recorded of the row's last attempt.
func (p *Plan) describeRow(rec *report.Record, row *Row, r *Entry, info *ledger.RowInfo, lang report.Lang) error {
	var d books.Detail
	switch v := row.Verdict; {
	case r.Is(carried) && v != nil: // not journalled yet
		d = books.Detail{Message: v.Message, SecretNo: v.SecretNo, SubsID: v.SubsID, RequestID: v.RequestID, LatencyMs: v.LatencyMs}
		rec.Attempts = v.Attempts
	case info.Op == 0 || info.State == ledger.Superseded:
		return nil
	default:
		rec.Attempts = info.Attempts
		var err error
		if d, err = p.Journal.DetailAt(info.Last); err != nil {
			return err
		}
		if info.Refused { // of the change; it lives as it was
			k, err := p.Journal.BindingAt(int32(info.Binding))
			if err != nil {
				return err
			}
			d.SecretNo, d.SubsID = k.SecretNo, k.SubsID
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
func (p *Plan) evidence(d *books.Detail, lang report.Lang) string {
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
	case books.Ours.String():
		found := report.FoundOurs.In(lang, d.Created)
		if more := p.Journal.Strays(d.More); len(more) > 0 {
			found += report.Between.In(lang) + report.FoundMore.In(lang, len(more), report.Whole(strings.Join(more, ", ")))
		}
		return found
	case books.Unfound.String():
		if len(d.More) > 0 {
			return report.FoundUnlike.In(lang, report.Whole(strings.Join(d.More, ", ")))
		}
		return report.FoundNot.In(lang, d.Swept)
	case books.Blind.String():
		return report.FoundBlind.In(lang)
	case books.Unclear.String():
		return report.FoundUnclear.In(lang)
	case books.Masked.String():
		return report.FoundMasked.In(lang)
	case books.Unproven.String():
		return report.FoundUnproven.In(lang)
	case books.Distrusted.String():
		return report.FoundDistrusted.In(lang)
	case books.Foreign.String():
		return report.FoundForeign.In(lang, report.Whole(d.SubsID))
	case books.Older.String():
		return report.FoundOlder.In(lang, report.Whole(d.SubsID), d.Created)
	case books.Odd.String():
		return report.FoundOdd.In(lang, report.Whole(d.SubsID))
	case books.Absent.String():
		return report.FoundAbsent.In(lang)
	}
	return ""
}

// describeFaults lists every fault of the row.
func (p *Plan) describeFaults(rec *report.Record, row *Row, lang report.Lang) {
	var reasons, actions []string
	faults := row.Check(p.Now)
	if p.Changes != nil {
		faults = p.ofUpdate(faults)
	}
	for _, f := range faults {
		if !f.IsError() {
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
