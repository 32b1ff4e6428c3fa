package command

import (
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

// How much garbage may pile up on what lives before it is collected: a quarter,
// since a million rows live in some 150 MiB that hardly change; but not less than
// leastRoom, or a run of few rows would collect its little garbage many times a
// second, each time looking at the stacks of a thousand goroutines.
const (
	GCPercent = 25
	leastRoom = 40 << 20
	tuneEvery = time.Second // what lives grows with the rows that are read
)

// TuneCollecting keeps the collector to that until stop is called.
func TuneCollecting() (stop func()) {
	before := debug.SetGCPercent(GCPercent)
	end := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		t := time.NewTicker(tuneEvery)
		defer t.Stop()
		sizes := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"}}
		now := GCPercent
		for {
			select {
			case <-end:
				return
			case <-t.C:
			}
			metrics.Read(sizes)
			lives := uint64(1)
			for _, s := range sizes {
				lives += s.Value.Uint64()
			}
			// Above 400%, what lives would have been guessed from too little.
			if want := min(max(GCPercent, int(100*leastRoom/lives)), 400); want < now*9/10 || want > now*11/10 {
				now = want
				debug.SetGCPercent(want)
			}
		}
	})
	return func() {
		close(end)
		done.Wait()
		debug.SetGCPercent(before)
	}
}
