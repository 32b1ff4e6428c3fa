package input

import "axgbind/batch/field"

// Row is one record of an input.
type Row struct {
	Index int // how many records came before it
	Line  int // the line of the file on which it starts, from 1

	// Record holds the cells of the input's own columns as they stand, in
	// UTF-8, one for each of Input.Header.
	Record []string

	// Fields holds the normalised text of each field, with defaults applied;
	// an empty text is a field without a value.
	Fields [field.NumFields]string

	// Verdict is how the row ended in an earlier run, if the input is a
	// results file and the row stood in it then; otherwise nil.
	Verdict *Verdict

	// SecretNo and SubsID name the binding that the row is about, as they stand, in
	// an input that names bindings.
	SecretNo, SubsID string

	layout *layout // nil for a row that was not read from an input
	Faults []Fault // found while reading: faults of the record, not of a field

	// Bits by Field: the cells whose text was found good in an earlier row, and those
	// that hold a word for no value.
	good, nulled uint32
	unjudged     []*cachedCell // the other cells that are in the cache; see MarkGood

	Relative bool // its Expiration is a default that counts from when it is sent

	missing   int  // cells that the record has less than the header, or negative
	skipCells bool // its fault says all there is to say: its cells are not judged
}

// ResetExpiration gives a row whose Expiration counts from when it is sent the one that
// counts from when its input was opened.
func (r *Row) ResetExpiration() {
	if r.Relative {
		r.Fields[field.Expiration] = r.layout.defaults[field.Expiration]
	}
}
