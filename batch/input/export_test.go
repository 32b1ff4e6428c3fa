package input

import "axgbind/batch/field"

// ReadInPartsOf makes the input be read in parts of some n bytes.
func (in *Input) ReadInPartsOf(n int) { in.text.PartSize = n }

// NewQuickIdentity returns what tells rows apart by these fields.
func NewQuickIdentity(fields []field.Field) *quickIdentity { return newQuickIdentity(fields) }

// Column is a header that fills a field.
type Column struct {
	Field  field.Field
	Header string // as it stands in the file
	Number int    // position in the file, from 1
}

// Columns returns the columns that fill a field, in file order.
func (in *Input) Columns() []Column {
	var cols []Column
	for _, f := range in.layout.order {
		if i := in.layout.column[f]; i >= 0 {
			cols = append(cols, Column{Field: f, Header: in.layout.header[i], Number: i + 1})
		}
	}
	return cols
}

// Defaults returns the defaults in their normalised form.
func (in *Input) Defaults() map[field.Field]string {
	m := make(map[field.Field]string)
	for f, v := range in.layout.defaults {
		if v != "" {
			m[field.Field(f)] = v
		}
	}
	return m
}
