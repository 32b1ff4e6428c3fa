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
	x := &Examined{}
	in := lines{in: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), int(min(size+1, 1<<20)))}
	var (
		d      decoder
		l      Line
		broken []byte // lines that do not verify, behind each other
		at     int    // its first line, from 1
		from   int64
		whole  bool // one of them was written whole, and changed later
		why    error
	)
	settle := func(last int, torn bool) {
		if len(broken) == 0 {
			return
		}
		damage := Damage{Line: at, Lines: last - at + 1, Offset: from, Length: int64(len(broken)), Looks: looksLike(broken), Err: why, Right: right(broken)}
		if !torn || whole || damage.Right != nil || oneBitOff(broken[:min(len(broken), maxTornLook)]) {
			x.Damages = append(x.Damages, damage)
			x.Lines, x.End = last, from+damage.Length
		}
		broken, whole = nil, false
	}
	for n := 1; ; n++ {
		begins := in.end
		body, ended, err := in.next()
		if err == io.EOF {
			if n == 1 {
				return nil, ErrNotJournal
			}
			settle(n-1, true)
			break
		}
		if err != nil {
			return nil, fmt.Errorf("journal: %w", err)
		}
		if n == 1 {
			err = x.begin(body)
			if err != nil && right(body) == nil {
				return nil, err
			}
		} else {
			err = d.line(body, &l)
		}
		if err != nil {
			if len(broken) == 0 {
				at, from, why = n, begins, err
			}
			broken = append(broken, body...)
			if ended {
				broken = append(broken, '\n')
			}
			checksum := errors.Is(err, errChecksum) || errors.Is(err, errShortLine)
			whole = whole || !checksum || ended && looksWhole(body)
			continue
		}
		settle(n-1, false)
		x.Lines, x.End = n, in.end
		if n == 1 {
			trail.begin(&x.Header)
		} else {
			checksum, _ := checksumOf(body) // it was verified
			trail.add(checksum)
		}
	}
	if len(x.Damages) > 0 && x.Damages[0].Line == 1 {
		first, _, _ := bytes.Cut(x.Damages[0].Right, []byte{'\n'})
		if err := x.begin(first); err != nil {
			return nil, err
		}
	}
	return x, nil
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
