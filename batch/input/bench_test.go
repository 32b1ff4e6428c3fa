//go:build unix

package input_test

import (
	"bufio"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"syscall"
	"testing"
	"time"

	"axgbind/batch/input"
	"axgbind/batch/plan"
)

var tenMillion = flag.Bool("ten-million", false, "BenchmarkCheckFile also takes a file of 10,000,000 rows")

// BenchmarkCheckFile opens, reads, judges and compares all rows of a file, as the
// command check does. In each round encoding/csv reads the same file first, with
// one goroutine and ReuseRecord, and x-csv is how many times longer check took. On a
// machine that others use, x-csv-cpu tells more: the same ratio of processor time.
// Where both processors are free, x-csv is about half of it.
//
//	go test ./batch/input -run '^$' -bench CheckFile [-ten-million]
func BenchmarkCheckFile(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(25)) // as the command does
	for _, rows := range []int{100_000, 1_000_000, 10_000_000} {
		if rows > 1_000_000 && !*tenMillion {
			continue
		}
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) {
			file, size := benchmarkInput(b, rows)
			var check, plain, checkCPU, plainCPU time.Duration
			var peak, allocs uint64
			for b.Loop() {
				start, used := time.Now(), cpuTime()
				readPlainly(b, file, size, rows)
				plain += time.Since(start)
				plainCPU += cpuTime() - used

				debug.FreeOSMemory()
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				stop := watchMemory()
				start, used = time.Now(), cpuTime()
				in, err := input.Open(file, size, input.Options{})
				if err != nil {
					b.Fatal(err)
				}
				plan, err := plan.New(in, nil, plan.Options{Now: inputNow})
				check += time.Since(start)
				checkCPU += cpuTime() - used
				peak = max(peak, stop())
				if err != nil || plan.Rows != rows || plan.ToSend != rows {
					b.Fatalf("%+v, %v", plan, err)
				}
				runtime.ReadMemStats(&after)
				allocs += after.Mallocs - before.Mallocs
			}
			n := float64(b.N * rows)
			b.ReportMetric(n/check.Seconds(), "rows/s")
			b.ReportMetric(float64(allocs)/n, "allocs/row")
			b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
			b.ReportMetric(check.Seconds()/plain.Seconds(), "x-csv")
			b.ReportMetric(checkCPU.Seconds()/plainCPU.Seconds(), "x-csv-cpu")
			b.ReportMetric(0, "ns/op") // of both together, which says nothing
		})
	}
}

// benchmarkInput writes a file of 7 columns such as come out of Excel.
func benchmarkInput(b *testing.B, rows int) (*os.File, int64) {
	b.Helper()
	f, err := os.Create(filepath.Join(b.TempDir(), "input.csv"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	w := bufio.NewWriterSize(f, 1<<20)
	r := rand.New(rand.NewPCG(1, 2))
	cities := []string{"北京", "上海", "杭州", "广州", "深圳", "成都"}
	notes := []string{"", "VIP客户", "张三丰", "\"老客户, 已回访\"", "from the summer campaign"}
	fmt.Fprint(w, "\uFEFFA号码,B号码,G组ID,过期时间,城市,外部ID,备注\r\n")
	for i := range rows {
		fmt.Fprintf(w, "1%010d,0571%08d,%d,2027-01-31 23:59:59,%s,order-%08d,%s\r\n",
			3_000_000_000+(int64(i)*7_919)%6_999_999_999, 80_000_000+r.IntN(9_999_999), 2_000_000_000_001+r.IntN(50),
			cities[r.IntN(len(cities))], i, notes[r.IntN(len(notes))])
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		b.Fatal(err)
	}
	return f, size
}

// readPlainly reads the file with encoding/csv and nothing else.
func readPlainly(b *testing.B, file io.ReaderAt, size int64, rows int) {
	b.Helper()
	r := csv.NewReader(io.NewSectionReader(file, 0, size))
	r.ReuseRecord = true
	n := 0
	for ; ; n++ {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			b.Fatal(err)
		}
	}
	if n != rows+1 {
		b.Fatal(n)
	}
}

// watchMemory returns a function that ends the watch and says how much memory
// the Go runtime held at most, in bytes.
func watchMemory() func() uint64 {
	done, peak := make(chan struct{}), make(chan uint64)
	go func() {
		samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		var most uint64
		for tick := time.NewTicker(10 * time.Millisecond); ; {
			metrics.Read(samples)
			most = max(most, samples[0].Value.Uint64()-samples[1].Value.Uint64())
			select {
			case <-done:
				tick.Stop()
				peak <- most
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 {
		close(done)
		return <-peak
	}
}

// cpuTime is the time that this process had on all processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
