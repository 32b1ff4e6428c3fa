package input

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"axgbind/batch/city"
	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/batch/rules"
	"axgbind/report"
)

// Fault is one thing found wrong with one row, or put right in it.
type Fault struct {
	Rule     string // the ID of a Rule
	Severity report.Severity
	Field    field.Field // NumFields if the fault is that of the record or of a column that fills no field
	Column   string      // the header as it stands in the file; "" if no column is at fault, as with a default

	number int    // position of the column in the file, from 1; 0: none
	preset bool   // the value is a default, not a cell
	value  string // as it stands; never shown but by shownValue
	became string // what a repair made of it
	args   []any  // of the rule's Cause
}

// IsError reports whether the fault keeps the row from being sent.
func (f Fault) IsError() bool { return f.Severity == report.Error }

// Code returns the code that the service would have given the row, such as
// isv.MOBILE_NUMBER_ILLEGAL.
func (f Fault) Code() string { return rules.ByID(f.Rule).Code }

// Reason says in one sentence where the fault is and what it is. Phone numbers
// in it are masked.
func (f Fault) Reason(lang report.Lang) string {
	cause := f.cause(lang)
	if place := f.place(lang); place != "" {
		return report.FaultAt.In(lang, report.Whole(place), report.Whole(cause))
	}
	return cause
}

// cause is what is wrong, with the value but without the place.
func (f Fault) cause(lang report.Lang) string {
	cause := rules.ByID(f.Rule).Cause.In(lang, f.args...)
	value, became := shownValue(f.Field, f.value), shownValue(f.Field, f.became)
	if f.Field == field.Expiration && f.became != "" {
		value = strconv.Quote(shortened(f.value)) // a time, were it fourteen digits
	}
	if became != "" && became != value { // masked, the two may look alike
		value += report.Text{EN: " is read as ", ZH: " 读作 "}.In(lang) + became
	}
	if value = strings.TrimSpace(value); value != "" {
		cause = report.FaultValue.In(lang, report.Whole(cause), report.Whole(value))
	}
	if f.Rule == rules.CityUnknown {
		if near := city.Nearest(f.value); near != "" {
			cause += fmt.Sprintf(report.Text{EN: "; did you mean %s?", ZH: "；是否为 %s？"}.In(lang), near)
		}
	}
	return cause
}

// problem says in a few words which column is at fault, and what with.
func (f Fault) problem(lang report.Lang) string {
	place := f.place(lang)
	if place == "" {
		place = report.FindingOfRow.In(lang)
	}
	return report.FindingProblem.In(lang, report.Whole(place), rules.ByID(f.Rule).Short)
}

// Letter returns the spreadsheet's letter of the column, "" if there is none.
func (f Fault) Letter() string { return ColumnLetter(f.number) }

// Action says what to do about the fault.
func (f Fault) Action(lang report.Lang) string { return rules.ByID(f.Rule).Cure.In(lang) }

func (f Fault) place(lang report.Lang) string {
	switch {
	case f.number > 0:
		return report.FaultColumn.In(lang, f.Letter(), report.Whole(shownHeader(f.Column)))
	case f.preset:
		return report.FaultDefault.In(lang, f.Field)
	case f.Field < field.NumFields:
		return report.FaultField.In(lang, f.Field)
	}
	return ""
}

// in puts a fault of the record into a file column, and so into the field it fills.
func (f Fault) in(l *layout, column int) Fault {
	f.Column, f.number = l.header[column], column+1
	if i := slices.Index(l.column[:], column); i >= 0 {
		f.Field = field.Field(i)
	}
	return f
}

// fieldFault returns a fault of a field of the row; l is nil for a row that was
// not read from a file.
func (l *layout) fieldFault(rule string, field field.Field, value string, args ...any) Fault {
	f := Fault{Rule: rule, Field: field, Severity: rules.ByID(rule).Severity, value: value, args: args}
	if l == nil {
		return f
	}
	if i := l.column[field]; i >= 0 {
		f.Column, f.number = l.header[i], i+1
	} else {
		f.preset = l.defaults[field] != ""
	}
	return f
}

// shownValue returns what may be shown of a value in a sentence: a number
// masked, any other text in quotation marks.
func shownValue(f field.Field, s string) string {
	if secret(f, s) {
		return plainValue(f, s)
	}
	if s == "" {
		return ""
	}
	return strconv.Quote(shortened(s))
}

// plainValue returns what may be shown of a value: a number masked or, if it is
// too short to be masked, nothing; any other text as it stands, if not longer
// than 40 characters.
func plainValue(f field.Field, s string) string {
	if !secret(f, s) {
		return shortened(s)
	}
	if m := report.Mask(s); !strings.HasPrefix(m, "(") {
		return m
	}
	return ""
}

// secret tells a phone number, or what could be one that slipped into the wrong
// column.
func secret(f field.Field, s string) bool {
	return f == field.PhoneNoA || f == field.PhoneNoB || f == field.PhoneNoX || numberLike(s)
}

// shownHeader returns a header for a message: shortened, and masked if it could
// be a phone number, as in a file without header.
func shownHeader(s string) string {
	if numberLike(s) {
		return report.Plain(report.Mask(s))
	}
	return report.Shown(strings.Join(strings.Fields(shortened(s)), " "))
}

func shownHeaders(headers []string) []string {
	shown := make([]string, len(headers))
	for i, h := range headers {
		shown[i] = shownHeader(h)
	}
	return shown
}

// numberLike tells a text with seven digits in a row, full-width ones included:
// the shortest phone number. So are eleven with nothing between them but what
// people put into numbers; a date and hour has ten.
func numberLike(s string) bool {
	row, loose := 0, 0
	for _, r := range s {
		r = csvtext.Narrow(r)
		switch {
		case '0' <= r && r <= '9':
			row, loose = row+1, loose+1
			if row == 7 || loose == 11 {
				return true
			}
		case separator(r) || r == '+':
			row = 0
		default:
			row, loose = 0, 0
		}
	}
	return false
}

// shortened cuts a text after 40 characters.
func shortened(s string) string {
	n := 0
	for i := range s {
		if n++; n > 40 {
			return s[:i] + "…"
		}
	}
	return s
}

// FieldFault is a fault in a field of a row that has the value.
func (in *Input) FieldFault(rule string, f field.Field, value string, args ...any) Fault {
	return in.layout.fieldFault(rule, f, value, args...)
}

// RowFault is a fault of a row as a whole.
func RowFault(rule string, args ...any) Fault {
	return Fault{Rule: rule, Field: field.NumFields, Severity: rules.ByID(rule).Severity, args: args}
}
