package aliyun

import (
	"net/http"
	"time"
)

// told is the service's time as an answer had it.
type told struct {
	text string // its Date header, to the second
	date time.Time
	at   time.Time // when it was read
}

// hear notes the Date of an answer that can be relied on. It is called for each, and
// most have that of the one before.
func (c *Client) hear(text string) {
	if last := c.told.Load(); last != nil && last.text == text {
		return
	}
	if date, err := http.ParseTime(text); err == nil {
		c.told.Store(&told{text: text, date: date, at: time.Now()})
	}
}

// ServiceTime is what the service's time has come to: what its latest answer told, which
// is at most a second too early, and what has elapsed since. It is zero while no answer
// that can be relied on has told it; a refusal tells it too.
func (c *Client) ServiceTime() time.Time {
	last := c.told.Load()
	if last == nil {
		return time.Time{}
	}
	return last.date.Add(time.Since(last.at))
}
