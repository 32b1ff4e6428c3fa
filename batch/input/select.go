package input

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"axgbind/batch/field"
	"axgbind/report"
)

// Cell returns what tells the rows that have a value in a column: one of the
// input's own, by its header or the name of the field that it fills, or SecretNo
// or SubsId, or of results Code, which takes several with commas between. ok is
// false if there is no such column. A value fits as it stands or in its normalised
// form.
func (in *Input) Cell(column, value string) (has func(*Row) bool, ok bool) {
	key := field.Key(column)
	switch {
	case in.layout.bindings && key == field.Key("SubsId"):
		return func(row *Row) bool { return row.SubsID == value }, true
	case in.layout.bindings && key == field.Key("SecretNo"):
		return func(row *Row) bool { return row.SecretNo == value }, true
	}
	own := slices.IndexFunc(in.layout.ownNames, func(name string) bool { return field.Key(name) == key })
	if code := VerdictColumns[report.ColumnCode]; own < 0 && in.IsResults() && (key == field.Key(code) || key == field.Key(report.Prefix+code)) {
		codes := strings.Split(value, ",")
		return func(row *Row) bool { return row.Verdict != nil && slices.Contains(codes, row.Verdict.Code) }, true
	}
	f, is := field.Of(column)
	if own >= 0 && !is {
		f = field.Field(slices.Index(in.layout.column[:], in.layout.own[own]))
		is = f < field.NumFields // --map may have given it one
	}
	if own < 0 && (!is || in.layout.column[f] < 0 && in.layout.defaults[f] == "") {
		return nil, false
	}
	normal := ""
	if is {
		normal = Normalise(f, value)
	}
	return func(row *Row) bool {
		return own >= 0 && row.Record[own] == value || is && row.Fields[f] == normal
	}, true
}

// Lines are ranges of line numbers.
type Lines [][2]int

// ParseLines reads ranges such as 2-11,40. The error names the part that is none.
func ParseLines(s string) (Lines, error) {
	var lines Lines
	for part := range strings.SplitSeq(s, ",") {
		from, to, ranged := strings.Cut(strings.TrimSpace(part), "-")
		if !ranged {
			to = from
		}
		first, err := strconv.Atoi(from)
		last, lerr := strconv.Atoi(to)
		if err != nil || lerr != nil || first < 1 || last < first {
			return nil, fmt.Errorf("%q", part)
		}
		lines = append(lines, [2]int{first, last})
	}
	return lines, nil
}

// Has reports whether the row is on one of the lines: of column Line if the row
// is of a results file, else of its own file.
func (l Lines) Has(row *Row) bool {
	at := row.Line
	if row.Verdict != nil && row.Verdict.Line > 0 {
		at = row.Verdict.Line
	}
	return slices.ContainsFunc(l, func(r [2]int) bool { return r[0] <= at && at <= r[1] })
}

// SurplusColumn is the column by which a list of bindings that are one too many is known: the SubsId of the
// binding that each is beside.
const SurplusColumn = "BesideSubsId"

// NamesSurplus reports whether the input is such a list.
func (in *Input) NamesSurplus() bool {
	return slices.ContainsFunc(in.layout.ownNames, func(name string) bool { return field.Key(name) == field.Key(SurplusColumn) })
}
