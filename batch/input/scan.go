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
}

// Scan goes once through the rows of an input. do is called for each row by
// several goroutines at once, and take for what it wrote, some thousand rows
// at a time and in order, by the calling goroutine while the next ones are read. The
// Record of a lean row holds only the cells that fill fields, until do returns. The first error of take or of reading the input ends it.
func Scan[T any](in *Input, lean bool, do func(*Row, *T), take func([]T) error) error {
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

	var queue, free []*block[T]
	for range cap(jobs) {
		free = append(free, &block[T]{ready: make(chan struct{}, 1)})
	}
	var end error
	cut := in.text.NewCutter()
	if !lean { // whole rows are kept until they are taken, which may be long
		cut.Size = min(cut.Size, 64<<10)
	}
	for more := true; ; {
		for more && len(free) > 0 {
			b := free[len(free)-1]
			if more, end = cut.Next(&b.Part); !more {
				break
			}
			free, queue = free[:len(free)-1], append(queue, b)
			jobs <- b
		}
		if len(queue) == 0 {
			return end
		}
		b := queue[0]
		queue = queue[1:]
		<-b.ready
		if b.err != nil {
			return b.err
		}
		if b.Short() {
			for _, void := range queue {
				<-void.ready
			}
			free, queue = append(free, queue...), nil
			cut.Again(&b.Part)
			more, end = true, nil
		}
		if err := take(b.made); err != nil {
			return err
		}
		free = append(free, b)
	}
}
