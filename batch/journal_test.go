package batch_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/batch"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
)

// disk is a JournalFile in memory that knows what is durable and can fail.
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

func keyOf(n int) batch.Key {
	var k batch.Key
	binary.BigEndian.PutUint64(k.ID[8:], uint64(n))
	return k
}

func newJournal(t testing.TB, d *disk, release func() error) *batch.Journal {
	t.Helper()
	j, err := batch.CreateJournal(d, batch.Header{Endpoint: "simulator", Simulated: true}, release)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// reopen opens a copy of what d holds.
func reopen(t testing.TB, text []byte) (*batch.Journal, *disk) {
	t.Helper()
	d := &disk{text: bytes.Clone(text)}
	j, err := batch.OpenJournal(d, int64(len(text)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return j, d
}

func closeJournal(t testing.TB, j *batch.Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestJournalRoundTrip(t *testing.T) {
	d := &disk{}
	created := time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC)
	j, err := batch.CreateJournal(d, batch.Header{Endpoint: "https://dyplsapi.aliyuncs.com", Created: created}, nil)
	if err != nil {
		t.Fatal(err)
	}
	run := batch.RunStart{Run: "r1", Input: "张.csv", Digest: "ab", Rows: 3, Flags: []string{"--rate", "7"}, Defaults: map[string]string{"Expiration=+30d": "x"}, Start: created}
	intent := batch.Detail{T: 1, Line: 7, PoolKey: "FC1", PhoneNoA: "13800138000", GroupID: "1", Expiration: "2027-01-31 23:59:59"}
	bound := batch.Detail{T: 2, Message: "<a & b>\n\"\u2028\" 好", SecretNo: "17100000000", SubsID: "1000", RequestID: "R", HTTP: 200, LatencyMs: 12}
	carried := batch.Detail{Line: 9, SubsID: "77", Attempts: 3}
	steps := []error{
		j.Begin(run),
		j.Intent(keyOf(1), 1, &intent), j.Outcome(keyOf(1), 1, report.Bound, "OK", &bound),
		j.Intent(keyOf(2), 1, &intent), j.Outcome(keyOf(2), 1, report.Pending, "", &batch.Detail{}),
		j.Intent(keyOf(2), 2, &intent), j.Withdraw(keyOf(2), 2),
		j.Intent(keyOf(3), 1, &intent), // left open
		j.Carried(keyOf(4), report.Bound, "OK", &carried),
		j.Carried(keyOf(5), report.Unknown, "client.Timeout", &carried),
		j.Intent(keyOf(6), 1, &intent), j.Outcome(keyOf(6), 1, report.Failed, "odd code\n-", &batch.Detail{}),
		j.Intent(keyOf(7), 1, &intent), j.Withdraw(keyOf(7), 1),
	}
	j.Record(batch.Sample{T: 1, Calls: 2})
	steps = append(steps, j.End(batch.RunEnd{Run: "r1", Status: 4, Counts: map[string]int{"BOUND": 1}}))
	for i, err := range steps {
		if err != nil {
			t.Errorf("step %d: %v", i, err)
		}
	}
	closeJournal(t, j)
	if !bytes.Equal(d.kept(), d.text) || bytes.Count(d.text, []byte("\n")) != len(steps)+2 {
		t.Errorf("%d of %d bytes durable, %d lines", d.durable, len(d.text), bytes.Count(d.text, []byte("\n")))
	}

	j, _ = reopen(t, d.text)
	defer closeJournal(t, j)
	if diff := cmp.Diff(batch.Header{Format: "axgbind journal", Version: 1, Identity: 1, Endpoint: "https://dyplsapi.aliyuncs.com", Created: created}, j.Header); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]batch.RunStart{run}, j.Runs); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	got, err := j.Rows()
	if err != nil {
		t.Fatal(err)
	}
	want := map[batch.Key]batch.RowState{
		keyOf(1): {Status: report.Bound, Code: "OK", Attempts: 1, Intent: intent, End: bound},
		keyOf(2): {Status: report.Pending, Attempts: 1, Intent: intent},
		keyOf(3): {Status: report.Unknown, Code: "client.Interrupted", Attempts: 1, Intent: intent},
		keyOf(4): {Status: report.Bound, Code: "OK", Attempts: 3, Intent: carried, End: carried},
		keyOf(5): {Status: report.Unknown, Code: "client.Timeout", Attempts: 3, Intent: carried, End: carried},
		keyOf(6): {Status: report.Failed, Code: "odd_code_-", Attempts: 1, Intent: intent},
		keyOf(7): {Status: report.Pending, Intent: intent},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	for _, read := range []func() (batch.Header, []batch.RunStart, error){
		func() (batch.Header, []batch.RunStart, error) { return batch.ReadRuns(bytes.NewReader(d.text)) },
		func() (batch.Header, []batch.RunStart, error) {
			h, err := batch.ReadHeader(bytes.NewReader(d.text))
			return h, []batch.RunStart{run}, err
		},
	} {
		if h, runs, err := read(); err != nil || h != j.Header || !cmp.Equal(runs, j.Runs) {
			t.Errorf("read %v, %v, %v", h, runs, err)
		}
	}
}

// Nothing may be acknowledged before the Sync that covers it has returned, and
// concurrent records share Syncs.
func TestGroupCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &disk{syncTime: 3 * time.Millisecond}
		j := newJournal(t, d, nil)
		defer closeJournal(t, j)
		before := d.syncs
		start := time.Now()
		var wg sync.WaitGroup
		const rows = 500
		for i := range rows {
			wg.Go(func() {
				time.Sleep(time.Duration(i%50) * time.Millisecond)
				key := keyOf(i)
				if err := j.Intent(key, 1, &batch.Detail{Line: i}); err != nil {
					t.Errorf("intent %d: %v", i, err)
				}
				if !bytes.Contains(d.kept(), []byte("I "+key.String())) {
					t.Errorf("intent %d acknowledged before it was durable", i)
				}
				if err := j.Outcome(key, 1, report.Bound, "OK", &batch.Detail{}); err != nil {
					t.Errorf("outcome %d: %v", i, err)
				}
				if !bytes.Contains(d.kept(), []byte("O "+key.String())) {
					t.Errorf("outcome %d acknowledged before it was durable", i)
				}
			})
		}
		wg.Wait()
		took, syncs := time.Since(start), d.syncs-before
		if most := int(took/(10*time.Millisecond)) + 2; syncs > most {
			t.Errorf("%d syncs in %v, want at most %d", syncs, took, most)
		}
		if took > 100*time.Millisecond {
			t.Errorf("it took %v", took)
		}
	})
}

