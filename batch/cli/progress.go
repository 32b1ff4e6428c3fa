package cli

import (
	"os"
	"sync"
	"time"

	"axgbind/batch"
	"axgbind/report"
)

const (
	drawEvery  = 250 * time.Millisecond
	plainEvery = 10 * time.Second
	lookEvery  = time.Second // at the counters, when nothing is drawn
)

// screen is how progress shows: a block on a terminal, lines elsewhere, or
// nothing.
type screen struct {
	console *console
	kind    string // bar, plain or none
	look    report.Look
}

// newScreen decides how progress shows. A block is drawn on terminals that can
// move the cursor and nowhere else, whatever was asked for.
func (a *app) newScreen(kind string, quiet bool) *screen {
	f, _ := a.console.w.(*os.File)
	_, _, isTerminal := a.console.terminal()
	canDraw := isTerminal && a.getenv("TERM") != "dumb" && enableCursor(f)
	switch {
	case quiet:
		kind = "none"
	case kind == "auto" && canDraw:
		kind = "bar"
	case kind == "auto", kind == "bar" && !canDraw:
		kind = "plain"
	}
	return &screen{console: a.console, kind: kind, look: report.Look{Lang: a.lang, Color: a.getenv("NO_COLOR") == ""}}
}

// fresh is the look on a terminal that may have changed its size, and how many
// lines a block may have.
func (s *screen) fresh() (look report.Look, lines int) {
	columns, rows, _ := s.console.terminal()
	look = s.look
	look.Columns = columns
	return look, max(rows-1, 1)
}

// watch draws, or prints a line every 10 s, until end is closed. block and line
// are called by one goroutine only, the one that watch starts; so whatever
// blocks a terminal holds nothing else up.
func (s *screen) watch(end <-chan struct{}, asked <-chan os.Signal, observe func(), block func(report.Look) []string, line func() string) (wait func()) {
	every := lookEvery
	if s.kind == "bar" {
		every = drawEvery
	}
	var done sync.WaitGroup
	done.Go(func() {
		t := time.NewTicker(every)
		defer t.Stop()
		next := time.Now().Add(plainEvery)
		for {
			select {
			case now := <-t.C:
				observe()
				switch {
				case s.kind == "bar":
					look, lines := s.fresh()
					b := block(look)
					s.console.show(b[:min(len(b), lines)])
				case s.kind == "plain" && !now.Before(next.Add(-every/2)): // the tick nearest to it
					next = next.Add(plainEvery)
					s.console.println(line())
				}
			case <-asked:
				observe()
				s.console.aloud(line())
			case <-end:
				s.console.show(nil)
				return
			}
		}
	})
	return done.Wait
}

// startProgress shows a run while it goes, until stop is called.
func (j *job) startProgress(run *batch.Run) (stop func()) {
	w := batch.NewWatch(run, time.Now())
	end := make(chan struct{})
	wait := j.newScreen(j.settings.progress, j.flags.quiet).watch(end, j.asked,
		func() { w.Observe(time.Now()) },
		func(look report.Look) []string { return w.Progress().Block(look) },
		func() string { return w.Progress().Line() })
	return func() {
		close(end)
		wait()
	}
}
