package batch

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"axgbind/aliyun"
	"axgbind/report"
)

// DamageError says that a journal is damaged in its middle, where no crash can
// have torn it. What was sent is then unknown, so nothing may be.
type DamageError struct {
	Line   int   // from 1
	Offset int64 // in bytes
	Err    error
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("journal damaged at line %d (byte %d): %v", e.Line, e.Offset, e.Err)
}

func (e *DamageError) Unwrap() error { return e.Err }

// ErrNotJournal says that a file does not begin like a journal.
var ErrNotJournal = errors.New("not an axgbind journal")

// ErrNewerJournal says that a journal was written by a version whose lines or
// identities this one does not understand.
var ErrNewerJournal = errors.New("journal of a newer axgbind")

// OpenJournal reads a journal of the given size back and goes on with it. A
// record torn off at the end by a crash is dropped: it was never durable, so
// nothing was done on its strength. Damage elsewhere is a *DamageError.
func OpenJournal(f JournalFile, size int64, release func() error) (*Journal, error) {
	j := newJournal(f, release)
	end, finished, err := j.replay(io.NewSectionReader(f, 0, size), j.apply)
	if err != nil {
		return nil, err
	}
	if end < size {
		tail := make([]byte, min(size-end, maxTornLook))
		if _, err := f.ReadAt(tail, end); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("journal: %w", err)
		}
		if oneBitOff(tail) {
			return nil, &DamageError{Line: j.records + 1, Offset: end, Err: errChecksum}
		}
		j.Torn = size - end
		if err := f.Truncate(end); err != nil {
			return nil, fmt.Errorf("%w: dropping a torn record: %w", ErrJournal, err)
		}
	}
	if !finished { // whole, but for its newline
		if _, err := f.Write([]byte{'\n'}); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrJournal, err)
		}
		end++
	}
	if j.Torn > 0 || !finished {
		if err := f.Sync(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrJournal, err)
		}
	}
	j.size = end
	j.settleOpen()
	j.start()
	return j, nil
}

// replay hands every record to take and returns the offset behind the last
// valid one, and whether that one had its newline.
func (j *Journal) replay(r *io.SectionReader, take func(n int, at int64, l *line) error) (end int64, finished bool, err error) {
	in := bufio.NewReaderSize(r, int(min(r.Size()+1, 1<<20))) // tests and nights open many small ones
	var (
		damage *DamageError // the first line that does not verify
		at     int64
		long   []byte
		l      line // one for all: take does not keep it
	)
	finished = true
	for n := 1; ; n++ {
		text, rerr := in.ReadSlice('\n')
		for long = long[:0]; errors.Is(rerr, bufio.ErrBufferFull); {
			long = append(long, text...)
			text, rerr = in.ReadSlice('\n')
		}
		if len(long) > 0 {
			long = append(long, text...)
			text = long
		}
		if rerr != nil && rerr != io.EOF {
			return 0, false, fmt.Errorf("journal: %w", rerr)
		}
		if len(text) > 0 {
			body, whole := bytes.CutSuffix(text, []byte{'\n'})
			var perr error
			l, perr = parseLine(body)
			if n == 1 && (perr != nil || l.kind != kindHeader) {
				return 0, false, ErrNotJournal
			}
			switch {
			case perr != nil && (errors.Is(perr, errChecksum) || errors.Is(perr, errShortLine)):
				if damage == nil {
					damage = &DamageError{Line: n, Offset: at, Err: perr}
				}
				if whole && looksWhole(body) {
					return 0, false, damage
				}
			case damage != nil:
				return 0, false, damage // a valid record follows: no torn tail
			case perr != nil:
				return 0, false, &DamageError{Line: n, Offset: at, Err: perr}
			default:
				if err := take(n-1, at, &l); err != nil {
					if errors.Is(err, ErrNotJournal) || errors.Is(err, ErrNewerJournal) {
						return 0, false, err
					}
					return 0, false, &DamageError{Line: n, Offset: at, Err: err}
				}
				end, finished = at+int64(len(text)), whole
				j.records++
			}
			at += int64(len(text))
		}
		if rerr == io.EOF {
			if end == 0 { // not even a header
				return 0, false, ErrNotJournal
			}
			return end, finished, nil
		}
	}
}

