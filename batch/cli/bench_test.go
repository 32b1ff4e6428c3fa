//go:build linux

package cli_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

var million = flag.Bool("million", false, "BenchmarkBind also carries 1,000,000 rows, which takes 200 s")

// BenchmarkBind runs bind and the simulator, each a process, on the same
// processors: 5,000 calls a second of 80 ms each, with the journal on and no quota:
// what is measured is what bind holds, and not what a quota makes of arrivals that
// jitter (TestGovernor has that). First for
// 30 s over HTTP and HTTPS, then with jobs of other sizes. of-limit is the share
// of the rate that was held, cores what bind took of a processor, peak-MiB the
// most memory it had. s is the time from its start to its end, s/rate the same
// over what the calls take at that rate.
func BenchmarkBind(b *testing.B) {
	const rate = 5000
	for _, c := range []struct {
		scheme string
		rows   int
	}{{"http", 30 * rate}, {"https", 30 * rate}, {"http", 10_000}, {"http", 100_000}, {"http", 1_000_000}} {
		if c.rows == 1_000_000 && !*million {
			continue
		}
		b.Run(fmt.Sprintf("%s/rows=%d", c.scheme, c.rows), func(b *testing.B) {
			flags := []string{"--latency", "80ms", "--qps", "0", "--numbers", fmt.Sprint(2 * c.rows)}
			if c.scheme == "https" {
				flags = append(flags, "--tls")
			}
			var held, cores, p50, took float64
			peak, memory := 0, int64(0)
			for b.Loop() {
				sim := simulate(b, flags...)
				dir := newFolder(b)
				in := write(b, filepath.Join(dir, "in.csv"), content(0, c.rows).String())
				sum := filepath.Join(dir, "sum.json")
				vars := map[string]string{}
				if c.scheme == "https" {
					sim.until(sim.stderr, "certificate: ")
					line, _, _ := strings.Cut(sim.stderr.String()[strings.Index(sim.stderr.String(), "certificate: "):], "\n")
					vars["SSL_CERT_FILE"] = strings.TrimPrefix(line, "certificate: ")
				}
				start := time.Now()
				p := spawnWith(b, dir, vars, nil, sim.bind(in, "--rate", fmt.Sprint(rate), "--summary", sum)...)
				p.late = 10 * time.Minute
				most := make(chan int64)
				go func() { most <- watchMemory(p.cmd.Process.Pid) }()
				p.wait().want(b, 0)
				memory = max(memory, <-most)
				took += time.Since(start).Seconds()
				s := summaryOf(b, sum)
				if s.PeakRate > rate || s.Counts["BOUND"] != c.rows {
					b.Fatalf("%+v", s)
				}
				state := p.cmd.ProcessState
				held += s.AverageRate / rate
				cores += (state.UserTime() + state.SystemTime()).Seconds() / (float64(c.rows) / s.AverageRate)
				p50, peak = s.LatencyMs.P50, max(peak, s.PeakRate)
				sim.kill()
				sim.wait()
			}
			n := float64(b.N)
			b.ReportMetric(held/n, "of-limit")
			b.ReportMetric(float64(peak), "peak/s")
			b.ReportMetric(cores/n, "cores")
			b.ReportMetric(p50, "p50-ms")
			b.ReportMetric(float64(memory)/1024, "peak-MiB")
			b.ReportMetric(took/n, "s")
			b.ReportMetric(took/n/(float64(c.rows)/rate), "s/rate")
		})
	}
}

// watchMemory returns the most memory that a process had in RAM, in KiB, when it
// has ended. What the kernel says of an ended child counts its parent's too.
func watchMemory(pid int) (most int64) {
	for {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		_, value, ok := strings.Cut(string(text), "VmHWM:")
		if err != nil || !ok {
			return most
		}
		value, _, _ = strings.Cut(strings.TrimSpace(value), " ")
		if kib, err := strconv.ParseInt(value, 10, 64); err == nil {
			most = max(most, kib)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
