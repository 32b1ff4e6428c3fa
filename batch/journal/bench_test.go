package journal_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// The details of a bind and of its end, about 200 bytes each.
const (
	benchIntent = `{"line":123456,"pool":"FC100000000000001","a":"13800138000","b":"13900139000","g":"2000000000001","exp":"2027-01-31 23:59:59","city":"杭州","rec":"true","out":"order-1234567","cr":"CONTROL_AX_DISABLED"}`
	benchOK     = `{"msg":"OK","no":"17100000000","subs":"1000000000000001","req":"9297B722-A016-43FB-B51A-E54050D9369D","http":200,"ms":80,"date":"Tue, 24 Nov 2026 02:00:00 GMT","key":"LTAI****0001","user":"ops@host-1"}`
)

// repeated is a journal that has the same lines many times over.
type repeated struct{ header, lines []byte }

func (r repeated) ReadAt(b []byte, at int64) (n int, err error) {
	if at < int64(len(r.header)) {
		n = copy(b, r.header[at:])
	}
	for n < len(b) {
		n += copy(b[n:], r.lines[(at+int64(n)-int64(len(r.header)))%int64(len(r.lines)):])
	}
	return n, nil
}

// benchJournal is a journal of so many rows, an intent and its end each.
func benchJournal(b *testing.B, rows int) (r repeated, size int64) {
	b.Helper()
	const different = 10_000
	var header, lines bytes.Buffer
	if err := journal.Write(&header, journal.Header{}).Flush(); err != nil {
		b.Fatal(err)
	}
	w := journal.Write(&lines, journal.Header{})
	for i := range different {
		begin, end := ledger.Record{
			Kind: ledger.Intent, Op: ledger.Bind, Call: uint64(1_000_000 + i), Row: ledger.Key{ID: ledger.Identity{byte(i), 0x9e, 0x37, 0x79, 0xb9, 14: byte(i >> 8), 15: 0xfe}},
			Place: 0x9e3779b97f4a7c15, Ends: 1801411199, At: 1795485600000 + int64(i), Due: 1795486500000 + int64(i),
		}, ledger.Record{Kind: ledger.OK, Call: uint64(1_000_000 + i), Binding: ledger.SubsID(1_000_000_000_000_000 + i), At: 1795485600080 + int64(i), Code: "OK"}
		_ = w.Record(&begin, []byte(benchIntent)) // told by Flush
		_ = w.Record(&end, []byte(benchOK))
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	r = repeated{header.Bytes(), lines.Bytes()[header.Len():]}
	return r, int64(header.Len()) + int64(rows/different)*int64(len(r.lines))
}

// BenchmarkRead reads a journal of 1,000,000 rows, 2,000,000 records (goal: well
// under 2 s on one core; -cpu 1).
func BenchmarkRead(b *testing.B) {
	const rows = 1_000_000
	text, size := benchJournal(b, rows)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		records := 0
		if _, end, err := journal.Read(text, size, nil, func(*journal.Line) error { records++; return nil }); err != nil || end != size || records != 2*rows {
			b.Fatalf("%d records up to %d: %v", records, end, err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/2M-records")
}

// BenchmarkAppend appends intents and ends from many goroutines at once, each
// waited for, in a file; and writes the same text to a file in the same groups,
// with a sync each. What the journal costs is the difference.
func BenchmarkAppend(b *testing.B) {
	file := func(b *testing.B) (*os.File, string) {
		path := filepath.Join(b.TempDir(), "journal")
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { f.Close() })
		return f, path
	}
	for _, inFlight := range []int{64, 400, 4000} {
		b.Run(fmt.Sprintf("journal/inflight=%d", inFlight), func(b *testing.B) {
			applied := 0
			j, err := journal.Create(onFile(file(b)), journal.Header{}, journal.Options{Applied: func(*ledger.Record) error { applied++; return nil }})
			if err != nil {
				b.Fatal(err)
			}
			defer j.Close()
			b.ReportAllocs()
			var next atomic.Int64
			var wg sync.WaitGroup
			for range inFlight {
				wg.Go(func() {
					for i := int(next.Add(1)); i <= b.N; i = int(next.Add(1)) {
						rec := intent(i)
						if i%2 == 0 {
							rec = ok(i)
						}
						if err := j.Append(rec, []byte(benchOK)).Wait(); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
		b.Run(fmt.Sprintf("file/inflight=%d", inFlight), func(b *testing.B) {
			f, _ := file(b)
			line := withWord(journal.Line{Record: ok(1), Detail: []byte(benchOK)})
			text, err := journal.Encode(nil, &line)
			if err != nil {
				b.Fatal(err)
			}
			group := bytes.Repeat(text, inFlight)
			for left := b.N; left > 0; left -= inFlight {
				start := time.Now()
				if _, err := f.Write(group[:min(left, inFlight)*len(text)]); err != nil {
					b.Fatal(err)
				}
				if err := f.Sync(); err != nil {
					b.Fatal(err)
				}
				time.Sleep(10*time.Millisecond - time.Since(start))
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
		})
	}
}

// BenchmarkWrite writes a journal anew, as compaction does.
func BenchmarkWrite(b *testing.B) {
	w := journal.Write(io.Discard, journal.Header{})
	rec := intent(1)
	text := []byte(benchIntent)
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Record(&rec, text); err != nil {
			b.Fatal(err)
		}
	}
}
