package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
)

// Progress is a run as it stands, as far as people watch it. Counts are of
// rows unless they say otherwise, and of this run, but for Rows and Before.
type Progress struct {
	Rows   int64 // in the input
	Before int64 // of these, those that were settled before this run

	Bound, Failed, Invalid, Unknown int64 // ended so in this run
	Released                        int64 // likewise
	Pending                         int64 // ended without being executed
	Left                            int64 // have not ended
	Looking                         int64 // of those left, whose lost answer is being looked up
	Waiting                         int64 // of those left, that wait until no earlier call on their binding can be executed

	Calls, Retries, Throttled int64
	InFlight, Places          int64         // calls on the wire, and how many there may be
	Speed                     float64       // calls a second, lately
	Limit, Rate               float64       // calls a second: in force, and asked for
	P50, P99                  time.Duration // latency; 0: not known
	Elapsed                   time.Duration
	ETA                       time.Duration // negative: nobody knows
	Asked                     bool          // the service asked that no call be made now
	Paused                    bool          // no call is made but probes
}

// done is how many rows of the input have ended.
func (p *Progress) done() int64 { return min(max(p.Rows-p.Left, 0), p.Rows) }

// Look is how a block is drawn.
type Look struct {
	Columns int // of the terminal
	Lang    Lang
	Color   bool
}

// narrow is the width below which a block is one line of the essentials.
const narrow = 60

// Bounds of the bar itself, in columns.
const (
	leastBar    = 4
	mostBar     = 60
	usualText   = 28 // of the times behind it
	usualTextZH = 38 // 已用 12 分 30 秒，预计还需 14 分 40 秒
)

// Block is what a terminal shows of the run: two to four lines, none as wide as
// the terminal, so that none wraps.
func (p *Progress) Block(look Look) []string {
	most := look.Columns - 1
	var lines []string
	if look.Columns < narrow {
		lines = []string{p.essentials(most, look.Lang)}
	} else {
		lines = []string{
			bar(p.done(), p.Rows, most, ProgressTime.In(look.Lang, Short(p.Elapsed, look.Lang), eta(p.ETA, look.Lang)), look.Lang),
			p.counts(look.Lang),
			p.traffic(look.Lang),
		}
	}
	slow, args := p.slow()
	if slow.phrase != (Text{}) {
		lines = append(lines, slow.phrase.In(look.Lang, args...))
	}
	for i, line := range lines {
		lines[i] = Cut(line, most)
	}
	if slow.phrase != (Text{}) && look.Color {
		last := &lines[len(lines)-1]
		*last = "\x1b[33m" + *last + "\x1b[0m"
	}
	return lines
}

// bar draws n of all and a text behind it, at most so many columns wide. A new
// bar is made each time: it then knows nothing that a resume or a pause could
// make wrong, draws nowhere by itself, and has no clock. The theme is ASCII,
// for a block character takes two columns on many Chinese terminals.
func bar(n, all int64, most int, text string, lang Lang) string {
	usual := usualText // or its end would jump about
	if lang == ZH {
		usual = usualTextZH
	}
	room := most - Columns(fmt.Sprintf("100%% [] (%d/%d)  ", all, all)) - max(Columns(text), usual)
	b := progressbar.NewOptions64(max(all, 1),
		progressbar.OptionSetWriter(io.Discard),
		progressbar.OptionSetTheme(progressbar.ThemeASCII),
		progressbar.OptionSetWidth(min(max(room, leastBar), mostBar)),
		progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionSetDescription(text),
	)
	_ = b.Set64(n) // at most all, so it cannot fail
	return strings.TrimSpace(b.String())
}

// counts are the rows by how they ended, leaving out what is rare and 0.
func (p *Progress) counts(lang Lang) string {
	done := ProgressBound.In(lang, p.Bound)
	if p.Released > 0 {
		done = ProgressReleased.In(lang, p.Released)
	}
	parts := []string{done, ProgressFailed.In(lang, p.Failed)}
	if p.Invalid > 0 {
		parts = append(parts, ProgressInvalid.In(lang, p.Invalid))
	}
	parts = append(parts, ProgressUnknown.In(lang, p.Unknown))
	if p.Pending > 0 {
		parts = append(parts, ProgressPending.In(lang, p.Pending))
	}
	parts = append(parts, ProgressLeft.In(lang, p.Left))
	if p.Before > 0 {
		parts = append(parts, ProgressBefore.In(lang, p.Before))
	}
	return strings.Join(parts, "  ")
}

