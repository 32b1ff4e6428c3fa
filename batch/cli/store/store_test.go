package store_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/batch/books"
	"axgbind/batch/cli/files"
	"axgbind/batch/cli/store"
	"axgbind/batch/journal"
	"axgbind/report"
)

// A journal is begun once; from then on a run opens it, records what it does, and gives
// it up. None begins one by itself: an empty memory looks the same whether it is new or
// lost.
func Example() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	p, err := store.PlaceAt(dir)
	if err != nil {
		panic(err)
	}
	_, err = store.Open(p, store.Opening{Now: time.Now()})
	fmt.Println(err != nil)
	if err := store.Create(p, time.Now()); err != nil {
		panic(err)
	}
	j, err := store.Open(p, store.Opening{Now: time.Now()})
	if err != nil {
		panic(err)
	}
	defer j.Close()
	_, err = store.Open(p, store.Opening{Now: time.Now()})
	fmt.Println(len(j.Runs), err != nil)
	// Output:
	// true
	// 0 true
}

// placed begins a journal in a folder of its own, with a run of each batch.
func placed(t *testing.T, batches ...string) store.Place {
	t.Helper()
	p, err := store.PlaceAt(filepath.Join(newFolder(t), "journal"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Create(p, time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		runOf(t, p.Path, b)
	}
	return p
}

// opens wants a journal to be opened, with so many runs.
func opens(t *testing.T, p store.Place, runs int) {
	t.Helper()
	j, err := store.Open(p, store.Opening{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if wrong, _ := j.Refusal(p, false); wrong != nil || len(j.Runs) != runs {
		t.Errorf("%d runs, %v, want %d", len(j.Runs), wrong, runs)
	}
}

// refuses wants a journal not to be used, with these words.
func refuses(t *testing.T, p store.Place, says string) {
	t.Helper()
	j, err := store.Open(p, store.Opening{Now: time.Now()})
	if err == nil {
		if wrong, _ := j.Refusal(p, false); wrong != nil {
			err = wrong
		}
		j.Close()
	}
	if err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("no %q in %v", says, err)
	}
}

func TestCreate(t *testing.T) {
	p := placed(t)
	opens(t, p, 0)
	if empty := (store.Place{Path: write(t, filepath.Join(newFolder(t), "axgbind.journal"), "")}); empty.Free() != nil {
		t.Errorf("an empty file is in the way: %v", empty.Free())
	}
	runOf(t, p.Path, "b1")
	if err := p.Free(); !refused(err) {
		t.Errorf("a place with a journal is free: %v", err)
	}
	if store.RealAt(p.Path) != p.Path || store.RealAt(p.Path+"x") != "" {
		t.Errorf("found at %q", store.RealAt(p.Path))
	}
	note := store.Place{Path: write(t, filepath.Join(newFolder(t), "note"), strings.Repeat("Dear all,\n", 100))}
	if err := note.Free(); !refused(err) {
		t.Errorf("a place with something else is free: %v", err)
	}
}

// Of a journal and what was made of it, one is in use.
func TestMove(t *testing.T) {
	from := placed(t, "b1", "b2")
	to := store.Place{Path: filepath.Join(newFolder(t), "new", "axgbind.journal")}
	told := ""
	retired, err := store.Move(from, to, func(records int, held bool) { told = fmt.Sprint(records, held) })
	if err != nil || retired != from.Path+".moved" || told != "4 false" {
		t.Fatalf("%q, %q, %v", retired, told, err)
	}
	opens(t, to, 2)
	refuses(t, from, to.Path)
	if store.RealAt(from.Path) != to.Path {
		t.Errorf("it is followed to %q", store.RealAt(from.Path))
	}
	if err := os.Rename(retired, from.Path); err != nil { // somebody puts it back
		t.Fatal(err)
	}
	if s, ok := store.LockState(from.Path); !ok || s.Moved != to.Path {
		t.Errorf("its lock file says %+v", s)
	}
	if _, err := store.Move(from, store.Place{Path: filepath.Join(newFolder(t), "axgbind.journal")}, func(int, bool) {}); !refused(err) {
		t.Errorf("what was carried away was carried once more: %v", err)
	}
}

func TestBackup(t *testing.T) {
	p := placed(t, "b1")
	backup := store.Place{Path: filepath.Join(newFolder(t), "axgbind.journal")}
	copied := 0
	if err := store.Backup(p, backup, func(records int, _ bool) { copied = records }); err != nil || copied != 2 {
		t.Fatalf("%d records, %v", copied, err)
	}
	opens(t, p, 1)
	refuses(t, backup, p.Path) // it is a copy of that
	if err := store.Backup(p, backup, nil); !refused(err) {
		t.Errorf("a backup was written over: %v", err)
	}
	if err := os.RemoveAll(p.Dir()); err != nil { // the disk is gone
		t.Fatal(err)
	}
	if err := store.Accept(backup, time.Now()); err != nil {
		t.Fatal(err)
	}
	opens(t, backup, 1)
}

// A journal with one wrong bit is mended, one with a lost line is not.
func TestRepair(t *testing.T) {
	p := placed(t, "b1")
	if _, kept, err := store.Repair(p); kept != "" || err != nil {
		t.Errorf("nothing to mend: %q, %v", kept, err)
	}
	good := read(t, p.Path)
	at := strings.Index(good, `"b1"`) + 1
	wrong := good[:at] + string(good[at]^1) + good[at+1:]
	write(t, p.Path, wrong)
	refuses(t, p, "axgbind journal check")
	damages, kept, err := store.Repair(p)
	if err != nil || damages != 1 || kept != p.Path+".damaged" || read(t, kept) != wrong || read(t, p.Path) != good {
		t.Fatalf("%d, %q, %v", damages, kept, err)
	}
	opens(t, p, 1)
	write(t, p.Path, strings.Replace(good, `"b1"`, `"??????"`, 1))
	if _, kept, err := store.Repair(p); kept != "" || err != nil {
		t.Errorf("what is not certain was mended: %q, %v", kept, err)
	}
	if _, _, err := store.Repair(store.Place{Path: p.Path + "x"}); !refused(err) {
		t.Errorf("no journal: %v", err)
	}
}

// A journal that goes while a run has it is put back, with its lock file.
func TestRestore(t *testing.T) {
	p := placed(t, "b1")
	j, err := store.Open(p, store.Opening{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	begin(t, j, "b2")
	if path, _, err := j.Restore(); path != "" || err != nil {
		t.Errorf("it stands: %q, %v", path, err)
	}
	if err := os.RemoveAll(p.Dir()); err != nil {
		t.Skip(err) // an open file cannot be removed
	}
	if path, first, err := j.Restore(); path != p.Path || !first || err != nil {
		t.Fatalf("%q, %t, %v", path, first, err)
	}
	if err := j.End(runEnd("b2")); err != nil {
		t.Fatal(err)
	}
	if path, first, err := j.Restore(); path != p.Path || first || err != nil {
		t.Errorf("the second time: %q, %t, %v", path, first, err)
	}
	j.Close()
	opens(t, p, 2)
}

func TestRewrite(t *testing.T) {
	p := placed(t, "b1")
	j, err := store.Open(p, store.Opening{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	if due, err := j.Due(now, now); due || err != nil {
		t.Errorf("due at once: %t, %v", due, err)
	}
	if before, after, err := j.Rewrite(0, func(io.Writer) error { return io.ErrShortWrite }); err != io.ErrShortWrite {
		t.Errorf("%d, %d, %v", before, after, err)
	}
	if _, _, err := j.Rewrite(0, func(w io.Writer) error {
		_, err := j.Compact(w, now.Add(-time.Hour), now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if n, err := j.Length(); n == 0 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	j.Close()
	opens(t, p, 1)
	if left := files.Temporaries(p.Dir()); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

func TestReserve(t *testing.T) {
	p := placed(t, "b1")
	j, err := store.Open(p, store.Opening{Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if !files.Exists(p.Path+store.ReserveEnding) || !j.GiveReserve() || j.GiveReserve() {
		t.Error("there was no reserve, or there are two")
	}
	if err := j.TakeReserve(); err != nil || !files.Exists(p.Path+store.ReserveEnding) {
		t.Errorf("none again: %v", err)
	}
}

// What stands beside the journal and holds a number is found, and rid of it.
func TestBeside(t *testing.T) {
	p := placed(t, "b1")
	const number = "13800000001"
	old := p.Path + ".damaged"
	text := read(t, p.Path)
	write(t, old, text+`{"PhoneNoA":"`+number+`"}`+"\n")
	if err := os.WriteFile(old+journal.LockEnding, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	list := store.Beside(p, []string{number})
	if len(list) != 1 || list[0].Path != old {
		t.Fatalf("%+v", list)
	}
	if err := list[0].Hold([]string{number}); err != nil {
		t.Fatal(err)
	}
	if err := list[0].Forget([]string{number}); err != nil {
		t.Error(err)
	}
	list[0].Close()
	if got := read(t, old); strings.Contains(got, number) || !strings.Contains(got, `"b1"`) {
		t.Errorf("%q", got)
	}
	if again := store.Beside(p, []string{number}); len(again) > 0 {
		t.Errorf("found again: %+v", again)
	}
}

func TestNumbers(t *testing.T) {
	numbers := []string{"13800000001", "02112345678"}
	for text, want := range map[string]bool{
		"":               false,
		"x13800000001y":  true,
		"138 0000 0001":  true,
		"138-0000\t0001": false,
		"1\x003\x008\x000\x000\x000\x000\x000\x000\x000\x001\x00": true,
		"+86 21 1234 5678": true,
		"13800000002":      false,
		"1381380000000 1":  true,
	} {
		if got := store.NumberIn([]byte(text), numbers); got != want {
			t.Errorf("%q: %t", text, got)
		}
		path := write(t, filepath.Join(t.TempDir(), "x"), strings.Repeat("1380", 1<<18)+"\n"+text)
		if got, err := store.HoldsNumber(path, numbers); got != want || err != nil {
			t.Errorf("%q behind much: %t, %v", text, got, err)
		}
	}
}

// A sentence about lost batches names the first few, in the reader's language.
func TestBehind(t *testing.T) {
	p := store.Place{Path: "/j/axgbind.journal"}
	lost := &journal.BehindError{Have: 1, Want: 9}
	if got := store.Behind(p, lost).Error(); !strings.Contains(got, "--accept") {
		t.Errorf("without names: %s", got)
	}
	for i := range 7 {
		lost.Batches = append(lost.Batches, journal.LockBatch{Batch: fmt.Sprint("b", i), Results: fmt.Sprintf("/r/%d.csv", i), Digest: "d"})
	}
	wrong := store.Behind(p, lost)
	for _, lang := range []report.Lang{report.EN, report.ZH} {
		if got := wrong.In(lang); !strings.Contains(got, "b4") || strings.Contains(got, "b5") || !strings.Contains(got, "…") || strings.Count(got, "axgbind bind") != store.MostNamed {
			t.Errorf("%s", got)
		}
	}
}

func TestUnmasked(t *testing.T) {
	dir := newFolder(t)
	path := write(t, filepath.Join(dir, "13800000001.csv"), "")
	masked := report.Shown(path)
	if got := store.Unmasked(masked); masked == path || !slices.Contains(got, path) {
		t.Errorf("%q: %q", masked, got)
	}
	if got := store.Unmasked(dir); !slices.Equal(got, []string{dir}) {
		t.Errorf("%q", got)
	}
}

func TestKindsOfError(t *testing.T) {
	wrong := store.Unread("/j", &journal.DamageError{Line: 3, Err: io.ErrUnexpectedEOF})
	if !refused(wrong) || !strings.Contains(wrong.Error(), "line 3") {
		t.Errorf("%v", wrong)
	}
	text := strings.Repeat("Dear all,\n", 50)
	_, _, err := books.ReadRuns(strings.NewReader(text))
	if got := store.Unread("/j", err); err == nil || !refused(got) {
		t.Errorf("what is no journal: %v", got)
	}
}
