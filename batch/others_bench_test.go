//go:build linux

package batch_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
)

// nights is how many batches bound the million.
const nights = 30

// othersJournal is a compacted journal of 30 nights with 1,000,000 live bindings.
func othersJournal(b *testing.B) *os.File {
	b.Helper()
	f, err := os.OpenFile(filepath.Join(b.TempDir(), "journal"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	w := journal.Write(f, journal.Header{Identity: input.IdentityVersion, Rows: million})
	for n := range nights {
		w.Record(&ledger.Record{Kind: ledger.Run, Batch: fmt.Sprint("b", n)}, books.RunStart{Run: fmt.Sprint(n), Batch: fmt.Sprint("b", n), Command: "bind"})
	}
	for i := range million {
		a := fmt.Sprintf("138%08d", i)
		id := input.Identify(&[field.NumFields]string{field.PoolKey: "FC100000000000001", field.PhoneNoA: a})
		ago := i % nights
		w.Record(&ledger.Record{
			Kind: ledger.Known, Op: ledger.Bind, Row: ledger.Key{ID: id}, Place: input.PlaceOf("FC100000000000001", a, "2000000000001"), Ends: 4073558399,
			Binding: ledger.SubsID(1000000000000001 + i), State: ledger.Bound, Code: "OK", Attempts: 1, Ago: ago, Maker: nights - 1 - ago, Holder: nights - 1 - ago,
		}, fmt.Appendf(nil, `{"t":1795485600000,"left":1795485599900,"line":%d,"pool":"FC100000000000001","a":"%s","b":"139%08d","g":"2000000000001","exp":"2099-01-31 23:59:59","msg":"OK","no":"17100000000","subs":"%d","req":"9297B722-A016-43FB-B51A-E54050D9369D","http":200,"ms":80}`, i+2, a, i, 1000000000000000+i))
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	return f
}

// BenchmarkOthers binds a batch of ten rows with a journal of 1,000,000 live
// bindings of others: from the start to the first call (goal: 1.5 s), the most
// memory (goal: 256 MiB), and the journal's size.
func BenchmarkOthers(b *testing.B) {
	kept := othersJournal(b)
	var rows strings.Builder
	rows.WriteString("PhoneNoA,GroupId,Expiration\n")
	for i := range 10 {
		fmt.Fprintf(&rows, "137%08d,2000000000001,2099-01-31 23:59:59\n", i)
	}
	input, err := input.Open(strings.NewReader(rows.String()), int64(rows.Len()), input.Options{Defaults: map[field.Field]string{field.PoolKey: "FC100000000000001"}})
	if err != nil {
		b.Fatal(err)
	}
	size, err := kept.Stat()
	if err != nil {
		b.Fatal(err)
	}
	var first time.Duration
	var peak float64
	for b.Loop() {
		freshPeak(b)
		start := time.Now()
		j, err := books.Open(placed(kept), journal.Options{}, input.Lines())
		if err != nil {
			b.Fatal(err)
		}
		id := j.NewBatch(start)
		plan, err := plan.New(input, j, plan.Options{Now: start, Batch: id})
		if err != nil {
			b.Fatal(err)
		}
		if err := j.Begin(books.RunStart{Run: "r", Batch: id}); err != nil {
			b.Fatal(err)
		}
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
		peak = max(peak, peakMiB(b))
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
		if err := kept.Truncate(size.Size()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(first.Seconds()/float64(b.N), "s/first-call")
	b.ReportMetric(peak, "peak-MiB")
	b.ReportMetric(float64(size.Size())/(1<<20), "journal-MiB")
}
