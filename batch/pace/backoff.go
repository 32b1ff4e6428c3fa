package pace

import (
	"math/rand/v2"
	"time"
)

const (
	// ThrottleBase is the base of Backoff after throttling; half of it is the least first
	// wait.
	ThrottleBase = 2 * time.Second
	// ConnectBase is the base of Backoff where no connection was made: refused, DNS, TLS.
	ConnectBase = 400 * time.Millisecond
	// longestWait bounds the waits of Backoff that nobody asked for.
	longestWait = 30 * time.Second
)

// Backoff returns how long to wait before try n+1, n >= 1: equal jitter, half
// of it certain and half of it chance, doubling up to 30 s. asked is what the
// service asked for, and the least that is waited, up to a minute.
func Backoff(base time.Duration, n int, asked time.Duration, r *rand.Rand) time.Duration {
	d := longestWait
	if n < 8 {
		d = min(base<<(n-1), longestWait)
	}
	return max(d/2+time.Duration(r.Int64N(int64(d/2)+1)), min(asked, longestAsked))
}
