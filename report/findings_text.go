package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// FindingGroup is all findings of one rule in one column: one problem, however
// many rows have it.
type FindingGroup struct {
	Severity Severity
	Rule     string
	Problem  string // what is wrong with which column, in a few words
	Rows     int    // that have it
	Lines    []int  // where the first of them start; at least one
	Reason   string // of the first
	Action   string
}

// mostGroups is how many groups of findings a person gets to see, wherever.
const mostGroups = 20

// TerminalSize is that of where people read; zero: no terminal, but a file or a pipe.
type TerminalSize struct{ Columns, Lines int }

// besideFindings is how many lines of a terminal are left to a summary.
const besideFindings = 15

// room is how many lines of it findings may take.
func (s TerminalSize) room() int {
	if s.Lines == 0 {
		return math.MaxInt
	}
	return s.Lines - besideFindings
}

// takes is how many lines of the terminal a text takes that ends with a line end.
func (s TerminalSize) takes(text string) (n int) {
	for line := range strings.Lines(text) {
		n++
		if s.Columns > 0 {
			n += max(Columns(strings.TrimSuffix(line, "\n"))-1, 0) / s.Columns
		}
	}
	return n
}

// SortFindings puts the worst first: errors before warnings before repairs, and
// what more rows have before what fewer have.
func SortFindings(groups []FindingGroup) {
	slices.SortStableFunc(groups, func(a, b FindingGroup) int {
		if a.Severity != b.Severity {
			return int(a.Severity) - int(b.Severity)
		}
		return b.Rows - a.Rows
	})
}

// WriteFindings writes groups for people, as many as the terminal has room for, but one at
// least, and how many more there are.
func WriteFindings(w io.Writer, lang Lang, groups []FindingGroup, on TerminalSize) error {
	b := &strings.Builder{}
	room := on.room()
	for i := range groups {
		text := groups[i].text(lang)
		if room -= on.takes(text); i == mostGroups || i > 0 && room < 0 {
			fmt.Fprintln(b, FindingMore.In(lang, len(groups)-i))
			break
		}
		b.WriteString(text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// text is three lines: what and where, the first of them, the cure.
func (g *FindingGroup) text(lang Lang) string {
	rows := FindingRow.In(lang)
	if g.Rows > 1 {
		rows = FindingRows.In(lang, g.Rows)
	}
	return FindingHead.In(lang, g.Severity.In(lang), Whole(g.Problem), rows, LineList(lang, g.Lines, g.Rows), g.Rule) + "\n" +
		FindingFirst.In(lang, g.Lines[0], Whole(g.Reason)) + "\n" + CureLine.In(lang, Whole(g.Action)) + "\n"
}
