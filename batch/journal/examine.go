package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// Damage is a part of a journal that no crash explains: a line that does not verify,
// or lines that follow each other.
type Damage struct {
	Line   int    // of its first line, from 1
	Lines  int    // how many there are
	Offset int64  // in bytes
	Length int64  // its newlines included
	Looks  string // like what record it is, as far as that can be read: "intent 12"
	Err    error
	// Right is the text as it was, where that is certain: it differs by one bit.
	// nil: nobody knows.
	Right []byte
}

// mostRight is how much damage is looked at for a changed bit: it costs up to a
// second.
const mostRight = 8 << 10

// Examined is what Examine found.
type Examined struct {
	Header  Header
	Lines   int   // whole ones, the header and damaged ones included
	End     int64 // where the last of them ends; what stands behind was torn off
	Damages []Damage
}

// Examine looks at all lines of a journal, and goes on behind what is damaged. The
// error is that of Read for a file that is no journal, or of reading. trail, which may
// be nil, follows what is not damaged.
func Examine(r io.ReaderAt, size int64, trail *Trail) (*Examined, error) {
	x := &examination{Examined: &Examined{}}
	in := lines{in: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), int(min(size+1, 1<<20)))}
	for n := 1; ; n++ {
		begins := in.end
		body, ended, err := in.next()
		if err == io.EOF && n == 1 {
			return nil, ErrNotJournal
		}
		if err == io.EOF {
			x.settle(n-1, true)
			break
		}
		if err != nil {
			return nil, fmt.Errorf("journal: %w", err)
		}
		if err = x.verify(n, body); err != nil {
			if n == 1 && right(body) == nil {
				return nil, err
			}
			x.breaks(n, begins, body, ended, err)
			continue
		}
		x.takes(n, body, in.end, trail)
	}
	if len(x.Damages) > 0 && x.Damages[0].Line == 1 {
		first, _, _ := bytes.Cut(x.Damages[0].Right, []byte{'\n'})
		if err := x.begin(first); err != nil {
			return nil, err
		}
	}
	return x.Examined, nil
}

// examination gathers lines that do not verify, until one does.
type examination struct {
	*Examined
	d decoder
	l Line

	broken []byte // those lines, behind each other
	at     int    // the first of them, from 1
	from   int64
	whole  bool  // one of them was written whole, and changed later
	why    error // of the first
}

// verify reads line n.
func (x *examination) verify(n int, body []byte) error {
	if n == 1 {
		return x.begin(body)
	}
	return x.d.line(body, &x.l)
}

// takes takes line n, which verifies, and ends there.
func (x *examination) takes(n int, body []byte, end int64, trail *Trail) {
	x.settle(n-1, false)
	x.Lines, x.End = n, end
	if n == 1 {
		trail.begin(&x.Header)
		return
	}
	checksum, _ := checksumOf(body) // it was verified
	trail.add(checksum)
}

// breaks takes line n, which does not verify.
func (x *examination) breaks(n int, begins int64, body []byte, ended bool, err error) {
	if len(x.broken) == 0 {
		x.at, x.from, x.why = n, begins, err
	}
	x.broken = append(x.broken, body...)
	if ended {
		x.broken = append(x.broken, '\n')
	}
	checksum := errors.Is(err, errChecksum) || errors.Is(err, errShortLine)
	x.whole = x.whole || !checksum || ended && looksWhole(body)
}

// settle makes a Damage of the lines gathered, the last of which is line last. What may
// have been torn off at the end of the journal is none.
func (x *examination) settle(last int, torn bool) {
	if len(x.broken) == 0 {
		return
	}
	damage := Damage{Line: x.at, Lines: last - x.at + 1, Offset: x.from, Length: int64(len(x.broken)), Looks: looksLike(x.broken), Err: x.why, Right: right(x.broken)}
	if !torn || x.whole || damage.Right != nil || oneBitOff(x.broken[:min(len(x.broken), maxTornLook)]) {
		x.Damages = append(x.Damages, damage)
		x.Lines, x.End = last, x.from+damage.Length
	}
	x.broken, x.whole = nil, false
}

// begin reads the first line.
func (x *Examined) begin(body []byte) (err error) {
	x.Header, err = parseHeader(body, 0)
	return err
}

// right is a text of lines as they were: of each, or of all, one bit is put right, so
// that they verify. nil: nobody knows. No two texts that verify are one bit away from
// one that does not: their checksums differ by more.
func right(text []byte) []byte {
	if len(text) > mostRight {
		return nil
	}
	var all []byte
	for line := range bytes.Lines(text) {
		if line = rightOne(line); line == nil {
			return rightOne(text) // the bit made two lines of one
		}
		all = append(all, line...)
	}
	return all
}

// rightOne is a text of which one bit is put right.
func rightOne(text []byte) []byte {
	tried := bytes.Clone(text)
	for at := range tried {
		for bit := range 8 {
			tried[at] ^= 1 << bit
			if verifies(tried) {
				return tried
			}
			tried[at] ^= 1 << bit
		}
	}
	return nil
}

// verifies reports whether a text is whole lines of a journal.
func verifies(text []byte) bool {
	text = bytes.TrimSuffix(text, []byte{'\n'})
	for more := true; more; {
		var body []byte
		body, text, more = bytes.Cut(text, []byte{'\n'})
		if _, err := verify(body); err != nil {
			return false
		}
	}
	return true
}

// recordForm is how a record begins, with nothing that may be somebody's number.
var recordForm = regexp.MustCompile(`^[0-9a-f]{8} ([a-z]{2,10}(?: [0-9]{1,9})?) `)

// looksLike is what record a damaged text begins with; blank if that cannot be read.
func looksLike(text []byte) string {
	if m := recordForm.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return ""
}
