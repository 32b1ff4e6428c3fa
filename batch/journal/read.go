package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"axgbind/batch/ledger"
)

// DamageError says that a journal is damaged where no crash can have torn it, or
// that a record was not taken. What was sent is then unknown, so nothing may be.
type DamageError struct {
	Line   int   // from 1
	Offset int64 // in bytes
	Err    error
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("journal damaged at line %d (byte %d): %v", e.Line, e.Offset, e.Err)
}

func (e *DamageError) Unwrap() error { return e.Err }

// Read reads the first size bytes of a journal for those who only look: nothing
// changes, and another process may be writing to it. Each line behind the header
// is given to take, in order; take keeps neither the Line nor its
// Detail. end is where the last whole record ends; what stands behind is
// on its way, or was torn off. Errors are ErrNotJournal, ErrNewerJournal,
// ErrOlderJournal, those of r, and a *DamageError, also with what take returned.
// trail, which may be nil, follows. The caller looks at the header's Identity.
func Read(r io.ReaderAt, size int64, trail *Trail, take func(*Line) error) (h Header, end int64, err error) {
	s, err := scan(r, size, 0, trail, take)
	return s.header, s.end, err
}

// scanned is what scan came to.
type scanned struct {
	header   Header
	lines    int   // whole ones
	end      int64 // behind the last of them
	finished bool  // that one has its newline
}

// scan reads whole lines up to the end or to what a crash may have torn off.
func scan(r io.ReaderAt, size int64, identity int, trail *Trail, take func(*Line) error) (scanned, error) {
	var (
		in     = lines{in: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), int(min(size+1, 1<<20)))} // tests open many small ones
		s      scanned
		damage *DamageError // the first line that does not verify
		err    error
	)
	if s.header, s.finished, err = in.header(identity); err != nil {
		return scanned{}, err
	}
	s.lines, s.end = 1, in.end
	trail.begin(&s.header)
	n := 1
	err = in.decode(func(d *decoded) error {
		n++
		err := d.err
		switch {
		case errors.Is(err, errChecksum) || errors.Is(err, errShortLine):
			if damage == nil {
				damage = &DamageError{Line: n, Offset: d.line.Record.Ref, Err: err}
			}
			if d.whole && d.looksWhole {
				return damage
			}
			return nil
		case damage != nil: // a valid record follows: no torn tail
			return damage
		case err == nil && d.line.Word == headerWord:
			err = errors.New("a second header")
		case err == nil:
			err = take(&d.line)
		}
		if err != nil {
			return &DamageError{Line: n, Offset: d.line.Record.Ref, Err: err}
		}
		checksum, _ := checksumOf(d.body) // it was verified
		trail.add(checksum)
		s.lines, s.end, s.finished = n, d.end, d.whole
		return nil
	})
	if err != nil {
		return scanned{}, err
	}
	if have := s.lines - 1; have < s.header.Lines { // they became durable together
		return scanned{}, &DamageError{Line: s.lines, Offset: s.end, Err: fmt.Errorf("%d lines follow the header, of the %d that were written with it", have, s.header.Lines)}
	}
	return s, nil
}

// lines reads lines of any length.
type lines struct {
	in   *bufio.Reader
	long []byte
	end  int64 // of the line read last
}

// header reads the first line, which has to fit the buffer: what is no journal may
// have no lines at all.
func (s *lines) header(identity int) (h Header, whole bool, err error) {
	text, err := s.in.ReadSlice('\n')
	if err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull) {
		return Header{}, false, fmt.Errorf("journal: %w", err)
	}
	s.end = int64(len(text))
	body, whole := bytes.CutSuffix(text, []byte{'\n'})
	h, err = parseHeader(body, identity)
	return h, whole, err
}

// next is the next line without its newline, good until the next call; whole is
// false if it has none. io.EOF: there is no further line.
func (s *lines) next() (body []byte, whole bool, err error) {
	text, err := s.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		s.long = s.long[:0]
		for ; errors.Is(err, bufio.ErrBufferFull); text, err = s.in.ReadSlice('\n') {
			s.long = append(s.long, text...)
		}
		s.long = append(s.long, text...)
		text = s.long
	}
	if err == io.EOF && len(text) > 0 {
		err = nil
	}
	s.end += int64(len(text))
	body, whole = bytes.CutSuffix(text, []byte{'\n'})
	return body, whole, err
}

// At reads the record at a Ref of a journal.
func At(r io.ReaderAt, ref int64) (*Line, error) {
	for room := 1 << 10; ; room *= 4 {
		text := make([]byte, room)
		n, err := r.ReadAt(text, ref)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("journal: %w", err)
		}
		body, _, whole := bytes.Cut(text[:n], []byte{'\n'})
		if !whole {
			if n < room {
				return nil, fmt.Errorf("journal: no record at byte %d", ref)
			}
			continue
		}
		l := &Line{}
		if err := new(decoder).line(body, l); err != nil {
			return nil, fmt.Errorf("journal: byte %d: %w", ref, err)
		}
		l.Record.Ref = ref
		return l, nil
	}
}

// ReadHeader returns the header of a journal and looks at nothing behind it.
func ReadHeader(r io.Reader) (Header, error) {
	in := lines{in: bufio.NewReaderSize(r, headerRoom)}
	h, _, err := in.header(0)
	return h, err
}

// headerRoom is more than a first line takes.
const headerRoom = 1 << 16

// ReadRuns returns the header of a journal and gives the batch and the detail of
// each record of kind Run to take, which does not keep the detail. It looks at no
// other line: damage there does not matter to it.
func ReadRuns(r io.Reader, take func(batch string, detail []byte)) (Header, error) {
	in := lines{in: bufio.NewReaderSize(r, headerRoom)}
	h, _, err := in.header(0)
	if err != nil {
		return Header{}, err
	}
	var (
		d    decoder
		l    Line
		word = []byte(" " + ledger.Run.String())
	)
	for {
		body, _, err := in.next()
		switch {
		case err == io.EOF:
			return h, nil
		case err != nil:
			return Header{}, fmt.Errorf("journal: %w", err)
		}
		if len(body) > 8 && bytes.HasPrefix(body[8:], word) && d.line(body, &l) == nil {
			take(l.Record.Batch, l.Detail)
		}
	}
}

// Empty reports whether a place of a length holds no journal yet: there is
// nothing, or nothing but zeros, or a first line that a crash tore off, so that
// nothing can have been done on its strength.
func Empty(r io.ReaderAt, length int64) (bool, error) {
	const most = 4 << 10 // more than a first line takes
	if length > most {
		return false, nil
	}
	text := make([]byte, length)
	if n, err := r.ReadAt(text, 0); err != nil && !errors.Is(err, io.EOF) {
		return false, err
	} else if text = text[:n]; len(bytes.Trim(text, "\x00")) == 0 {
		return true, nil
	}
	const form = ` ` + headerWord + ` {"format":"` + format + `"`
	checksum, rest := text[:min(len(text), 8)], text[min(len(text), 8):]
	if len(bytes.Trim(checksum, "0123456789abcdef")) > 0 {
		return false, nil
	}
	torn := !bytes.ContainsRune(text, '\n')
	return torn && (strings.HasPrefix(form, string(rest)) || bytes.HasPrefix(rest, []byte(form))), nil
}
