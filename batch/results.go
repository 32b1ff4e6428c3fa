package batch

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"axgbind/aliyun"
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
	if r.entry >= 0 {
		if err := p.describeEntry(rec, row, &p.journal.entries[r.entry], lang); err != nil {
			return err
		}
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
	case fateDamaged, fateOther, fateReleasing:
		explain()
		return nil
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
	case fateTwice:
		say(report.ReasonTwice, report.ActionTwice, p.rows[r.other].line)
		return nil
	case fateClaimed:
		say(report.ReasonClaimed, report.ActionClaimed)
		if v := row.Verdict; v != nil {
			rec.SecretNo, rec.SubsID = v.SecretNo, v.SubsID
		}
		return nil
	case fateEdited, fateStill, fateAlready:
		return p.describeHeld(rec, r, lang)
	case fateNoBinding:
		say(report.ReasonNoBinding, report.ActionNoBinding)
		return nil
	}
	if rec.Status == report.Released {
		return p.describeReleased(rec, r, lang)
	}
	if r.entry >= 0 && p.journal.entries[r.entry].update {
		switch {
		case rec.Status == report.Pending && rec.Code == aliyun.CodeReleaseBegun:
			explain()
			return nil
		case rec.Status == report.Bound:
			rec.Reason = report.ReasonRenewed.In(lang, report.Whole(rec.SubsID))
		case rec.Status == report.Pending && rec.Code == aliyun.CodeInterrupted:
			say(report.ReasonRenewBegun, report.ActionRunAgain)
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
// release it.
func (p *Plan) nameBinding(rec *report.Record, r *planned, row *Row) error {
	switch {
	case rec.SubsID != "" || row.target == nil:
	case p.releases != nil && r.other >= 0:
		end, err := p.journal.detailAt(p.journal.entries[r.other].outcome)
		rec.SecretNo, rec.SubsID = end.SecretNo, end.SubsID
		return err
	case p.changes != nil || p.releases != nil:
		rec.SecretNo, rec.SubsID = row.target.secretNo, row.target.subsID
	}
	return nil
}

// describeReleased tells of a row whose binding was taken back: in the results of
// the release what the service said; in those of the bind that it was done, and
// when.
func (p *Plan) describeReleased(rec *report.Record, r *planned, lang report.Lang) error {
	if p.releases != nil {
		rec.Reason = report.ReasonReleased.In(lang, report.Whole(rec.SubsID))
		if rec.Code != aliyun.CodeOK {
			rec.Reason = report.ReasonReleasedGone.In(lang, report.Whole(rec.SubsID))
		}
		return nil
	}
	e := aliyun.Lookup(aliyun.CodeReleased)
	rec.Reason, rec.Action = sentence(lang, e.Meaning), sentence(lang, e.Cure)
	j := p.journal
	if at := j.now(j.rootOf(r.entry)); j.entries[at].is(markRelease) {
		end, err := j.detailAt(j.entries[at].outcome)
		if err != nil {
			return err
		}
		rec.Message, rec.RequestID, rec.FinishedAt = end.Message, end.RequestID, time.UnixMilli(end.T)
	}
	return nil
}

// describeEntry takes over what the journal recorded of the row's last attempt.
func (p *Plan) describeEntry(rec *report.Record, row *Row, e *entry, lang report.Lang) error {
	if !e.touched {
		return nil
	}
	rec.Attempts = int(e.attempts)
	d, err := p.journal.detailAt(e.outcome)
	if err != nil {
		return err
	}
	if e.outcome < 0 && row.Verdict != nil { // a check: nothing is journalled
		v := row.Verdict
		d = detail{Message: v.Message, SecretNo: v.SecretNo, SubsID: v.SubsID, RequestID: v.RequestID, LatencyMs: v.LatencyMs}
	}
	rec.Message, rec.SecretNo, rec.SubsID, rec.RequestID, rec.LatencyMs = d.Message, d.SecretNo, d.SubsID, d.RequestID, d.LatencyMs
	rec.Reason = p.evidence(&d, row.Fields[PoolKey], lang)
	if d.T > 0 {
		rec.FinishedAt = time.UnixMilli(d.T)
	}
	return nil
}

// evidence is what a look-up of a row of a pool showed, in short, or what binding
// an answer named that settles nothing; blank if there was neither.
func (p *Plan) evidence(d *detail, pool string, lang report.Lang) string {
	switch d.Look {
	case "":
		switch {
		case d.OtherBatch != "":
			return report.FoundTwiceThere.In(lang, report.Whole(d.Named), d.Other, d.OtherBatch)
		case d.Other > 0:
			return report.FoundTwice.In(lang, report.Whole(d.Named), d.Other)
		case d.Named != "":
			return report.FoundNamed.In(lang, report.Whole(d.Named))
		}
	case Ours.String():
		found := report.FoundOurs.In(lang, d.Created)
		if more := p.journal.notReleased(pool, d.More); len(more) > 0 {
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

// describeHeld names the binding that holds the row back.
func (p *Plan) describeHeld(rec *report.Record, r *planned, lang report.Lang) error {
	e := &p.journal.entries[r.other]
	intent, err := p.journal.detailAt(e.intent)
	if err != nil {
		return err
	}
	end, err := p.journal.detailAt(e.outcome)
	if err != nil {
		return err
	}
	subs := end.SubsID
	if subs == "" {
		subs = "-"
	}
	args := []any{intent.Line, report.Whole(subs), e.status.String()}
	switch r.fate {
	case fateAlready:
		rec.SecretNo, rec.SubsID = end.SecretNo, end.SubsID
		rec.RequestID = end.RequestID
		rec.Reason = report.ReasonAlready.In(lang, args...)
	case fateEdited:
		if p.holds[r.other] == 1 || int(r.line) == intent.Line { // it is the row's own
			rec.SecretNo, rec.SubsID, rec.RequestID = end.SecretNo, end.SubsID, end.RequestID
		}
		rec.Reason, rec.Action = report.ReasonEdited.In(lang, args...), report.ActionEdited.In(lang, args...)
	default:
		rec.Reason, rec.Action = report.ReasonStillBound.In(lang, args...), report.ActionStillBound.In(lang, args...)
	}
	if r.fate != fateAlready && e.status == report.Unknown {
		rec.Action = report.ActionHeldByUnknown.In(lang, args...)
	}
	return nil
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
