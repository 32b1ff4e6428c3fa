// Package journal keeps records: as lines of text, durable, in order. It knows
// nothing of what they mean; package ledger does.
//
// # Text
//
// A journal is lines, one record each:
//
//	CRC WORD CALL NAME=VALUE ... {DETAIL}\n
//
// CRC is the Castagnoli CRC-32 of everything between the blank behind it and the
// newline, as 8 hexadecimal digits. WORD is `header` for the first line, `sample`
// for a line that is no record of a ledger, and otherwise the word of the
// record's kind. CALL is the number of the call; a field that is zero is left
// out, the others stand in the order of the table in fields.go. DETAIL is a JSON
// object that the journal does not look into. Each line has one form: what is
// read and written again is the same, byte for byte.
//
// What a ledger needs stands before the detail, so that millions of records are
// read back without decoding any JSON.
//
// # Promises
//
//   - A record counts once it is durable: [Commit.Wait] returns nothing before.
//   - [Options.Applied] sees every durable record once, in the order of the file:
//     the order in which whoever reads the journal back will see it.
//   - Records wait for each other and share a sync, at most one every 10 ms, so
//     that durability does not cost throughput; a lone record does not wait.
//   - What a crash tore off at the end is dropped by [Open], durably: it was never
//     durable, so nothing was done on its strength.
//
// # Refusals
//
//   - A failed write or sync is final, for all who wait and all who come: nobody
//     knows what the disk holds, so it is never tried again. So is a file that is
//     not as long as what was written.
//   - Damage that no crash explains is a [*DamageError]: what was sent is then not
//     known, so nothing may be. A changed bit, wherever it is, never makes another
//     record, nor does it make one vanish.
//   - When the disk is full, or the file was taken away, intents are refused. The
//     other records are taken: they tell what became of calls under way.
//   - A line that this version would not have written is damage; journals of older
//     and newer versions are told apart from it.
//
// # Why not a database
//
// Two kinds of append and one scan are all that is needed. Measured with 400,000
// durable appends, 64 at a time: this text 87,300 a second, SQLite (WAL,
// synchronous=FULL) 68,000, bbolt 52,900. Text adds no dependency, can be read
// with grep at night, and 1,500 torn tails left an exact prefix; of 40 truncated
// bbolt files 39 ended the process with a fault that cannot be caught.
package journal

import (
	"cmp"
	"errors"
	"fmt"
	"sync"

	"axgbind/batch/ledger"
)

// ErrJournal is in every failure to keep a record. It is final.
var ErrJournal = errors.New("journal cannot be written")

// ErrFull says that the disk is full. Intents are refused then; other records are
// still taken, in the room that [Options.Release] gave back. A [Place] returns an
// error with it if Append found no room and may be tried again with the rest.
var ErrFull = fmt.Errorf("%w: the disk is full", ErrJournal)

// ErrDisplaced says that the journal was deleted, moved or replaced while it was
// written to. Intents are refused then; other records are still taken, for whoever
// has it open.
var ErrDisplaced = fmt.Errorf("%w: it was deleted or moved", ErrJournal)

// Options say how a journal is kept. The zero value is fit for one without a
// reserve and without a ledger.
type Options struct {
	// Identity is the version of keys that the caller computes; Open refuses a
	// journal with another. 0: any.
	Identity int

	// Release frees reserved disk space. It is called once, when the disk is full;
	// nil: there is none, and a full disk is final.
	Release func() error

	// Lock is the journal's lock file, which is told how far the journal
	// has come. Open compares the journal with it. nil: there is none.
	Lock *LockFile

	// Behind has Open take a journal whose lock file knows more than it does, and
	// Create begin one where the lock file knows of one that was lost. The caller asks
	// Lock.Missing what is to be brought.
	Behind bool

	// Applied is called with each record that was given to Append, once it is
	// durable, in the order of the file, with Ref set, before its Wait returns. It
	// neither keeps the pointer nor waits for another record. An error from it is
	// final for the journal. nil: nobody wants to know.
	Applied func(*ledger.Record) error
}

// Journal is a journal that is written to. It is safe for concurrent use. Close
// ends it; the place belongs to the caller and stays open.
type Journal struct {
	header  Header
	torn    int64
	place   Place
	lock    *LockFile // nil: there is none
	applied func(*ledger.Record) error
	release func() error // nil: there is none, or it was called

	mu      sync.Mutex
	size    int64 // where the next record will stand
	durable Mark
	sum     Sum // with what is pending
	pending group
	failed  error // nothing is taken any more
	barred  error // no intents are: the disk is full, or the file was taken away
	closed  bool

	wake chan struct{} // room for one: there is something pending
	done chan struct{} // closed when the goroutine has ended
}

