package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// shownCodes is how many codes the summary for people names, so that it stays
// within 20 lines.
const shownCodes = 5

// WriteText writes the summary for people, without the last lines that state
// status and next step.
func (s *Summary) WriteText(w io.Writer, lang Lang) error {
	b := &strings.Builder{}
	label := func(p Text) { fmt.Fprintf(b, "  %s", Pad(p.In(lang), 10)) }

	if s.Simulated {
		fmt.Fprintf(b, "  %s\n", SumSimulated.In(lang))
	}
	s.writeStates(b, lang)
	if !s.Balanced() {
		sum := 0
		for _, n := range s.Counts {
			sum += n
		}
		fmt.Fprintf(b, "  %s\n", SumUnbalanced.In(lang, sum, s.Rows))
	}
	if notes := s.notes(lang); len(notes) > 0 {
		fmt.Fprintf(b, "  %s\n", strings.Join(notes, Between.In(lang)))
	}
	if s.SameInput != nil {
		fmt.Fprintf(b, "  %s\n", s.SameInput.In(lang))
	}
	if s.Repaired > 0 {
		fmt.Fprintf(b, "  %s\n", SumRepaired.In(lang, s.Repaired))
	}
	if action, calls := s.action(); action != "" && calls > 0 {
		fmt.Fprintf(b, "  %s%s\n", Pad(action, 10), SumCalls.In(lang, calls, s.Finished.Sub(s.Started).Round(10*time.Millisecond),
			s.Retries, s.Throttled, s.AverageRate, s.PeakRate, s.Limit))
		if s.LatencyMs.Max > 0 {
			fmt.Fprintf(b, "  %s%s\n", Pad("", 10), SumLatency.In(lang, Millis(s.LatencyMs.P50, lang), Millis(s.LatencyMs.P95, lang), Millis(s.LatencyMs.P99, lang), Millis(s.LatencyMs.Max, lang)))
		}
	}
	s.writeFailures(b, lang)
	for _, f := range []struct {
		label Text
		path  string
	}{{SumResults, s.Results}, {SumFailed, s.Failed}, {SumFindings, s.Findings}, {SumJournal, s.Journal}} {
		if f.path != "" {
			label(f.label)
			fmt.Fprintf(b, "%s\n", Shown(f.path))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// notes are what is said of the rows besides their states.
func (s *Summary) notes(lang Lang) (notes []string) {
	released := s.Count(Released)
	for _, note := range []struct {
		told bool
		text string
	}{
		{s.Gone > 0, SumGone.In(lang, s.Gone)},
		{s.GoneUnknown > 0, SumGoneUnknown.In(lang, s.GoneUnknown)},
		{s.Already > 0, SumAlready.In(lang, s.Already)},
		{s.Ended > 0, SumEnded.In(lang, s.Ended)},
		{s.Warnings > 0, SumWarnings.In(lang, s.Warnings)},
		{s.Command == commandUpdate && s.Renewed > 0, SumChanged.In(lang, s.Renewed)},
		{s.Command != commandUpdate && (s.Renewed > 0 || s.UpdateCalls > 0), SumRenewed.In(lang, s.Renewed, s.UpdateCalls)},
		{released > 0 && s.Command != CommandUnbind, SumReleased.In(lang, released)},
		{s.Looks > 0, SumLooks.In(lang, s.Looks)},
	} {
		if note.told {
			notes = append(notes, note.text)
		}
	}
	return notes
}

// action is what the command calls, and how often it did; blank for commands
// whose calls are told otherwise.
func (s *Summary) action() (name string, calls int64) {
	switch s.Command {
	case "bind":
		if s.Calls == 0 && s.UpdateCalls > 0 {
			return "UpdateSubscription", s.UpdateCalls
		}
		return "BindAxg", s.Calls
	case commandUpdate:
		return "UpdateSubscription", s.UpdateCalls
	case CommandUnbind:
		return "UnbindSubscription", s.ReleaseCalls
	}
	return "", 0
}

// sumColumns is how wide the sum of the states may be; in Chinese it takes two lines.
const sumColumns = 100

// writeStates writes how many rows are in each state, as a sum that must be
// right, and below each its share of all.
func (s *Summary) writeStates(b *strings.Builder, lang Lang) {
	sum := fmt.Sprintf("  %s%d =", Pad(SumRows.In(lang), 10), s.Rows)
	shares, indent := "  "+SumShare.In(lang), Columns(sum)
	write := func() {
		b.WriteString(sum + "\n")
		if s.Rows > 0 {
			b.WriteString(shares + "\n")
		}
	}
	for i, status := range s.Shown() {
		name := status.Label(lang)
		if s.Command == "check" && status == Pending {
			name = SumValid.In(lang)
		}
		state := fmt.Sprintf(" %s %d", name, s.Count(status))
		if i > 0 && Columns(sum+" +"+state) > sumColumns {
			write()
			sum, shares = strings.Repeat(" ", indent-2), ""
		}
		if i > 0 {
			sum += " +"
		}
		if s.Rows > 0 {
			shares = Pad(shares, Columns(sum)+1) + Share(s.Count(status), s.Rows)
		}
		sum += state
	}
	write()
}

// Share is n of all in percent. What is not nothing never shows as 0, and what
// is not everything never as 100.
func Share(n, all int) string {
	percent := 100 * float64(n) / float64(all)
	switch {
	case n > 0 && percent < 0.1:
		return "<0.1%"
	case n < all && percent > 99.9:
		return ">99.9%"
	}
	return strconv.FormatFloat(percent, 'f', 1, 64) + "%"
}

func (s *Summary) writeFailures(b *strings.Builder, lang Lang) {
	if len(s.Failures) == 0 {
		return
	}
	fmt.Fprintf(b, "  %s\n", SumFailures.In(lang))
	for i, f := range s.Failures {
		if i == shownCodes {
			fmt.Fprintf(b, "    %s\n", SumMoreCodes.In(lang, len(s.Failures)-i))
			return
		}
		label := f.Status
		if status, ok := ParseStatus(f.Status); ok {
			label = status.Label(lang)
		}
		fmt.Fprintf(b, "    %s\n", SumFailure.In(lang, f.Count, label, f.Code, strings.TrimSuffix(f.Meaning, "。"), LineList(lang, f.Lines, f.Count), f.Who))
	}
}

// LineList names the first lines of n rows.
func LineList(lang Lang, first []int, n int) string {
	names := make([]string, len(first))
	for i, line := range first {
		names[i] = strconv.Itoa(line)
	}
	list := strings.Join(names, Among.In(lang))
	switch {
	case n == 1:
		return SumLine.In(lang, list)
	case n > len(first):
		return SumLinesMore.In(lang, list, n-len(first))
	}
	return SumLines.In(lang, list)
}
