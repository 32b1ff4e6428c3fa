package batch

import (
	"time"

	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// Suspects counts the UNKNOWN rows that only a sweep can settle.
func (p *Plan) Suspects() (int, error) {
	list, _, err := p.suspects()
	return len(list), err
}

// suspects returns the calls in doubt that named no X, of the rows of the plan,
// and until when the last of them may be executed.
func (p *Plan) suspects() (list []*suspect, due time.Time, err error) {
	for i := range p.rows {
		if p.rows[i].row < 0 || p.status(i) != report.Unknown {
			continue
		}
		for _, c := range p.journal.calls(p.rows[i].row) {
			if c.Op != ledger.Bind || c.Named && !c.Elsewhere || c.Passed {
				continue // looked up by its X
			}
			sent, err := p.journal.detailAt(c.Ref)
			if err != nil {
				return nil, due, err
			}
			expires, err := input.ParseExpiration(sent.Expiration)
			if err != nil {
				continue
			}
			list = append(list, &suspect{i, c, sent, expires})
			if at := p.journal.dueOf(c); at.After(due) {
				due = at
			}
		}
	}
	return list, due, nil
}

// suspect is a call of an UNKNOWN row that named no X.
type suspect struct {
	row     int // of the plan
	call    ledger.CallInfo
	sent    detail // its intent
	expires time.Time
}
