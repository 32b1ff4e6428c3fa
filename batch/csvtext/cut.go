package csvtext

import (
	"bytes"
	"io"
	"runtime"
	"slices"
)

const (
	// MaxRecord is how long the text of one record may be, in bytes. The longest
	// honest one is some kilobytes; a quotation mark that is never closed makes a
	// record of the rest of the file.
	MaxRecord = 1 << 20

	// Buffered is the size of the buffer below a csv.Reader.
	Buffered = 64 << 10
)

// PartSize is how many bytes of the input one goroutine reads at a time: some
// milliseconds of work. Where lines are short it is as many as hold partLines, for what
// is made of a row may take a hundred times the room of its text.
const PartSize = 256 << 10

const partLines = 8 << 10

// Source is a CSV whose encoding, line ends and delimiter are known, and where its rows
// start. It does not change, and several may read it at once.
type Source struct {
	Src       io.ReaderAt
	Size      int64
	Survey    Survey
	Delimiter rune
	Scanner   RecordScanner
	PartSize  int   // in which it is read, in bytes
	Start     int64 // offset of what follows the header
	StartLine int   // on which that begins
}

// Part is a run of records, cut from the input to be read by one goroutine.
type Part struct {
	at   int64 // offset of raw in the input
	Line int   // on which raw begins
	Raw  []byte
	Last bool // raw ends with the input

	Text   []byte // raw decoded, if the cutter had to do that
	Walked bool   // marks are known
	Marks  []Mark // records whose quotation marks do not match
	Long   bool   // raw is the beginning of a line that is too long

	room []byte // for text

	// Set by parser.read:
	Used      int // bytes of raw that hold whole records
	UsedLines int // line ends among them
}

// Short reports whether the part ended within a record: it takes more text to
// say what that record is.
func (p *Part) Short() bool { return p.Used < len(p.Raw) }

// Cutter cuts an input into parts that begin and end with a record. It is quick
// as long as quotation marks match, and may then be wrong: the parser of a part
// finds that out, and the input is cut again from there, with care.
type Cutter struct {
	in      *Source
	at      int64 // offset of the next part
	line    int   // on which it begins
	careful bool  // the next part is cut record by record
	Size    int   // of the parts wished for, in bytes
}

// NewCutter returns a Cutter that begins with the first row.
func (in *Source) NewCutter() *Cutter {
	short := in.Size * partLines / int64(in.Survey.Lines+1)
	return &Cutter{in: in, at: in.Start, line: in.StartLine, Size: int(min(int64(in.PartSize), short))}
}

// Again goes back behind the records that p held. The parts cut since are void.
func (c *Cutter) Again(p *Part) {
	c.at, c.line, c.careful = p.at+int64(p.Used), p.Line+p.UsedLines, true
}

// Next cuts the next part into p, whose buffer it uses. It returns false at the
// end of the input.
func (c *Cutter) Next(p *Part) (bool, error) {
	s := &c.in.Survey
	most := MaxRecord * width(s.Encoding)
	for size := c.Size; ; size = min(2*size, most) {
		raw, err := ReadAt(c.in.Src, slices.Grow(p.Raw[:0], size)[:size], c.at, c.in.Size)
		if len(raw) == 0 {
			return false, err
		}
		last := err == nil && (len(raw) < size || c.at+int64(len(raw)) == c.in.Size)
		switch {
		case last:
		case width(s.Encoding) == 2:
			raw = raw[:len(raw)&^1]
		default:
			raw = raw[:seam(raw)]
		}
		*p = Part{at: c.at, Line: c.line, Raw: raw, room: p.room, Last: last}
		c.cut(p, last || size == most)
		if len(p.Raw) > 0 {
			c.careful = false
			c.at += int64(len(p.Raw))
			c.line += c.linesOf(p)
			if p.Long {
				return true, c.skipLine()
			}
			return true, nil
		}
		if p.Raw = raw; err != nil {
			return false, err
		}
	}
}

