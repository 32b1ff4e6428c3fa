package batch_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/journal"

	"github.com/google/go-cmp/cmp"
)

// medium is what a test keeps a journal on.
type medium interface {
	io.Writer
	io.ReaderAt
	Sync() error
	Truncate(size int64) error
}

// placed makes a medium the place of a journal.
func placed(m medium) journal.Place { return onMedium{m} }

type onMedium struct{ medium }

func (p onMedium) Append(b []byte) error {
	n, err := p.Write(b)
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%w: %w", journal.ErrFull, err)
	case err == nil && n < len(b):
		return io.ErrShortWrite
	case err != nil:
		return err
	}
	return p.Sync()
}

func (p onMedium) Length() (int64, error) {
	switch m := p.medium.(type) {
	case interface{ Len() int }:
		return int64(m.Len()), nil
	case *os.File:
		info, err := m.Stat()
		if err != nil {
			return 0, err
		}
		return info.Size(), nil
	}
	return 0, errors.ErrUnsupported
}

func (p onMedium) Cut(length int64) error { return errors.Join(p.Truncate(length), p.Sync()) }

func (p onMedium) Lock() (bool, error) { return true, nil }

// disk is a medium in memory that forgets, at a crash, what was not synced.
type disk struct {
	mu      sync.Mutex
	text    []byte
	durable int // bytes that were there at the last good Sync
	syncs   int

	room     int           // bytes that fit; 0: no bound
	badWrite error         // of every Write
	badSync  error         // of every Sync
	short    bool          // Write takes half and says nothing
	syncTime time.Duration // how long Sync takes
	onSync   func()        // called in Sync, before the text is durable
}

func (d *disk) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := len(p)
	switch {
	case d.badWrite != nil:
		return 0, d.badWrite
	case d.short:
		n /= 2
	case d.room > 0 && len(d.text)+n > d.room:
		n = max(d.room-len(d.text), 0)
		d.text = append(d.text, p[:n]...)
		return n, &os.PathError{Op: "write", Path: "journal", Err: syscall.ENOSPC}
	}
	d.text = append(d.text, p[:n]...)
	return n, nil
}

func (d *disk) ReadAt(p []byte, at int64) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return bytes.NewReader(d.text).ReadAt(p, at)
}

func (d *disk) Sync() error {
	d.mu.Lock()
	n, onSync := len(d.text), d.onSync
	d.mu.Unlock()
	if onSync != nil {
		onSync()
	}
	time.Sleep(d.syncTime)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.syncs++
	if d.badSync != nil {
		return d.badSync
	}
	d.durable = n
	return nil
}

func (d *disk) Truncate(size int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text = d.text[:size]
	return nil
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

// Len is how many bytes there are, durable or not.
func (d *disk) Len() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.text)
}

func newJournal(t testing.TB, d *disk) *books.Journal {
	t.Helper()
	j, err := books.Create(placed(d), journal.Header{Simulated: true}, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// endJournal closes a journal that a run is done with. Whatever became of the run,
// what it knows is what its text says to whoever reads it and, of what has not
// ended, what it says once it is compacted. A run that was kept from writing knows more than its text.
func endJournal(t testing.TB, j *books.Journal, text []byte) {
	t.Helper()
	const large = 256 << 10 // bytes: what a benchmark or a long run writes
	if j.Close() != nil || len(text) > large {
		return
	}
	known := func(j *books.Journal) string { return strings.Join(bookstest.Known(t, j), "\n") }
	live := known(j)
	read, err := books.Read(bytes.NewReader(text), int64(len(text)), nil)
	if err != nil {
		t.Error(err)
		return
	}
	if diff := cmp.Diff(live, known(read)); diff != "" {
		t.Errorf("what the run knows, and what is read back (-live +read):\n%.6000s", diff)
		return
	}
	var shorter bytes.Buffer
	opened, _ := bookstest.Open(t, text)
	defer bookstest.Close(t, opened)
	if _, err := opened.Compact(&shorter, time.Time{}, time.Now()); err != nil {
		t.Error(err)
		return
	}
	again, _ := bookstest.Open(t, shorter.Bytes())
	defer bookstest.Close(t, again)
	inShort := func(j *books.Journal) string {
		var b strings.Builder
		_ = j.Ledger.Dump(&b, false) // a Builder takes all
		return b.String()
	}
	if diff := cmp.Diff(inShort(opened), inShort(again)); diff != "" {
		t.Errorf("what the run knows, and what is left of it compacted (-live +compacted):\n%.6000s", diff)
	}
}
