package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// Nothing is acknowledged before the sync that covers it has returned, and
// concurrent records share syncs.
func TestGroupCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{syncTime: 3 * time.Millisecond}
		j := create(t, d, journal.Options{})
		defer shut(t, j)
		before, start := d.synced(), time.Now()
		var wg sync.WaitGroup
		for i := range 500 {
			wg.Go(func() {
				time.Sleep(time.Duration(i%50) * time.Millisecond)
				for _, rec := range []ledger.Record{intent(i), ok(i)} {
					if err := j.Append(rec, detail{Line: i}).Wait(); err != nil {
						t.Errorf("%s %d: %v", rec.Kind, i, err)
					}
					if !bytes.Contains(d.kept(), fmt.Appendf(nil, " %s %d ", rec.Kind, rec.Call)) {
						t.Errorf("%s %d acknowledged before it was durable", rec.Kind, i)
					}
				}
			})
		}
		wg.Wait()
		took, syncs := time.Since(start), d.synced()-before
		if most := int(took/(10*time.Millisecond)) + 2; syncs > most {
			t.Errorf("%d syncs in %v, want at most %d", syncs, took, most)
		}
		if took > 100*time.Millisecond {
			t.Errorf("it took %v", took)
		}
	})
}

// One group is one sync, however many records it has; a lone record does not wait
// for company, and what comes within 10 ms of it does.
func TestSyncs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{syncTime: time.Millisecond}
		j := create(t, d, journal.Options{})
		defer shut(t, j)
		time.Sleep(time.Second)
		start := time.Now()
		wait := func(c *journal.Commit, syncs int, after time.Duration) {
			t.Helper()
			if err := c.Wait(); err != nil || d.synced() != syncs || time.Since(start) != after {
				t.Errorf("%v, %d syncs after %v; want %d after %v", err, d.synced(), time.Since(start), syncs, after)
			}
		}
		wait(j.Append(intent(0), nil), 2, time.Millisecond)
		var last *journal.Commit
		for i := range 100 {
			last = j.Append(intent(i+1), nil)
		}
		wait(last, 3, 11*time.Millisecond)
		time.Sleep(9 * time.Millisecond) // 10 since that one began
		wait(j.Note(detail{}), 4, 21*time.Millisecond)
		time.Sleep(time.Minute)
		if d.synced() != 4 {
			t.Errorf("%d syncs", d.synced())
		}
	})
}

// What is told of records is in the order of the file, each once, with the place
// where it stands, before its Wait returns, whoever appends.
func TestApplied(t *testing.T) {
	d := &disk{}
	var (
		mu      sync.Mutex
		applied []ledger.Record
	)
	count := func() int {
		mu.Lock()
		defer mu.Unlock()
		return len(applied)
	}
	j := create(t, d, journal.Options{Applied: func(r *ledger.Record) error {
		if !bytes.Contains(d.kept(), fmt.Appendf(nil, " %s %d ", r.Kind, r.Call)) {
			t.Errorf("%s %d was told of before it was durable", r.Kind, r.Call)
		}
		mu.Lock()
		defer mu.Unlock()
		applied = append(applied, *r)
		return nil
	}})
	var wg sync.WaitGroup
	const many, each = 200, 3
	for i := range many {
		wg.Go(func() {
			for k := range each {
				rec := ok(i*each + k)
				rec.Code = "a b"
				before := count()
				if err := j.Append(rec, detail{Line: i}).Wait(); err != nil || count() == before {
					t.Errorf("%v, or nobody was told", err)
				}
				j.Note(detail{Line: i})
			}
		})
	}
	wg.Wait()
	shut(t, j)
	lines := slices.DeleteFunc(read(t, d.text), func(l journal.Line) bool { return l.Word == journal.Sample })
	if len(lines) != many*each || len(applied) != len(lines) {
		t.Fatalf("%d applied, %d read", len(applied), len(lines))
	}
	for i := range lines {
		if lines[i].Record != applied[i] {
			t.Fatalf("record %d: told of %+v, read back %+v", i, applied[i], lines[i].Record)
		}
	}
}

