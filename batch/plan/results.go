package plan

import (
	"cmp"
	"errors"
	"fmt"
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
	messages := books.Messages()
	return p.EachRow(func(i int, row *Row) error {
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
		rec.Message = books.Message(lang, rec.Code, rec.Message)
		if rec.Code == aliyun.CodeBadAnswer || rec.Code == aliyun.CodeUnproven { // it may have come with a results file, as that run said it
			rec.Message = messages.In(lang, rec.Message)
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
	r, info := &p.Entries[p.representative(i)], p.Info(p.representative(i))
	if err := p.describeRow(rec, row, r, &info, lang); err != nil {
		return err
	}
	if err := p.nameBinding(rec, r, row); err != nil {
		return err
	}
	d := &description{rec: rec, r: r, i: i, row: row, info: &info, lang: lang, stop: stop, code: p.StopCode}
	if p.op.say(p, d) {
		return nil
	}
	if w := &whys[r.Fate]; w.say != nil {
		return w.say(p, d)
	}
	switch {
	case r.Fate == FateLate && rec.Status == report.Invalid:
		d.say(report.ReasonLate, report.ActionLate)
	case rec.Status == report.Released:
		return p.op.released(p, d)
	case rec.Code == aliyun.CodeReleaseBegun:
		d.explain()
	case info.Op != 0 && info.Op.MayRepeat() && p.describeChange(d):
	default:
		d.describeEnd()
	}
	return nil
}

// describeChange tells of a row whose last call was to change a binding; false: its
// code says it all.
func (p *Plan) describeChange(d *description) bool {
	rec, lang := d.rec, d.lang
	switch {
	case rec.Status == report.Bound:
		rec.Reason = report.ReasonRenewed.In(lang, report.Whole(rec.SubsID))
		return false
	case d.info.Refused && books.SaysGone(rec.Code):
		rec.Reason = report.ReasonGoneUnproven.In(lang, report.Whole(rec.SubsID))
		rec.Action = report.ActionGoneUnproven.In(lang, rec.Code)
	case d.info.Refused:
		e := aliyun.Lookup(rec.Code)
		ends := endText(p.Journal.Binding(int32(d.info.Binding)).Ends)
		rec.Reason = report.ReasonNotRenewed.In(lang, report.Whole(rec.SubsID), ends, report.Whole(books.Sentence(lang, e.Meaning, e.Cause)))
		rec.Action = books.Sentence(lang, e.Cure)
	case RenewedNothing(rec.Status, rec.Code) && d.info.Op == ledger.Release:
		d.say(report.ReasonReleaseGone, report.ActionRunAgain)
		if d.stop == books.StopLookups {
			rec.Reason += report.Between.In(lang) + d.stop.Words().In(lang)
		}
	case RenewedNothing(rec.Status, rec.Code):
		d.say(report.ReasonRenewGone, report.ActionRunAgain)
	case rec.Status == report.Pending && rec.Code == aliyun.CodeInterrupted:
		d.say(report.ReasonRenewBegun, report.ActionRunAgain)
	case books.MayBeDone(rec.Status, rec.Code):
		d.say(report.ReasonMayBeDone, report.ActionMayBeDone)
	case rec.Status == report.Failed && books.SaysGone(rec.Code):
		d.say(report.ReasonRenewGone, report.ActionRenewGone, rec.Code)
	default:
		return false
	}
	return true
}

// describeEnd tells how a row ended, by its status and code.
func (d *description) describeEnd() {
	rec := d.rec
	switch {
	case rec.Status == report.Bound:
	case rec.Status == report.Pending && rec.Code == "":
		d.say(report.ReasonNotReached, report.ActionRunAgain)
		if why := d.stop.After(d.code); why != (report.Text{}) {
			rec.Reason = report.ReasonStopped.In(d.lang, why.In(d.lang))
		}
	default:
		e, found := aliyun.Lookup(rec.Code), rec.Reason
		d.explain()
		if found != "" {
			rec.Reason = found
		}
		if rec.Status == report.Unknown && found == "" && e.Class != aliyun.Ambiguous {
			rec.Reason = report.ReasonUnresolved.In(d.lang, report.Whole(rec.Reason))
			rec.Action = report.ActionUnresolved.In(d.lang)
		}
	}
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
			if n, ok := l.BindingOf(ledger.ParseSubsID(row.Target.SubsID)); ok && p.scope.op == ledger.Update {
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
