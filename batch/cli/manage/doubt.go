package manage

import (
	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/store"
)

// doubt warns that no run would use the journal that is looked at.
func doubt(a *command.Invocation, g *glance, runs []books.RunStart) {
	said := g.lock // once compared, it is of this journal
	behind := g.lock.Compare(g.trail)
	if wrong, _ := store.Refusal(g.place, said, g.trail.ID(), runs, behind); wrong != nil {
		a.Warn(wrong)
	}
}
