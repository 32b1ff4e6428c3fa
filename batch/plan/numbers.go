package plan

import (
	"axgbind/batch/field"
	"axgbind/batch/ledger"
)

// ChosenBefore is the X that was chosen for row i in a call that is in doubt;
// blank if there is none, or if the row names its own. The row keeps it even when
// that call was shown not to be executed: should it be after all, however late,
// then the X is the same, and the service refuses one of them.
func (p *Plan) ChosenBefore(i int, row *Row) (string, error) {
	if row.Fields[field.PhoneNoX] != "" {
		return "", nil
	}
	for _, c := range p.Journal.Calls(p.Entries[i].Row) {
		if InDoubt(c) {
			sent, err := p.Journal.DetailAt(c.Ref)
			return sent.PhoneNoX, err
		}
	}
	info := p.Info(i)
	if !info.Absent {
		return "", nil
	}
	shown, err := p.Journal.DetailAt(info.Last)
	return shown.PhoneNoX, err
}

// Supply is where an X comes from: a pool, and the city that a row names; blank: any.
type Supply struct{ Pool, City string }

// Wanted counts the rows that need a number of the list, and collects the
// numbers that none of them may get.
func (p *Plan) Wanted() (rows map[Supply]int, taken map[string]bool, err error) {
	rows, taken = map[Supply]int{}, map[string]bool{}
	err = p.EachRow(func(i int, row *Row) error {
		switch x := row.Fields[field.PhoneNoX]; {
		case x != "":
			taken[x] = true
		case p.Entries[i].Fate == FateSend:
			rows[Supply{row.Fields[field.PoolKey], row.Fields[field.ExpectCity]}]++
		}
		return nil
	})
	if err == nil {
		err = p.occupied(taken)
	}
	return rows, taken, err
}

// occupied notes the X numbers that are bound, or that a call in doubt may have
// bound: the service may show them as free for some seconds more. What has lapsed
// is free again.
func (p *Plan) occupied(taken map[string]bool) error {
	l := p.Journal.Ledger
	for n := range l.Len() {
		for _, c := range l.Calls(n) {
			if !InDoubt(c) {
				continue
			}
			sent, err := p.Journal.DetailAt(c.Ref)
			if err != nil {
				return err
			}
			taken[sent.PhoneNoX] = true
		}
	}
	for b := range l.Bindings() {
		if info := l.Binding(b); info.Life != ledger.Bound || info.Ends != 0 && info.Ends <= p.Now.Unix() {
			continue
		}
		k, err := p.Journal.BindingAt(int32(b))
		if err != nil {
			return err
		}
		taken[k.SecretNo] = true
	}
	return nil
}
