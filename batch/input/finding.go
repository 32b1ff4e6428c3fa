package input

import (
	"strings"

	"axgbind/batch/field"
	"axgbind/report"
)

// firstFindings is how many lines a group of findings names.
const firstFindings = 5

// Findings gathers what is found in an input by problem: one rule in one
// column. It keeps a few lines of each, so its memory does not grow with the
// rows. The zero value is ready for use.
type Findings struct {
	groups []findingGroup
	index  map[findingKey]int
}

type findingKey struct {
	rule   string
	column int
	field  field.Field
}

type findingGroup struct {
	first Fault
	rows  int
	last  int // row counted last
	lines []int
}

// Add takes one finding of a data row (from 1) that starts on a line. Rows come
// in order.
func (f *Findings) Add(row, line int, fault *Fault) {
	key := findingKey{fault.Rule, fault.number, fault.Field}
	i, ok := f.index[key]
	if !ok {
		if f.index == nil {
			f.index = make(map[findingKey]int)
		}
		i = len(f.groups)
		f.index[key] = i
		first := *fault
		first.value, first.became = strings.Clone(first.value), strings.Clone(first.became) // the row's text is not kept alive
		f.groups = append(f.groups, findingGroup{first: first})
	}
	g := &f.groups[i]
	if g.last == row {
		return
	}
	g.last = row
	if g.rows++; len(g.lines) < firstFindings {
		g.lines = append(g.lines, line)
	}
}

// Groups returns the problems, the worst first.
func (f *Findings) Groups(lang report.Lang) []report.FindingGroup {
	groups := make([]report.FindingGroup, len(f.groups))
	for i := range f.groups {
		g := &f.groups[i]
		groups[i] = report.FindingGroup{
			Severity: g.first.Severity, Rule: g.first.Rule, Problem: g.first.problem(lang), Rows: g.rows, Lines: g.lines,
			Reason: g.first.cause(lang), Action: g.first.Action(lang),
		}
	}
	report.SortFindings(groups)
	return groups
}

// Finding returns what a list of findings says of the fault in a data row (from
// 1) that starts on a line.
func (f *Fault) Finding(row, line int, lang report.Lang) report.Finding {
	found := report.Finding{
		Severity: f.Severity.String(), Rule: f.Rule, Row: row, Line: line, Column: f.Letter(), Header: shownHeader(f.Column),
		Value: plainValue(f.Field, f.value), Repaired: plainValue(f.Field, f.became), Code: f.Code(), Reason: f.cause(lang), Action: f.Action(lang),
	}
	if f.Field == field.Expiration && f.became != "" {
		found.Value = shortened(f.value)
	}
	if f.Field < field.NumFields {
		found.Field = f.Field.String()
	}
	return found
}
