package batch

import (
	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
)

// Renew is the operation that gives a row the live binding in its place, with what the
// row says: the calls are those of Update, and the binding has another holder after them.
type Renew struct {
	Update
}

func (n Renew) aim(p *plan.Plan, i int, row *plan.Row) (err error) {
	row.Target, err = p.RenewalOf(i, row)
	return err
}

func (n Renew) intent(row *plan.Row, d *books.Detail) ledger.Record {
	row.Target.Complete(d)
	return row.Target.Intent(ledger.Renew, row, d)
}
