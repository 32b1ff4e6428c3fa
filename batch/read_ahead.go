package batch

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"sync"
)

const (
	// partSize is how much text one goroutine reads at a time, in bytes. It
	// costs a few hundred microseconds to tell gocsv about the header, and
	// some milliseconds to read this much.
	partSize = 256 << 10

	// mostParts bounds the memory of a Reader, whatever the machine.
	mostParts = 4

	// calm is how many good records a Reader wants to see behind a fault before
	// it reads blocks again.
	calm = 1000
)

// ahead reads blocks of text whose records are all well-formed, several parts
// at once: gocsv takes about three times as long as encoding/csv, and this is
// where the other processors help. No goroutine outlives the Read that needed
// it, so a Reader may be dropped at any time.
type ahead struct {
	src   io.Reader
	buf   []byte // text not yet read
	line  int    // on which buf begins
	eof   bool
	err   error // of src, once buf is used up
	parts []part
	turn  int // the part whose rows are taken
}

// part is a run of whole records.
type part struct {
	text    []byte
	line    int
	rows    []Row
	records []string
	taken   int
	failed  bool
}

// take copies the next row that is ready.
func (a *ahead) take(row *Row) bool {
	for a.turn < len(a.parts) {
		p := &a.parts[a.turn]
		if p.taken < len(p.rows) {
			*row = p.rows[p.taken]
			p.taken++
			return true
		}
		a.turn++
	}
	return false
}

// resumeBlocks leaves the reading of single records behind the last one.
func (r *Reader) resumeBlocks() {
	r.window.keep(r.csv.InputOffset())
	r.ahead.src, r.ahead.buf, r.ahead.line = r.window.src, r.window.rest(), r.base+r.window.line()
	r.ahead.eof, r.ahead.err = false, nil
	r.csv, r.rows, r.window = nil, nil, nil
}

// readBlock makes the next rows ready. If a record among them is malformed, or
// longer than a block, single records are read from the start of the block.
func (r *Reader) readBlock() error {
	a := &r.ahead
	n := min(runtime.GOMAXPROCS(0), mostParts)
	a.load(n * partSize)
	if len(a.buf) == 0 {
		if a.err != nil {
			return a.err
		}
		return io.EOF
	}
	whole := a.cut(n)
	if whole == 0 {
		return r.readSingly()
	}
	var wg sync.WaitGroup
	for i := range a.parts[1:] {
		wg.Go(func() { r.in.readPart(&a.parts[i+1]) })
	}
	r.in.readPart(&a.parts[0])
	wg.Wait()
	for i := range a.parts {
		if a.parts[i].failed {
			return r.readSingly()
		}
	}
	a.line += bytes.Count(a.buf[:whole], []byte("\n"))
	a.buf = a.buf[:copy(a.buf, a.buf[whole:])]
	return nil
}

// readSingly reads single records from here on.
func (r *Reader) readSingly() error {
	a := &r.ahead
	rest := []io.Reader{bytes.NewReader(a.buf), a.src}
	if a.err != nil {
		rest[1] = failing{a.err}
	}
	a.parts, a.buf = nil, nil
	return r.open(io.MultiReader(rest...), a.line)
}

// failing is a source that repeats its error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// load fills the buffer up to size.
func (a *ahead) load(size int) {
	if cap(a.buf) < size {
		a.buf = append(make([]byte, 0, size), a.buf...)
	}
	for !a.eof && a.err == nil && len(a.buf) < size {
		n, err := a.src.Read(a.buf[len(a.buf):size])
		a.buf = a.buf[:len(a.buf)+n]
		if a.eof = err == io.EOF; err != nil && !a.eof {
			a.err = err
		}
	}
}

// cut divides the buffer into at most n parts of whole records and returns
// their length; at the end of the input that is all of it. A record ends with a
// line if the quotation marks before it are even in number. That holds for
// well-formed records; if some are not, a part fails, and single records are
// read instead.
func (a *ahead) cut(n int) int {
	a.parts, a.turn = a.parts[:0], 0
	size := len(a.buf)/n + 1
	if len(a.buf) < partSize/4 {
		size = len(a.buf) // not worth a goroutine
	}
	start, whole, line := 0, 0, a.line
	add := func() {
		i := len(a.parts)
		if i < cap(a.parts) {
			a.parts = a.parts[:i+1] // its rows are used again
		} else {
			a.parts = append(a.parts, part{})
		}
		p := &a.parts[i]
		*p = part{text: a.buf[start:whole], line: line, rows: p.rows[:0], records: p.records[:0]}
		line += bytes.Count(p.text, []byte("\n"))
		start = whole
	}
	quoted := bytes.IndexByte(a.buf, '"') >= 0
	for at, even := 0, true; ; {
		if !quoted {
			at = max(at, min(start+size, len(a.buf))-1) // any line end will do
		}
		nl := bytes.IndexByte(a.buf[at:], '\n')
		if nl < 0 {
			break
		}
		end := at + nl + 1
		if quoted {
			even = even == (bytes.Count(a.buf[at:end], []byte{'"'})%2 == 0)
		}
		if at = end; even {
			if whole = end; whole-start >= size {
				add()
			}
		}
	}
	switch {
	case a.eof:
		whole = len(a.buf)
	case !quoted:
		whole = bytes.LastIndexByte(a.buf, '\n') + 1
	}
	if whole > start {
		add()
	}
	return whole
}

// readPart reads the records of p.
func (in *Input) readPart(p *part) {
	cr, um, err := in.unmarshaller(io.MultiReader(strings.NewReader(in.layout.line), bytes.NewReader(p.text)), buffered)
	if err != nil {
		p.failed = true
		return
	}
	n := len(in.layout.own)
	for {
		v, err := um.Read()
		if err != nil {
			p.failed = err != io.EOF
			return
		}
		if cap(p.records)-len(p.records) < n {
			p.records = make([]string, 0, max(2*cap(p.records), 64*n))
		}
		used := len(p.records)
		p.records = p.records[:used+n]
		line, _ := cr.FieldPos(0)
		// The header is line 1 of what cr reads.
		p.rows = append(p.rows, Row{Line: p.line + line - 2, Record: p.records[used : used+n : used+n], layout: in.layout})
		c := v.(*cells)
		raw := c.fields()
		in.fill(&p.rows[len(p.rows)-1], c, &raw)
	}
}
