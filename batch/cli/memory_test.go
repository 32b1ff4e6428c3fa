package cli_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/journal"
)

// memories are the journals' folders of the tests that run, by their names.
var memories sync.Map

// memory is the folder of a test's journals, in which one for the real service was
// begun. Simulators have theirs beside it.
func memory(t testing.TB) string {
	t.Helper()
	if dir, ok := memories.Load(t.Name()); ok {
		return dir.(string)
	}
	dir := newFolder(t)
	memories.Store(t.Name(), dir)
	t.Cleanup(func() { memories.Delete(t.Name()) })
	beginMemory(t, dir)
	return dir
}

// beginMemory begins a journal for the real service in a folder.
func beginMemory(t testing.TB, dir string) {
	t.Helper()
	path := filepath.Join(dir, "axgbind.journal")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	place := journal.NewFile(path, nil)
	if held, err := place.Lock(); err != nil || !held {
		t.Fatal(held, err)
	}
	defer place.Close()
	lock := place.LockFile()
	j, err := books.Create(place, journal.Header{Created: time.Now()}, journal.Options{Lock: lock})
	if err == nil {
		lock.Use(path)
		err = errors.Join(lock.Keep(), j.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// memoryOf is the journal that the commands of a test wrote to: that of the
// simulator it called or, if there was none, of the real service.
func memoryOf(t testing.TB) string {
	t.Helper()
	found, _ := filepath.Glob(filepath.Join(memory(t), "simulated-*.journal")) // it fails on a bad pattern only
	switch len(found) {
	case 0:
		return filepath.Join(memory(t), "axgbind.journal")
	case 1:
		return found[0]
	}
	t.Fatalf("%d journals of simulators", len(found))
	return ""
}

// lockOf is the lock file of a journal that has such a text. results are of batch b1, which
// wrote it; blank: nobody says.
func lockOf(t testing.TB, text, results string) string {
	t.Helper()
	trail := journal.NewTrail()
	if _, _, err := journal.Read(strings.NewReader(text), int64(len(text)), trail, func(*journal.Line) error { return nil }); err != nil {
		t.Fatal(err)
	}
	s := journal.LockState{Journal: trail.ID(), Mark: trail.Last()}
	if results != "" {
		s.Batches = []journal.LockBatch{{Batch: "b1", Results: results, Mark: trail.Last()}}
	}
	lock, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(lock) + "\n"
}

// writeJournal gives a journal another past, and its lock file.
func writeJournal(t testing.TB, path, text string) {
	t.Helper()
	write(t, path, text)
	lock := lockOf(t, text, "")
	old, _ := os.ReadFile(path + ".lock") // there may be none
	if had, ok := journal.ReadLock(bytes.NewReader(old)); ok {
		lock = strings.Replace(lock, `"batches"`, fmt.Sprintf(`"place":%q,"file":%q,"batches"`, had.Place, had.File), 1)
	}
	write(t, path+".lock", lock)
	marks, _ := filepath.Glob(path + ".at-*") // it fails on a bad pattern only
	for _, mark := range marks {
		os.Remove(mark)
	}
}
