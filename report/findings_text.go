package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// FindingGroup is all findings of one rule in one column: one problem, however
// many rows have it.
type FindingGroup struct {
	Severity Severity
	Rule     string
	Place    string // column and header; "" for the row as such
	Rows     int    // that have it
	Lines    []int  // where the first of them start; at least one
	Reason   string // of the first
	Action   string
}

// shownGroups is how many groups of findings a person gets to see.
const shownGroups = 20

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

// WriteFindings writes groups for people, at most 20 of them.
func WriteFindings(w io.Writer, lang Lang, groups []FindingGroup) error {
	b := &strings.Builder{}
	for i := range groups {
		if i == shownGroups {
			fmt.Fprintln(b, FindingMore.In(lang, len(groups)-i))
			break
		}
		g := &groups[i]
		place := g.Place
		if place != "" {
			place = FindingPlace.In(lang, place)
		}
		rows := FindingRow.In(lang)
		if g.Rows > 1 {
			rows = FindingRows.In(lang, g.Rows)
		}
		fmt.Fprintln(b, FindingHead.In(lang, Pad(g.Severity.In(lang), 10), g.Rule, Whole(place), rows, lines(lang, g.Lines, g.Rows)))
		fmt.Fprintln(b, FindingFirst.In(lang, g.Lines[0], Whole(g.Reason)))
		fmt.Fprintln(b, CureLine.In(lang, Whole(g.Action)))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// lines names the first lines of n rows.
func lines(lang Lang, first []int, n int) string {
	names := make([]string, len(first))
	for i, line := range first {
		names[i] = strconv.Itoa(line)
	}
	list := strings.Join(names, ", ")
	if n > len(first) {
		list += SumMore.In(lang, n-len(first))
	}
	if n == 1 {
		return SumLine.In(lang, list)
	}
	return SumLines.In(lang, list)
}
