package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"

	"github.com/google/go-cmp/cmp"
)

// lockOn opens the lock file of that path.
func lockOn(t testing.TB, path string) *journal.LockFile {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	l := journal.OpenLock(f)
	t.Cleanup(func() { l.Close() })
	return l
}

// says is what a lock file says to whoever reads it.
func says(t testing.TB, path string) journal.LockState {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, ok := journal.ReadLock(f)
	if !ok {
		text, _ := os.ReadFile(path)
		t.Fatalf("no lock file: %q", text)
	}
	return s
}

// writes makes n records durable, one after the other, such as there were none before.
func writes(t testing.TB, j *journal.Journal, n int) {
	t.Helper()
	for i := range n {
		rec := intent(i)
		rec.Place = ledger.Place(1 + rand.Uint64N(1<<62))
		if err := j.Append(rec, nil).Wait(); err != nil {
			t.Fatal(err)
		}
	}
}

func none(*journal.Line) error { return nil }

// opened opens a journal with a lock file as it stands there.
func opened(t testing.TB, d *disk, path string, behind bool) (*journal.Journal, *journal.LockFile, error) {
	t.Helper()
	l := lockOn(t, path)
	j, err := journal.Open(d, none, journal.Options{Lock: l, Behind: behind})
	return j, l, err
}

// The lock file follows the journal, and never goes ahead of what is durable.
func TestLockFileFollows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "lock")
		d := &disk{syncTime: 5 * time.Millisecond}
		l := lockOn(t, path)
		j := create(t, d, journal.Options{Lock: l})
		if info, err := os.Stat(path); err != nil || info.Size() > 0 {
			t.Errorf("written before it is to be kept: %v", err)
		}
		if err := l.Keep(); err != nil {
			t.Fatal(err)
		}
		if s := says(t, path); s.Journal != j.Header().ID || s.Number != 0 || len(s.Batches) != 0 {
			t.Errorf("begun: %+v", s)
		}
		for i := range 30 {
			last := j.Append(intent(i), nil)
			if s := says(t, path); s.Number > uint64(strings.Count(string(d.kept()), "\n")-1) {
				t.Errorf("%d durable, it says %d", strings.Count(string(d.kept()), "\n")-1, s.Number)
			}
			if err := last.Wait(); err != nil || says(t, path).Number != uint64(i+1) || j.Mark().Number != uint64(i+1) {
				t.Errorf("after %d: %v, %+v", i+1, err, says(t, path))
			}
		}
		d.set(func() { d.badSync = errors.New("I/O error") })
		if err := j.Append(intent(31), nil).Wait(); err == nil || says(t, path).Number != 30 {
			t.Errorf("%v, %+v", err, says(t, path))
		}
		j.Close()
	})
}

// What has no name in the lock file, for there were too many batches, cannot be brought.
func TestBehindDropped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	d := &disk{}
	l := lockOn(t, path)
	j := create(t, d, journal.Options{Lock: l})
	writes(t, j, 1)
	old := slices.Clone(d.text)
	for i := range 140 {
		if err := l.Hold(journal.Holder{Batch: fmt.Sprint("b", i)}, "/b"); err != nil {
			t.Fatal(err)
		}
		writes(t, j, 1)
		if err := l.Release("x"); err != nil {
			t.Fatal(err)
		}
	}
	shut(t, j)
	l.Close()
	_, _, err := opened(t, &disk{text: old}, path, false)
	if behind, ok := errors.AsType[*journal.BehindError](err); !ok || len(behind.Batches) > 0 {
		t.Errorf("%v", err)
	}
}

// The holder and the batches stand in the lock file while a run goes, and after.
func TestLockFileHolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "lock")
		l := lockOn(t, path)
		j := create(t, &disk{}, journal.Options{Lock: l})
		start := time.Now()
		h := journal.Holder{PID: 7, Host: "h", Start: start, Batch: "b1", Input: "/in.csv", Rows: 10, Left: 10}
		if err := l.Hold(h, "/in.results.csv"); err != nil {
			t.Fatal(err)
		}
		writes(t, j, 3)
		s := says(t, path)
		if diff := cmp.Diff(journal.LockState{Journal: j.Header().ID, Mark: j.Mark(), Batches: []journal.LockBatch{{"b1", "/in.results.csv", journal.Mark{}, ""}}, Begun: []journal.Mark{{}}, Holder: &h}, s); diff != "" {
			t.Errorf("begun (-want +got):\n%s", diff)
		}
		if _, known := s.Holder.Remaining(); known {
			t.Error("an estimate without a rate")
		}
		l.Left(9, 2)
		if got := says(t, path).Holder.Left; got != 9 {
			t.Errorf("the first count: %d", got)
		}
		l.Left(4, 2)
		s = says(t, path)
		if d, known := s.Holder.Remaining(); s.Holder.Left != 4 || d != 2*time.Second || !known {
			t.Errorf("%+v", s.Holder)
		}
		if err := l.Release(""); err != nil {
			t.Fatal(err)
		}
		l.Left(1, 1) // nobody's
		if diff := cmp.Diff(journal.LockState{Journal: j.Header().ID, Mark: j.Mark(), Batches: []journal.LockBatch{{"b1", "/in.results.csv", j.Mark(), ""}}, Begun: []journal.Mark{{}}}, says(t, path)); diff != "" {
			t.Errorf("ended (-want +got):\n%s", diff)
		}
		for i := range 105 {
			if err := l.Hold(journal.Holder{Batch: fmt.Sprint("c", i%103)}, "/c"); err != nil {
				t.Fatal(err)
			}
			writes(t, j, 1)
			if err := l.Release(""); err != nil {
				t.Fatal(err)
			}
		}
		s = says(t, path)
		if n := len(s.Batches); n != 100 || len(s.Begun) != 100 || s.Begun[99].Number != 107 || s.Batches[n-1] != (journal.LockBatch{"c1", "/c", j.Mark(), ""}) || !slices.IsSortedFunc(s.Batches, func(a, b journal.LockBatch) int { return int(a.Number) - int(b.Number) }) {
			t.Errorf("%d batches: %+v", len(s.Batches), s.Batches)
		}
		shut(t, j)
	})
}