// group is records that become durable together.
type group struct {
	text    []byte
	lines   uint64
	sum     Sum             // of the journal with them
	records []ledger.Record // of Append; those of Note are only in text
	commit  *Commit         // nil: there are none
}

// Commit is a record on its way to the disk.
type Commit struct {
	done chan struct{}
	err  error
}

// Wait returns nil once the record is durable and applied, or the error that keeps
// it from ever being so. Since failures are final, whoever appended several
// records may wait for the last.
func (c *Commit) Wait() error {
	<-c.done
	return c.err
}

func (c *Commit) end(err error) {
	c.err = err
	close(c.done)
}

// Create begins a journal in a place that is Empty, and is durable when it
// returns, but for the entry of a new file in its folder. Format and Version of the
// header are set here, and its ID if it has none. The caller holds the place's lock.
func Create(p Place, h Header, opt Options) (*Journal, error) {
	have, err := p.Length()
	if err != nil {
		return nil, final(err)
	}
	empty, err := Empty(p, have)
	if err != nil {
		return nil, final(err)
	}
	if !empty {
		return nil, fmt.Errorf("%w: there is something in its place", ErrJournal)
	}
	if have > 0 {
		if err := p.Cut(0); err != nil {
			return nil, final(err)
		}
	}
	h.complete()
	text, err := encodeHeader(h)
	if err != nil {
		return nil, err
	}
	if err := p.Append(text); err != nil {
		return nil, final(err)
	}
	if opt.Lock != nil {
		opt.Lock.begin(h.ID, h.Kept, opt.Behind)
	}
	return start(p, h, int64(len(text)), h.Kept, opt), nil
}

// start begins with a place of a size that has come to a mark.
func start(p Place, h Header, size int64, at Mark, opt Options) *Journal {
	j := &Journal{
		header: h, place: p, size: size, durable: at, sum: at.Sum, lock: opt.Lock, applied: opt.Applied, release: opt.Release,
		wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
	go j.commitLoop(size)
	return j
}

// Header is the first line of the journal.
func (j *Journal) Header() Header { return j.header }

// Torn is how many bytes of a record that was never completed Open dropped from
// the end; 0 after a journal was closed in good order.
func (j *Journal) Torn() int64 { return j.torn }

// Size is where the next record will stand, in bytes.
func (j *Journal) Size() int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.size
}

// Mark is how far the journal has come with what is durable. It goes on where the
// journal is written anew.
func (j *Journal) Mark() Mark {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.durable
}

// usual is how long a record may become before it costs another allocation.
const usual = 512

// Append hands a record to the next group and returns at once. The record's Ref
// is set here; of its Code, characters that cannot stand in a word become `_`, for
// Applied as for whoever reads it back. detail is marshalled to JSON and must be an
// object; a []byte is JSON already. nil: there is none.
func (j *Journal) Append(rec ledger.Record, detail any) *Commit {
	rec.Code = Word(rec.Code)
	text, err := encode(make([]byte, 0, usual), &rec, rec.Kind.String(), detail)
	return j.add(text, &rec, err)
}

// Note appends a sample, a line that no ledger knows of.
func (j *Journal) Note(detail any) *Commit {
	text, err := encode(nil, &ledger.Record{}, Sample, detail)
	return j.add(text, nil, err)
}

func (j *Journal) add(text []byte, rec *ledger.Record, err error) *Commit {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err == nil {
		err = j.failed
	}
	if err == nil && rec != nil && rec.Kind == ledger.Intent {
		err = j.barred
	}
	if err == nil && j.closed {
		err = fmt.Errorf("%w: it is closed", ErrJournal)
	}
	if err != nil {
		c := &Commit{done: make(chan struct{})}
		c.end(err)
		return c
	}
	if rec != nil {
		rec.Ref = j.size
		j.pending.records = append(j.pending.records, *rec)
	}
	checksum, _ := checksumOf(text) // encode wrote it
	j.size += int64(len(text))
	j.sum = j.sum.next(checksum)
	j.pending.sum = j.sum
	j.pending.lines++
	j.pending.text = append(j.pending.text, text...)
	if j.pending.commit == nil {
		j.pending.commit = &Commit{done: make(chan struct{})}
		select {
		case j.wake <- struct{}{}:
		default:
		}
	}
	return j.pending.commit
}

// Err returns what ended the journal or bars intents from it, or nil.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return cmp.Or(j.failed, j.barred)
}

// Close makes durable what is pending and ends the journal's goroutine; a second
// Close does nothing. It returns what Err does.
func (j *Journal) Close() error {
	j.mu.Lock()
	if !j.closed {
		j.closed = true
		close(j.wake)
	}
	j.mu.Unlock()
	<-j.done
	return j.Err()
}
