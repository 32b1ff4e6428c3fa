package csvtext

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"unicode/utf8"
)

// stretch is how much of the input one goroutine looks at at a time, in bytes.
const stretch = 512 << 10

// tally looks at the whole input, at several stretches at once, and adds up what
// look says of them.
func tally[T any](r io.ReaderAt, size int64, look func([]byte, int64) T, add func(*T, T)) (total T, err error) {
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex
		free   = make(chan []byte, Processors())
		offset int64
	)
	for range cap(free) {
		free <- nil
	}
	for offset < size && err == nil {
		buf := <-free
		if buf == nil {
			buf = make([]byte, min(stretch, size))
		}
		var b []byte
		if b, err = ReadAt(r, buf, offset, size); err != nil || len(b) == 0 {
			break
		}
		if offset+int64(len(b)) < size {
			b = b[:seam(b)]
		}
		from := offset
		offset += int64(len(b))
		wg.Go(func() {
			part := look(b, from)
			mu.Lock()
			add(&total, part)
			mu.Unlock()
			free <- buf
		})
	}
	wg.Wait()
	return total, err
}

// seam returns where b can be cut in two without cutting a character or a line
// end, whichever encoding it is in: behind a byte below 0x30, which is no part
// of a longer character.
func seam(b []byte) int {
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < 0x30 && b[i] != '\r' {
			return i + 1
		}
	}
	return len(b)
}

// countUnits counts the line ends of UTF-16.
func countUnits(r io.ReaderAt, size int64, s *Survey) (c counts, err error) {
	buf := make([]byte, min(stretch, size+size%2))
	last := uint16(0)
	for offset := s.Skip; offset < size; {
		b, err := ReadAt(r, buf, offset, size)
		if err != nil || len(b) == 0 {
			return c, err
		}
		offset += int64(len(b))
		for ; len(b) > 1; b = b[2:] {
			u := unit(b, s.Encoding)
			switch {
			case u == '\r':
				c.cr++
			case u == '\n':
				if c.lf++; last == '\r' {
					c.crlf++
				}
			}
			last = u
		}
	}
	return c, nil
}

// ReadAt fills buf from offset on, or up to the end of the input. With an error
// it returns what was read before it.
func ReadAt(r io.ReaderAt, buf []byte, offset, size int64) ([]byte, error) {
	if left := size - offset; int64(len(buf)) > left {
		buf = buf[:max(left, 0)]
	}
	n, err := r.ReadAt(buf, offset)
	if n == len(buf) || errors.Is(err, io.EOF) {
		err = nil
	}
	return buf[:n], err
}

// counts is what a stretch of bytes holds.
type counts struct {
	lf, cr, crlf int
	nul          [2]int // at even and odd offsets of the file
	invalid      bool   // it is no UTF-8
	lost         bool   // it holds U+FFFD: an earlier conversion lost a character
}

func (c *counts) add(d counts) {
	c.lf, c.cr, c.crlf = c.lf+d.lf, c.cr+d.cr, c.crlf+d.crlf
	c.nul[0], c.nul[1] = c.nul[0]+d.nul[0], c.nul[1]+d.nul[1]
	c.invalid, c.lost = c.invalid || d.invalid, c.lost || d.lost
}

// count looks at one stretch, which begins at an offset of the file.
func count(b []byte, offset int64) (c counts) {
	c.lf, c.cr = bytes.Count(b, []byte{'\n'}), bytes.Count(b, []byte{'\r'})
	if c.cr > 0 {
		c.crlf = bytes.Count(b, []byte("\r\n"))
	}
	if bytes.IndexByte(b, 0) >= 0 {
		for i, v := range b {
			if v == 0 {
				c.nul[(offset+int64(i))&1]++
			}
		}
	}
	c.invalid, c.lost = !utf8.Valid(b), bytes.Contains(b, []byte("\uFFFD"))
	return c
}
