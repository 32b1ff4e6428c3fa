package aliyun_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"axgbind/aliyun"
)

const bound = `{"RequestId":"F655A8D5-B967-440B-8683-DAD6FF8DE990","Code":"OK","Message":"OK",` +
	`"SecretBindDTO":{"SecretNo":"17100000000","SubsId":"1000000763890000","Extension":"2000000000000"}}`

func trivialServer(b *testing.B) *httptest.Server {
	b.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = []string{"application/json;charset=utf-8"}
		io.WriteString(w, bound)
	}))
	b.Cleanup(s.Close)
	return s
}

// BenchmarkBindAxg and BenchmarkBare send the same bytes to the same server;
// the goal is at most 25 allocations and 1.3 times the CPU more.
func BenchmarkBindAxg(b *testing.B) {
	s := trivialServer(b)
	c := newClient(b, aliyun.Options{Endpoint: s.URL, MaxConns: 64})
	r := fullRequest()
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(p *testing.PB) {
		r := *r
		for p.Next() {
			r.Intent = aliyun.Intend(time.Now())
			if _, err := c.BindAxg(context.Background(), &r); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

func BenchmarkBare(b *testing.B) {
	s := trivialServer(b)
	wire := capture(b)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		MaxIdleConns: 64, MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64, DisableCompression: true,
	}}
	defer client.CloseIdleConnections()
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			q, err := http.NewRequest("POST", s.URL+wire.target, nil)
			if err != nil {
				b.Error(err)
				return
			}
			for name, values := range wire.header {
				q.Header[name] = values
			}
			resp, err := client.Do(q)
			if err != nil {
				b.Error(err)
				return
			}
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil || !bytes.Contains(body, []byte("OK")) {
				b.Error("bad answer")
				return
			}
		}
	})
}

type wire struct {
	target string
	header http.Header
}

// capture returns one call of ours as it goes out.
func capture(b *testing.B) wire {
	b.Helper()
	var w wire
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.target, w.header = r.RequestURI, r.Header.Clone()
		io.WriteString(rw, bound)
	}))
	defer s.Close()
	c := newClient(b, aliyun.Options{Endpoint: s.URL})
	if _, err := c.BindAxg(context.Background(), fullRequest()); err != nil {
		b.Fatal(err)
	}
	delete(w.header, "Content-Length")
	return w
}
