package journal

import (
	"fmt"
	"io"
	"sync"
)

// decoded is a line behind the header, as it was read.
type decoded struct {
	at         int64 // where it stands
	body       []byte
	line       Line
	err        error // of decoding it
	end        int64 // where the next line begins
	whole      bool  // it has its newline
	looksWhole bool  // of one that does not verify
}

// block is some lines on their way from the goroutine that reads them, by one that
// decodes them, to the one that takes them.
type block struct {
	text  []byte // of the lines
	lines []decoded
	err   error         // of reading on; io.EOF: there is nothing more
	ready chan struct{} // has a value once the lines are decoded
}

const (
	blockText  = 256 << 10 // bytes
	blockLines = 1024
	blocks     = 6
	decoders   = 2
)

// decode calls take with the lines in order, until it returns an error, and returns
// that or one of reading. Lines are decoded by other goroutines meanwhile, which are
// gone when decode returns: a journal may have millions of them.
func (s *lines) decode(take func(*decoded) error) error {
	free, full, raw, done := make(chan *block, blocks), make(chan *block, blocks), make(chan *block, blocks), make(chan struct{})
	for range blocks {
		free <- &block{ready: make(chan struct{}, 1)}
	}
	var working sync.WaitGroup
	working.Go(func() { s.feed(free, full, raw, done) })
	for range decoders {
		working.Go(func() {
			var d decoder
			for b := range raw {
				b.decode(&d)
				b.ready <- struct{}{}
			}
		})
	}
	defer working.Wait()
	defer close(done)
	for b := range full {
		<-b.ready
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

// feed fills free blocks and hands them on, in order to full and for decoding to raw,
// until the lines end or done is closed.
func (s *lines) feed(free <-chan *block, full, raw chan<- *block, done <-chan struct{}) {
	defer close(raw)
	for {
		var b *block
		select {
		case b = <-free:
		case <-done:
			return
		}
		s.fill(b)
		full <- b // there is room for all
		raw <- b  // likewise
		if b.err != nil {
			return
		}
	}
}

// fill reads lines into a block.
func (s *lines) fill(b *block) {
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
		b.lines = append(b.lines, decoded{at: at, body: b.text[start:], end: s.end, whole: whole})
	}
}

// decode decodes the lines of a block.
func (b *block) decode(d *decoder) {
	for i := range b.lines {
		l := &b.lines[i]
		l.err = d.line(l.body, &l.line)
		l.line.Record.Ref = l.at
		l.looksWhole = l.err != nil && l.whole && looksWhole(l.body)
	}
}