// A journal that was put back from an old copy is found out, with the batches that
// it lacks; they are brought one by one.
func TestBehind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	d := &disk{}
	l := lockOn(t, path)
	j := create(t, d, journal.Options{Lock: l})
	id := j.Header().ID
	marks := map[string]journal.Mark{}
	run := func(batch string, records int, ends bool) {
		t.Helper()
		if err := l.Hold(journal.Holder{Batch: batch}, "/"+batch); err != nil {
			t.Fatal(err)
		}
		writes(t, j, records)
		marks[batch] = j.Mark()
		if ends {
			if err := l.Release("of " + batch); err != nil {
				t.Fatal(err)
			}
		}
	}
	run("b1", 2, true)
	old := slices.Clone(d.text)
	run("b2", 2, true)
	run("b1", 1, true)
	run("b3", 3, false) // killed
	shut(t, j)
	l.Close()
	now, written := slices.Clone(d.text), says(t, path)

	j, l, err := opened(t, &disk{text: slices.Clone(now)}, path, false)
	if err != nil || l.Behind() != nil || j.Mark().Number != 8 {
		t.Fatalf("as it was: %v, %v", err, l.Behind())
	}
	shut(t, j)
	l.Close()

	lost := []journal.LockBatch{{"b2", "/b2", marks["b2"], "of b2"}, {"b1", "/b1", marks["b1"], "of b1"}, {"b3", "/b3", marks["b3"], ""}}
	torn := slices.Concat(old, []byte("torn"))
	d = &disk{text: slices.Clone(torn)}
	j, _, err = opened(t, d, path, false)
	behind, ok := errors.AsType[*journal.BehindError](err)
	if !ok || j != nil || string(d.text) != string(torn) {
		t.Fatalf("an old copy: %v", err)
	}
	if diff := cmp.Diff(&journal.BehindError{Have: 2, Want: 8, Batches: lost}, behind); diff != "" || errors.Is(err, journal.ErrOtherJournal) {
		t.Errorf("(-want +got):\n%s", diff)
	}

	// Nothing is written before a run begins; from then on the file says what is
	// missing, however many records come.
	d = &disk{text: slices.Clone(old)}
	j, l, err = opened(t, d, path, true)
	if err != nil || !cmp.Equal(l.Missing(), lost) || l.Behind() == nil {
		t.Fatalf("taken all the same: %v, %v", err, l.Missing())
	}
	if diff := cmp.Diff(written, says(t, path)); diff != "" {
		t.Errorf("written before a run:\n%s", diff)
	}
	if err := l.Hold(journal.Holder{Batch: "b4"}, "/b4"); err != nil {
		t.Fatal(err)
	}
	writes(t, j, 20)
	if was, err := l.Brought("of b1"); !was || err != nil {
		t.Errorf("%v, %v", was, err)
	}
	if was, err := l.Brought("of b1"); was || err != nil {
		t.Errorf("brought twice: %v, %v", was, err)
	}
	if err := l.Release(""); err != nil {
		t.Fatal(err)
	}
	shut(t, j)
	l.Close()

	// The newest copy is whole, though one batch was brought to the old one meanwhile:
	// nothing was sent.
	brought, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	j, l, err = opened(t, &disk{text: slices.Clone(now)}, path, false)
	if err != nil || len(l.Missing()) > 0 {
		t.Fatalf("the newest copy: %v", err)
	}
	shut(t, j)
	l.Close()
	if err := os.WriteFile(path, brought, 0o600); err != nil {
		t.Fatal(err)
	}

	j, l, err = opened(t, d, path, false)
	if behind, ok = errors.AsType[*journal.BehindError](err); !ok || j != nil || !cmp.Equal(behind.Batches, []journal.LockBatch{lost[0], lost[2]}) {
		t.Fatalf("two are missing: %v", err)
	}
	l.Close()
	j, l, err = opened(t, d, path, true)
	if err != nil {
		t.Fatal(err)
	}
	for digest, want := range map[string]bool{"of b2": true, "older": false, "": false} { // the last run of b3 wrote none
		if was, err := l.Brought(digest); was != want || err != nil {
			t.Errorf("%q: %v, %v", digest, was, err)
		}
	}
	if m := l.Missing(); len(m) != 1 || m[0].Batch != "b3" {
		t.Errorf("%v", m)
	}
	if err := l.Accept(); err != nil {
		t.Fatal(err)
	}
	shut(t, j)
	l.Close()
	if s := says(t, path); s.Journal != id || s.Number != 22 || len(s.Missing) > 0 {
		t.Errorf("%+v", s)
	}
	j, l, err = opened(t, d, path, false)
	if err != nil || l.Behind() != nil {
		t.Fatalf("all is there: %v", err)
	}
	shut(t, j)
}