// cut shortens p to whole records, to nothing if there is none. final says that
// no more text will come to help.
func (c *Cutter) cut(p *Part, final bool) {
	s := &c.in.Survey
	text := p.Raw
	if width(s.Encoding) == 2 || s.Ends == endsMixed || c.careful {
		text = c.decoded(p)
	}
	whole := 0
	if s.Ends != endsMixed && !c.careful {
		whole = evenLines(text, s.Ends, p.Last)
	}
	if whole == 0 {
		if p.Text == nil {
			text = c.decoded(p)
		}
		p.Walked = true
		p.Marks, whole = c.in.Scanner.Walk(text, p.Last)
		if whole == 0 && final { // a record as long as that is none
			p.Marks, whole = c.firstRecord(p, text)
		}
	}
	p.Last = p.Last && whole == len(text)
	if p.Text == nil {
		p.Raw = p.Raw[:whole]
		return
	}
	p.Raw, p.Text = p.Raw[:RawLength(p.Raw, text, whole, s.Encoding)], text[:whole]
}

// decoded sets p.text, with LF as line ends.
func (c *Cutter) decoded(p *Part) []byte {
	if p.Text = p.Raw; c.in.Survey.Encoding != EncodingUTF8 {
		p.room = Decode(p.room[:0], p.Raw, c.in.Survey.Encoding)
		p.Text = p.room
	}
	c.in.Survey.Unify(p.Text)
	return p.Text
}

// evenLines returns the length of the lines of text behind which the quotation
// marks are even in number, 0 if there are none close to the end: there is
// something wrong with the marks, or a very long cell.
func evenLines(text []byte, ends LineEnds, last bool) int {
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
func (c *Cutter) firstRecord(p *Part, text []byte) ([]Mark, int) {
	sc := c.in.Scanner
	rest, _ := sc.SkipBlank(text)
	at := len(text) - len(rest)
	end, m, bad, _ := sc.Record(rest)
	if at+end == len(text) && !p.Last {
		p.Long = true
		return nil, len(text)
	}
	if !bad {
		return nil, at + end
	}
	m.At, m.End = at, at+end
	return []Mark{m}, at + end
}

// linesOf counts the line ends of p.
func (c *Cutter) linesOf(p *Part) int {
	switch {
	case p.Text != nil:
		return bytes.Count(p.Text, []byte{'\n'})
	case c.in.Survey.Ends == endsCR:
		return bytes.Count(p.Raw, []byte{'\r'})
	}
	return bytes.Count(p.Raw, []byte{'\n'})
}

// skipLine goes on behind the next line end, however far that is.
func (c *Cutter) skipLine() error {
	buf := make([]byte, Buffered)
	for {
		b, err := ReadAt(c.in.Src, buf, c.at, c.in.Size)
		if err != nil || len(b) == 0 {
			return err
		}
		if n := lineLength(b, &c.in.Survey); n > 0 {
			c.at += int64(n)
			c.line++
			return nil
		}
		c.at += int64(len(b))
	}
}

// lineLength returns the length of the line that b begins with, its end
// included; 0 if it does not end in b.
func lineLength(b []byte, s *Survey) int {
	if w := width(s.Encoding); w > 1 {
		for i := 0; i+w <= len(b); i += w {
			if u := unit(b[i:], s.Encoding); u == '\n' || u == '\r' && s.Ends != endsLF {
				return i + w
			}
		}
		return 0
	}
	n := bytes.IndexByte(b, '\n') + 1
	if s.Ends != endsLF {
		if cr := bytes.IndexByte(b, '\r') + 1; cr > 0 && (n == 0 || cr < n) {
			return cr
		}
	}
	return n
}

// Processors is how many goroutines share the work on an input. Each costs
// about a megabyte.
func Processors() int { return min(runtime.GOMAXPROCS(0), 16) }
