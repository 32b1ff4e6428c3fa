package batch

import (
	"sync"

	"axgbind/aliyun"
	"axgbind/batch/plan"
)

// Number is one X number of the operator's own list.
type Number struct {
	SecretNo string
	PoolKey  string
	City     string // Chinese name without 市; blank: not known
}

// Numbers are the X numbers of the operator's list that the service called
// free. A row that names no X gets one of them before its call, so that every
// lost answer can be looked up. A number is given to one row only. It is safe
// for concurrent use.
type Numbers struct {
	mu     sync.Mutex
	free   map[plan.Supply][]string
	wanted map[plan.Supply]int // rows of a certain city that have not got theirs
}

// NewNumbers makes numbers ready for the rows that wanted counts: by pool, and
// by city where the row names one.
func NewNumbers(free []Number, wanted map[plan.Supply]int) *Numbers {
	n := &Numbers{free: map[plan.Supply][]string{}, wanted: map[plan.Supply]int{}}
	for _, x := range free {
		at := plan.Supply{Pool: x.PoolKey, City: x.City}
		n.free[at] = append(n.free[at], x.SecretNo)
	}
	for at, rows := range wanted {
		n.wanted[at] = rows
	}
	return n
}

// take gives out a free number. A city that a row names is kept to: it gets a
// number of that city, or one whose city is not known, but none of another. A
// row that names none gets one that rows with a city can spare best.
func (n *Numbers) take(pool, city string) (x string, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if city != "" {
		n.wanted[plan.Supply{Pool: pool, City: city}]--
		if x, ok = n.pop(plan.Supply{Pool: pool, City: city}); !ok {
			x, ok = n.pop(plan.Supply{Pool: pool})
		}
		return x, ok
	}
	best, spare := plan.Supply{}, 0
	for at, list := range n.free {
		if at.Pool != pool || len(list) == 0 {
			continue
		}
		if s := len(list) - max(n.wanted[at], 0); !ok || s > spare || s == spare && at.City < best.City {
			best, spare, ok = at, s, true
		}
	}
	if !ok {
		return "", false
	}
	return n.pop(best)
}

func (n *Numbers) pop(at plan.Supply) (x string, ok bool) {
	list := n.free[at]
	if len(list) == 0 {
		return "", false
	}
	n.free[at] = list[1:]
	return list[0], true
}

// mostReplaced is how many chosen numbers of one row may turn out taken before
// the refusal is the row's own.
const mostReplaced = 3

// refusesX reports whether a refusal of a BindAxg is about the X that it names.
func refusesX(code string) bool {
	switch code {
	case aliyun.CodeBindConflict, "isv.NO_USED_BY_OTHERS", "isv.NO_NOT_EXIST", aliyun.CodeForbiddenAction:
		return true
	}
	return false
}
