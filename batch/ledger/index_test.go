package ledger

import (
	"fmt"
	"testing"
)

// TestIndex puts many numbers under hashes that collide, are alike, or lie at both
// ends of the table, and looks for each.
func TestIndex(t *testing.T) {
	for name, hash := range map[string]func(int32) uint64{
		"spread": func(i int32) uint64 { return mix(uint64(i)) },
		"one":    func(int32) uint64 { return 0 },
		"last":   func(int32) uint64 { return 1<<64 - 1 },
		"ends":   func(i int32) uint64 { return uint64(i&1) * (1<<64 - 1) },
	} {
		t.Run(name, func(t *testing.T) {
			var x index
			x.each(7, func(int32) bool { t.Error("an empty table has a number"); return false })
			for i := range int32(500) {
				x.add(hash(i), i, int(i)+1, hash)
				if x.n != int(i)+1 || 4*x.n > 3*len(x.slots) {
					t.Fatalf("%d numbers in %d slots, want %d", x.n, len(x.slots), i+1)
				}
			}
			for i := range int32(500) {
				found := 0
				x.each(hash(i), func(n int32) bool {
					if n == i {
						found++
					}
					return true
				})
				if found != 1 {
					t.Errorf("number %d is there %d times", i, found)
				}
			}
			asked := 0
			x.each(hash(3), func(int32) bool { asked++; return false })
			if asked != 1 {
				t.Errorf("each goes on after %d numbers", asked)
			}
		})
	}
}

// TestReserve holds that room asked for is there: nothing moves until it is full.
func TestReserve(t *testing.T) {
	l := New(100)
	slots := [...]int{len(l.rowOf.slots), len(l.bindingOf.slots), len(l.livesAt.slots)}
	if slots[0] < 134 || slots[1] > 20 {
		t.Errorf("room for %v", slots)
	}
	for i := range 100 {
		k := Key{Occurrence: uint32(i)}
		if n := l.Intern(k); n != i || l.Intern(k) != i || l.Len() != i+1 {
			t.Fatalf("row %d has number %d of %d", i, n, l.Len())
		}
	}
	if len(l.rowOf.slots) != slots[0] {
		t.Errorf("the table of rows grew from %d to %d", slots[0], len(l.rowOf.slots))
	}
	l.Reserve(0, 1000)
	for i := range 1000 {
		l.addBinding(binding{id: SubsID(i + 1), place: Place(i%7 + 1)})
	}
	if len(l.bindingOf.slots) > 1600 || len(l.bindingOf.slots) < 1334 {
		t.Errorf("%d slots for 1000 bindings", len(l.bindingOf.slots))
	}
	for i := range 1000 {
		if n, ok := l.BindingOf(SubsID(i + 1)); !ok || n != i {
			t.Errorf("binding %d is %d", i, n)
		}
	}
	if n, ok := l.BindingOf(0); ok || n != -1 {
		t.Errorf("no id names binding %d", n)
	}
	if n, ok := l.BindingOf(1001); ok || n != -1 {
		t.Errorf("binding 1001 is %d", n)
	}
}

func TestCodes(t *testing.T) {
	l := New(0)
	if l.Code("") != 0 || l.Text(0) != "" {
		t.Error("a blank code is not 0")
	}
	for i := range 65_534 {
		if n := l.Code(fmt.Sprint(i)); int(n) != i+1 || l.Text(n) != fmt.Sprint(i) {
			t.Fatalf("code %d is number %d", i, n)
		}
	}
	if l.Code("one more") != 0 || l.Code("7") != 8 {
		t.Error("more codes than there are numbers")
	}
}
