package plan

import (
	"cmp"
	"runtime"
	"strings"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// sayHeld names the binding, or the call in doubt, that holds the row back, and
// the batch and line that it is of.
func (p *Plan) sayHeld(d *description) error {
	rec, r, row, lang := d.rec, d.r, d.row, d.lang
	h, err := p.holderOf(r, row)
	if err != nil {
		return err
	}
	_, doubtful := r.doubtful()
	name, typed := p.batchName(h.batch)
	args := []any{h.Detail.Line, report.Whole(cmp.Or(h.SubsID, "-")), h.status.String(), report.Whole(name), report.Whole(typed), endText(h.Ends)}
	ids := func() { rec.SecretNo, rec.SubsID, rec.RequestID = h.SecretNo, h.SubsID, h.End.RequestID }
	if r.Fate == fateAlready {
		ids()
		if rec.Reason = report.ReasonAlready.In(lang, args...); h.batch == 0 {
			rec.Reason = report.ReasonOthersBound.In(lang, args...)
		}
		if rec.Status != report.Bound {
			d.explain()
		}
		return nil
	}
	own := h.Holder >= 0 && h.Holder == int(r.Row) && !doubtful
	if r.Fate == fateEdited && (p.holds[r.other] == 1 || int(r.line) == h.Detail.Line) || own { // it is the row's own
		ids()
	}
	switch {
	case h.moved:
		d.say(report.ReasonMoved, report.ActionMoved, args[1])
		return nil
	case own:
		rec.Reason = report.ReasonOwnEnded.In(lang, args[1])
	case r.Fate == fateEdited:
		d.say(report.ReasonEdited, report.ActionEdited, args...)
	case doubtful:
		d.say(report.ReasonMayBeBound, report.ActionHeldByUnknown, args...)
	case h.batch == 0:
		d.say(report.ReasonOthersBound, report.ActionStillBound, args...)
	default:
		d.say(report.ReasonStillBound, report.ActionStillBound, args...)
	}
	switch {
	case doubtful:
		rec.Action = report.ActionHeldByUnknown.In(lang, args...)
	case h.status == report.Unknown:
		rec.Action = report.ActionHeldByRelease.In(lang, args...)
	case p.over(r.other):
		action, free := p.op.heldByEnded(), p.freeFrom(r.other)
		if !free.After(p.Now) {
			action = report.ActionEndedUntold
		}
		rec.Reason += report.Between.In(lang) + report.ReasonEnded.In(lang, endText(h.Ends))
		rec.Action = action.In(lang, free.Format(time.DateTime))
	default:
		return p.op.held(p, d, args)
	}
	return nil
}

// sayClaimed tells why a row is held back of which only its file tells a call, and
// keeps what that says.
func (p *Plan) sayClaimed(d *description) error {
	rec, row, lang := d.rec, d.row, d.lang
	status, last := input.VerdictColumns[report.ColumnStatus], input.VerdictColumns[len(input.VerdictColumns)-1]
	if p.input.Prefixed() {
		status, last = report.Prefix+status, report.Prefix+last
	}
	v := row.Verdict
	rec.Reason, rec.Action = report.ReasonClaimed.In(lang), report.ActionClaimed.In(lang, status, last)
	if _, ok := v.Standing(); !ok {
		rec.Reason = report.ReasonUnread.In(lang, status, cmp.Or(v.Status, "-"))
	}
	rec.SecretNo, rec.SubsID, rec.RequestID, rec.Message, rec.Attempts = v.SecretNo, v.SubsID, v.RequestID, v.Message, v.Attempts
	if at, err := time.Parse(time.RFC3339, v.FinishedAt); err == nil {
		rec.FinishedAt = at
	}
	return nil
}

// holder is what holds a row back, or what the row takes: a binding, or a row whose
// call in doubt may have made one.
type holder struct {
	books.Known
	status report.Status
	batch  uint32 // number of its batch; 0: none of this journal
	moved  bool   // it is the row's own binding, and in another place now
}

// holderOf reads back what p.other of a planned row tells.
func (p *Plan) holderOf(r *Entry, row *Row) (h holder, err error) {
	if other, doubtful := r.doubtful(); doubtful {
		h.status = report.Unknown
		p.Journal.Asks(func(l *ledger.Ledger) { h.batch = l.Key(int(other)).Batch })
		for _, c := range p.Journal.Calls(other) {
			if c.Op != ledger.Bind {
				continue
			}
			if h.Detail, err = p.Journal.DetailAt(c.Ref); err != nil {
				return h, err
			}
		}
		return h, nil
	}
	h.status = report.Bound
	if h.Known, err = p.Journal.BindingAt(r.other); err != nil {
		return h, err
	}
	p.Journal.Asks(func(l *ledger.Ledger) {
		_, h.batch = l.Owners(int(r.other))
		if h.Holder >= 0 && l.Releasing(h.Holder) {
			h.status = report.Unknown
		}
		h.moved = h.Holder >= 0 && h.Holder == int(r.Row) && l.Moved(h.Holder, row.Place())
	})
	return h, nil
}

// sayOthers tells whose the binding of a row is that is left alone, and how it is
// released or changed.
func (p *Plan) sayOthers(d *description) error {
	rec, r, row, lang := d.rec, d.r, d.row, d.lang
	var maker, holder, taker uint32
	var why objection
	p.Journal.Asks(func(l *ledger.Ledger) {
		if r.other >= 0 {
			maker, holder = l.Owners(int(r.other))
		}
		if why = p.scope.objects(l, r.other, adopted(&row.Row)); why == othersMay {
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
	runs := p.Journal.Runs
	if path == "" {
		command := "axgbind reconcile " + id
		if run := books.LastBind(runs, id); run.Input != "-" && p.wroteNone(id) {
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
	for i := range p.Journal.Runs {
		r := &p.Journal.Runs[i]
		if r.Batch == id {
			if path = r.Path; p.Journal.WroteResults(i) {
				return false
			}
		}
	}
	for i := len(p.Journal.Runs) - 1; i >= 0; i-- {
		if r := &p.Journal.Runs[i]; r.Path == path {
			return r.Batch == id
		}
	}
	return false
}

// ownerOf is the id of a batch, and the path of its results as the journal has it;
// blank if that is not known.
func (p *Plan) ownerOf(batch uint32) (id, path string) {
	p.Journal.Asks(func(l *ledger.Ledger) { id = l.BatchName(batch) })
	return id, p.resultsOf()[id]
}

// resultsOf are the results that each batch wrote last, unless another batch wrote
// there since. One whose runs were killed has none.
func (p *Plan) resultsOf() map[string]string {
	if p.batches == nil {
		p.batches = map[string]string{}
		at, last := map[string]string{}, map[string]string{} // paths by batch, and batches by path
		for i := range p.Journal.Runs {
			r := &p.Journal.Runs[i]
			if last[r.Path] = r.Batch; p.Journal.WroteResults(i) {
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

// batchName is how people and commands name a batch: by the results that it wrote
// last or, if nobody could type their path, by its id.
func (p *Plan) batchName(number uint32) (name, typed string) {
	var id string
	p.Journal.Asks(func(l *ledger.Ledger) { id = l.BatchName(number) })
	if name = p.resultsOf()[id]; name == "" {
		name = id
	}
	if word, ok := report.Word(runtime.GOOS, name); ok {
		return name, word
	}
	return name, id
}
