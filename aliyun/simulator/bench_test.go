package simulator_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// BenchmarkBindAxg/handler is one call through ServeHTTP; signing is not
// timed. BenchmarkBindAxg/http and /https are whole calls over loopback from
// 64 callers in this process, so client and server share the processors;
// handler is what the service itself takes of that, http.Server the rest.
func BenchmarkBindAxg(b *testing.B) {
	const numbers = 2_000_000
	b.Run("handler", func(b *testing.B) {
		s, err := simulator.New(simulator.Options{Numbers: numbers, QPS: simulator.MaxQPS})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		batch := make([]*http.Request, 2048)
		for i := range b.N {
			if i%len(batch) == 0 {
				b.StopTimer()
				for j := range batch {
					batch[j] = bindCall("PhoneNoB", "13900001111", "OutId", "row")
				}
				b.StartTimer()
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, batch[i%len(batch)])
			if w.Code != 200 {
				b.Fatal(w.Body)
			}
		}
		check(b, s)
	})
	for name, useTLS := range map[string]bool{"http": false, "https": true} {
		b.Run(name, func(b *testing.B) {
			s, err := simulator.New(simulator.Options{Numbers: numbers})
			if err != nil {
				b.Fatal(err)
			}
			srv, err := simulator.Listen(s, "127.0.0.1:0", useTLS)
			if err != nil {
				b.Fatal(err)
			}
			defer srv.Close()
			client := clientOf(b, srv)
			defer client.CloseIdleConnections()
			var failed atomic.Int64
			b.ReportAllocs()
			b.SetParallelism(64 / runtime.GOMAXPROCS(0))
			start := time.Now()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					resp, err := client.Do(to(srv, bindCall("PhoneNoB", "13900001111", "OutId", "row")))
					if err != nil {
						failed.Add(1)
						continue
					}
					io.Copy(io.Discard, resp.Body)
					resp.Body.Close()
				}
			})
			b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "calls/s")
			if n := failed.Load(); n > 0 {
				b.Fatalf("%d calls failed", n)
			}
			check(b, s)
		})
	}
}

// check fails the benchmark unless every call made a binding.
func check(b *testing.B, s *simulator.Service) {
	b.StopTimer()
	if st := s.Stats(); st.Codes["OK"] != int64(b.N) || st.Calls != int64(b.N) {
		b.Fatalf("%d calls: %+v", b.N, st)
	}
}
