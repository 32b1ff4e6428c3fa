package batch

import (
	"fmt"
	"io"
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
