package journal

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// commitEvery is the least time from the beginning of one sync to that of the
// next: what comes meanwhile shares it.
const commitEvery = 10 * time.Millisecond

// maxSpare bounds the room that is kept for further groups, in bytes of text.
const maxSpare = 4 << 20

// commitLoop makes one group after the other durable until Close. size is how
// long the place is.
func (j *Journal) commitLoop(size int64) {
	defer close(j.done)
	var (
		last  time.Time
		spare group // whose room is used again
	)
	for range j.wake { // every group left a token behind, before Close too
		if rest := commitEvery - time.Since(last); rest > 0 {
			time.Sleep(rest)
		}
		last = time.Now()
		j.mu.Lock()
		g := j.pending
		if g.commit == nil { // it failed
			j.mu.Unlock()
			return
		}
		j.pending = group{text: spare.text[:0], records: spare.records[:0]}
		j.mu.Unlock()
		err := j.write(g.text, size)
		if size += int64(len(g.text)); err == nil {
			err = j.apply(g)
		}
		if err != nil {
			err = final(err)
			j.fail(err)
		} else {
			j.count(&g)
		}
		g.commit.end(err)
		if spare = (group{}); cap(g.text) <= maxSpare {
			spare = g
		}
	}
}

// write makes text durable in a place of a size. A full disk gives back the
// reserved space once.
func (j *Journal) write(text []byte, size int64) error {
	if err := j.measure(size, ErrChanged); err != nil {
		return err
	}
	err := j.place.Append(text)
	if errors.Is(err, ErrFull) && j.release != nil {
		release := j.release
		j.release = nil
		length, lerr := j.place.Length()
		if written := length - size; lerr == nil && written >= 0 && written <= int64(len(text)) && release() == nil {
			j.bar(ErrFull)
			err = j.place.Append(text[written:])
		}
	}
	if err != nil {
		return err
	}
	if err := j.measure(size+int64(len(text)), io.ErrShortWrite); err != nil {
		return err
	}
	if p, ok := j.place.(displaceable); ok && p.Displaced() {
		j.bar(ErrDisplaced)
	}
	return nil
}

// ErrChanged says that somebody else wrote to the place: offsets are not what they were
// thought to be, and what was recorded may be gone.
var ErrChanged = errors.New("its length is not what was written: something else changed it")

// measure returns otherwise if the place has not the size that it must have.
func (j *Journal) measure(size int64, otherwise error) error {
	length, err := j.place.Length()
	if err == nil && length != size {
		err = otherwise
	}
	return err
}

// apply tells of the records of a durable group.
func (j *Journal) apply(g group) error {
	if j.applied == nil {
		return nil
	}
	for i := range g.records {
		if err := j.applied(&g.records[i]); err != nil {
			return err
		}
	}
	return nil
}

// count counts lines that have become durable, and tells the lock file. That this
// may fail costs nothing now: a lock file that knows less holds nobody back.
func (j *Journal) count(g *group) {
	j.mu.Lock()
	j.durable = Mark{j.durable.Number + g.lines, g.sum}
	at := j.durable
	j.mu.Unlock()
	if j.lock != nil {
		j.lock.durable(at)
	}
}

// final is an error with ErrJournal.
func final(err error) error {
	if errors.Is(err, ErrJournal) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrJournal, err)
}

// fail ends the journal, and the group that joined meanwhile.
func (j *Journal) fail(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.failed = err
	if j.pending.commit != nil {
		j.pending.commit.end(err)
	}
	j.pending = group{}
}

// bar takes no intents from now on.
func (j *Journal) bar(why error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.barred == nil {
		j.barred = why
	}
}
