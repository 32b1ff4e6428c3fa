//go:build unix

package batch_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
)

// instant answers each call after 20 ms with a binding of its own.
type instant struct{}

func (instant) BindAxg(_ context.Context, r *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
	time.Sleep(20 * time.Millisecond)
	return &aliyun.BindAxgResult{SecretNo: "17100000000", SubsID: "10000" + r.PhoneNoA, RequestID: "R", Message: "OK"}, nil
}

// cpu is the processor time this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRun carries 10,000 rows at 5,000 calls a second, with the journal
// on disk and in memory: the difference is what durability costs.
func BenchmarkRun(b *testing.B) {
	const rows = 10_000
	text := &strings.Builder{}
	fmt.Fprintln(text, "PhoneNoA,GroupId,Expiration,PoolKey")
	for i := range rows {
		fmt.Fprintf(text, "138%08d,2000000000001,2099-01-31 23:59:59,FC100000000000001\n", i)
	}
	for _, where := range []string{"disk", "memory"} {
		b.Run("journal="+where, func(b *testing.B) {
			b.ReportAllocs()
			var took, used time.Duration
			for b.Loop() {
				var place journal.Place = new(bookstest.Memory)
				if where == "disk" {
					f, err := os.OpenFile(filepath.Join(b.TempDir(), "j"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
					if err != nil {
						b.Fatal(err)
					}
					defer f.Close()
					place = placed(f)
				}
				j, err := books.Create(place, journal.Header{}, journal.Options{})
				if err != nil {
					b.Fatal(err)
				}
				in, err := input.Open(strings.NewReader(text.String()), int64(text.Len()), input.Options{})
				if err != nil {
					b.Fatal(err)
				}
				plan, err := plan.New(in, j, plan.Options{Now: time.Now()})
				if err != nil {
					b.Fatal(err)
				}
				run, err := batch.NewRun(plan, batch.Bind{Client: instant{}}, batch.Options{Rate: pace.MaxRate, Timeout: time.Second})
				if err != nil {
					b.Fatal(err)
				}
				start, before := time.Now(), cpu()
				if _, err := run.Do(context.Background()); err != nil {
					b.Fatal(err)
				}
				took += time.Since(start)
				used += cpu() - before
				if s := run.Status(); s.Bound != rows || s.Peak > pace.MaxRate {
					b.Fatalf("%d rows bound, peak %d", s.Bound, s.Peak)
				}
				if err := j.Close(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/took.Seconds(), "calls/s")
			b.ReportMetric(float64(used.Microseconds())/(rows*float64(b.N)), "cpu-µs/call")
		})
	}
}