// apply takes one record into memory. n counts records from 0.
func (j *Journal) apply(n int, at int64, l *line) error {
	switch l.kind {
	case kindHeader:
		if n != 0 {
			return errors.New("a second header")
		}
		if err := json.Unmarshal(l.detail, &j.Header); err != nil || j.Header.Format != journalFormat {
			return ErrNotJournal
		}
		if j.Header.Version != journalVersion || j.Header.Identity != IdentityVersion {
			return fmt.Errorf("%w: format %d, identity %d; this version writes %d and %d", ErrNewerJournal,
				j.Header.Version, j.Header.Identity, journalVersion, IdentityVersion)
		}
	case kindRun:
		var r RunStart
		if err := json.Unmarshal(l.detail, &r); err != nil {
			return err
		}
		j.Runs, j.ends = append(j.Runs, r), append(j.ends, nil)
		j.Ended = nil
	case kindEnd:
		j.Ended = new(RunEnd)
		if n := len(j.ends); n > 0 {
			j.ends[n-1] = j.Ended
		}
		return json.Unmarshal(l.detail, j.Ended)
	case kindSample:
		return json.Unmarshal(l.detail, &j.Last)
	case kindIntent, kindUpdate, kindRelease:
		root := int32(-1)
		if l.kind != kindIntent {
			root = j.rootOf(j.rootFor(l.of))
		}
		e := j.entryFor(l.key)
		j.changesAgain(j.index[l.key], root)
		if e.is(markOpen) { // its run died before the end was known
			j.died(e)
		}
		if delete(j.sentAnew, j.index[l.key]); l.kind == kindIntent && e.link >= 0 {
			j.sentAnew[j.index[l.key]] = *e
		}
		e.begin(l.kind, at, root, bytes.Contains(l.detail, namesX))
		e.run = j.currentRun()
	case kindWithdrawn:
		e := j.entryFor(l.key)
		if !e.is(markOpen) {
			return errors.New("withdraws an attempt that was not open")
		}
		e.mark(markOpen, false)
		e.attempts--
		if was, ok := j.sentAnew[j.index[l.key]]; ok {
			*e = was
		}
		j.standsAgain(j.index[l.key])
	case kindOutcome:
		e := j.entryFor(l.key)
		if !e.is(markOpen) {
			return errors.New("ends an attempt that was not open")
		}
		e.mark(markOpen, false)
		e.status, e.code, e.outcome = l.status, j.internLocked(l.code), at
		e.doubted = e.doubted || l.status == report.Unknown || e.is(markRelease) && l.status == report.Pending && mayBeDone(l.code)
		e.mark(markBlind, e.is(markBlind) || l.status == report.Unknown && bytes.Contains(l.detail, saysElsewhere))
		j.owns(j.index[l.key], l)
		j.passOn(j.index[l.key], l.code)
		delete(j.sentAnew, j.index[l.key]) // it left
	case kindLook:
		e := j.entryFor(l.key)
		if !e.touched {
			return errors.New("looks up a row that was never sent")
		}
		if e.is(markOpen) { // its run died; the look-up settles the lost call
			e.mark(markOpen, false)
			e.doubted = true
		}
		e.looked(l.status)
		e.status, e.code, e.outcome = l.status, j.internLocked(l.code), at
		j.owns(j.index[l.key], l)
	case kindCarried:
		e := j.entryFor(l.key)
		e.touched = true
		e.status, e.code, e.outcome, e.intent, e.last = l.status, j.internLocked(l.code), at, at, at
		e.doubted = l.status == report.Unknown
		e.mark(markNamed, bytes.Contains(l.detail, namesX))
		e.run = j.currentRun()
		var d detail
		if err := json.Unmarshal(l.detail, &d); err != nil {
			return err
		}
		e.attempts = uint16(min(max(d.Attempts, 0), math.MaxUint16))
		j.owns(j.index[l.key], l)
	}
	return nil
}

// owns notes whose binding a SubsId in a record about an entry is.
func (j *Journal) owns(i int32, l *line) {
	if l.status != report.Bound && l.status != report.Released {
		return
	}
	if _, id, ok := bytes.Cut(l.detail, namesSubsID); ok {
		if end := bytes.IndexByte(id, '"'); end > 0 {
			j.owners.claimKey(ownerKey(id[:end]), j.rootOf(i))
		}
	}
}

// namesSubsID and saysElsewhere are in the detail of an outcome, before the id of
// the binding, and if the answer named a binding on another X than the row.
var namesSubsID, saysElsewhere = []byte(`"subs":"`), []byte(`"elsewhere":true`)

// namesX is in the detail of an intent whose call names an X.
var namesX = []byte(`"x":"`)

