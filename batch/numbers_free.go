package batch

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"axgbind/aliyun"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/lookup"
	"axgbind/batch/plan"
)

// NumberAsker asks for the state of one X number. *aliyun.Client is one.
type NumberAsker interface {
	QuerySecretNoDetail(ctx context.Context, pool, x string) (*aliyun.Number, error)
}

// Shortage is rows for which a list has no free number.
type Shortage struct {
	PoolKey, City string // City is blank for rows that name none
	Rows          int    // that want a number
	Free          int    // that there are for them
}

// FreeNumbers is what the service said of a list.
type FreeNumbers struct {
	Numbers *Numbers
	Wanted  int        // rows that name no X
	Short   []Shortage // none: there is a number for every row
	Lost    int        // numbers whose state could not be learnt, and that are not used
}

// FindFree asks the service which numbers of a list are free, until there is
// one for every row of the plan that names no X, and a few to spare. Numbers that rows name, or that
// a call of unknown outcome may have taken, are left out. Nothing is bound yet
// when it returns, so that a shortage can be told before the first call.
func FindFree(ctx context.Context, p *plan.Plan, client NumberAsker, asker *Asker, list []Number) (*FreeNumbers, error) {
	wanted, taken, err := p.Wanted()
	if err != nil {
		return nil, err
	}
	f := finder{client: client, asker: asker, missing: map[plan.Supply]int{}}
	for at, rows := range wanted {
		f.missing[at] = rows
		f.left += rows
	}
	all := f.left
	f.spare = max(leastSpare, all/50)
	seen := map[string]bool{}
	group, each := errgroup.WithContext(ctx)
	group.SetLimit(asking)
	for i := range list {
		x := list[i]
		key := x.PoolKey + " " + x.SecretNo
		if seen[key] || taken[x.SecretNo] {
			continue
		}
		seen[key] = true
		if f.satisfied() || each.Err() != nil {
			break
		}
		if x.City != "" && !f.useful(x) {
			continue
		}
		group.Go(func() error { return f.ask(each, x) })
	}
	if err := cmp.Or(group.Wait(), ctx.Err()); err != nil {
		return nil, fmt.Errorf("asking which X numbers are free: %w", err)
	}
	return &FreeNumbers{NewNumbers(f.free, wanted), all, f.shortages(wanted), int(f.lost.Load())}, nil
}

// leastSpare is how many numbers more than are wanted are looked for, at least:
// some will be taken by others before their turn.
const leastSpare = 8

// finder looks for free numbers.
type finder struct {
	client NumberAsker
	asker  *Asker
	lost   atomic.Int64 // numbers whose state could not be learnt

	mu      sync.Mutex
	free    []Number
	missing map[plan.Supply]int // rows without a number so far
	left    int                 // their sum
	spare   int                 // numbers that are looked for besides
}

func (f *finder) satisfied() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.left <= 0 && f.spare <= 0
}

// useful reports whether some row still waits for such a number.
func (f *finder) useful(x Number) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.spare > 0 && f.left <= 0 || f.missing[plan.Supply{Pool: x.PoolKey}] > 0 || f.missing[plan.Supply{Pool: x.PoolKey, City: x.City}] > 0
}

// ask learns the state of one number. A number whose state cannot be learnt is
// not used; that every number is refused alike ends the search.
func (f *finder) ask(ctx context.Context, x Number) error {
	var n *aliyun.Number
	err := f.asker.ask(ctx, func(ctx context.Context) (err error) {
		n, err = f.client.QuerySecretNoDetail(ctx, x.PoolKey, x.SecretNo)
		return err
	})
	if ctx.Err() != nil || lookup.RefusesAll(err) {
		return err
	}
	if err != nil || n.State != aliyun.NumberFree {
		if unanswered(err) {
			f.lost.Add(1)
		}
		return nil
	}
	if n.City != "" {
		x.City = input.Normalise(field.ExpectCity, n.City)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.free = append(f.free, x)
	for _, at := range []plan.Supply{{Pool: x.PoolKey, City: x.City}, {Pool: x.PoolKey}} {
		if f.missing[at] > 0 {
			f.missing[at]--
			f.left--
			return nil
		}
	}
	if x.City == "" { // of unknown city: good for any
		for at, rows := range f.missing {
			if at.Pool == x.PoolKey && rows > 0 {
				f.missing[at]--
				f.left--
				return nil
			}
		}
	}
	f.spare--
	return nil
}

// shortages tells where numbers are missing.
func (f *finder) shortages(wanted map[plan.Supply]int) (list []Shortage) {
	for at, rows := range f.missing {
		if rows > 0 {
			list = append(list, Shortage{PoolKey: at.Pool, City: at.City, Rows: wanted[at], Free: wanted[at] - rows})
		}
	}
	slices.SortFunc(list, func(a, b Shortage) int {
		return cmp.Or(b.Rows-b.Free-(a.Rows-a.Free), strings.Compare(a.PoolKey, b.PoolKey), strings.Compare(a.City, b.City))
	})
	return list
}
