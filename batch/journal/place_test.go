package journal_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"sync"
	"testing"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// disk is a Place in memory that knows what is durable and can fail.
type disk struct {
	mu      sync.Mutex
	text    []byte
	durable int // bytes that were there at the last good sync
	syncs   int
	cuts    int

	room      int           // bytes that fit; 0: no bound
	badWrite  error         // of every write
	badSync   error         // of every sync
	badLength error         // of every question for it
	badRead   error         // of every ReadAt
	badCut    error         // of every Cut
	short     bool          // a write takes half and says nothing
	displaced bool          // its name leads elsewhere
	syncTime  time.Duration // how long a sync takes
}

func (d *disk) Append(b []byte) error {
	d.mu.Lock()
	full := d.room > 0 && len(d.text)+len(b) > d.room
	n := len(b)
	switch {
	case d.badWrite != nil:
		defer d.mu.Unlock()
		return d.badWrite
	case d.short:
		n /= 2
	case full:
		n = max(d.room-len(d.text), 0)
	}
	d.text = append(d.text, b[:n]...)
	n = len(d.text)
	d.mu.Unlock()
	if full {
		return fmt.Errorf("disk: %w", journal.ErrFull)
	}
	time.Sleep(d.syncTime)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.syncs++
	if d.badSync == nil {
		d.durable = n
	}
	return d.badSync
}

func (d *disk) ReadAt(b []byte, at int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.badRead != nil {
		return 0, d.badRead
	}
	return bytes.NewReader(d.text).ReadAt(b, at)
}

func (d *disk) Length() (int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return int64(len(d.text)), d.badLength
}

func (d *disk) Cut(length int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.badCut == nil {
		d.cuts++
		d.text = d.text[:length]
		d.durable = int(length)
	}
	return d.badCut
}

func (d *disk) Lock() (bool, error) { return true, nil }

func (d *disk) Displaced() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.displaced
}

func (d *disk) set(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
}

// kept returns a copy of what a crash would leave.
func (d *disk) kept() []byte {
	d.mu.Lock()
	defer d.mu.Unlock()
	return bytes.Clone(d.text[:d.durable])
}

func (d *disk) synced() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.syncs
}

// detail is what the tests append.
type detail struct {
	Line int    `json:"line,omitempty"`
	A    string `json:"a,omitempty"`
}

func keyOf(n int) (k ledger.Key) {
	binary.BigEndian.PutUint64(k.ID[8:], uint64(n)+1)
	return k
}

func intent(n int) ledger.Record {
	return ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: uint64(n) + 1, Row: keyOf(n), Place: 7, At: 1795485600000, Due: 1795485900000}
}

func ok(n int) ledger.Record {
	return ledger.Record{Kind: ledger.OK, Call: uint64(n) + 1, Binding: ledger.SubsID(n + 2), At: 1795485600080, Code: "OK"}
}

func create(t testing.TB, p journal.Place, opt journal.Options) *journal.Journal {
	t.Helper()
	j, err := journal.Create(p, journal.Header{Identity: 3, Simulated: true}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func shut(t testing.TB, j *journal.Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// collect returns a take that keeps a copy of each line, and what it kept.
func collect() (take func(*journal.Line) error, list *[]journal.Line) {
	list = new([]journal.Line)
	return func(l *journal.Line) error {
		kept := *l
		kept.Detail = bytes.Clone(l.Detail)
		*list = append(*list, kept)
		return nil
	}, list
}

// read reads a journal that must be readable.
func read(t testing.TB, text []byte) []journal.Line {
	t.Helper()
	take, list := collect()
	if _, end, err := journal.Read(bytes.NewReader(text), int64(len(text)), nil, take); err != nil || end != int64(len(text)) {
		t.Fatalf("read up to %d of %d: %v", end, len(text), err)
	}
	return *list
}

// raw makes a line of text, with its checksum.
func raw(text string) string {
	return fmt.Sprintf("%08x %s\n", crc32.Checksum([]byte(text), crc32.MakeTable(crc32.Castagnoli)), text)
}

const rawHeader = `header {"format":"axgbind journal","version":3,"identity":3,"id":"00000000000000a1","simulated":true,"created":"2026-11-24T00:00:00Z"}`

// small is a journal of a few records, as text, and the end of each.
func small() (text string, ends []int) {
	for _, line := range []string{
		rawHeader,
		`run batch="a \"b\" c" {"run":"r1"}`,
		`intent 1 op=bind row=00000000000000000000000000000001 place=0000000000000007 at=1795485600000 due=+300000 {"line":2,"a":"13800138000"}`,
		`ok 1 subs=1000000000000001 at=1795485600080 code=OK {"req":"R"}`,
		`intent 2 op=bind row=00000000000000000000000000000002 place=0000000000000008 at=1795485600001 due=+300000 {"line":3}`,
		`notsent 2 at=1795485600081 code=isv.FLOW_LIMIT {"req":"R"}`,
		`intent 3 op=bind row=00000000000000000000000000000002 place=0000000000000008 at=1795485600002 due=+300000 {"line":3}`,
		`withdrawn 3`,
		`sample {"t":1,"calls":2}`,
		`known op=bind row=00000000000000000000000000000003 subs=77 state=BOUND tries=1 maker=-1 holder=-1 {"a":"13800138001"}`,
		`intent 4 op=bind row=00000000000000000000000000000004 at=1795485600003 due=+300000 {"line":5}`,
		`end at=1795485700000 {"run":"r1","status":4}`,
		`withdrawn 4 at=1795485700000`,
	} {
		text += raw(line)
		ends = append(ends, len(text))
	}
	return text, ends
}