// traffic is the calls.
func (p *Progress) traffic(lang Lang) string {
	s := ProgressCalls.In(lang, p.Speed, p.Rate, p.InFlight)
	if p.P50 > 0 {
		s += "  " + ProgressLatency.In(lang, Short(p.P50, lang), Short(p.P99, lang))
	}
	return s
}

// essentials are what fits of the words that matter most, in one line.
func (p *Progress) essentials(most int, lang Lang) string {
	parts := []string{
		strconv.FormatInt(100*p.done()/max(p.Rows, 1), 10) + "%", fmt.Sprintf("%d/%d", p.done(), p.Rows),
		eta(p.ETA, lang), ProgressFailed.In(lang, p.Failed), ProgressUnknown.In(lang, p.Unknown),
	}
	line := ""
	for i, part := range parts {
		if i > 0 {
			part = " " + part
		}
		if Columns(line)+Columns(part) > most {
			break
		}
		line += part
	}
	return line
}

// eta is how long something will take yet, in words.
func eta(d time.Duration, lang Lang) string {
	if d < 0 {
		return ProgressNoETA.In(lang)
	}
	return ProgressETA.In(lang, Short(d, lang))
}

// reason is why a run is slower than was asked for.
type reason struct {
	key    string // in the plain line
	phrase Text
}

// slow is the weightiest of the reasons that hold; the zero reason if none does.
func (p *Progress) slow() (reason, []any) {
	switch {
	case p.Paused:
		return reason{"paused", ProgressPaused}, nil
	case p.Asked:
		return reason{"asked", ProgressAsked}, nil
	case p.Waiting > 0 && p.Looking+p.Waiting == p.Left:
		return reason{"earlier-calls", ProgressWaiting}, []any{p.Waiting}
	case p.Limit < p.Rate:
		return reason{"throttled", ProgressThrottled}, []any{p.Limit}
	case p.Looking > 0 && p.Looking == p.Left:
		return reason{"look-ups", ProgressLooking}, []any{p.Looking}
	case p.Places > 0 && 10*p.InFlight >= 9*p.Places && p.Speed < 0.9*p.Limit && p.Elapsed > waiting/2:
		return reason{"in-flight", ProgressInFlight}, []any{p.InFlight}
	}
	return reason{}, nil
}

// Line is the run on one line, for logs. Its keys are English whatever the
// language, always there and always in this order; more may be added at the
// end. eta_s and slow are - if there is none.
func (p *Progress) Line() string {
	eta, why := "-", "-"
	if p.ETA >= 0 {
		eta = seconds(p.ETA)
	}
	if slow, _ := p.slow(); slow.key != "" {
		why = slow.key
	}
	more := ""
	if p.Released > 0 {
		more = fmt.Sprintf(" released=%d", p.Released)
	}
	return fmt.Sprintf("axgbind: progress rows=%d settled=%d bound=%d failed=%d invalid=%d unknown=%d pending=%d left=%d "+
		"calls=%d retries=%d throttled=%d in_flight=%d rate=%.1f limit=%.1f p50_ms=%.1f p99_ms=%.1f elapsed_s=%s eta_s=%s slow=%s",
		p.Rows, p.done(), p.Bound, p.Failed, p.Invalid, p.Unknown, p.Pending, p.Left,
		p.Calls, p.Retries, p.Throttled, p.InFlight, p.Speed, p.Limit,
		p.P50.Seconds()*1000, p.P99.Seconds()*1000, seconds(p.Elapsed), eta, why) + more
}

// seconds are whole ones, so that nobody has to parse a unit.
func seconds(d time.Duration) string {
	return strconv.FormatInt(int64(d.Round(time.Second)/time.Second), 10)
}
