package batch

import (
	"axgbind/aliyun"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// status is where row i stands now.
func (p *Plan) status(i int) report.Status {
	status, _ := p.verdict(i)
	return status
}

// verdict is where row i stands now and the code that says why. Plan and journal
// know it: it needs neither the input nor anything that is written.
func (p *Plan) verdict(i int) (status report.Status, code string) {
	i = p.speaker(i)
	r := &p.rows[i]
	text := func() (code string) {
		p.journal.asks(func(l *ledger.Ledger) { code = l.Text(r.code) })
		return code
	}
	switch r.fate {
	case fateInvalid:
		return report.Invalid, text()
	case fateDamaged:
		return report.Invalid, aliyun.CodeSubsIDDamaged
	case fateOther:
		return report.Invalid, aliyun.CodeOtherBinding
	case fateEdited:
		return report.Held, aliyun.CodeEditedAfterSend
	case fateStill:
		return report.Held, aliyun.CodeStillBound
	case fateClaimed:
		return report.Held, aliyun.CodeUnproven
	case fateDoubt:
		row, _ := r.doubtful()
		return report.Unknown, p.journal.row(row).Code
	case fateOthers:
		return report.Held, aliyun.CodeOtherBatch
	case fateOlder:
		return report.Held, aliyun.CodeOlderFile
	case fateSamePlace:
		return report.Invalid, aliyun.CodeSamePlace
	case fateDuplicate, fateTwice:
		return report.Invalid, aliyun.CodeDuplicate
	case fateNoBinding, fateUnshown:
		return report.Invalid, aliyun.CodeNoBinding
	case fateAlready:
		return p.already(r.other)
	}
	switch {
	case r.is(markBound):
		return report.Bound, text()
	case r.is(markUnknown):
		return report.Unknown, text()
	case r.is(markReleased):
		return report.Released, aliyun.CodeReleased
	}
	info := p.info(i)
	status = standsAt(&info)
	if info.Op != 0 && info.State != ledger.Superseded {
		code = info.Code
	}
	switch {
	case r.fate == fateLate && status != report.Unknown:
		return report.Invalid, input.CodeExpiry
	case r.fate == fatePoolStop && status == report.Pending:
		return status, aliyun.CodePoolStopped
	case r.fate == fateNoNumber && status == report.Pending:
		return status, aliyun.CodeNoFreeNumber
	case status == report.Unknown && p.releasing(r.row):
		return status, aliyun.CodeReleaseBegun
	case status == report.Released && p.releases == nil:
		return status, aliyun.CodeReleased
	case status == report.Pending && p.releases != nil && code == aliyun.CodeInterrupted:
		return status, aliyun.CodeReleaseBegun
	}
	return status, code
}

// already is where a row stands whose own a binding counts as.
func (p *Plan) already(binding int32) (status report.Status, code string) {
	p.journal.asks(func(l *ledger.Ledger) {
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
	return status == report.Pending && saysGone(code)
}

// releasing reports whether a release of the binding of a row of the ledger was
// begun and may be done.
func (p *Plan) releasing(row int32) (yes bool) {
	p.journal.asks(func(l *ledger.Ledger) { yes = l.Releasing(int(row)) })
	return yes
}

// Releasing is how many rows are UNKNOWN because a release of their binding was
// begun and may be done.
func (p *Plan) Releasing() (n int) {
	for i := range p.rows {
		if r := &p.rows[i]; r.fate == fateEntry && r.row >= 0 && p.releasing(r.row) {
			n++
		}
	}
	return n
}

// Unsettled is how many rows of a release are UNKNOWN because nobody knows whether
// they have a binding that could be released.
func (p *Plan) Unsettled() (n int) {
	for i := range p.rows {
		if p.rows[i].fate == fateDoubt {
			n++
		}
	}
	return n
}

// Unproven is how many rows are held back since only their file tells of a call.
func (p *Plan) Unproven() (n int) {
	for i := range p.rows {
		if p.rows[i].fate == fateClaimed {
			n++
		}
	}
	return n
}

// Standing calls do with where each row stands now, in input order. It reads
// nothing, so it holds whatever became of the input and the results.
func (p *Plan) Standing(do func(line int, status report.Status, code string)) {
	for i := range p.rows {
		if p.rows[i].fate != fateLeft {
			status, code := p.verdict(i)
			do(int(p.rows[i].line), status, code)
		}
	}
}

// Counts adds up where the rows stand now. The sum is Rows, always.
func (p *Plan) Counts() map[report.Status]int {
	counts := map[report.Status]int{}
	for i := range p.rows {
		if p.rows[i].fate != fateLeft {
			counts[p.status(i)]++
		}
	}
	return counts
}

// HeldByDoubt reports whether every row that is held back is so for a call in doubt,
// which only look-ups settle, and the batch of the first of those calls.
func (p *Plan) HeldByDoubt() (id string, all bool) {
	for i := range p.rows {
		r := &p.rows[i]
		if status, _ := p.verdict(i); status != report.Held {
			continue
		}
		row, doubtful := r.doubtful()
		if !doubtful || r.fate != fateStill && r.fate != fateEdited {
			return "", false
		}
		if id == "" {
			p.journal.asks(func(l *ledger.Ledger) { id = l.BatchName(l.Key(int(row)).Batch) })
		}
	}
	return id, id != ""
}

// whose tells the line of a row of the ledger, and its batch if that is another.
func (p *Plan) whose(row int32) (line int, batch string) {
	if row < 0 {
		return 0, ""
	}
	for i := range p.rows {
		if p.rows[i].row == row {
			return int(p.rows[i].line), ""
		}
	}
	info := p.journal.row(row)
	if info.Binding >= 0 {
		if k, err := p.journal.bindingAt(int32(info.Binding)); err == nil {
			line = k.values.Line
		}
	}
	return line, p.journal.batchOf(info.Run)
}

// wasBound reports whether row i has a binding, or had one until another row took
// it over: what its results say is no more so, and that is to be found.
func (p *Plan) wasBound(i int) bool {
	if p.status(i) == report.Bound {
		return true
	}
	info := p.info(i)
	return p.rows[i].fate == fateEntry && (info.Refused || info.State == ledger.Superseded)
}

// boundTo is the binding that row i is BOUND to.
func (p *Plan) boundTo(i int, row *Row) (*target, error) {
	r := &p.rows[i]
	b := int32(p.info(i).Binding)
	if r.fate == fateAlready {
		b = r.other
	}
	t := &target{}
	if b >= 0 {
		k, err := p.journal.bindingAt(b)
		if err != nil {
			return nil, err
		}
		t.secretNo, t.subsID = k.secretNo, k.subsID
	}
	if t.subsID == "" && row.Verdict != nil { // not journalled yet
		t.secretNo, t.subsID = row.Verdict.SecretNo, row.Verdict.SubsID
	}
	return t, nil
}
