package cli

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"axgbind/report"
)

// readWindow is the time over which what was read foretells the rest.
const readWindow = 10 * time.Second

// counted is a source that counts what is read of it, so that passes over a
// big input can be watched without the reader knowing.
type counted struct {
	io.ReaderAt
	bytes atomic.Int64
	ctx   context.Context // that ends the reading; nil: nothing does
}

// until has reading fail from the end of ctx on, so that a signal need not wait
// for a pass over a big input. It is for the time before the first call: later
// the rows are read whatever ends the run. Nobody may be reading.
func (c *counted) until(ctx context.Context) { c.ctx = ctx }

// ReadAt implements io.ReaderAt.
func (c *counted) ReadAt(p []byte, at int64) (int, error) {
	if c.ctx != nil && c.ctx.Err() != nil {
		return 0, c.ctx.Err()
	}
	n, err := c.ReaderAt.ReadAt(p, at)
	c.bytes.Add(int64(n))
	return n, err
}

// reading shows passes over an input while they go.
type reading struct {
	source   *source
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
func (j *job) watchReading(steps int) *reading {
	r := &reading{source: j.source, began: time.Now(), steps: steps, end: make(chan struct{})}
	r.next()
	s := j.newScreen(j.settings.progress, j.flags.quiet)
	r.wait = s.watch(r.end, nil, r.observe,
		func(look report.Look) []string { return r.state().Block(look) },
		func() string { return r.state().Line() })
	return r
}

// next says that another pass begins.
func (r *reading) next() {
	r.base.Store(r.source.counted.bytes.Load())
	r.step.Add(1)
}

// stop takes the block off the screen. Further calls do nothing.
func (r *reading) stop() {
	r.stopping.Do(func() { close(r.end) })
	r.wait()
}

func (r *reading) bytes() int64 { return r.source.counted.bytes.Load() - r.base.Load() }

func (r *reading) observe() {
	if step := r.step.Load(); step != r.seen {
		r.seen, r.speed = step, report.Speed{Window: readWindow}
	}
	r.speed.Observe(time.Now(), r.bytes())
}

func (r *reading) state() *report.Reading {
	now := time.Now()
	s := &report.Reading{
		Step: int(r.step.Load()), Steps: r.steps, Bytes: max(r.bytes(), 0), Size: r.source.size, Findings: r.findings.Load(),
		Elapsed: now.Sub(r.began), ETA: -1,
	}
	if speed, over := r.speed.PerSecond(now); over > 0 {
		s.ETA = time.Duration(float64(max(s.Size-s.Bytes, 0)) / speed * float64(time.Second))
	}
	return s
}

// products is standard output; lines for it go past a block that is drawn on
// the same terminal.
func (a *app) products() io.Writer {
	_, _, out := terminalOf(a.stdout)
	_, _, err := a.console.terminal()
	if out && err {
		return above{a.console, a.stdout}
	}
	return a.stdout
}
