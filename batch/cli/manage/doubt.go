package manage

import (
	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/store"
)

// doubt warns that no run would use the journal that is looked at.
func doubt(a *command.Invocation, g *glance, runs []books.RunStart) {
	said := g.Lock // once compared, it is of this journal
	behind := g.Lock.Compare(g.trail)
	if wrong, _ := store.Refusal(g.Place, said, g.trail.ID(), runs, behind); wrong != nil {
		a.Warn(wrong)
	}
}
