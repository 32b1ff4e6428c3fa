package plan

import (
	"axgbind/batch/input"
	"axgbind/report"
)

// Operation is what the rows of a plan ask for: Bind, *Update or *Release, a file each.
// It says how a row is read, which rows go, and the words of what is its own alone; the
// plan matches, counts and describes, and never asks which operation it has.
type Operation interface {
	// begin readies a matcher before the rows are read.
	begin(m *matcher) rows
	// standing is the code of a row that stands so by the ledger, with a code.
	standing(status report.Status, code string) string
	// mattering are the faults of a row that matter.
	mattering(faults []input.Fault) []input.Fault
	// namesPlace reports whether pool, A and group are all that a row says of its binding.
	namesPlace(p *Plan, row *Row) bool
	// say tells in words what the operation alone knows of a row; false: it is not for it
	// to say.
	say(p *Plan, d *description) bool
	// released tells of a row whose binding was released.
	released(p *Plan, d *description) error
	// held tells what to do for a row that is held back by a binding, of which args tell.
	held(p *Plan, d *description, args []any) error
	// heldByEnded tells what to do for one whose binding has passed its Expiration.
	heldByEnded() report.Text
}

// rows matches the rows of an operation.
type rows interface {
	// judge completes what is found out of a row, by several goroutines at once.
	judge(row *input.Row, j *judged)
	// add decides what becomes of a row, in order. Row first equals it, if that is not
	// the row itself.
	add(p *Entry, row *judged, index, first int32)
	// end decides what only all rows together tell.
	end() error
}
