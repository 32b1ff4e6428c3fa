package plan

import (
	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/batch/rules"
	"axgbind/report"
)

// Status is where row i stands now.
func (p *Plan) Status(i int) report.Status {
	status, _ := p.Verdict(i)
	return status
}

// Verdict is where row i stands now and the code that says why. Plan and journal
// know it: it needs neither the input nor anything that is written.
func (p *Plan) Verdict(i int) (status report.Status, code string) {
	i = p.representative(i)
	r := &p.Entries[i]
	text := func() (code string) {
		p.Journal.Asks(func(l *ledger.Ledger) { code = l.Text(r.code) })
		return code
	}
	switch w := &whys[r.Fate]; {
	case r.Fate == fateAlready:
		return p.already(r.other)
	case r.Fate == fateDoubt:
		row, _ := r.doubtful()
		return w.status, p.Journal.Row(row).Code
	case w.code != "":
		return w.status, w.code
	case w.say != nil:
		return w.status, text()
	}
	switch {
	case r.Is(markBound):
		return report.Bound, text()
	case r.Is(markUnknown):
		return report.Unknown, text()
	case r.Is(markReleased):
		return report.Released, aliyun.CodeReleased
	}
	info := p.Info(i)
	status = books.StandsAt(&info)
	if info.Op != 0 && info.State != ledger.Superseded {
		code = info.Code
	}
	switch {
	case r.Fate == FateLate && status != report.Unknown:
		return report.Invalid, rules.CodeExpiry
	case r.Fate == FatePoolStop && status == report.Pending:
		return status, aliyun.CodePoolStopped
	case r.Fate == FateNoNumber && status == report.Pending:
		return status, aliyun.CodeNoFreeNumber
	case status == report.Unknown && p.releasing(r.Row):
		return status, aliyun.CodeReleaseBegun
	}
	return status, p.op.standing(status, code)
}

// already is where a row stands whose own a binding counts as.
func (p *Plan) already(binding int32) (status report.Status, code string) {
	p.Journal.Asks(func(l *ledger.Ledger) {
		switch b := l.Binding(int(binding)); {
		case b.Life != ledger.Bound:
			status, code = report.Released, aliyun.CodeReleased
		case b.Holder >= 0 && l.Releasing(b.Holder):
			status, code = report.Unknown, aliyun.CodeReleaseBegun
		default:
			status, code = report.Bound, aliyun.CodeAlreadyBound
		}
	})
	return status, code
}

// RenewedNothing reports whether a row with a status and code waits to be bound,
// for the binding that it was to renew is no more.
func RenewedNothing(status report.Status, code string) bool {
	return status == report.Pending && books.SaysGone(code)
}

// releasing reports whether a release of the binding of a row of the ledger was
// begun and may be done.
func (p *Plan) releasing(row int32) (yes bool) {
	p.Journal.Asks(func(l *ledger.Ledger) { yes = l.Releasing(int(row)) })
	return yes
}

// Releasing is how many rows are UNKNOWN because a release of their binding was
// begun and may be done.
func (p *Plan) Releasing() (n int) {
	for i := range p.Entries {
		if r := &p.Entries[i]; r.Fate == fateEntry && r.Row >= 0 && p.releasing(r.Row) {
			n++
		}
	}
	return n
}

// Unsettled is how many rows of a release are UNKNOWN because nobody knows whether
// they have a binding that could be released.
func (p *Plan) Unsettled() int { return p.count(fateDoubt) }

// Unproven is how many rows are held back since only their file tells of a call.
func (p *Plan) Unproven() int { return p.count(fateClaimed) }

// count is how many rows have a fate.
func (p *Plan) count(f Fate) (n int) {
	for i := range p.Entries {
		if p.Entries[i].Fate == f {
			n++
		}
	}
	return n
}

// Standing calls do with where each row stands now, in input order. It reads
// nothing, so it holds whatever became of the input and the results.
func (p *Plan) Standing(do func(line int, status report.Status, code string)) {
	for i := range p.Entries {
		if p.Entries[i].Fate != fateLeft {
			status, code := p.Verdict(i)
			do(int(p.Entries[i].line), status, code)
		}
	}
}

