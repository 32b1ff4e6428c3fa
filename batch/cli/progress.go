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

	rowsWindow  = 30 * time.Second // over which the rows that ended foretell the rest
	callsWindow = 5 * time.Second
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
				case s.kind == "plain" && !now.Before(next):
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

// progress shows a run while it goes. The rows know nothing of it: it reads the
// run's counters now and then.
type progress struct {
	plan  *batch.Plan
	limit int64 // --limit
	run   *batch.Run
	began time.Time
	rows  report.Speed
	calls report.Speed
	last  batch.Snapshot
	at    time.Time // of last
	end   chan struct{}
	wait  func()
}

func (j *job) startProgress(run *batch.Run) *progress {
	p := &progress{
		plan: j.plan, limit: int64(j.flags.limit), run: run, began: time.Now(), end: make(chan struct{}),
		rows: report.Speed{Window: rowsWindow}, calls: report.Speed{Window: callsWindow},
	}
	p.observe()
	s := j.newScreen(j.settings.progress, j.flags.quiet)
	p.wait = s.watch(p.end, j.asked, p.observe,
		func(look report.Look) []string { return p.state().Block(look) },
		func() string { return p.state().Line() })
	return p
}

// stop takes the block off the screen and ends drawing.
func (p *progress) stop() {
	close(p.end)
	p.wait()
}

func (p *progress) observe() {
	p.last, p.at = p.run.Status(), time.Now()
	p.rows.Observe(p.at, int64(p.last.ToSend)-p.last.Left)
	p.calls.Observe(p.at, p.last.Calls+p.last.Looks)
}

// state puts together what people see.
func (p *progress) state() *report.Progress {
	s := p.last
	ended := int64(s.ToSend) - s.Left
	left := s.Left
	if p.limit > 0 {
		left = min(left, p.limit-min(ended, p.limit))
	}
	r := &report.Progress{
		Rows: int64(p.plan.Rows), Before: int64(p.plan.Rows - s.ToSend),
		Bound: s.Bound, Failed: s.Failed, Invalid: s.Invalid, Unknown: s.Unknown,
		Pending: max(ended-s.Bound-s.Failed-s.Invalid-s.Unknown, 0),
		Left:    s.Left, Looking: s.Looking,
		Calls: s.Calls, Retries: s.Retries, Throttled: s.Throttled, InFlight: s.InFlight, Places: s.Places,
		Limit: s.Limit, Rate: s.Rate, P50: s.P50, P99: s.P99, Elapsed: p.at.Sub(p.began), ETA: -1, Paused: s.Paused,
	}
	r.Speed, _ = p.calls.PerSecond(p.at)
	if !s.Paused {
		r.ETA = report.ETA(left, &p.rows, s.Limit, r.Elapsed, p.at)
	}
	return r
}
