package batch

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"axgbind/batch/books"
)

// alike is how many rows must have been refused with one code, and none
// answered otherwise, for the run to stop: it is the file or the set-up, not
// the rows.
const alike = 20

// percentFrom is how many rows must have ended before a percentage is judged.
const percentFrom = 100

// MaxFailures is the number or share of rows sent that may end FAILED or
// UNKNOWN before the run stops. The zero value sets no bound.
type MaxFailures struct {
	Count   int     // rows; 0: no bound
	Percent float64 // of the rows that ended, judged from 100 rows on; 0: no bound
}

// ParseMaxFailures reads "N" or "N%".
func ParseMaxFailures(s string) (MaxFailures, error) {
	if text, ok := strings.CutSuffix(strings.TrimSpace(s), "%"); ok {
		p, err := strconv.ParseFloat(text, 64)
		if err != nil || !(p > 0 && p <= 100) {
			return MaxFailures{}, fmt.Errorf("%q: want a share above 0%% and up to 100%%", s)
		}
		return MaxFailures{Percent: p}, nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 1 {
		return MaxFailures{}, fmt.Errorf("%q: want a number from 1, or a share such as 50%%", s)
	}
	return MaxFailures{Count: n}, nil
}

// failures counts how rows end, and says when too many ended badly.
type failures struct {
	max MaxFailures

	mu     sync.Mutex
	ended  int
	bad    int
	first  string // code of the first refusal
	varied bool   // an end that was not a refusal with that code
}

// add takes the end of one row and returns the reason to stop, if it is one.
func (f *failures) add(bad, refused bool, code string) books.Stop {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended++
	if bad {
		f.bad++
	}
	if f.ended == 1 {
		f.first = code
	}
	if !refused || code != f.first {
		f.varied = true
	}
	switch {
	case !f.varied && f.ended == alike:
		return books.StopAllAlike
	case bad && f.max.Count > 0 && f.bad >= f.max.Count:
		return books.StopMaxFailures
	case bad && f.max.Percent > 0 && f.ended >= percentFrom && float64(f.bad)*100 >= f.max.Percent*float64(f.ended):
		return books.StopMaxFailures
	}
	return books.StopNone
}
