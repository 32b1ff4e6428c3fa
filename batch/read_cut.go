package batch

import (
	"bytes"
	"io"
	"runtime"
	"slices"
)

const (
	// maxRecord is how long the text of one record may be, in bytes. The longest
	// honest one is some kilobytes; a quotation mark that is never closed makes a
	// record of the rest of the file.
	maxRecord = 1 << 20

	// buffered is the size of the buffer below a csv.Reader.
	buffered = 64 << 10
)

// partSize is how many bytes of the input one goroutine reads at a time: some
// milliseconds of work.
const partSize = 256 << 10

// source is a CSV whose encoding, line ends and delimiter are known, and where its rows
// start. It does not change, and several may read it at once.
type source struct {
	src       io.ReaderAt
	size      int64
	survey    survey
	delimiter rune
	scanner   recordScanner
	partSize  int   // in which it is read, in bytes
	start     int64 // offset of what follows the header
	startLine int   // on which that begins
}

// part is a run of records, cut from the input to be read by one goroutine.
type part struct {
	at   int64 // offset of raw in the input
	line int   // on which raw begins
	raw  []byte
	last bool // raw ends with the input

	text   []byte // raw decoded, if the cutter had to do that
	walked bool   // marks are known
	marks  []mark // records whose quotation marks do not match
	long   bool   // raw is the beginning of a line that is too long

	room []byte // for text

	// Set by parser.read:
	used      int // bytes of raw that hold whole records
	usedLines int // line ends among them
}

// short reports whether the part ended within a record: it takes more text to
// say what that record is.
func (p *part) short() bool { return p.used < len(p.raw) }

// cutter cuts an input into parts that begin and end with a record. It is quick
// as long as quotation marks match, and may then be wrong: the parser of a part
// finds that out, and the input is cut again from there, with care.
type cutter struct {
	in      *source
	at      int64 // offset of the next part
	line    int   // on which it begins
	careful bool  // the next part is cut record by record
	size    int   // of the parts wished for, in bytes
}

func (in *source) newCutter() *cutter {
	return &cutter{in: in, at: in.start, line: in.startLine, size: in.partSize}
}

// again goes back behind the records that p held. The parts cut since are void.
func (c *cutter) again(p *part) {
	c.at, c.line, c.careful = p.at+int64(p.used), p.line+p.usedLines, true
}

// next cuts the next part into p, whose buffer it uses. It returns false at the
// end of the input.
func (c *cutter) next(p *part) (bool, error) {
	s := &c.in.survey
	most := maxRecord * width(s.encoding)
	for size := c.size; ; size = min(2*size, most) {
		raw, err := readAt(c.in.src, slices.Grow(p.raw[:0], size)[:size], c.at, c.in.size)
		if len(raw) == 0 {
			return false, err
		}
		last := err == nil && (len(raw) < size || c.at+int64(len(raw)) == c.in.size)
		switch {
		case last:
		case width(s.encoding) == 2:
			raw = raw[:len(raw)&^1]
		default:
			raw = raw[:seam(raw)]
		}
		*p = part{at: c.at, line: c.line, raw: raw, room: p.room, last: last}
		c.cut(p, last || size == most)
		if len(p.raw) > 0 {
			c.careful = false
			c.at += int64(len(p.raw))
			c.line += c.linesOf(p)
			if p.long {
				return true, c.skipLine()
			}
			return true, nil
		}
		if p.raw = raw; err != nil {
			return false, err
		}
	}
}

// cut shortens p to whole records, to nothing if there is none. final says that
// no more text will come to help.
func (c *cutter) cut(p *part, final bool) {
	s := &c.in.survey
	text := p.raw
	if width(s.encoding) == 2 || s.ends == endsMixed || c.careful {
		text = c.decoded(p)
	}
	whole := 0
	if s.ends != endsMixed && !c.careful {
		whole = evenLines(text, s.ends, p.last)
	}
	if whole == 0 {
		if p.text == nil {
			text = c.decoded(p)
		}
		p.walked = true
		p.marks, whole = c.in.scanner.walk(text, p.last)
		if whole == 0 && final { // a record as long as that is none
			p.marks, whole = c.firstRecord(p, text)
		}
	}
	p.last = p.last && whole == len(text)
	if p.text == nil {
		p.raw = p.raw[:whole]
		return
	}
	p.raw, p.text = p.raw[:rawLength(p.raw, text, whole, s.encoding)], text[:whole]
}

