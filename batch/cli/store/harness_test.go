package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/store"
	"axgbind/report"
)

// newFolder is a folder whose name holds nothing that reads as a phone number.
func newFolder(t testing.TB) string {
	t.Helper()
	for {
		dir, err := os.MkdirTemp("", "axgbind-test-*")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		if report.Shown(dir) == dir {
			return dir
		}
	}
}

func write(t testing.TB, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// photograph is what stands in a folder.
func photograph(dir string) map[string]string {
	m := map[string]string{}
	for _, name := range files.Names(dir) {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			text = []byte(err.Error())
		}
		m[name] = string(text)
	}
	return m
}

// refused and locked report why a journal is not used.
func refused(err error) bool {
	wrong, ok := errors.AsType[*store.Error](err)
	return ok && !wrong.Locked && !wrong.Broken
}

func locked(err error) bool {
	wrong, ok := errors.AsType[*store.Error](err)
	return ok && wrong.Locked
}

// openFor opens a journal as a run of the real service does, or of a simulator.
func openFor(path string, begin, simulated, carries bool) (*store.Journal, error) {
	return store.Open(store.Place{Path: path}, store.Opening{Begin: begin, Simulated: simulated, Results: carries, Now: time.Now()})
}

// waitFor waits for a journal, and tells who had it if it did.
func waitFor(ctx context.Context, path string, most time.Duration, results string) (release func() error, said string, err error) {
	f, err := store.Wait(ctx, store.Place{Path: path}, most, results, func(holder report.Said) { said = holder.In(report.EN) })
	if err != nil {
		return nil, said, err
	}
	return f.Close, said, nil
}

// variables are those of an environment.
func variables(env map[string]string) func(name string) string {
	return func(name string) string { return env[name] }
}

func userFolder(system string, env map[string]string) string {
	return store.UserFolder(system, variables(env))
}

// placeOf is where the journal is, and the words that name it behind a command.
func placeOf(system, flag string, environ ...string) (path, argument string, err error) {
	env := map[string]string{}
	for _, text := range environ {
		name, value, _ := strings.Cut(text, "=")
		env[name] = value
	}
	p, err := store.Places{System: system, Getenv: variables(env)}.Find(flag)
	return p.Path, p.Argument("--journal"), err
}

// simulatedPlace is where the journal of a simulator is.
func simulatedPlace(folder, instance string, now time.Time) (string, error) {
	p, err := store.Place{Path: filepath.Join(folder, store.Name)}.Simulator(instance, now)
	return p.Path, err
}

// begun makes a journal with a run of each batch, and returns its path.
func begun(t testing.TB, dir string, batches ...string) string {
	t.Helper()
	path := filepath.Join(dir, "axgbind.journal")
	for _, b := range batches {
		runOf(t, path, b)
	}
	return path
}

// runOf records a run of a batch.
func runOf(t testing.TB, path, name string) {
	t.Helper()
	j, err := openFor(path, true, false, true)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, j, name)
	if err := j.End(runEnd(name)); err != nil {
		t.Fatal(err)
	}
	j.Close()
}

// runEnd is the end of a run that wrote results.
func runEnd(of string) books.RunEnd { return books.RunEnd{Run: "r", Digest: "results of " + of} }

func begin(t testing.TB, j *store.Journal, name string) {
	t.Helper()
	if err := j.Begin(books.RunStart{Run: "r", Batch: name, Input: "/in/" + name + ".csv", Results: "/in/" + name + ".results.csv", Rows: 400, Start: time.Now()}); err != nil {
		t.Fatal(err)
	}
	j.Begun = true
}
