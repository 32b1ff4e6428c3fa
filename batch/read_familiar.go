package batch

import "hash/maphash"

// familiar remembers cells of columns in which few texts come again and again,
// such as groups, expirations and cities: what they are normalised to, and
// whether they were found good. It belongs to one goroutine and one reading, so
// that what was good a moment ago still is.
type familiar struct {
	seed maphash.Seed
	// By field, by hash; a text that comes later takes the place.
	places [NumFields][256]acquaintance
}

type acquaintance struct {
	cell, normal string
	good         bool
}

// repeats tells the fields whose cells are judged by themselves, and repeat
// themselves: numbers and ids do not.
func (f Field) repeats() bool {
	switch f {
	case PhoneNoA, PhoneNoB, PhoneNoX, OutID, OutOrderID:
		return false
	}
	return true
}

// normalise does what the function of that name does, and notes in row if the
// cell was found good before.
func (fam *familiar) normalise(row *InputRow, f Field, s string) string {
	if len(s) > 64 { // not worth the memory
		return Normalise(f, s)
	}
	known := &fam.places[f][maphash.String(fam.seed, s)%256]
	if known.cell != s {
		*known = acquaintance{cell: s, normal: Normalise(f, s)}
	}
	if known.good {
		row.good |= 1 << f
	} else {
		row.strangers = append(row.strangers, known)
	}
	return known.normal
}

// vouch says that nothing was found in the row, so that its cells are good.
func (r *InputRow) vouch() {
	for _, known := range r.strangers {
		known.good = true
	}
}