// A lone record does not wait for company.
func TestLoneRecord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJournal(t, &disk{syncTime: time.Millisecond}, nil)
		defer closeJournal(t, j)
		time.Sleep(time.Second)
		start := time.Now()
		if err := j.Intent(keyOf(1), 1, &batch.Detail{}); err != nil || time.Since(start) != time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}

func TestJournalFailures(t *testing.T) {
	broken := errors.New("I/O error")
	for _, test := range []struct {
		name string
		fail func(*disk)
		want error
	}{
		{"write error", func(d *disk) { d.badWrite = broken }, broken},
		{"sync error", func(d *disk) { d.badSync = broken }, broken},
		{"short write", func(d *disk) { d.short = true }, io.ErrShortWrite},
		{"full disk without reserve", func(d *disk) { d.room = len(d.text) + 10 }, syscall.ENOSPC},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &disk{syncTime: 5 * time.Millisecond}
				j := newJournal(t, d, nil)
				if err := j.Intent(keyOf(0), 1, &batch.Detail{}); err != nil {
					t.Fatal(err)
				}
				acked := d.kept()
				d.set(func() { test.fail(d) })
				var wg sync.WaitGroup
				for i := 1; i < 50; i++ {
					wg.Go(func() {
						time.Sleep(time.Duration(i) * time.Millisecond) // some join while the group fails
						if err := j.Intent(keyOf(i), 1, &batch.Detail{}); !errors.Is(err, batch.ErrJournal) || !errors.Is(err, test.want) {
							t.Errorf("intent %d: %v", i, err)
						}
					})
				}
				wg.Wait()
				if !errors.Is(j.Err(), test.want) {
					t.Errorf("Err: %v", j.Err())
				}
				// It is final, even if the disk recovers: after a failed fsync
				// nobody knows what it holds.
				d.set(func() { d.badWrite, d.badSync, d.short, d.room = nil, nil, false, 0 })
				syncs, size := d.syncs, len(d.text)
				if err := j.Outcome(keyOf(0), 1, report.Bound, "OK", &batch.Detail{}); !errors.Is(err, test.want) {
					t.Errorf("outcome after the failure: %v", err)
				}
				if err := j.Close(); !errors.Is(err, test.want) {
					t.Errorf("Close: %v", err)
				}
				if err := j.Close(); !errors.Is(err, test.want) {
					t.Errorf("second Close: %v", err)
				}
				if d.syncs != syncs || len(d.text) != size {
					t.Errorf("the disk was touched after the failure")
				}
				if !bytes.HasPrefix(d.text, acked) {
					t.Errorf("what was durable has changed")
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
	}{{"released", nil, false}, {"cannot be released", errors.New("gone"), false}, {"used up", nil, true}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := &disk{}
				released := 0
				j := newJournal(t, d, func() error {
					released++
					if test.release == nil {
						d.set(func() { d.room += 1 << 10 })
					}
					return test.release
				})
				for i := range 3 {
					if err := j.Intent(keyOf(i), 1, &batch.Detail{}); err != nil {
						t.Fatal(err)
					}
				}
				d.set(func() { d.room = len(d.text) + 40 })
				err := j.Outcome(keyOf(0), 1, report.Bound, "OK", &batch.Detail{SubsID: "1"})
				if test.release != nil {
					if !errors.Is(err, syscall.ENOSPC) || !errors.Is(j.Close(), syscall.ENOSPC) {
						t.Errorf("outcome: %v", err)
					}
					return
				}
				if err != nil {
					t.Errorf("the outcome of a call under way: %v", err)
				}
				if err := j.Intent(keyOf(3), 1, &batch.Detail{}); !errors.Is(err, batch.ErrJournal) {
					t.Errorf("a new intent: %v", err)
				}
				if err := j.Err(); !errors.Is(err, batch.ErrJournal) {
					t.Errorf("Err: %v", err)
				}
				if test.second {
					d.set(func() { d.room = len(d.text) + 40 })
				}
				for i, end := range []error{
					j.Outcome(keyOf(1), 1, report.Unknown, "client.Timeout", &batch.Detail{}),
					j.Withdraw(keyOf(2), 1),
					j.End(batch.RunEnd{}),
				} {
					if (end != nil) != test.second {
						t.Errorf("end %d: %v", i, end)
					}
				}
				if err := j.Close(); !errors.Is(err, batch.ErrJournal) {
					t.Errorf("Close: %v", err)
				}
				if released != 1 {
					t.Errorf("released %d times", released)
				}
				old, _ := reopen(t, d.kept())
				defer closeJournal(t, old)
				rows, err := old.Rows()
				if err != nil || len(rows) != 3 || rows[keyOf(0)].Status != report.Bound {
					t.Errorf("read back: %v, %v", rows, err)
				}
			})
		})
	}
}

