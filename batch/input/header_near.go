package input

import (
	"axgbind/batch/field"
	"axgbind/report"
)

// UnreadColumn is a column that fills no field, under a header that is almost one
// of a field no column fills. What stands in it would be left out of every call.
type UnreadColumn struct {
	Field  field.Field
	Letter string // a spreadsheet's letter of the column
	Header string // for people; numbers masked
	Map    string // the flag that has it read, ready to be typed; "" if its header cannot be typed
}

// Unread returns the columns that somebody most likely means to be read, in file
// order. They are told and never read: a wrong number bound costs money.
func (in *Input) Unread() (list []UnreadColumn) {
	l := in.layout
	for _, i := range l.own {
		if l.fieldNames[i] != "" || l.bindings && (i == l.secretNo || i == l.subsID) {
			continue
		}
		f, ok := field.Near(l.header[i], func(f field.Field) bool { return l.column[f] < 0 })
		if !ok || numberLike(l.header[i]) || isVerdictColumn(l.header[i]) {
			continue
		}
		u := UnreadColumn{Field: f, Letter: ColumnLetter(i + 1), Header: report.Plain(shownHeader(l.header[i]))}
		if _, ok := typedHeader(l.header[i]); ok {
			u.Map = l.mapFlag(i, f)
		}
		list = append(list, u)
	}
	return list
}

// Finding returns what a list of findings says of the column. It is of no row.
func (u *UnreadColumn) Finding(lang report.Lang) report.Finding {
	r := ruleByID(ruleUnread)
	return report.Finding{
		Severity: r.Severity.String(), Rule: r.ID, Line: 1, Column: u.Letter, Header: u.Header, Field: u.Field.String(),
		Reason: r.Cause.In(lang), Action: u.cure(lang),
	}
}

func (u *UnreadColumn) cure(lang report.Lang) string {
	if u.Map != "" {
		return report.ColumnMap.In(lang, u.Field.String(), u.Map)
	}
	return report.ColumnRename.In(lang, u.Field.String())
}

// Sentence tells a person of the column.
func (u *UnreadColumn) Sentence(lang report.Lang) string {
	return report.SayUnread.In(lang, u.Letter, u.Header, u.cure(lang))
}

const ruleUnread = "column-not-read"

var headerRules = [...]Rule{
	{
		ID: ruleUnread, Severity: report.Warning,
		Meaning: report.Text{EN: "a column whose header is almost that of a field is read, or is known not to be meant", ZH: "表头与某个字段相近的列要么被读取，要么确认与字段无关"},
		Cause:   report.Text{EN: "the column is not read: its header is almost that of a field, but not quite", ZH: "该列不会被读取：表头与某个字段相近，但不相同"},
		Cure:    report.Text{EN: "give the column its field with --map 'COLUMN=Field', or rename the header; leave it if it means something else", ZH: "用 --map '列名=字段' 指定字段，或修改表头；如果含义不同则不用处理"},
	},
}