// Counts adds up where the rows stand now. The sum is Rows, always.
func (p *Plan) Counts() map[report.Status]int {
	counts := map[report.Status]int{}
	for i := range p.Entries {
		if p.Entries[i].Fate != fateLeft {
			counts[p.Status(i)]++
		}
	}
	return counts
}

// HeldByDoubt reports whether every row that is held back is so for a call in doubt,
// which only look-ups settle, and the batch of the first of those calls.
func (p *Plan) HeldByDoubt() (id string, all bool) {
	for i := range p.Entries {
		r := &p.Entries[i]
		if p.Status(i) != report.Held {
			continue
		}
		row, doubtful := r.doubtful()
		if !doubtful || r.Fate != fateStill && r.Fate != fateEdited {
			return "", false
		}
		if id == "" {
			p.Journal.Asks(func(l *ledger.Ledger) { id = l.BatchName(l.Key(int(row)).Batch) })
		}
	}
	return id, id != ""
}

// HeldBeyond reports whether there are rows that are held back and none of them is so for
// a binding that --when-bound skip could make theirs: for one that is being released or
// moved, say, that is in doubt, or that stands beside another one in its place. With
// another, those count as helped that may have a further binding; but none does while a
// release holds one back, for that is to be ended first.
func (p *Plan) HeldBeyond(another bool) bool {
	held := false
	for i := range p.Entries {
		r := &p.Entries[i]
		if p.Status(i) != report.Held {
			continue
		}
		held = true
		if r.Fate != fateStill && r.Fate != fateEdited || r.other < 0 || r.Row < 0 {
			continue
		}
		helps, releasing := false, false
		p.Journal.Asks(func(l *ledger.Ledger) {
			b := l.Binding(int(r.other))
			releasing = b.Holder >= 0 && l.Releasing(b.Holder)
			if b.Holder == int(r.Row) { // it has ended, or is in another place now
				return
			}
			w := ledger.Wish{
				Key: l.Key(int(r.Row)), Place: b.Place, Resend: true, WhenBound: ledger.SkipWhenBound,
				Prolongs: true, Relative: p.input.Relative(),
			}
			if another {
				w.WhenBound, w.Consent = ledger.RefuseWhenBound, ledger.Another
			}
			helps = l.Decide(&w, p.clock()).Act != ledger.Holds
		})
		switch {
		case another && releasing:
			return true
		case helps:
			return false
		}
	}
	return held
}

// Whose tells the line of a row of the ledger, and its batch if that is another.
func (p *Plan) Whose(row int32) (line int, batch string) {
	if row < 0 {
		return 0, ""
	}
	for i := range p.Entries {
		if p.Entries[i].Row == row {
			return int(p.Entries[i].line), ""
		}
	}
	info := p.Journal.Row(row)
	if info.Binding >= 0 {
		if k, err := p.Journal.BindingAt(int32(info.Binding)); err == nil {
			line = k.Detail.Line
		}
	}
	p.Journal.Asks(func(l *ledger.Ledger) { batch = l.Batch(info.Run) })
	return line, batch
}

// WasBound reports whether row i has a binding, or had one until another row took
// it over: what its results say is no more so, and that is to be found.
func (p *Plan) WasBound(i int) bool {
	if p.Status(i) == report.Bound {
		return true
	}
	info := p.Info(i)
	return p.Entries[i].Fate == fateEntry && (info.Refused || info.State == ledger.Superseded)
}

// BoundTo is the binding that row i is BOUND to.
func (p *Plan) BoundTo(i int, row *Row) (*Target, error) {
	r := &p.Entries[i]
	b := int32(p.Info(i).Binding)
	if r.Fate == fateAlready {
		b = r.other
	}
	t := &Target{}
	if b >= 0 {
		k, err := p.Journal.BindingAt(b)
		if err != nil {
			return nil, err
		}
		t.SecretNo, t.SubsID = k.SecretNo, k.SubsID
	}
	if t.SubsID == "" && row.Verdict != nil { // not journalled yet
		t.SecretNo, t.SubsID = row.Verdict.SecretNo, row.Verdict.SubsID
	}
	return t, nil
}
