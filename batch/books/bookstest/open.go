package bookstest

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/batch/journal"
)

// Month is how long rows that ended are kept.
const Month = 30 * 24 * time.Hour

// Create begins a journal in memory.
func Create(t testing.TB) (*books.Journal, *Memory) {
	t.Helper()
	m := new(Memory)
	j, err := books.Create(m, journal.Header{Simulated: true}, journal.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return j, m
}

// Open opens a copy of a journal as a run does.
func Open(t testing.TB, text []byte) (*books.Journal, *Memory) {
	t.Helper()
	m := NewMemory(text)
	j, err := books.Open(m, journal.Options{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return j, m
}

// Close closes a journal.
func Close(t testing.TB, j *books.Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// Read reads a journal as those do who only look.
func Read(t testing.TB, text []byte) *books.Journal {
	t.Helper()
	j, err := books.Read(bytes.NewReader(text), int64(len(text)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// Live are the bindings of a batch that live; of all with a blank id.
func Live(t testing.TB, j *books.Journal, batch string, now time.Time) (all []books.LiveBinding) {
	t.Helper()
	for b, err := range j.LiveBindings(batch, false, now) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

// Dump is what a journal knows, once its calls go on no more.
func Dump(t testing.TB, text []byte) []string {
	t.Helper()
	j, _ := Open(t, text)
	defer Close(t, j)
	if err := j.Begin(books.RunStart{Run: "next"}); err != nil {
		t.Fatal(err)
	}
	return Known(t, j)
}

// Compacted is a journal compacted now, and how many rows were dropped. Its ID and the
// number of its last record must stay.
func Compacted(t testing.TB, text []byte, cutoff time.Time) (shorter []byte, dropped int) {
	t.Helper()
	j, _ := Open(t, text)
	defer Close(t, j)
	var b bytes.Buffer
	dropped, err := j.Compact(&b, cutoff, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	was, is := trail(t, text), trail(t, b.Bytes())
	if is.ID() != was.ID() || is.Last() != was.Last() {
		t.Errorf("compacted, %s came to %v; want %v of %s", is.ID(), is.Last(), was.Last(), was.ID())
	}
	return b.Bytes(), dropped
}

func trail(t testing.TB, text []byte) *journal.Trail {
	t.Helper()
	trail := journal.NewTrail()
	if _, _, err := journal.Read(bytes.NewReader(text), int64(len(text)), trail, func(*journal.Line) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return trail
}

// Forget is what it takes to forget numbers now, and the journal without them.
func Forget(t testing.TB, text []byte, numbers ...string) (f *books.Forgetting, without []byte) {
	t.Helper()
	j, _ := Open(t, text)
	defer Close(t, j)
	j.Hear(time.Now())
	f, err := j.Forget(int64(len(text)), numbers)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return f, b.Bytes()
}

// Input opens a text as an input.
func Input(t testing.TB, text string, opt input.Options) *input.Input {
	t.Helper()
	in, err := input.Open(strings.NewReader(text), int64(len(text)), opt)
	if err != nil {
		t.Fatalf("the input is refused: %v", err)
	}
	return in
}
