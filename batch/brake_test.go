package batch_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch"
)

// brakeEvents counts what a brake tells.
type brakeEvents struct {
	pulled, freed, given int
	failed               []int
}

func newBrake() (*batch.Brake, *brakeEvents) {
	e := &brakeEvents{}
	return batch.NewBrake(func() { e.pulled++ }, func(n int) { e.failed = append(e.failed, n) }, func() { e.freed++ }, func() { e.given++ }), e
}

func TestBrakePulls(t *testing.T) {
	repeat := func(s string, n int) (all string) {
		for range n {
			all += s
		}
		return all
	}
	for _, test := range []struct {
		name, ends string // x: trouble, o: none
		at         int    // the end that pulls; 0: none
	}{
		{"none", repeat("o", 500), 0},
		{"twenty in a row", repeat("x", 20), 20},
		{"nineteen in a row, again and again", repeat(repeat("x", 19)+repeat("o", 30), 20), 0},
		{"every other", repeat("xo", 500), 0},
		{"over half of the last hundred", repeat("xo", 49) + "xxx", 100},
		{"two of three, judged from 100 on", repeat("xxo", 40), 100},
		{"more than half once, long ago", repeat("o", 100) + repeat("xxo", 24) + repeat("o", 300), 0},
		{"after a good start", repeat("o", 1000) + repeat("xxo", 100), 1076},
	} {
		t.Run(test.name, func(t *testing.T) {
			b, e := newBrake()
			for i, c := range test.ends {
				b.Report(false, c == 'x')
				if b.IsPulled() {
					if i+1 != test.at || e.pulled != 1 {
						t.Errorf("pulled by end %d, want %d; told %d times", i+1, test.at, e.pulled)
					}
					return
				}
			}
			if test.at != 0 {
				t.Error("not pulled")
			}
		})
	}
}

func TestBrakeProbes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, e := newBrake()
		b.Pull()
		b.Pull()
		start := time.Now()
		var at []time.Duration
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := make(chan bool)
		// Twenty rows wait; one at a time may try.
		probing := 0
		for range 20 {
			go func() {
				defer func() { done <- true }()
				for {
					probe, err := b.Enter(ctx)
					if err != nil {
						return
					}
					if !probe {
						t.Error("a row went by while the brake was pulled")
						return
					}
					if probing++; probing > 1 {
						t.Errorf("%d probes at a time", probing)
					}
					at = append(at, time.Since(start).Round(time.Second))
					time.Sleep(time.Millisecond)
					probing--
					b.Report(true, true)
					if len(at) == batch.Probes {
						cancel()
					}
				}
			}()
		}
		for range 20 {
			<-done
		}
		// 1 s doubling to 60 s
		var want []time.Duration
		var sum time.Duration
		for _, s := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60, 60} {
			sum += s * time.Second
			want = append(want, sum)
		}
		if !slices.Equal(at, want) {
			t.Errorf("probes at %v, want %v", at, want)
		}
		if e.pulled != 1 || e.given != 1 || !slices.Equal(e.failed, []int{1, 2, 3, 4, 5, 6, 7, 8, 9}) || e.freed != 0 {
			t.Errorf("told %+v", *e)
		}
	})
}

func TestBrakeRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, e := newBrake()
		for range 19 {
			b.Report(false, true)
		}
		b.Pull()
		passed := make(chan time.Duration, 10)
		start := time.Now()
		for range 10 {
			go func() {
				probe, err := b.Enter(t.Context())
				if err != nil {
					t.Error(err)
				}
				if probe {
					time.Sleep(3 * time.Second)
					b.Report(false, true) // an end of a call from before says nothing new
					b.Report(true, false)
				}
				passed <- time.Since(start)
			}()
		}
		for range 10 {
			if at := <-passed; at != 4*time.Second {
				t.Errorf("passed after %v", at)
			}
		}
		// What was counted before is forgotten.
		for range 19 {
			b.Report(false, true)
		}
		if b.IsPulled() || e.freed != 1 {
			t.Errorf("pulled again by 19; freed %d times", e.freed)
		}
		b.Report(false, true)
		if !b.IsPulled() || e.pulled != 2 {
			t.Error("not pulled again by 20")
		}
	})
}

func TestBrakeForgoAndCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, _ := newBrake()
		b.Pull()
		if probe, err := b.Enter(t.Context()); !probe || err != nil {
			t.Fatalf("%t, %v", probe, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := b.Enter(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a second row while one probes: %v", err)
		}
		b.Forgo() // its row was late, or its pool dry: the next may probe at once
		start := time.Now()
		if probe, err := b.Enter(t.Context()); !probe || err != nil || time.Since(start) > 0 {
			t.Errorf("after a probe that was never made: %t, %v, %v", probe, err, time.Since(start))
		}
		if _, err := b.Enter(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("cancelled: %v", err)
		}
	})
}