// decoded sets p.text, with LF as line ends.
func (c *cutter) decoded(p *part) []byte {
	if p.text = p.raw; c.in.survey.encoding != encodingUTF8 {
		p.room = decode(p.room[:0], p.raw, c.in.survey.encoding)
		p.text = p.room
	}
	c.in.survey.unify(p.text)
	return p.text
}

// evenLines returns the length of the lines of text behind which the quotation
// marks are even in number, 0 if there are none close to the end: there is
// something wrong with the marks, or a very long cell.
func evenLines(text []byte, ends lineEnds, last bool) int {
	eol := byte('\n')
	if ends == endsCR && bytes.IndexByte(text, '\n') < 0 { // not yet decoded
		eol = '\r'
	}
	mark := []byte{'"'}
	whole := len(text)
	if !last {
		whole = bytes.LastIndexByte(text, eol) + 1
	}
	odd := bytes.Count(text[:whole], mark)%2 == 1
	for nearest := whole - 64<<10; odd && whole > max(nearest, 0); {
		line := bytes.LastIndexByte(text[:whole-1], eol) + 1
		if bytes.Count(text[line:whole], mark)%2 == 1 {
			odd = false
		}
		whole = line
	}
	if odd {
		return 0
	}
	return whole
}

// firstRecord gives up on a record that does not end: if a cell of it is never
// closed, it ends with the line on which that cell was opened, otherwise the line
// itself is too long.
func (c *cutter) firstRecord(p *part, text []byte) ([]mark, int) {
	sc := c.in.scanner
	rest, _ := sc.skipBlank(text)
	at := len(text) - len(rest)
	end, m, bad, _ := sc.record(rest)
	if at+end == len(text) && !p.last {
		p.long = true
		return nil, len(text)
	}
	if !bad {
		return nil, at + end
	}
	m.at, m.end = at, at+end
	return []mark{m}, at + end
}

// linesOf counts the line ends of p.
func (c *cutter) linesOf(p *part) int {
	switch {
	case p.text != nil:
		return bytes.Count(p.text, []byte{'\n'})
	case c.in.survey.ends == endsCR:
		return bytes.Count(p.raw, []byte{'\r'})
	}
	return bytes.Count(p.raw, []byte{'\n'})
}

// skipLine goes on behind the next line end, however far that is.
func (c *cutter) skipLine() error {
	buf := make([]byte, buffered)
	for {
		b, err := readAt(c.in.src, buf, c.at, c.in.size)
		if err != nil || len(b) == 0 {
			return err
		}
		if n := lineLength(b, &c.in.survey); n > 0 {
			c.at += int64(n)
			c.line++
			return nil
		}
		c.at += int64(len(b))
	}
}

// lineLength returns the length of the line that b begins with, its end
// included; 0 if it does not end in b.
func lineLength(b []byte, s *survey) int {
	if w := width(s.encoding); w > 1 {
		for i := 0; i+w <= len(b); i += w {
			if u := unit(b[i:], s.encoding); u == '\n' || u == '\r' && s.ends != endsLF {
				return i + w
			}
		}
		return 0
	}
	n := bytes.IndexByte(b, '\n') + 1
	if s.ends != endsLF {
		if cr := bytes.IndexByte(b, '\r') + 1; cr > 0 && (n == 0 || cr < n) {
			return cr
		}
	}
	return n
}

// processors is how many goroutines share the work on an input. Each costs
// about a megabyte.
func processors() int { return min(runtime.GOMAXPROCS(0), 16) }
