package terminal

import (
	"os"
	"sync"
	"time"

	"axgbind/report"
)

// LineEvery is how often a line tells of progress, where no block is drawn.
const LineEvery = 10 * time.Second

const (
	drawEvery = 250 * time.Millisecond
	lookEvery = time.Second // at the counters, when nothing is drawn
)

// Screen is how progress shows: a block on a terminal, lines elsewhere, or
// nothing.
type Screen struct {
	console *Console
	kind    string // bar, plain or none
	look    report.Look
}

// NewScreen decides how progress shows, of what was asked for: auto, bar, plain or
// none. A block is drawn on terminals that can move the cursor and nowhere else. getenv
// tells of TERM and NO_COLOR.
func NewScreen(c *Console, kind string, lang report.Lang, getenv func(string) string) *Screen {
	canDraw := isTerminal(c.w) && getenv("TERM") != "dumb" && enableCursor(c.w.(*os.File))
	switch {
	case kind == "auto" && canDraw:
		kind = "bar"
	case kind == "auto", kind == "bar" && !canDraw:
		kind = "plain"
	}
	return &Screen{console: c, kind: kind, look: report.Look{Lang: lang, Color: getenv("NO_COLOR") == ""}}
}

// fresh is the look on a terminal that may have changed its size, and how many
// lines a block may have.
func (s *Screen) fresh() (look report.Look, lines int) {
	columns, rows := s.size()
	look = s.look
	look.Columns = columns
	return look, max(rows-1, 1)
}

// Watch draws, or prints a line every 10 s, until end is closed. block and line
// are called by one goroutine only, the one that Watch starts; so whatever
// blocks a terminal holds nothing else up.
func (s *Screen) Watch(end <-chan struct{}, asked <-chan os.Signal, observe func(), block func(report.Look) []string, line func() string) (wait func()) {
	every := lookEvery
	if s.kind == "bar" {
		every = drawEvery
	}
	var done sync.WaitGroup
	done.Go(func() {
		t := time.NewTicker(every)
		defer t.Stop()
		next := time.Now().Add(LineEvery)
		for {
			select {
			case now := <-t.C:
				observe()
				switch {
				case s.kind == "bar":
					look, lines := s.fresh()
					b := block(look)
					s.console.Show(b[:min(len(b), lines)])
				case s.kind == "plain" && !now.Before(next.Add(-every/2)): // the tick nearest to it
					next = next.Add(LineEvery)
					s.console.Println(line())
				}
			case <-asked:
				observe()
				s.console.Aloud(line())
			case <-end:
				s.console.Show(nil)
				return
			}
		}
	})
	return done.Wait
}

// size is how much there is to draw on: what is usual, unless the console knows.
func (s *Screen) size() (columns, rows int) {
	if size := s.console.Size(); size.Lines > 0 {
		return size.Columns, size.Lines
	}
	return 80, 24
}
