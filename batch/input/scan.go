package input

import (
	"slices"
	"sync"

	"axgbind/batch/csvtext"
)

// block is a part and what was made of its rows.
type block[T any] struct {
	csvtext.Part
	made  []T
	blank Blank
	err   error
	ready chan struct{}
}

// read fills b.made with what do makes of each row; do overwrites what it is
// given.
func (b *block[T]) read(ps *parser, do func(*Row, *T)) {
	b.made = b.made[:0]
	b.err = ps.read(&b.Part, func(row *Row) {
		b.made = slices.Grow(b.made, 1)[:len(b.made)+1]
		do(row, &b.made[len(b.made)-1])
	})
	b.blank = ps.blank
}

// Scan goes once through the rows of an input. do is called for each row by
// several goroutines at once, and take for what it wrote, some thousand rows
// at a time and in order, by the calling goroutine while the next ones are read. The
// Record of a lean row holds only the cells that fill fields, until do returns. The first error of take or of reading the input ends it.
// It returns which records were none, for nothing stands in them.
func Scan[T any](in *Input, lean bool, do func(*Row, *T), take func([]T) error) (blank Blank, err error) {
	n := csvtext.Processors()
	jobs := make(chan *block[T], n+2)
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			ps := in.newParser(lean)
			for b := range jobs {
				b.read(ps, do)
				b.ready <- struct{}{}
			}
		})
	}
	defer func() {
		close(jobs)
		workers.Wait()
	}()

	l := lane[T]{jobs: jobs, cut: in.text.NewCutter(), more: true}
	for range cap(jobs) {
		l.free = append(l.free, &block[T]{ready: make(chan struct{}, 1)})
	}
	if !lean { // whole rows are kept until they are taken, which may be long
		l.cut.Size = min(l.cut.Size, 64<<10)
	}
	for {
		l.fill()
		if len(l.queue) == 0 {
			return blank, l.end
		}
		b := l.next()
		if b.err != nil {
			return blank, b.err
		}
		if b.Short() {
			l.again(b)
		}
		blank.add(b.blank)
		if err := take(b.made); err != nil {
			return blank, err
		}
		l.free = append(l.free, b)
	}
}

// lane has the blocks of one reading on their way round: those in the queue are read by
// the workers, in the order of the file, and the free ones wait to be filled.
type lane[T any] struct {
	jobs        chan<- *block[T]
	queue, free []*block[T]
	cut         *csvtext.Cutter
	more        bool  // there may be more to cut
	end         error // of cutting
}

// fill hands out what there is to read, as far as there are free blocks.
func (l *lane[T]) fill() {
	for l.more && len(l.free) > 0 {
		b := l.free[len(l.free)-1]
		if l.more, l.end = l.cut.Next(&b.Part); !l.more {
			return
		}
		l.free, l.queue = l.free[:len(l.free)-1], append(l.queue, b)
		l.jobs <- b
	}
}

// next waits for the first block of the queue.
func (l *lane[T]) next() *block[T] {
	b := l.queue[0]
	l.queue = l.queue[1:]
	<-b.ready
	return b
}

// again has what follows a block cut anew, for it ends before its part does.
func (l *lane[T]) again(b *block[T]) {
	for len(l.queue) > 0 {
		l.free = append(l.free, l.next())
	}
	l.cut.Again(&b.Part)
	l.more, l.end = true, nil
}
