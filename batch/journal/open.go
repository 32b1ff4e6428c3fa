package journal

import (
	"errors"
	"fmt"
	"io"
)

// Open reads a journal back and goes on with it. Each line behind the header is
// given to take, in order; take keeps neither the Line nor its
// Detail. Torn tells how much was dropped from the end. Errors are those of
// Read, and ErrJournal if the place could not be mended; without one of the
// latter, nothing was changed. With a lock file that knows more, the error is a
// [*BehindError], unless opt.Behind. The caller holds the place's lock.
func Open(p Place, take func(*Line) error, opt Options) (*Journal, error) {
	size, err := p.Length()
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	trail := opt.Lock.trail()
	s, err := scan(p, size, opt.Identity, trail, take)
	if err != nil {
		return nil, err
	}
	if opt.Lock != nil {
		if behind := opt.Lock.Compare(trail); behind != nil && !opt.Behind {
			return nil, behind
		}
	}
	if s.end < size {
		tail := make([]byte, min(size-s.end, maxTornLook))
		if _, err := p.ReadAt(tail, s.end); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("journal: %w", err)
		}
		if oneBitOff(tail) {
			return nil, &DamageError{Line: s.lines + 1, Offset: s.end, Err: errChecksum}
		}
		if err := p.Cut(s.end); err != nil {
			return nil, fmt.Errorf("%w: dropping a torn record: %w", ErrJournal, err)
		}
	}
	if !s.finished { // whole, but for its newline
		if err := p.Append([]byte{'\n'}); err != nil {
			return nil, final(err)
		}
		s.end++
		size++
	}
	j := start(p, s.header, s.end, trail.last, opt)
	j.torn = size - s.end
	return j, nil
}