func TestCreateJournalFails(t *testing.T) {
	broken := errors.New("I/O error")
	for _, d := range []*disk{{badWrite: broken}, {badSync: broken}} {
		if j, err := batch.CreateJournal(d, batch.Header{}, nil); j != nil || !errors.Is(err, batch.ErrJournal) || !errors.Is(err, broken) {
			t.Errorf("CreateJournal: %v, %v", j, err)
		}
	}
}

func TestClosedJournal(t *testing.T) {
	d := &disk{}
	j := newJournal(t, d, nil)
	j.Record(batch.Sample{Calls: 42}) // not waited for, but not lost
	closeJournal(t, j)
	if !bytes.Contains(d.kept(), []byte(`"calls":42`)) {
		t.Error("Close lost a record")
	}
	if err := j.Intent(keyOf(1), 1, &batch.Detail{}); !errors.Is(err, batch.ErrJournal) {
		t.Errorf("intent after Close: %v", err)
	}
	closeJournal(t, j)
}

// A record longer than any buffer is read back whole.
func TestLongRecord(t *testing.T) {
	d := &disk{}
	j := newJournal(t, d, nil)
	long := batch.Detail{Message: strings.Repeat("长", 1<<20)}
	for i := range 2 {
		if err := errors.Join(j.Intent(keyOf(i), 1, &batch.Detail{}), j.Outcome(keyOf(i), 1, report.Failed, "X", &long)); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Begin(batch.RunStart{Run: "behind"}); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, j)
	j, _ = reopen(t, d.text)
	defer closeJournal(t, j)
	rows, err := j.Rows()
	if err != nil || rows[keyOf(1)].End.Message != long.Message {
		t.Errorf("%d bytes, %v", len(rows[keyOf(1)].End.Message), err)
	}
	if _, runs, err := batch.ReadRuns(bytes.NewReader(d.text)); err != nil || len(runs) != 1 {
		t.Errorf("ReadRuns: %v, %v", runs, err)
	}
}

func BenchmarkJournal(b *testing.B) {
	for _, inFlight := range []int{64, 400} {
		b.Run(fmt.Sprintf("inflight=%d", inFlight), func(b *testing.B) {
			f, err := os.OpenFile(filepath.Join(b.TempDir(), "journal"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			j, err := batch.CreateJournal(f, batch.Header{}, nil)
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			intent := benchIntent()
			end := batch.Detail{T: 1795485600000, SecretNo: "17100000000", SubsID: "1000000000000001", RequestID: "9297B722-A016-43FB-B51A-E54050D9369D", HTTP: 200, LatencyMs: 80}
			var next atomic.Int64
			b.ReportAllocs()
			var wg sync.WaitGroup
			for range inFlight {
				wg.Go(func() {
					for i := int(next.Add(1)); i <= b.N; i = int(next.Add(1)) {
						if err := errors.Join(j.Intent(keyOf(i), 1, &intent), j.Outcome(keyOf(i), 1, report.Bound, "OK", &end)); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

func benchIntent() batch.Detail {
	return batch.Detail{T: 1795485600000, Line: 123456, PoolKey: "FC100000000000001", PhoneNoA: "13800138000", GroupID: "123456", Expiration: "2027-01-31 23:59:59"}
}