// An error of Applied ends the journal: what was told of is no longer what is in
// the file.
func TestAppliedFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		no := errors.New("it does not follow")
		d := &disk{syncTime: time.Millisecond}
		told := 0
		j := create(t, d, journal.Options{Applied: func(r *ledger.Record) error {
			if told++; r.Kind == ledger.OK {
				return no
			}
			return nil
		}})
		if err := j.Append(intent(0), nil).Wait(); err != nil {
			t.Fatal(err)
		}
		good, bad, behind := j.Append(intent(1), nil), j.Append(ok(0), nil), j.Append(intent(2), nil)
		for i, c := range []*journal.Commit{good, bad, behind, j.Append(intent(3), nil)} {
			if err := c.Wait(); !errors.Is(err, no) || !errors.Is(err, journal.ErrJournal) {
				t.Errorf("record %d: %v", i, err)
			}
		}
		if told != 3 {
			t.Errorf("told of %d records, want none behind the error", told)
		}
		size := len(d.kept())
		if err := j.Append(ok(1), nil).Wait(); !errors.Is(err, no) || !errors.Is(j.Err(), no) || !errors.Is(j.Close(), no) || len(d.kept()) != size {
			t.Errorf("a record after the error: %v", err)
		}
	})
}

func TestFailures(t *testing.T) {
	broken := errors.New("I/O error")
	for _, test := range []struct {
		name string
		fail func(*disk)
		want error
	}{
		{"write error", func(d *disk) { d.badWrite = broken }, broken},
		{"sync error", func(d *disk) { d.badSync = broken }, broken},
		{"sync error of a full disk", func(d *disk) { d.badSync = fmt.Errorf("no room: %w", broken) }, broken},
		{"length error", func(d *disk) { d.badLength = broken }, broken},
		{"short write", func(d *disk) { d.short = true }, io.ErrShortWrite},
		{"somebody else wrote", func(d *disk) { d.text = append(d.text, "x"...) }, journal.ErrJournal},
		{"somebody cut it", func(d *disk) { d.text = d.text[:len(d.text)-1] }, journal.ErrJournal},
		{"full disk without reserve", func(d *disk) { d.room = len(d.text) + 10 }, journal.ErrFull},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &disk{syncTime: 5 * time.Millisecond}
				j := create(t, d, journal.Options{Applied: func(r *ledger.Record) error {
					if r.Call > 1 {
						t.Errorf("told of record %d", r.Call)
					}
					return nil
				}})
				if err := j.Append(intent(0), nil).Wait(); err != nil {
					t.Fatal(err)
				}
				acked := d.kept()
				d.set(func() { test.fail(d) })
				var wg sync.WaitGroup
				for i := 1; i < 50; i++ {
					wg.Go(func() {
						time.Sleep(time.Duration(i) * time.Millisecond) // some join while the group fails
						if err := j.Append(intent(i), nil).Wait(); !errors.Is(err, journal.ErrJournal) || !errors.Is(err, test.want) {
							t.Errorf("intent %d: %v", i, err)
						}
					})
				}
				wg.Wait()
				if err := j.Err(); !errors.Is(err, test.want) || strings.Count(err.Error(), journal.ErrJournal.Error()) != 1 {
					t.Errorf("Err: %v", err)
				}
				// It is final, even if the disk recovers.
				d.set(func() { d.badWrite, d.badSync, d.badLength, d.short, d.room = nil, nil, nil, false, 0 })
				syncs, size := d.syncs, len(d.text)
				if err := j.Append(ok(0), nil).Wait(); !errors.Is(err, test.want) {
					t.Errorf("outcome after the failure: %v", err)
				}
				for range 2 {
					if err := j.Close(); !errors.Is(err, test.want) {
						t.Errorf("Close: %v", err)
					}
				}
				if d.syncs != syncs || len(d.text) != size {
					t.Error("the disk was touched after the failure")
				}
				if !bytes.HasPrefix(d.text, acked[:len(acked)-1]) {
					t.Error("what was durable has changed")
				}
			})
		})
	}
}

