package batch

import (
	"axgbind/batch/ledger"
)

// rescue says on the way out what the journal could not take: with it, a
// person can still find and release the binding.
func (r *Run) rescue(row *Row, kind ledger.Kind, a Answer) {
	r.plan.rescued.Store(uint32(row.Line), true)
	r.opt.Rescue(rescueLine(row.Line, kind, a.Code, a.SubsID, a.RequestID))
}
