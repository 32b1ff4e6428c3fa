package pace

import (
	"math/rand/v2"
	"time"
)

// The bases of Backoff, and the longest wait that it returns.
const (
	ThrottleBase = 2 * time.Second        // half of it is the least first wait
	ConnectBase  = 400 * time.Millisecond // refused, DNS, TLS
	LongestWait  = 30 * time.Second
	// LongestAsked is the longest wait that the service is granted where it asks for one.
	LongestAsked = time.Minute
)

// Backoff returns how long to wait before try n+1, n >= 1: equal jitter, half
// of it certain and half of it chance, doubling up to 30 s. asked is what the
// service asked for, and the least that is waited, up to a minute.
func Backoff(base time.Duration, n int, asked time.Duration, r *rand.Rand) time.Duration {
	d := LongestWait
	if n < 8 {
		d = min(base<<(n-1), LongestWait)
	}
	return max(d/2+time.Duration(r.Int64N(int64(d/2)+1)), min(asked, LongestAsked))
}
