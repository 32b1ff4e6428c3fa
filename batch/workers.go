package batch

import "golang.org/x/sync/errgroup"

// workers runs functions in goroutines that stay for the next one. A goroutine for
// each row would grow its stack anew for each call, which took a twelfth of a
// run's CPU (BenchmarkBind).
type workers struct {
	group *errgroup.Group
	work  chan func() error
	size  int
	most  int
}

func newWorkers(group *errgroup.Group, most int) *workers {
	return &workers{group: group, work: make(chan func() error), most: most}
}

// do has a goroutine of the workers run f: one that is idle, or one more, or, when
// there are as many as there may be, the first that has ended what it does. It is
// for one caller.
func (c *workers) do(f func() error) {
	select {
	case c.work <- f:
		return
	default:
	}
	if c.size == c.most {
		c.work <- f
		return
	}
	c.size++
	c.group.Go(func() (first error) {
		first = f()
		for f := range c.work {
			if err := f(); first == nil {
				first = err
			}
		}
		return first
	})
}

// rest ends the workers once all is done that it was given.
func (c *workers) rest() { close(c.work) }
