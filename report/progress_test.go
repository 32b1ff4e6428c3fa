package report_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"axgbind/report"
)

// running is a run of a hundred thousand rows that goes well.
func running() report.Progress {
	return report.Progress{
		Rows: 100000, Bound: 11998, Failed: 2, Left: 88000,
		Calls: 12010, Retries: 10, InFlight: 9, Places: 14, Speed: 99.8, Limit: 100, Rate: 100,
		P50: 81200 * time.Microsecond, P99: 120400 * time.Microsecond, Elapsed: 2 * time.Minute, ETA: 14*time.Minute + 40*time.Second,
	}
}

var scenes = []struct {
	name string
	edit func(*report.Progress)
}{
	{"fresh", func(p *report.Progress) {
		*p = report.Progress{Rows: 3000, Left: 3000, InFlight: 8, Places: 14, Limit: 100, Rate: 100, Elapsed: 250 * time.Millisecond, ETA: 30 * time.Second}
	}},
	{"running", func(*report.Progress) {}},
	{"resumed", func(p *report.Progress) { p.Before, p.Bound, p.Left = 50000, 11998, 38000 }},
	{"throttled", func(p *report.Progress) { p.Limit, p.Speed, p.Throttled, p.ETA = 48.5, 50.2, 311, 30*time.Minute }},
	{"paused", func(p *report.Progress) { p.Paused, p.Unknown, p.Bound, p.Speed, p.ETA = true, 20, 11978, 0.2, -1 }},
	{"looking", func(p *report.Progress) {
		p.Bound, p.Left, p.Looking, p.InFlight, p.Speed, p.ETA = 99900, 98, 98, 0, 6.4, -1
	}},
	{"waiting", func(p *report.Progress) {
		p.Bound, p.Left, p.Waiting, p.InFlight, p.Speed, p.ETA = 99900, 98, 98, 0, 0, -1
	}},
	{"asked to wait", func(p *report.Progress) { p.Asked, p.Throttled, p.InFlight, p.Speed, p.ETA = true, 1, 0, 0, -1 }},
	{"in flight", func(p *report.Progress) {
		p.Rate, p.Limit, p.InFlight, p.Places, p.Speed = 5000, 5000, 1024, 1024, 640.2
	}},
	{"stopping", func(p *report.Progress) { p.Pending, p.Left, p.InFlight, p.ETA = 87991, 9, 9, 81*time.Millisecond }},
	{"late rows", func(p *report.Progress) { p.Invalid, p.Bound = 3, 11995 }},
	{"ten million", func(p *report.Progress) {
		p.Rows, p.Bound, p.Left, p.ETA = 10000000, 9999990, 8, 3*time.Hour+5*time.Minute
	}},
	{"no rows", func(p *report.Progress) { *p = report.Progress{Rate: 100, Limit: 100} }},
}

// TestBlock: what a terminal shows, word for word. No line is as wide as the
// terminal: it would wrap, and the next draw would leave half of it behind.
func TestBlock(t *testing.T) {
	for _, lang := range []report.Lang{report.EN, report.ZH} {
		b := &strings.Builder{}
		for _, columns := range []int{200, 80, 60, 59, 40, 12} {
			fmt.Fprintf(b, "== %d columns\n", columns)
			for _, scene := range scenes {
				p := running()
				scene.edit(&p)
				block := p.Block(report.Look{Columns: columns, Lang: lang})
				fmt.Fprintf(b, "-- %s\n%s\n", scene.name, strings.Join(block, "\n"))
				for _, line := range block {
					if report.Columns(line) >= columns {
						t.Errorf("%d columns, %s: %q takes %d", columns, scene.name, line, report.Columns(line))
					}
				}
				if len(block) > 4 {
					t.Errorf("%s: %d lines", scene.name, len(block))
				}
			}
			r := report.Reading{Step: 1, Steps: 2, Bytes: 25 << 20, Size: 73 << 20, Findings: 12, Elapsed: time.Second, ETA: 2 * time.Second}
			block := r.Block(report.Look{Columns: columns, Lang: lang})
			fmt.Fprintf(b, "-- reading\n%s\n", strings.Join(block, "\n"))
			if report.Columns(block[0]) >= columns {
				t.Errorf("%d columns: %q", columns, block)
			}
		}
		golden(t, []string{"block.en.txt", "block.zh.txt"}[lang], []byte(b.String()))
	}
}

// TestBlockColor: only the reason for slowness is coloured, and only if wanted.
func TestBlockColor(t *testing.T) {
	p := running()
	p.Limit = 50
	for _, color := range []bool{true, false} {
		block := p.Block(report.Look{Columns: 80, Color: color})
		for i, line := range block {
			if got, want := strings.Contains(line, "\x1b"), color && i == len(block)-1; got != want {
				t.Errorf("color %v, line %d: %q", color, i, line)
			}
		}
	}
}

// TestProgressLine: the keys, which scripts look for.
func TestProgressLine(t *testing.T) {
	b := &strings.Builder{}
	for _, scene := range scenes {
		p := running()
		scene.edit(&p)
		fmt.Fprintln(b, p.Line())
	}
	for _, r := range []report.Reading{
		{Step: 1, Steps: 2, Bytes: 25 << 20, Size: 73 << 20, Findings: 12, Elapsed: 10 * time.Second, ETA: 20 * time.Second},
		{Step: 2, Steps: 2, Size: 1, ETA: -1},
	} {
		fmt.Fprintln(b, r.Line())
	}
	golden(t, "lines.txt", []byte(b.String()))
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		most int
		want string
	}{
		{"bound", 5, "bound"},
		{"bound", 3, "bou"},
		{"绑定 12", 4, "绑定"},
		{"绑定 12", 3, "绑"},
		{"绑定", 1, ""},
		{"", 0, ""},
	} {
		if got := report.Cut(c.in, c.most); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.in, c.most, got, c.want)
		}
	}
}
