package cli

import (
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"axgbind/batch"
	"axgbind/report"
)

const (
	barEvery   = 250 * time.Millisecond
	plainEvery = 10 * time.Second
	barWidth   = 24 // columns of the bar itself
)

// progress shows a run while it goes: a bar on a terminal, otherwise a plain
// line every 10 s. One goroutine reads the run's counters and draws; the rows
// know nothing of it, so a blocked terminal never holds a call up.
type progress struct {
	job    *job
	run    *batch.Run
	bar    *progressbar.ProgressBar
	began  time.Time
	last   batch.Snapshot
	lastAt time.Time
	pace   float64 // rows a second, moving mean
	end    chan struct{}
	done   sync.WaitGroup
}

func (j *job) startProgress(run *batch.Run) *progress {
	p := &progress{job: j, run: run, began: time.Now(), lastAt: time.Now(), end: make(chan struct{})}
	_, isTerminal := j.console.terminal()
	kind := j.settings.progress
	if kind == "auto" {
		kind = "plain"
		if isTerminal && j.getenv("TERM") != "dumb" {
			kind = "bar"
		}
	}
	every := plainEvery
	draw := p.line
	switch {
	case kind == "none":
		every, draw = 0, nil
	case kind == "bar" && j.plan.ToSend+j.plan.ToLook > 0:
		every, draw = barEvery, p.draw
		p.bar = progressbar.NewOptions64(int64(j.plan.ToSend+j.plan.ToLook),
			progressbar.OptionSetWriter(raw{j.console.w}),
			progressbar.OptionSetWidth(barWidth),
			progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetElapsedTime(true),
			progressbar.OptionThrottle(barEvery/2),
			progressbar.OptionUseANSICodes(true),
			progressbar.OptionSetRenderBlankState(false),
		)
		j.console.mu.Lock()
		j.console.clear = func() { _ = p.bar.Clear() }
		j.console.mu.Unlock()
	}
	p.done.Go(func() { p.loop(every, draw) })
	return p
}

// loop draws until stop, and prints a line whenever SIGUSR1 asks for it.
func (p *progress) loop(every time.Duration, draw func(batch.Snapshot)) {
	var tick <-chan time.Time
	if every > 0 {
		t := time.NewTicker(every)
		defer t.Stop()
		tick = t.C
	}
	for {
		select {
		case <-tick:
			draw(p.read())
		case <-p.job.asked:
			p.line(p.read())
		case <-p.end:
			return
		}
	}
}

// stop takes the bar off the screen and ends drawing.
func (p *progress) stop() {
	close(p.end)
	p.done.Wait()
	if p.bar == nil {
		return
	}
	c := p.job.console
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = p.bar.Clear()
	c.clear = nil
}

// read takes a snapshot and follows the pace of settled rows.
func (p *progress) read() batch.Snapshot {
	s, now := p.run.Status(), time.Now()
	if dt := now.Sub(p.lastAt).Seconds(); dt > 0 {
		settled := float64(p.last.Left-s.Left) / dt
		if p.last.ToSend == 0 {
			settled = float64(int64(s.ToSend)-s.Left) / dt
		}
		weight := min(dt/10, 1) // forgets within about ten seconds
		if p.pace == 0 {
			weight = 1
		}
		p.pace += weight * (settled - p.pace)
	}
	p.last, p.lastAt = s, now
	return s
}

// eta is when the rows left will have ended, at the recent pace and never
// faster than the limit.
func (p *progress) eta(s batch.Snapshot) string {
	pace := min(p.pace, s.Limit)
	if s.Left <= 0 {
		return "0s"
	}
	if pace <= 0 || s.Paused {
		return "-"
	}
	return time.Duration(float64(s.Left) / pace * float64(time.Second)).Round(time.Second).String()
}

// line prints one line with stable keys.
func (p *progress) line(s batch.Snapshot) {
	p.job.say(report.ProgressPlain, s.Bound, s.Failed, s.Invalid, s.Unknown, s.Left, s.Calls, s.Throttled, s.InFlight,
		p.pace, s.Limit, time.Since(p.began).Round(time.Second), p.eta(s))
}

// draw renders the bar.
func (p *progress) draw(s batch.Snapshot) {
	lang := p.job.lang
	text := report.ProgressBar.In(lang, s.Bound, s.Failed, s.Unknown, s.Left, p.pace, s.Limit, p.eta(s))
	switch {
	case s.Paused:
		text += "  " + report.ProgressPause.In(lang)
	case s.Limit < s.Rate:
		text += "  " + report.ProgressSlow.In(lang)
	}
	c := p.job.console
	c.mu.Lock()
	defer c.mu.Unlock()
	p.bar.Describe(text)
	_ = p.bar.Set64(int64(s.ToSend) - s.Left)
}
