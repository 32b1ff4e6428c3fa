package cli_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkBind runs bind and the simulator, each a process, on the same
// processors: 5,000 calls a second of 80 ms each, over HTTP and HTTPS, with the
// journal on. of-limit is the share of the rate that was held, cores what bind
// took of a processor.
func BenchmarkBind(b *testing.B) {
	const rate, seconds = 5000, 30
	for _, scheme := range []string{"http", "https"} {
		b.Run(scheme, func(b *testing.B) {
			flags := []string{"--latency", "80ms", "--numbers", fmt.Sprint(2 * rate * seconds)}
			if scheme == "https" {
				flags = append(flags, "--tls")
			}
			var held, cores, p50 float64
			peak := 0
			for b.Loop() {
				sim := simulate(b, flags...)
				dir := b.TempDir()
				in := write(b, filepath.Join(dir, "in.csv"), input(0, rate*seconds).String())
				sum := filepath.Join(dir, "sum.json")
				vars := map[string]string{}
				if scheme == "https" {
					sim.until(sim.stderr, "certificate: ")
					line, _, _ := strings.Cut(sim.stderr.String()[strings.Index(sim.stderr.String(), "certificate: "):], "\n")
					vars["SSL_CERT_FILE"] = strings.TrimPrefix(line, "certificate: ")
				}
				p := spawnWith(b, dir, vars, nil, sim.bind(in, "--rate", fmt.Sprint(rate), "--summary", sum)...)
				p.late = 5 * time.Minute
				p.wait().want(b, 0)
				s := summaryOf(b, sum)
				if s.PeakRate > rate || s.Counts["BOUND"] != rate*seconds {
					b.Fatalf("%+v", s)
				}
				state := p.cmd.ProcessState
				held += s.AverageRate / rate
				cores += (state.UserTime() + state.SystemTime()).Seconds() / (float64(rate*seconds) / s.AverageRate)
				p50, peak = s.LatencyMs.P50, max(peak, s.PeakRate)
				sim.kill()
				sim.wait()
			}
			b.ReportMetric(held/float64(b.N), "of-limit")
			b.ReportMetric(float64(peak), "peak/s")
			b.ReportMetric(cores/float64(b.N), "cores")
			b.ReportMetric(p50, "p50-ms")
		})
	}
}
