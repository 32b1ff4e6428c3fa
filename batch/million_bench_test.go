//go:build linux

package batch_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// million is the size of the largest job axgbind is made for.
const million = 1_000_000

// millionInput writes an input of seven columns.
func millionInput(b *testing.B) *os.File {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "in.csv"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	w := bufio.NewWriterSize(f, 1<<20)
	fmt.Fprintln(w, "A号码,B号码,分组ID,过期时间,城市,外部ID,备注")
	for i := range million {
		fmt.Fprintf(w, "138%08d,139%08d,2000000000001,2099-01-31 23:59:59,杭州,order-%07d,第%d批\n", i, i, i, i/1000)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return f
}

// openMillion makes ready what a run of it begins with.
func openMillion(b *testing.B, in, kept *os.File, created bool) (*books.Journal, *plan.Plan) {
	b.Helper()
	info, err := in.Stat()
	if err != nil {
		b.Fatal(err)
	}
	input, err := input.Open(in, info.Size(), input.Options{Defaults: map[field.Field]string{field.PoolKey: "FC100000000000001"}})
	if err != nil {
		b.Fatal(err)
	}
	var j *books.Journal
	if created {
		j, err = books.Create(placed(kept), journal.Header{}, journal.Options{})
	} else {
		j, err = books.Open(placed(kept), journal.Options{}, million)
	}
	if err != nil {
		b.Fatal(err)
	}
	plan, err := plan.New(input, j, plan.Options{Now: time.Now(), Batch: "r.csv"})
	if err != nil {
		b.Fatal(err)
	}
	if err := j.Begin(books.RunStart{Run: "r", Batch: "r.csv"}); err != nil {
		b.Fatal(err)
	}
	return j, plan
}

// half is a journal that knows the first half of the rows as BOUND.
func half(b *testing.B, plan *plan.Plan) *os.File {
	b.Helper()
	f, err := os.OpenFile(filepath.Join(b.TempDir(), "journal"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	w := journal.Write(f, journal.Header{Identity: input.IdentityVersion})
	w.Record(&ledger.Record{Kind: ledger.Run, Batch: "r.csv"}, books.RunStart{Run: "r", Batch: "r.csv"})
	for i := range million / 2 {
		key := plan.Key(i)
		n := uint64(i + 1)
		intent := fmt.Appendf(nil, `{"t":1795485600000,"line":%d,"pool":"FC100000000000001","a":"138%08d","b":"139%08d","g":"2000000000001","exp":"2099-01-31 23:59:59"}`, i+2, i, i)
		end := fmt.Appendf(nil, `{"t":1795485600000,"msg":"OK","no":"17100000000","subs":"%d","req":"9297B722-A016-43FB-B51A-E54050D9369D","http":200,"ms":80}`, 1000000000000000+i)
		w.Record(&ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Call: n, Row: key, Place: input.PlaceOf("FC100000000000001", fmt.Sprintf("138%08d", i), "2000000000001"), At: 1795485600000, Due: 1795485630000, Ends: 4073558399}, intent)
		w.Record(&ledger.Record{Kind: ledger.OK, Call: n, Binding: ledger.SubsID(1000000000000000 + n), At: 1795485600080, Code: "OK"}, end)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return f
}

// firstCall is an operation whose first call is all that counts.
type firstCall struct {
	batch.Bind
	at   atomic.Pointer[time.Time]
	then func()
}

func (f *firstCall) Call(_ context.Context, row *plan.Row) batch.Answer {
	now := time.Now()
	if f.at.CompareAndSwap(nil, &now) {
		f.then()
	}
	return batch.Answer{Class: aliyun.Done, Code: "OK", SecretNo: "17100000000", SubsID: "10000" + row.Fields[field.PhoneNoA]}
}

// BenchmarkResume goes on with a half-done job of 1,000,000 rows: from the
// start to the first call (goal: 5 s), and the most memory the process took up
// to there and for the results (goal: 256 MiB).
func BenchmarkResume(b *testing.B) {
	in := millionInput(b)
	empty, err := os.OpenFile(filepath.Join(b.TempDir(), "empty"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	defer empty.Close()
	j, plan := openMillion(b, in, empty, true)
	journal := half(b, plan)
	j.Close()
	j, plan = nil, nil
	var first time.Duration
	var peak float64
	for b.Loop() {
		freshPeak(b)
		start := time.Now()
		j, plan := openMillion(b, in, journal, false)
		ctx, cancel := context.WithCancelCause(context.Background())
		op := &firstCall{then: func() { cancel(books.StopInterrupt) }}
		run, err := batch.NewRun(plan, op, batch.Options{Rate: pace.MaxRate})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := run.Do(ctx); err != nil {
			b.Fatal(err)
		}
		first += op.at.Load().Sub(start)
		if got := plan.Counts(); got[report.Bound] < million/2 || plan.Settled != million/2 {
			b.Fatalf("%v, %d settled", got, plan.Settled)
		}
		writeAll(b, plan)
		peak = max(peak, peakMiB(b))
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(first.Seconds()/float64(b.N), "s/first-call")
	b.ReportMetric(peak, "peak-MiB")
}

// BenchmarkMillion begins a job of 1,000,000 rows, makes its first 25,000
// calls at 5,000 a second, and writes the results of all: the most memory the
// process took (goal: 256 MiB). What is kept in memory does not grow with the
// calls.
func BenchmarkMillion(b *testing.B) {
	in := millionInput(b)
	var peak float64
	for b.Loop() {
		freshPeak(b)
		journal, err := os.OpenFile(filepath.Join(b.TempDir(), "journal"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
		if err != nil {
			b.Fatal(err)
		}
		j, plan := openMillion(b, in, journal, true)
		run, err := batch.NewRun(plan, batch.Bind{Client: instant{}}, batch.Options{Rate: pace.MaxRate, Limit: 25_000})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := run.Do(context.Background()); err != nil {
			b.Fatal(err)
		}
		if s := run.Status(); s.Bound != 25_000 {
			b.Fatalf("%d rows bound", s.Bound)
		}
		writeAll(b, plan)
		peak = max(peak, peakMiB(b))
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
		journal.Close()
	}
	b.ReportMetric(peak, "peak-MiB")
}

// writeAll writes the results of a plan to nowhere.
func writeAll(b *testing.B, plan *plan.Plan) {
	b.Helper()
	w := report.NewWriter(io.Discard, []string{"A号码", "B号码", "分组ID", "过期时间", "城市", "外部ID", "备注"}, false)
	if err := plan.Results(report.EN, books.StopLimit, w.Write); err != nil {
		b.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
}

// freshPeak gives back what earlier work left, and measures the peak anew. A
// run of the command collects garbage as early as here.
func freshPeak(b *testing.B) {
	b.Helper()
	b.Cleanup(func(old int) func() { return func() { debug.SetGCPercent(old) } }(debug.SetGCPercent(25)))
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600); err != nil {
		b.Skip("the peak cannot be measured: ", err)
	}
}

// peakMiB is the most memory the process has had in RAM since freshPeak.
func peakMiB(b *testing.B) float64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb / 1024
		}
	}
	b.Fatal("no VmHWM")
	return 0
}
