package pace_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/pace"

	"pgregory.net/rapid"
)

func TestGateFIFO(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := pace.NewGate(1)
		if err := g.Enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		var order []int
		for i := range 10 {
			go func() {
				if g.Enter(t.Context()) == nil {
					order = append(order, i)
					g.Leave()
				}
			}()
			synctest.Wait()
		}
		g.Leave()
		synctest.Wait()
		if !slices.IsSorted(order) || len(order) != 10 || g.Holders() != 0 {
			t.Errorf("order %v, %d inside", order, g.Holders())
		}
	})
}

// A caller that comes later does not overtake those who wait.
func TestGateNoOvertaking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := pace.NewGate(0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		errs := make(chan error, 2)
		go func() { errs <- g.Enter(t.Context()) }()
		synctest.Wait()
		go func() { errs <- g.Enter(ctx) }()
		synctest.Wait()
		g.Resize(1)
		if err := <-errs; err != nil {
			t.Errorf("first: %v", err)
		}
		if err := <-errs; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("second: %v", err)
		}
		g.Leave()
	})
}

func TestGateCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		g := pace.NewGate(1)
		if err := g.Enter(ctx); !errors.Is(err, context.Canceled) || g.Holders() != 0 {
			t.Errorf("entered with a cancelled context: %v, %d inside", err, g.Holders())
		}
	})
}

// However entering, leaving, resizing and cancelling mix, there are never more
// inside than the bound allowed when the last one entered, none is lost, and
// everybody gets in as long as there is room.
func TestGateProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.IntRange(0, 99), 20, 80).Draw(rt, "steps")
		var broken string // rapid must hear of it outside the bubble
		synctest.Test(t, func(t *testing.T) {
			fail := func(format string, args ...any) { broken = cmp.Or(broken, fmt.Sprintf(format, args...)) }
			limit := 2
			g := pace.NewGate(limit)
			type caller struct {
				cancel context.CancelFunc
				done   chan error
			}
			var waiting []caller
			inside := 0
			settle := func() {
				synctest.Wait()
				waiting = slices.DeleteFunc(waiting, func(c caller) bool {
					select {
					case err := <-c.done:
						c.cancel()
						if err == nil {
							inside++
						}
						return true
					default:
						return false
					}
				})
				if g.Holders() != inside {
					fail("%d inside, want %d", g.Holders(), inside)
				}
				if len(waiting) > 0 && inside < limit {
					fail("%d wait though %d of %d are inside", len(waiting), inside, limit)
				}
			}
			for _, s := range steps {
				before := inside
				switch {
				case s < 45:
					ctx, cancel := context.WithCancel(t.Context())
					c := caller{cancel, make(chan error, 1)}
					waiting = append(waiting, c)
					go func() { c.done <- g.Enter(ctx) }()
				case s < 70 && inside > 0:
					inside--
					g.Leave()
				case s < 85 && len(waiting) > 0:
					waiting[s%len(waiting)].cancel()
				case s >= 85:
					limit = s - 85
					g.Resize(limit)
				}
				settle()
				if inside > before && inside > limit {
					fail("%d inside, bound %d", inside, limit)
				}
			}
			for _, c := range waiting {
				c.cancel()
			}
			settle()
			if len(waiting) > 0 {
				fail("%d still wait", len(waiting))
			}
		})
		if broken != "" {
			rt.Fatal(broken)
		}
	})
}