// A lock file of another journal is told from one that knows more.
func TestOtherJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	l := lockOn(t, path)
	j := create(t, &disk{}, journal.Options{Lock: l})
	if err := l.Hold(journal.Holder{Batch: "b1"}, "/b1"); err != nil {
		t.Fatal(err)
	}
	writes(t, j, 1)
	shut(t, j)
	l.Close()

	d := &disk{}
	other := create(t, d, journal.Options{})
	writes(t, other, 5)
	shut(t, other)
	_, _, err := opened(t, d, path, false)
	behind, ok := errors.AsType[*journal.BehindError](err)
	if !ok || !errors.Is(err, journal.ErrOtherJournal) || behind.Other != j.Header().ID || !cmp.Equal(behind.Batches, []journal.LockBatch{{"b1", "/b1", j.Mark(), ""}}) {
		t.Errorf("%+v", err)
	}

	// One that is begun where another was lost lacks what that knew, if a person
	// says so.
	for _, lost := range []bool{true, false} {
		l := lockOn(t, path)
		j := create(t, &disk{}, journal.Options{Lock: l, Behind: lost})
		if n := len(l.Missing()); n != 1 && lost || n != 0 && !lost {
			t.Errorf("%v: %d missing", lost, n)
		}
		shut(t, j)
	}
}

// Of a lock file that lost its rest, when the power went, the front counts.
func TestLockFileFront(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	d := &disk{}
	l := lockOn(t, path)
	j := create(t, d, journal.Options{Lock: l})
	if err := l.Hold(journal.Holder{Batch: "b1"}, "/b1"); err != nil {
		t.Fatal(err)
	}
	writes(t, j, 2)
	old := slices.Clone(d.text)
	writes(t, j, 2)
	shut(t, j)
	l.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	front := bytes.Index(whole, []byte(`"batches"`))
	for n := range whole[:len(whole)-2] {
		for _, rest := range [][]byte{nil, make([]byte, len(whole)-n), bytes.Repeat([]byte("#"), 300)} {
			if err := os.WriteFile(path, slices.Concat(whole[:n], rest), 0o600); err != nil {
				t.Fatal(err)
			}
			j, l, err := opened(t, &disk{text: slices.Clone(d.text)}, path, false)
			if err != nil {
				t.Fatalf("%d bytes are left: %v", n, err)
			}
			shut(t, j)
			l.Close()
			j, l, err = opened(t, &disk{text: slices.Clone(old)}, path, false)
			if err == nil {
				shut(t, j)
			}
			l.Close()
			behind, ok := errors.AsType[*journal.BehindError](err)
			if told := n >= front-1; ok != told || ok && len(behind.Batches) > 0 {
				t.Fatalf("%d bytes are left, an old copy: %v", n, err)
			}
		}
	}
}

// What is no lock file counts as none, and the next run makes one of it.
func TestLockFileDamaged(t *testing.T) {
	for _, text := range []string{
		"", strings.Repeat("\x00", 300), `{"journal":"00000000000000a1","last":  7`, `{"pid":1,"host":"h","start":"2026-01-01T00:00:00Z"}`,
		`{"journal":"x","last":7}`, `[]`, `{"journal":"00000000000000a1","last":"7"}`, "\n\n",
	} {
		path := filepath.Join(t.TempDir(), "lock")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		d := &disk{}
		j := create(t, d, journal.Options{})
		writes(t, j, 2)
		shut(t, j)
		j, l, err := opened(t, d, path, false)
		if err != nil || l.Behind() != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		writes(t, j, 1)
		if got, _ := os.ReadFile(path); string(got) != text {
			t.Errorf("%q: changed without a run: %q", text, got)
		}
		if err := l.Hold(journal.Holder{Batch: "b"}, "/b"); err != nil {
			t.Error(err)
		}
		if err := j.Append(ledger.Record{Kind: ledger.Run, Batch: "b"}, nil).Wait(); err != nil {
			t.Error(err)
		}
		if s := says(t, path); s.Journal != j.Header().ID || s.Number != 4 {
			t.Errorf("%q: %+v", text, s)
		}
		shut(t, j)
		if err := errors.Join(l.Close(), l.Close()); err != nil {
			t.Error(err)
		}
		if err := l.Hold(journal.Holder{}, ""); err == nil {
			t.Error("a closed lock file is written")
		}
	}
}
