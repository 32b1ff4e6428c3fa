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
			x, err := p.suspect(i, c)
			if err != nil {
				return nil, due, err
			}
			if x == nil {
				continue
			}
			list = append(list, x)
			if at := p.Journal.DueOf(c); at.After(due) {
				due = at
			}
		}
	}
	return list, due, nil
}

// suspect is a call of row i, nil if it is looked up by its X, or cannot be recognised.
func (p *Plan) suspect(i int, c ledger.CallInfo) (*Suspect, error) {
	if c.Op != ledger.Bind || c.Named && !c.Elsewhere || c.Passed {
		return nil, nil
	}
	sent, err := p.Journal.DetailAt(c.Ref)
	if err != nil {
		return nil, err
	}
	expires, err := input.ParseExpiration(sent.Expiration)
	if err != nil {
		return nil, nil
	}
	return &Suspect{i, c, sent, expires}, nil
}

// Suspect is a call of an UNKNOWN row that named no X.
type Suspect struct {
	Row     int // of the plan
	Call    ledger.CallInfo
	Sent    books.Detail // its intent
	Expires time.Time
}
