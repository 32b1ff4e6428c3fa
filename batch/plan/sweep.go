package plan

import (
	"time"

	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// CountSuspects counts the UNKNOWN rows that only a sweep can settle.
func (p *Plan) CountSuspects() (int, error) {
	list, _, err := p.Suspects()
	return len(list), err
}

// Suspects returns the calls in doubt that named no X, of the rows of the plan,
// and until when the last of them may be executed.
func (p *Plan) Suspects() (list []*Suspect, due time.Time, err error) {
	for i := range p.Entries {
		if p.Entries[i].Row < 0 || p.Status(i) != report.Unknown {
			continue
		}
		for _, c := range p.Journal.Calls(p.Entries[i].Row) {
			if c.Op != ledger.Bind || c.Named && !c.Elsewhere || c.Passed {
				continue // looked up by its X
			}
			sent, err := p.Journal.DetailAt(c.Ref)
			if err != nil {
				return nil, due, err
			}
			expires, err := input.ParseExpiration(sent.Expiration)
			if err != nil {
				continue
			}
			list = append(list, &Suspect{i, c, sent, expires})
			if at := p.Journal.DueOf(c); at.After(due) {
				due = at
			}
		}
	}
	return list, due, nil
}

// Suspect is a call of an UNKNOWN row that named no X.
type Suspect struct {
	Row     int // of the plan
	Call    ledger.CallInfo
	Sent    books.Detail // its intent
	Expires time.Time
}
