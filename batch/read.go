package batch

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gocarina/gocsv"
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
	Fields [NumFields]string

	// Verdict is how the row ended in an earlier run, if the input is a
	// results file and the row stood in it then; otherwise nil.
	Verdict *Verdict

	layout *layout // nil for a row that was not read from an input
	faults []Fault // found while reading: faults of the record, not of a field

	missing int // cells that the record has less than the header, or negative

	chosen   string  // the X that was chosen for the row, which names none
	replaced uint8   // how many were before
	target   *target // the binding that its call changes; nil if it makes one
}

// Verdict is what a results file says of one of its rows. The texts are those
// of the file; a number that cannot be read is 0.
type Verdict struct {
	Status, Code, Message, SecretNo, SubsID, RequestID string

	Line           int    // of the input the results were made from
	Reason, Action string // cause and cure, in the language of their run

	Attempts   int    // calls over all runs
	LatencyMs  int64  // of the last attempt, in milliseconds
	FinishedAt string // RFC 3339
}

// Reader goes through the rows of an Input. It is not safe for use by several
// goroutines; several Readers are.
type Reader struct {
	in    *Input
	next  int   // index of the next row
	err   error // of every further Read
	ahead ahead // rows read in blocks, as long as all goes well

	// One record at a time, where a block met a fault; nil otherwise.
	csv    *csv.Reader
	rows   *gocsv.Unmarshaller
	window *window
	base   int // added to the line numbers of csv
	good   int // records since the last fault
	record []string
}

// Read reads the next record into row. It returns io.EOF after the last one;
// any other error is one of reading the input, and the Reader then stays at it.
// A malformed record is a row with a fault, and reading goes on behind it.
// Blank lines are no rows.
func (r *Reader) Read(row *Row) error {
	for r.err == nil {
		if r.ahead.take(row) || r.csv != nil && r.readRecord(row) {
			row.Index = r.next
			r.next++
			return nil
		}
		if r.csv == nil {
			r.err = r.readBlock()
		}
	}
	return r.err
}

// readRecord reads one record by itself. It returns false if there was none, or
// an error, which is then in r.err; or if it is time to read blocks again.
func (r *Reader) readRecord(row *Row) bool {
	r.window.keep(r.csv.InputOffset())
	if r.good >= calm {
		r.resumeBlocks()
		return false
	}
	v, err := r.rows.Read()
	*row = Row{Record: r.record, layout: r.in.layout}
	if cut := r.window.cut; cut || err != nil && err != io.EOF {
		if parse := (*csv.ParseError)(nil); !cut && !errors.As(err, &parse) {
			r.err = err
			return false
		}
		var found bool
		found, r.err = r.mend(row, r.window.text(r.csv.InputOffset()), cut)
		r.good = 0
		return found
	}
	if err != nil {
		r.err = err
		return false
	}
	line, _ := r.csv.FieldPos(0)
	row.Line = line + r.base
	c := v.(*cells)
	raw := c.fields()
	r.in.fill(row, c, &raw)
	r.good++
	return true
}

// fill completes row from the cells of its record.
func (in *Input) fill(row *Row, c *cells, raw *[NumFields]string) {
	l := in.layout
	if l.excel {
		undoExcel(c, raw)
	}
	for i, col := range l.own {
		s := l.cell(c, raw, col)
		if in.survey.suspect && undecodable(s) {
			s = strings.ToValidUTF8(s, "\uFFFD")
			row.faults = append(row.faults, l.columnFault(ruleUndecodable, col, s, l.encoding))
			if at := l.source[col]; at < int(NumFields) {
				raw[at] = s
			}
		}
		row.Record[i] = s
	}
	row.Fields = l.defaults
	for _, f := range l.order[:l.filled] {
		if raw[f] != "" {
			if s := normalise(f, raw[f]); s != "" {
				row.Fields[f] = s
			}
		}
	}
	if l.carries {
		row.Verdict = l.readVerdict(c, raw)
	}
}

// undecodable tells a cell with bytes that are no text in the input's
// encoding. A U+FFFD that stands in the file itself counts: some earlier
// conversion lost the character.
func undecodable(s string) bool {
	return strings.Contains(s, "\uFFFD") || !utf8.ValidString(s)
}

// readVerdict returns what the result columns of a record say, or nil if they
// are all empty: a row added to the file by hand.
func (l *layout) readVerdict(c *cells, raw *[NumFields]string) *Verdict {
	var t [len(verdictColumns)]string
	empty := true
	for i, col := range l.verdict {
		t[i] = trim(l.cell(c, raw, col))
		empty = empty && t[i] == ""
	}
	if empty {
		return nil
	}
	v := &Verdict{Status: t[1], Code: t[2], Message: t[3], SecretNo: t[6], SubsID: t[7], RequestID: t[8], FinishedAt: t[11]}
	v.Reason, v.Action = t[4], t[5]
	v.Line, _ = strconv.Atoi(t[0])
	v.Attempts, _ = strconv.Atoi(t[9])
	v.LatencyMs, _ = strconv.ParseInt(t[10], 10, 64)
	return v
}