func TestFullDiskWithReserve(t *testing.T) {
	for _, test := range []struct {
		name    string
		release error
		second  bool // the reserve is used up too
		room    int  // bytes that still fit
	}{{"released", nil, false, 40}, {"nothing fits", nil, false, 0}, {"cannot be released", errors.New("gone"), false, 40}, {"used up", nil, true, 40}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &disk{}
				released := 0
				j := create(t, d, journal.Options{Release: func() error {
					released++
					if test.release == nil {
						d.set(func() { d.room += 1 << 10 })
					}
					return test.release
				}})
				for i := range 3 {
					if err := j.Append(intent(i), nil).Wait(); err != nil {
						t.Fatal(err)
					}
				}
				d.set(func() { d.room = len(d.text) + test.room })
				err := j.Append(ok(0), detail{A: "13800138000"}).Wait()
				if test.release != nil {
					if !errors.Is(err, journal.ErrFull) || !errors.Is(j.Close(), journal.ErrFull) || released != 1 {
						t.Errorf("outcome: %v", err)
					}
					return
				}
				if err != nil {
					t.Errorf("the outcome of a call under way: %v", err)
				}
				if err := j.Append(intent(3), nil).Wait(); !errors.Is(err, journal.ErrFull) || !errors.Is(err, journal.ErrJournal) {
					t.Errorf("a new intent: %v", err)
				}
				if err := j.Err(); !errors.Is(err, journal.ErrFull) {
					t.Errorf("Err: %v", err)
				}
				if test.second {
					d.set(func() { d.room = len(d.text) + 10 })
				}
				for i, c := range []*journal.Commit{j.Append(ok(1), nil), j.Append(ledger.Record{Kind: ledger.Withdrawn, Call: 3}, nil), j.Note(detail{})} {
					if err := c.Wait(); (err != nil) != test.second {
						t.Errorf("end %d: %v", i, err)
					}
				}
				if err := j.Close(); !errors.Is(err, journal.ErrFull) {
					t.Errorf("Close: %v", err)
				}
				if released != 1 {
					t.Errorf("released %d times", released)
				}
				want := 7
				if test.second {
					want = 4
				}
				if lines := read(t, d.kept()); len(lines) != want || string(lines[3].Detail) != `{"a":"13800138000"}` {
					t.Errorf("read back: %v", lines)
				}
			})
		})
	}
}

