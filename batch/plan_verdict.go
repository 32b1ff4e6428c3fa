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

// MayBeDone reports whether a call for a row with a status and code may be done though
// the row is PENDING: a change or a release, which can be made again.
func MayBeDone(status report.Status, code string) bool {
	return status == report.Pending && (code == aliyun.CodeReleaseBegun || code != "" && aliyun.Lookup(code).Class == aliyun.Ambiguous)
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
