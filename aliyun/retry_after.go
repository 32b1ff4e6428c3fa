package aliyun

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRetryAfter bounds the advice; a longer one is not credible for a limit
// counted by the second, minute or hour.
const maxRetryAfter = time.Hour

// retryAfter is how long the service asks to wait: by Retry-After, in seconds or as a
// date, or by the quota, whichever is longer.
func retryAfter(h http.Header) time.Duration { return max(retryHeader(h, time.Now()), quotaLeft(h)) }

// retryHeader reads Retry-After. A date is held against the service's own, if it tells
// that: this machine's clock may be off.
func retryHeader(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(maxRetryAfter/time.Second))) * time.Second
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(at.Sub(now), 0), maxRetryAfter)
}

// quotaLeft reads TimeLeft, in milliseconds, of the headers that describe
// the API's and the user's quota, such as
// "Limit:1,Remain:0,TimeLeft:2000,Reset:1234", and returns the longer one.
// The vendor's SDK core (darabonba-openapi) takes the same figure for its
// retry-after.
func quotaLeft(h http.Header) time.Duration {
	var longest time.Duration
	for _, name := range [...]string{"X-Ratelimit-User-Api", "X-Ratelimit-User"} {
		for part := range strings.SplitSeq(h.Get(name), ",") {
			key, value, _ := strings.Cut(strings.TrimSpace(part), ":")
			if key != "TimeLeft" {
				continue
			}
			ms, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			if err != nil || ms <= 0 {
				continue
			}
			longest = max(longest, time.Duration(min(ms, maxRetryAfter.Milliseconds()))*time.Millisecond)
		}
	}
	return longest
}
