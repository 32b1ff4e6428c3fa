package cli

import (
	"time"

	"axgbind/batch"
	"axgbind/batch/cli/terminal"
	"axgbind/report"
)

// startProgress shows a run while it goes, until stop is called.
func (j *job) startProgress(run *batch.Run) (stop func()) {
	w := batch.NewWatch(run, time.Now())
	end := make(chan struct{})
	wait := j.newScreen().Watch(end, j.asked,
		func() { w.Observe(time.Now()) },
		func(look report.Look) []string { return w.Progress().Block(look) },
		func() string { return w.Progress().Line() })
	return func() {
		close(end)
		wait()
	}
}

// newScreen is how this invocation shows progress.
func (j *job) newScreen() *terminal.Screen {
	kind := j.settings.Progress
	if j.flags.Quiet {
		kind = "none"
	}
	return terminal.NewScreen(j.Console, kind, j.Lang, j.Getenv)
}
