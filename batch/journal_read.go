package batch

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"axgbind/report"
)

// ReadJournal reads a journal for those who only look: no byte of it changes,
// so that another process may be writing to it. What stands behind the last
// whole record is left alone and counted in Torn. Rows whose call is on its way
// count as UNKNOWN. The journal takes no record; r is read until nobody uses it
// any more.
func ReadJournal(r io.ReaderAt, size int64) (*Journal, error) {
	j := newJournal(lookedAt{r}, nil)
	end, _, err := j.replay(io.NewSectionReader(r, 0, size), j.apply)
	if err != nil {
		return nil, err
	}
	j.Torn, j.size = size-end, end
	j.settleOpen()
	j.closed = true
	close(j.done) // no goroutine writes
	return j, nil
}

// lookedAt is a JournalFile that cannot be changed.
type lookedAt struct{ io.ReaderAt }

var errLookedAt = fmt.Errorf("%w: it is only looked at", ErrJournal)

func (lookedAt) Write([]byte) (int, error) { return 0, errLookedAt }
func (lookedAt) Sync() error               { return errLookedAt }
func (lookedAt) Truncate(int64) error      { return errLookedAt }

// Standing is what a journal tells of its rows, read without changing it.
type Standing struct {
	Header Header
	Runs   []RunStart
	Ends   []*RunEnd             // how each of Runs ended; nil if it goes on or was killed
	Last   Sample                // the zero Sample if there is none
	Ended  *RunEnd               // of the last run; nil if it goes on or was killed
	Rows   map[report.Status]int // that were sent at least once, where they stand; open intents apart
	Open   int                   // rows whose call is on its way, or was when the run was killed
	Torn   int64                 // bytes behind the last whole record
}

// ReadStanding reads a journal that another process may be writing to.
func ReadStanding(r io.ReaderAt, size int64) (*Standing, error) {
	j := newJournal(nil, nil)
	end, _, err := j.replay(io.NewSectionReader(r, 0, size), j.apply)
	if err != nil {
		return nil, err
	}
	s := &Standing{Header: j.Header, Runs: j.Runs, Ends: j.ends, Last: j.Last, Ended: j.Ended, Rows: map[report.Status]int{}, Torn: size - end}
	for i := range j.entries {
		switch e := &j.entries[i]; {
		case e.is(markRelease) && e.link >= 0 && j.entries[e.link].touched: // its row speaks for it
		case e.is(markOpen):
			s.Open++
		case e.touched:
			s.Rows[j.standing(int32(i))]++
		}
	}
	return s, nil
}

// ReadHeader returns the header of a journal.
func ReadHeader(r io.Reader) (Header, error) {
	h, _, err := readRuns(r, true)
	return h, err
}

// ReadRuns returns the header and the runs of a journal without changing it
// and without building its rows.
func ReadRuns(r io.Reader) (Header, []RunStart, error) { return readRuns(r, false) }

func readRuns(r io.Reader, headerOnly bool) (Header, []RunStart, error) {
	j := newJournal(nil, nil)
	in := bufio.NewReaderSize(r, 1<<16)
	for n := 0; ; n++ {
		text, err := in.ReadSlice('\n')
		whole := err == nil
		if whole && len(text) > 10 && (n == 0 || kind(text[9]) == kindRun) {
			if l, perr := parseLine(text[:len(text)-1]); perr == nil && (n > 0) == (l.kind == kindRun) {
				if aerr := j.apply(n, 0, &l); aerr != nil && n == 0 {
					return Header{}, nil, aerr
				}
			}
		}
		if j.Header.Version == 0 {
			return Header{}, nil, ErrNotJournal
		}
		for errors.Is(err, bufio.ErrBufferFull) { // no record we look for is so long
			_, err = in.ReadSlice('\n')
		}
		if err == io.EOF || headerOnly {
			return j.Header, j.Runs, nil
		}
		if err != nil {
			return Header{}, nil, err
		}
	}
}
