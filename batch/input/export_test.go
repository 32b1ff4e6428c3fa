package input

import "axgbind/batch/field"

// ReadInPartsOf makes the input be read in parts of some n bytes.
func (in *Input) ReadInPartsOf(n int) { in.text.PartSize = n }

// NewQuickIdentity returns what tells rows apart by these fields.
func NewQuickIdentity(fields []field.Field) *quickIdentity { return newQuickIdentity(fields) }
