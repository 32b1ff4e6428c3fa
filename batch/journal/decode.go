package journal

import (
	"fmt"
	"io"
	"sync"
)

// decoded is a line behind the header, as it was read.
type decoded struct {
	line       Line
	err        error // of decoding it
	end        int64 // where the next line begins
	whole      bool  // it has its newline
	looksWhole bool  // of one that does not verify
}

// block is some lines on their way from the goroutine that decodes them to the one
// that takes them.
type block struct {
	text  []byte // of the lines
	lines []decoded
	err   error // of reading on; io.EOF: there is nothing more
}

const (
	blockText  = 256 << 10 // bytes
	blockLines = 1024
	blocks     = 4
)

// decode calls take with the lines in order, until it returns an error, and returns
// that or one of reading. Lines are decoded by another goroutine meanwhile, which is
// gone when decode returns: a journal may have millions of them.
func (s *lines) decode(take func(*decoded) error) error {
	free, full, done := make(chan *block, blocks), make(chan *block, blocks), make(chan struct{})
	for range blocks {
		free <- &block{}
	}
	var decoding sync.WaitGroup
	decoding.Go(func() {
		var d decoder
		for {
			var b *block
			select {
			case b = <-free:
			case <-done:
				return
			}
			s.fill(b, &d)
			full <- b // there is room for all
			if b.err != nil {
				return
			}
		}
	})
	defer decoding.Wait()
	defer close(done)
	for b := range full {
		for i := range b.lines {
			if err := take(&b.lines[i]); err != nil {
				return err
			}
		}
		switch {
		case b.err == io.EOF:
			return nil
		case b.err != nil:
			return fmt.Errorf("journal: %w", b.err)
		}
		free <- b
	}
	return nil
}

// fill reads lines into a block, and decodes them.
func (s *lines) fill(b *block, d *decoder) {
	b.text, b.lines = b.text[:0], b.lines[:0]
	for len(b.text) < blockText && len(b.lines) < blockLines {
		at := s.end
		body, whole, err := s.next()
		if err != nil {
			b.err = err
			return
		}
		if len(b.text)+len(body) > cap(b.text) && len(b.text) > 0 { // lines that stand there are not to move
			b.text = make([]byte, 0, blockText+len(body))
		}
		start := len(b.text)
		b.text = append(b.text, body...)
		body = b.text[start:]
		b.lines = append(b.lines, decoded{end: s.end, whole: whole})
		l := &b.lines[len(b.lines)-1]
		l.err = d.line(body, &l.line)
		l.line.Record.Ref = at
		l.looksWhole = l.err != nil && whole && looksWhole(body)
	}
}
