package cli

import (
	"sync"
	"sync/atomic"
	"time"

	"axgbind/batch"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/terminal"
	"axgbind/report"
)

// startProgress shows a run while it goes, until stop is called.
func (r *request) startProgress(run *batch.Run) (stop func()) {
	w := batch.NewWatch(run, time.Now())
	end := make(chan struct{})
	wait := r.newScreen().Watch(end, r.asked,
		func() { w.Observe(time.Now()) },
		func(look report.Look) []string { return w.Progress().Block(look) },
		func() string { return w.Progress().Line() })
	return func() {
		close(end)
		wait()
	}
}

// newScreen is how this invocation shows progress.
func (r *request) newScreen() *terminal.Screen {
	kind := r.settings.Progress
	if r.flags.Quiet {
		kind = "none"
	}
	return terminal.NewScreen(r.Console, kind, r.Lang, r.Getenv)
}

// readWindow is the time over which what was read foretells the rest.
const readWindow = 10 * time.Second

// reading shows passes over an input while they go.
type reading struct {
	source   *files.Source
	began    time.Time
	steps    int
	step     atomic.Int64
	base     atomic.Int64 // bytes read before this step
	findings atomic.Int64
	speed    report.Speed // of the ticker's goroutine
	seen     int64        // step that speed is of
	end      chan struct{}
	stopping sync.Once
	wait     func()
}

// watchReading shows so many passes over the input from now on, the first of
// them beginning.
func (p *paths) watchReading(steps int) *reading {
	r := &reading{source: p.source, began: time.Now(), steps: steps, end: make(chan struct{})}
	r.next()
	s := p.newScreen()
	r.wait = s.Watch(r.end, nil, r.observe,
		func(look report.Look) []string { return r.state().Block(look) },
		func() string { return r.state().Line() })
	return r
}

// next says that another pass begins.
func (r *reading) next() {
	r.base.Store(r.source.BytesRead())
	r.step.Add(1)
}

// stop takes the block off the screen. Further calls do nothing.
func (r *reading) stop() {
	r.stopping.Do(func() { close(r.end) })
	r.wait()
}

func (r *reading) bytes() int64 { return r.source.BytesRead() - r.base.Load() }

func (r *reading) observe() {
	if step := r.step.Load(); step != r.seen {
		r.seen, r.speed = step, report.Speed{Window: readWindow}
	}
	r.speed.Observe(time.Now(), r.bytes())
}

func (r *reading) state() *report.Reading {
	now := time.Now()
	s := &report.Reading{
		Step: int(r.step.Load()), Steps: r.steps, Bytes: max(r.bytes(), 0), Size: r.source.Size, Findings: r.findings.Load(),
		Elapsed: now.Sub(r.began), ETA: -1,
	}
	if speed, over := r.speed.PerSecond(now); over > 0 {
		s.ETA = time.Duration(float64(max(s.Size-s.Bytes, 0)) / speed * float64(time.Second))
	}
	return s
}
