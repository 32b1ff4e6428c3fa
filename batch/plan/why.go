package plan

import (
	"slices"
	"strings"

	"axgbind/aliyun"
	"axgbind/aliyun/netcause"
	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/batch/rules"
	"axgbind/report"
)

// why is why a row does not go: where it stands for that, and the words for it.
type why struct {
	status report.Status
	code   string // blank: the row's own
	say    func(p *Plan, d *description) error
}

// whys are the reasons by fate. A row of a fate without one stands as the ledger knows it.
var whys = [numFates]why{
	fateInvalid:   {report.Invalid, "", (*Plan).sayFaults},
	FateDamaged:   {report.Invalid, aliyun.CodeSubsIDDamaged, explained},
	FateOther:     {report.Invalid, aliyun.CodeOtherBinding, explained},
	fateDuplicate: {report.Invalid, aliyun.CodeDuplicate, (*Plan).sayDuplicate},
	fateSamePlace: {report.Invalid, aliyun.CodeSamePlace, (*Plan).saySamePlace},
	fateTwice:     {report.Invalid, aliyun.CodeDuplicate, (*Plan).sayTwice},
	fateNoBinding: {report.Invalid, aliyun.CodeNoBinding, (*Plan).sayNoBinding},
	FateUnshown:   {report.Invalid, aliyun.CodeNoBinding, says(report.ReasonUnshown, report.ActionUnshown)},
	fateEdited:    {report.Held, aliyun.CodeEditedAfterSend, (*Plan).sayHeld},
	fateStill:     {report.Held, aliyun.CodeStillBound, (*Plan).sayHeld},
	fateClaimed:   {report.Held, aliyun.CodeUnproven, (*Plan).sayClaimed},
	fateOthers:    {report.Held, aliyun.CodeOtherBatch, (*Plan).sayOthers},
	fateOlder:     {report.Held, aliyun.CodeOlderFile, (*Plan).sayOlder},
	fateDoubt:     {report.Unknown, "", says(report.ReasonUnsettled, report.ActionUnsettled)}, // the code is that of the other row
	fateAlready:   {report.Bound, "", (*Plan).sayHeld},                                        // unless the binding has ended since
}

// description is what is written of a row, and what it is written from.
type description struct {
	rec  *report.Record
	r    *Entry
	i    int
	row  *Row
	info *ledger.RowInfo
	lang report.Lang
	stop books.Stop
	code string // that caused it; blank: none did
}

// say gives reason and action.
func (d *description) say(reason, action report.Text, args ...any) {
	d.rec.Reason, d.rec.Action = reason.In(d.lang, args...), action.In(d.lang, args...)
}

// explain says what the code of the row means.
func (d *description) explain() {
	e := aliyun.Lookup(d.rec.Code)
	d.rec.Reason, d.rec.Action = books.Sentence(d.lang, e.Meaning, e.Cause), books.Sentence(d.lang, e.Cure)
	if f, ok := netcause.Parse(d.rec.Message); ok && d.rec.Code == aliyun.CodeNotSent {
		what, cure := books.Network(d.lang, f)
		d.say(report.ReasonUnreached, report.ActionUnreached, report.Whole(what), report.Whole(cure))
	}
}

func explained(_ *Plan, d *description) error {
	d.explain()
	return nil
}

func says(reason, action report.Text) func(*Plan, *description) error {
	return func(_ *Plan, d *description) error {
		d.say(reason, action)
		return nil
	}
}

func (d *description) fault(f input.Fault) {
	d.rec.Reason, d.rec.Action = f.Reason(d.lang), f.Action(d.lang)
}

func (p *Plan) sayDuplicate(d *description) error {
	d.fault(duplicateOf(p.Entries[d.r.other].line))
	return nil
}

func (p *Plan) saySamePlace(d *description) error {
	d.fault(input.RowFault(rules.SamePlace, p.Entries[d.r.other].line))
	return nil
}

func (p *Plan) sayTwice(d *description) error {
	d.say(report.ReasonTwice, report.ActionTwice, p.Entries[d.r.other].line)
	return nil
}

func (p *Plan) sayOlder(d *description) error {
	d.say(report.ReasonOlder, report.ActionOlderUpdate, report.Whole(d.rec.SubsID), endText(p.Journal.Binding(d.r.other).Ends))
	return nil
}

func (p *Plan) sayNoBinding(d *description) error {
	if p.op.namesPlace(p, d.row) {
		c := p.occupancies[int32(p.representative(d.i))]
		d.say(report.ReasonNotOne, report.ActionNotOne, c.bindings, c.doubts)
		return nil
	}
	d.say(report.ReasonNoBinding, report.ActionNoBinding)
	return nil
}

// sayFaults lists every fault of the row.
func (p *Plan) sayFaults(d *description) error {
	var reasons, actions []string
	for _, f := range p.op.mattering(d.row.Check(p.Now)) {
		if !f.IsError() {
			continue
		}
		reasons = append(reasons, f.Reason(d.lang))
		if a := f.Action(d.lang); !slices.Contains(actions, a) {
			actions = append(actions, a)
		}
	}
	d.rec.Message = ""
	d.rec.Reason, d.rec.Action = strings.Join(reasons, report.Between.In(d.lang)), strings.Join(actions, report.Between.In(d.lang))
	return nil
}
