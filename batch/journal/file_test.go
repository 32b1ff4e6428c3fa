package journal_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"axgbind/batch/journal"
)

// onFile is the place of a file that is open.
func onFile(f *os.File, path string) *journal.File {
	p := journal.NewFile(path, nil)
	p.Use(f)
	return p
}

func openFile(t testing.TB, path string) *journal.File {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	p := onFile(f, path)
	t.Cleanup(func() { p.Close() })
	return p
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.journal")
	p := openFile(t, path)
	j := create(t, p, journal.Options{})
	if err := j.Append(intent(1), detail{Line: 2}).Wait(); err != nil {
		t.Fatal(err)
	}
	shut(t, j)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := p.Length(); n != int64(len(text)) || err != nil || j.Size() != n || len(read(t, text)) != 1 {
		t.Errorf("%d bytes, %v: %q", n, err, text)
	}
	if err := p.Append([]byte("torn")); err != nil {
		t.Fatal(err)
	}
	take, list := collect()
	if j, err = journal.Open(p, take, journal.Options{}); err != nil || len(*list) != 1 || j.Torn() != 4 {
		t.Fatalf("%v %v", *list, err)
	}
	if err := j.Append(ok(1), nil).Wait(); err != nil {
		t.Error(err)
	}
	if l, err := journal.At(p, (*list)[0].Record.Ref); err != nil || string(l.Detail) != `{"line":2}` {
		t.Errorf("%v, %v", l, err)
	}
	shut(t, j)
	if text, err = os.ReadFile(path); err != nil || len(read(t, text)) != 2 {
		t.Errorf("%q, %v", text, err)
	}
	if err := p.Cut(-1); err == nil {
		t.Error("less than nothing is left")
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil { // there is nothing left to close
		t.Errorf("a second Close: %v", err)
	}
	if err := p.Append([]byte("x")); err == nil || errors.Is(err, journal.ErrFull) {
		t.Errorf("Append after Close: %v", err)
	}
	if _, err := p.Length(); err == nil {
		t.Errorf("Length after Close: %v", err)
	}
	if err := p.Cut(0); err == nil {
		t.Errorf("Cut after Close: %v", err)
	}
	if p.Displaced() {
		t.Error("a closed file counts as displaced")
	}
}

// One writer at a time has a place, until it is closed.
func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.journal")
	one, two := openFile(t, path), openFile(t, path)
	try := func(p *journal.File, want bool) {
		t.Helper()
		if held, err := p.Lock(); held != want || err != nil {
			t.Errorf("%v, %v, want %v", held, err, want)
		}
	}
	try(one, true)
	try(one, true)
	try(two, false)
	try(two, false)
	if err := one.Close(); err != nil {
		t.Fatal(err)
	}
	try(two, true)
	if err := two.Close(); err != nil {
		t.Fatal(err)
	}
	three := openFile(t, path)
	try(three, true)
	if err := os.Mkdir(path+"x"+journal.LockEnding, 0o700); err != nil {
		t.Fatal(err)
	}
	if held, err := openFile(t, path+"x").Lock(); held || err == nil {
		t.Errorf("a folder as lock: %v, %v", held, err)
	}
}

func TestFileDisplaced(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.journal")
	p := openFile(t, path)
	is := func(want bool, when string) {
		t.Helper()
		if p.Displaced() != want {
			t.Errorf("%s: %v", when, !want)
		}
	}
	is(false, "at its place")
	away := filepath.Join(dir, "away")
	if err := os.Rename(path, away); err != nil {
		t.Skip("an open file is not moved here: ", err)
	}
	is(true, "moved")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	is(true, "replaced")
	if err := os.Rename(away, path); err != nil {
		t.Fatal(err)
	}
	is(false, "put back")
}