// Before a full disk that tells nonsense about its length the reserve is kept.
func TestFullDiskOfNoLength(t *testing.T) {
	for name, change := range map[string]func(*disk){
		"unknown": func(d *disk) { d.badLength = errors.New("I/O error") },
		"shorter": func(d *disk) { d.text = d.text[:10] },
		"longer":  func(d *disk) { d.text = append(d.text, strings.Repeat("x", 1000)...) },
	} {
		t.Run(name, func(t *testing.T) {
			p := &fullThen{change: change}
			j := create(t, p, journal.Options{Release: func() error { t.Error("released"); return nil }})
			if err := j.Append(ok(0), nil).Wait(); !errors.Is(err, journal.ErrFull) {
				t.Errorf("%v", err)
			}
			if err := j.Close(); !errors.Is(err, journal.ErrFull) {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

// fullThen is a disk that is full behind the header and then is changed.
type fullThen struct {
	disk
	appends int
	change  func(*disk)
}

func (f *fullThen) Append(b []byte) error {
	if f.appends++; f.appends == 1 {
		return f.disk.Append(b)
	}
	f.set(func() { f.change(&f.disk) })
	return journal.ErrFull
}

// Of a journal that was taken away the group on its way counts; then it takes
// what became of calls, and no intents.
func TestDisplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{}
		j := create(t, d, journal.Options{})
		if err := j.Append(intent(0), nil).Wait(); err != nil {
			t.Fatal(err)
		}
		d.set(func() { d.displaced = true })
		if err := j.Append(intent(1), nil).Wait(); err != nil {
			t.Errorf("the group that found out: %v", err)
		}
		if err := j.Append(intent(2), nil).Wait(); !errors.Is(err, journal.ErrDisplaced) || !errors.Is(err, journal.ErrJournal) || errors.Is(err, journal.ErrFull) {
			t.Errorf("an intent: %v", err)
		}
		if err := errors.Join(j.Append(ok(0), nil).Wait(), j.Note(detail{}).Wait()); err != nil {
			t.Errorf("an outcome: %v", err)
		}
		d.set(func() { d.displaced = false })
		if err := j.Append(ok(1), nil).Wait(); err != nil {
			t.Errorf("an outcome: %v", err)
		}
		if err := j.Append(intent(3), nil).Wait(); !errors.Is(err, journal.ErrDisplaced) {
			t.Errorf("an intent, after it came back: %v", err)
		}
		if err := j.Close(); !errors.Is(err, journal.ErrDisplaced) {
			t.Errorf("Close: %v", err)
		}
		if lines := read(t, d.kept()); len(lines) != 5 {
			t.Errorf("%v", lines)
		}
	})
}

// The first reason to take no intents stays.
func TestFullAndDisplaced(t *testing.T) {
	d := &disk{}
	j := create(t, d, journal.Options{Release: func() error { d.set(func() { d.room, d.displaced = 0, true }); return nil }})
	d.set(func() { d.room = len(d.text) + 1 })
	if err := j.Append(ok(0), nil).Wait(); err != nil {
		t.Error(err)
	}
	if err := j.Close(); !errors.Is(err, journal.ErrFull) {
		t.Errorf("%v", err)
	}
}

func TestCreateFails(t *testing.T) {
	broken := errors.New("I/O error")
	for name, d := range map[string]*disk{
		"write": {badWrite: broken}, "sync": {badSync: broken}, "length": {badLength: broken}, "read": {badRead: broken, text: []byte("0")}, "cut": {badCut: broken, text: []byte("0")},
	} {
		if j, err := journal.Create(d, journal.Header{}, journal.Options{}); j != nil || !errors.Is(err, journal.ErrJournal) || !errors.Is(err, broken) {
			t.Errorf("%s: %v, %v", name, j, err)
		}
	}
}

// A journal is begun over one whose first line was torn off, and over nothing else.
func TestCreateOver(t *testing.T) {
	text, _ := small()
	for _, test := range []struct {
		name, before string
		ok           bool
	}{{"nothing", "", true}, {"torn", text[:30], true}, {"zeros", "\x00\x00", true}, {"a journal", text, false}, {"a note", "buy milk", false}} {
		d := &disk{text: []byte(test.before)}
		j, err := journal.Create(d, journal.Header{}, journal.Options{})
		if (err == nil) != test.ok || err != nil && (!errors.Is(err, journal.ErrJournal) || string(d.text) != test.before) {
			t.Errorf("%s: %v", test.name, err)
		}
		if err == nil {
			shut(t, j)
			if lines := read(t, d.kept()); len(lines) != 0 {
				t.Errorf("%s: %v", test.name, lines)
			}
		}
	}
	if j, err := journal.Create(&disk{}, journal.Header{Created: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, journal.Options{}); err == nil {
		t.Errorf("a header of no JSON: %v", j)
	}
}

func TestClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{syncTime: time.Millisecond}
		j := create(t, d, journal.Options{})
		j.Append(intent(0), nil)
		time.Sleep(500 * time.Microsecond) // while that one is on its way
		j.Note(detail{Line: 42})
		shut(t, j)
		if lines := read(t, d.kept()); len(lines) != 2 || string(lines[1].Detail) != `{"line":42}` {
			t.Errorf("Close lost a record that nobody waited for: %v", lines)
		}
		size := len(d.text)
		for _, c := range []*journal.Commit{j.Append(intent(1), nil), j.Append(ok(1), nil), j.Note(detail{})} {
			if err := c.Wait(); !errors.Is(err, journal.ErrJournal) {
				t.Errorf("a record after Close: %v", err)
			}
		}
		if len(d.text) != size || j.Size() != int64(size) || j.Err() != nil {
			t.Errorf("%d bytes, %v", j.Size(), j.Err())
		}
		shut(t, j)
	})
}

// What is no record is refused by itself; the journal goes on.
func TestNoRecord(t *testing.T) {
	d := &disk{}
	j := create(t, d, journal.Options{})
	for _, c := range []*journal.Commit{
		j.Append(ledger.Record{}, detail{}), j.Append(ledger.Record{Kind: 99}, nil), j.Append(ledger.Record{Kind: ledger.Intent, Op: 9}, nil),
		j.Note(nil), j.Note(7),
	} {
		if err := c.Wait(); err == nil || errors.Is(err, journal.ErrJournal) {
			t.Errorf("%v", err)
		}
	}
	if err := j.Append(intent(0), nil).Wait(); err != nil {
		t.Error(err)
	}
	shut(t, j)
	if lines := read(t, d.text); len(lines) != 1 {
		t.Errorf("%v", lines)
	}
}