// begin notes an intent of a kind that stands at an offset. root is the entry
// that made the binding which an update changes or a release ends.
func (e *entry) begin(k kind, at int64, root int32, named bool) {
	update := k != kindIntent
	if !update {
		if (e.status == report.Unknown || e.doubted) && e.touched && !e.is(markNamed) {
			e.mark(markBlind, true)
		}
		root = -1
	}
	e.mark(markOpen, true)
	e.mark(markNamed, named)
	e.mark(markGone, false)
	e.mark(markRelease, k == kindRelease)
	e.touched, e.last, e.link, e.update = true, at, root, update
	if e.intent < 0 || !update && e.status == report.Released { // what came before made another binding
		e.intent = at
	}
	if e.attempts < math.MaxUint16 {
		e.attempts++
	}
}

// looked notes the verdict of a look-up. That a row which names no X, or of
// which a call named none, is not bound only a sweep can say: then no call of
// its own is in doubt any more.
func (e *entry) looked(status report.Status) {
	if status == report.Pending && (!e.is(markNamed) || e.is(markBlind)) {
		e.doubted = false
		e.mark(markBlind, false)
	}
}

// interrupted is where an entry stands between an intent and its end, with the
// index of client.Interrupted. What an update did does not matter, since it is
// made again; any other call may have been executed.
func (e *entry) interrupted(code uint16) {
	e.mark(markOpen, false)
	e.status, e.code, e.outcome = report.Unknown, code, -1
	if e.update {
		e.status = report.Pending
	}
}

// died notes that the run of an open intent died before it told the end.
func (j *Journal) died(e *entry) {
	e.interrupted(j.internLocked(aliyun.CodeInterrupted))
	e.doubted = e.doubted || e.status == report.Unknown || e.is(markRelease)
}

// passOn notes, once an update has ended, that the binding has its values now,
// or that the service does not know the binding any more; or, once a release has,
// that there is no such binding any more.
func (j *Journal) passOn(i int32, code string) {
	e := &j.entries[i]
	if !e.update || e.link < 0 {
		return
	}
	switch root := &j.entries[e.link]; {
	case e.status == report.Released:
		root.link, root.status = i, report.Released
	case e.status == report.Bound:
		root.link = i
		root.mark(markGone, false)
		if root.status == report.Released { // then it was not
			root.status = report.Bound
		}
	case e.status == report.Failed && saysGone(code) && !e.is(markRelease): // a release is refused only if the binding is there
		root.mark(markGone, true)
	}
}

// mayBeDone reports whether a release that is PENDING with a code may be done: its
// answer was lost, or it said that the binding is gone, and nobody could prove
// that. Any other refusal of the row would have made it FAILED.
func mayBeDone(code string) bool {
	class := aliyun.Lookup(code).Class
	return class == aliyun.Ambiguous || class == aliyun.RowRefused
}

// rootFor is the entry that made the binding of a key; if the journal has none,
// as with an update of what another journal bound, one that was never reached
// stands for it.
func (j *Journal) rootFor(key Key) int32 {
	j.entryFor(key)
	return j.index[key]
}

// changesAgain notes that the update whose values a binding has is begun again:
// until it is done, what the binding is now is not certain.
func (j *Journal) changesAgain(i, root int32) {
	if root >= 0 && j.entries[root].link == i {
		j.entries[root].link = -1
	}
}

// standsAgain takes changesAgain back, for a call that never left.
func (j *Journal) standsAgain(i int32) {
	if e := &j.entries[i]; e.update && e.link >= 0 && e.status == report.Bound && j.entries[e.link].link < 0 {
		j.entries[e.link].link = i
	}
}

// saysGone reports whether a refused update means that there is no such binding
// any more: it lapsed or was released (dyplsapi.md, sections 3.4 and 6).
func saysGone(code string) bool {
	return code == aliyun.CodeSubsNotExist || code == aliyun.CodeForbiddenAction
}

func (j *Journal) currentRun() uint16 { return uint16(max(len(j.Runs)-1, 0)) }

func (j *Journal) entryFor(key Key) *entry {
	if i, ok := j.index[key]; ok {
		return &j.entries[i]
	}
	j.index[key] = j.addEntry()
	return &j.entries[len(j.entries)-1]
}

func (j *Journal) addEntry() int32 {
	j.entries = append(j.entries, entry{intent: -1, last: -1, outcome: -1, link: -1})
	return int32(len(j.entries) - 1)
}

// settleOpen gives every intent that a dead run left open its end: its call may
// have left.
func (j *Journal) settleOpen() {
	for i := range j.entries {
		if e := &j.entries[i]; e.is(markOpen) {
			j.died(e)
		}
	}
}

func indexNewline(b []byte) int { return bytes.IndexByte(b, '\n') }
