package input

import (
	"fmt"
	"slices"
	"strings"

	"axgbind/batch/field"
	"axgbind/batch/rules"
	"axgbind/report"
)

// Remark is something about the file as a whole that a person should know.
type Remark struct {
	Rule   string // the ID of a Rule
	Line   int
	Field  field.Field // NumFields: none
	Letter string      // a spreadsheet's letter of the column; "": none
	Header string      // for people; numbers masked
	Map    string      // the flag that has the column read, ready to be typed; "" if it cannot be typed

	args []any // of the rule's Cause
}

// Remarks returns what is to be said of how the file is read, before its rows are.
func (in *Input) Remarks() []Remark { return slices.Clone(in.remarks) }

func (r *Remark) cure(lang report.Lang) string {
	switch {
	case r.Rule != rules.Unread:
		return rules.ByID(r.Rule).Cure.In(lang)
	case field.Misread(r.Field, r.Header) && r.Field == field.Expiration:
		return report.ColumnZone.In(lang, r.Field.String())
	case field.Misread(r.Field, r.Header):
		return report.ColumnTruth.In(lang, r.Field.String())
	case r.Map != "":
		return report.ColumnMap.In(lang, r.Field.String(), r.Map)
	}
	return report.ColumnRename.In(lang, r.Field.String())
}

// Finding returns what a list of findings says of it. It is of no row.
func (r *Remark) Finding(lang report.Lang) report.Finding {
	rule := rules.ByID(r.Rule)
	f := report.Finding{
		Severity: rule.Severity.String(), Rule: rule.ID, Line: r.Line, Column: r.Letter, Header: r.Header,
		Reason: rule.Cause.In(lang, r.args...), Action: r.cure(lang),
	}
	if r.Field < field.NumFields {
		f.Field = r.Field.String()
	}
	return f
}

// Sentence tells a person of it.
func (r *Remark) Sentence(lang report.Lang) string {
	if r.Rule == rules.Unread {
		return report.SayUnread.In(lang, r.Letter, r.Header, r.cure(lang))
	}
	return report.SayRemark.In(lang, rules.ByID(r.Rule).Cause.In(lang, r.args...), r.cure(lang))
}

// Blank counts the records of an input that have nothing in any cell. Spreadsheets write
// them for rows that were cleared; they are no rows.
type Blank struct {
	Records int
	Lines   []int // on which the first few begin
}

func (b *Blank) note(line int) {
	if b.Records++; len(b.Lines) < firstFindings {
		b.Lines = append(b.Lines, line)
	}
}

func (b *Blank) add(c Blank) {
	b.Records += c.Records
	b.Lines = append(b.Lines, c.Lines[:min(len(c.Lines), firstFindings-len(b.Lines))]...)
}

// Remark says it of the file; ok is false if there is nothing to say.
func (b *Blank) Remark() (r Remark, ok bool) {
	if b.Records == 0 {
		return Remark{}, false
	}
	lines := strings.Trim(fmt.Sprint(b.Lines), "[]")
	if b.Records > len(b.Lines) {
		lines += " …"
	}
	return Remark{Rule: rules.Blank, Line: b.Lines[0], Field: field.NumFields, args: []any{b.Records, strings.ReplaceAll(lines, " ", ", ")}}, true
}
