package pace_test

import (
	"context"
	"fmt"
	"time"

	"axgbind/batch/pace"
)

// A call takes its turn, makes itself ready, and leaves at the moment that is given.
func ExamplePace() {
	p, err := pace.New(100) // calls a second
	if err != nil {
		fmt.Println(err)
		return
	}
	began := time.Now()
	for range 5 {
		turn, err := p.Turn(context.Background())
		if err != nil {
			return
		}
		// What takes time and is no call, such as writing an intent, has its place here.
		if err := turn.Release(context.Background()); err != nil {
			return
		}
	}
	fmt.Println("five calls took 40 ms or more:", time.Since(began) >= 40*time.Millisecond)
	// Output: five calls took 40 ms or more: true
}

// A service that throttles is called less often, and a little later again more often.
func ExampleGovernor() {
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	g := pace.NewGovernor(100, 0, now)
	fmt.Println("starts at", g.Tick(now).Limit)
	for i := range 101 {
		g.Observe(now.Add(time.Duration(i)*10*time.Millisecond), i%2 == 0)
	}
	fmt.Println("gives way:", g.Tick(now.Add(time.Second)).Limit < 100)
	// Output:
	// starts at 100
	// gives way: true
}
