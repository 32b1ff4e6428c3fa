package report

import (
	"fmt"
	"time"
)

// Reading is a pass over an input as it stands.
type Reading struct {
	Step, Steps int // which pass, of how many, from 1
	Bytes, Size int64
	Findings    int64
	Elapsed     time.Duration // of all passes
	ETA         time.Duration // of this pass; negative: nobody knows
}

// Block is what a terminal shows of the pass: one line.
func (r *Reading) Block(look Look) []string {
	most := look.Columns - 1
	const mib = 1 << 20
	text := ProgressReading.In(look.Lang, r.Step, r.Steps, r.Findings, eta(r.ETA, look.Lang))
	line := bar(min(r.Bytes, r.Size)/mib, max(r.Size/mib, 1), most, "MiB  "+text, look.Lang)
	if look.Columns < narrow {
		line = fmt.Sprintf("%d%% %s", 100*min(r.Bytes, r.Size)/max(r.Size, 1), text)
	}
	return []string{Cut(line, most)}
}

// Line is the pass on one line, for logs; see Progress.Line.
func (r *Reading) Line() string {
	eta := "-"
	if r.ETA >= 0 {
		eta = seconds(r.ETA)
	}
	return fmt.Sprintf("axgbind: reading step=%d steps=%d bytes=%d of=%d findings=%d elapsed_s=%s eta_s=%s",
		r.Step, r.Steps, min(r.Bytes, r.Size), r.Size, r.Findings, seconds(r.Elapsed), eta)
}
