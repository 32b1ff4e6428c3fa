package batch

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"time"
)

// Compact writes the journal to w without the rows whose Expiration lies
// before cutoff, and of the samples only the last, and returns how many rows were left out.
// Such a row can neither be sent again, since its Expiration is part of its
// identity, nor hold another back. The journal must be freshly opened; w
// becomes a journal that OpenJournal reads.
func (j *Journal) Compact(w io.Writer, cutoff, now time.Time) (dropped int, err error) {
	lapsed := make([]bool, len(j.entries))
	for i := range j.entries {
		if !j.entries[i].touched { // stands for what another journal bound: as its changes
			lapsed[i] = true
			continue
		}
		d, err := j.detailAt(j.entries[i].intent)
		if err != nil {
			return 0, err
		}
		if at, err := parseExpiration(d.Expiration); err == nil && at.Before(cutoff) {
			lapsed[i] = true
		}
	}
	for i := range j.entries { // a change needs what it changes
		if e := &j.entries[i]; e.update && e.link >= 0 && !lapsed[i] {
			lapsed[e.link] = false
		}
	}
	for i := range j.entries { // and what was changed needs its changes
		if e := &j.entries[i]; e.update && e.link >= 0 {
			lapsed[i] = lapsed[e.link]
		}
	}
	for i, gone := range lapsed {
		if gone && j.entries[i].touched {
			dropped++
		}
	}
	header := j.Header
	header.Compacted = now
	out := bufio.NewWriterSize(w, 1<<20)
	text, err := appendLine(nil, kindHeader, nil, header)
	if err != nil {
		return 0, err
	}
	if _, err := out.Write(text); err != nil {
		return 0, err
	}
	in := bufio.NewReaderSize(io.NewSectionReader(j.file, 0, j.size), 1<<20)
	for n := 1; ; n++ {
		text, err := in.ReadBytes('\n')
		if err == io.EOF && len(text) == 0 {
			break
		}
		if err != nil {
			return 0, fmt.Errorf("journal: %w", err)
		}
		l, err := parseLine(text[:len(text)-1])
		if err != nil {
			return 0, &DamageError{Line: n, Err: err}
		}
		switch l.kind {
		case kindHeader, kindSample:
			continue
		case kindIntent, kindUpdate, kindRelease, kindWithdrawn, kindOutcome, kindLook, kindCarried:
			i, ok := j.index[l.key]
			if !ok {
				return 0, errors.New("journal: a record of a row that was not read")
			}
			if lapsed[i] {
				continue
			}
		}
		if _, err := out.Write(text); err != nil {
			return 0, err
		}
	}
	if j.Last != (Sample{}) { // what was learned of the service
		text, err := appendLine(nil, kindSample, nil, j.Last)
		if err != nil {
			return 0, err
		}
		if _, err := out.Write(text); err != nil {
			return 0, err
		}
	}
	return dropped, out.Flush()
}
