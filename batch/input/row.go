package input

import (
	"io"
	"sync"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
)

// Row is one record of an input. The zero value is ready for Reader.Read.
type Row struct {
	Index int // how many records came before it
	Line  int // the line of the file on which it starts, from 1

	// Record holds the cells of the input's own columns as they stand, in
	// UTF-8, one for each of Input.Header. It is valid until the next Read.
	Record []string

	// Fields holds the normalised text of each field, with defaults applied;
	// an empty text is a field without a value. It survives the next Read.
	Fields [field.NumFields]string

	// Verdict is how the row ended in an earlier run, if the input is a
	// results file and the row stood in it then; otherwise nil.
	Verdict *Verdict

	// SecretNo and SubsID name the binding that the row is about, as they stand, in
	// an input that names bindings.
	SecretNo, SubsID string

	layout *layout // nil for a row that was not read from an input
	Faults []Fault // found while reading: faults of the record, not of a field

	// Cells that were found good in an earlier row, by Field, and those that have
	// not been yet: see familiar.
	good      uint32
	nulled    uint32 // likewise, those with a word for no value
	strangers []*acquaintance

	Relative bool // its Expiration is a default that counts from when it is sent

	missing int  // cells that the record has less than the header, or negative
	odd     bool // it is no row at all, as its fault says
}

// ResetExpiration gives a row whose Expiration counts from when it is sent the one that
// counts from when its input was opened.
func (r *Row) ResetExpiration() {
	if r.Relative {
		r.Fields[field.Expiration] = r.layout.defaults[field.Expiration]
	}
}

// Reader goes through the rows of an Input. It is not safe for use by several
// goroutines; several Readers are. No goroutine outlives the Read that needed it,
// so a Reader may be dropped at any time.
type Reader struct {
	in      *Input
	next    int   // index of the next row
	err     error // of every further Read
	cut     *csvtext.Cutter
	parsers []*parser
	blocks  []*block[Row]
	turn    int // the block whose rows are taken
	taken   int // of them
}

// Rows returns a Reader that starts at the first row. Readers of one Input are
// independent of each other and give the same rows.
func (in *Input) Rows() *Reader {
	r := &Reader{in: in, cut: in.text.NewCutter()}
	r.cut.Size = min(64<<10, in.text.PartSize) // the first rows come soon
	return r
}

// Read reads the next record into row. It returns io.EOF after the last one;
// any other error is one of reading the input, and the Reader then stays at it.
// A malformed record is a row with a fault, and reading goes on behind it.
// Blank lines are no rows.
func (r *Reader) Read(row *Row) error {
	for {
		for ; r.turn < len(r.blocks); r.turn, r.taken = r.turn+1, 0 {
			if b := r.blocks[r.turn]; r.taken < len(b.made) {
				*row = b.made[r.taken]
				row.Index = r.next
				r.taken++
				r.next++
				return nil
			}
		}
		if r.err != nil {
			return r.err
		}
		r.readBlocks()
	}
}

// readBlocks reads the next rows, several blocks at once.
func (r *Reader) readBlocks() {
	n := csvtext.Processors()
	room := r.blocks[:cap(r.blocks)]
	r.blocks, r.turn, r.taken = r.blocks[:0], 0, 0
	for len(r.blocks) < n {
		b := &block[Row]{}
		if i := len(r.blocks); i < len(room) && room[i] != nil {
			b = room[i] // its buffers are used again
		}
		more, err := r.cut.Next(&b.Part)
		if !more {
			if r.err = err; err == nil {
				r.err = io.EOF
			}
			break
		}
		r.blocks = append(r.blocks, b)
	}
	for len(r.parsers) < len(r.blocks) {
		r.parsers = append(r.parsers, r.in.newParser(false))
	}
	var wg sync.WaitGroup
	for i, b := range r.blocks {
		wg.Go(func() { b.read(r.parsers[i], func(row, made *Row) { *made = *row }) })
	}
	wg.Wait()
	r.cut.Size = r.in.text.PartSize
	for i, b := range r.blocks {
		if b.err != nil {
			r.err, r.blocks = b.err, r.blocks[:i]
			return
		}
		if b.Short() {
			r.cut.Again(&b.Part)
			r.err, r.blocks = nil, r.blocks[:i+1]
			return
		}
	}
}
