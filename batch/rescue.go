package batch

import (
	"axgbind/batch/books"
	"axgbind/batch/ledger"
	"axgbind/batch/plan"
)

// rescue says on the way out what the journal could not take: with it, a
// person can still find and release the binding.
func (r *Run) rescue(row *plan.Row, kind ledger.Kind, a Answer) {
	r.plan.Rescued.Store(uint32(row.Line), true)
	r.opt.Rescue(books.RescueLine(row.Line, kind, a.Code, a.SubsID, a.RequestID))
}
