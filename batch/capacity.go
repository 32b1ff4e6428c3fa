package batch

import (
	"sync"

	"axgbind/batch/field"
	"axgbind/batch/plan"
)

const (
	dryAnswers = 20 // answers in a row, from so many different A, that stop a pool's city
	dryCities  = 3  // stopped cities that stop the whole pool
)

// supplies are the X numbers that the binds of a run may take: those of the service's
// pools, and those of the operator's own list.
type supplies struct {
	capacity *capacity
	numbers  *Numbers // nil: the service picks
}

// choose gives a row that names no X one of the list. It returns false if
// there is none left for it.
func (s *supplies) choose(row *plan.Row) bool {
	if s.numbers == nil || row.X() != "" {
		return true
	}
	x, ok := s.numbers.take(row.Fields[field.PoolKey], row.Fields[field.ExpectCity])
	row.Chosen = x
	return ok
}

// replace takes a number back that was chosen for a row and refused for what it
// is, so that the next attempt gets another. The caller has made sure that no
// call with it is in doubt. It returns false if the refusal is the row's own.
func (s *supplies) replace(row *plan.Row, code string) bool {
	if row.Chosen == "" || s.numbers == nil || row.Replaced == mostReplaced {
		return false
	}
	if !refusesX(code) {
		return false
	}
	row.Chosen = ""
	row.Replaced++
	return true
}

// capacity stops asking a pool, or one city of it, that has no X number left.
// One A alone may have used up its candidates, so only different A's count.
type capacity struct {
	mu     sync.Mutex
	places map[plan.Supply]*drought
	pools  map[string]int // stopped cities
}

// drought is a row of "no number available" answers in completion order.
type drought struct {
	phones  map[string]bool
	stopped bool
}

func newCapacity() *capacity {
	return &capacity{places: map[plan.Supply]*drought{}, pools: map[string]int{}}
}

// stopped reports whether rows of that pool and city should not be sent.
func (c *capacity) stopped(pool, city string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pools[pool] >= dryCities {
		return true
	}
	d := c.places[plan.Supply{Pool: pool, City: city}]
	return d != nil && d.stopped
}

// report takes an answer of the service: dry if there was no number for phone.
// It returns true when this answer stops the supply.
func (c *capacity) report(pool, city, phone string, dry bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	at := plan.Supply{Pool: pool, City: city}
	d := c.places[at]
	if !dry {
		if d != nil && !d.stopped {
			delete(c.places, at)
		}
		return false
	}
	if d == nil {
		d = &drought{phones: map[string]bool{}}
		c.places[at] = d
	}
	if d.stopped {
		return false
	}
	d.phones[phone] = true
	if len(d.phones) < dryAnswers {
		return false
	}
	d.stopped, d.phones = true, nil
	c.pools[pool]++
	return true
}
