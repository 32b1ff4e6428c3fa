package conformance_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	oldcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/dyplsapi"
)

var throughput = flag.Duration("throughput", 0, "TestThroughput: how long each client calls in a round; 0 skips it")

const (
	workers = 64
	rounds  = 3
)

// serveVariable makes the test binary a simulator in a process of its own.
const serveVariable = "CONFORMANCE_SERVE"

// serve is that process: it prints URL and certificate, then for each line of
// its standard input its CPU time, until that ends.
func serve(scheme string) error {
	s, err := simulator.New(simulator.Options{Numbers: 2_000_000})
	if err != nil {
		return err
	}
	srv, err := simulator.Listen(s, "127.0.0.1:0", scheme == "https")
	if err != nil {
		return err
	}
	defer srv.Close()
	fmt.Println(srv.URL(), srv.CertFile())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Println(int64(processTime()))
	}
	return lines.Err()
}

// caller makes one good BindAxg call. Each worker has one of its own.
type caller func() error

// TestThroughput measures how many calls a second each client makes and how
// much CPU one call takes, of this process and of the simulator, which is
// another one on the same processors. The clients take turns, and the ratios
// are within a round; the table has the median of the rounds. With -cpu 1 the
// clients share one processor, and the simulator has what is left.
func TestThroughput(t *testing.T) {
	if *throughput == 0 {
		t.Skip("not asked for; -throughput 2s")
	}
	for _, scheme := range []string{"http", "https"} {
		st, served := otherProcess(t, scheme)
		clients := []struct {
			name string
			new  func() caller // for a worker
		}{
			{"bare net/http, signed by hand", bareCallers(t, st)},
			{"axgbind/aliyun", ourCallers(t, st)},
			{"generic SDK, pooled HttpClient", sdkCallers(t, st, tamper{transport: tuned(st)})},
			{"generic SDK, as it comes", sdkCallers(t, st, nil)},
			{"old typed SDK, tuned transport", typedCallers(t, st)},
		}
		results := make([][]measured, len(clients))
		for round := range rounds + 1 {
			for i, c := range clients {
				m := measure(t, c.new, served)
				if round > 0 { // the first warms up
					results[i] = append(results[i], m)
				}
			}
		}
		fmt.Printf("%s, %d workers, %v a round, median of %d rounds\n", scheme, workers, *throughput, rounds)
		fmt.Printf("%-32s %9s %12s %9s %9s %13s\n", "client", "calls/s", "CPU us/call", "rate x", "CPU x", "server us/call")
		for i, c := range clients {
			m := median(results[i], func(m measured) float64 { return m.rate })
			cpu := median(results[i], func(m measured) float64 { return m.cpu })
			rates, cpus := make([]measured, rounds), make([]measured, rounds)
			for r := range rounds {
				rates[r].rate = results[i][r].rate / results[0][r].rate
				cpus[r].cpu = results[i][r].cpu / results[0][r].cpu
			}
			fmt.Printf("%-32s %9.0f %12.1f %9.2f %9.2f %13.1f\n", c.name, m, cpu,
				median(rates, func(m measured) float64 { return m.rate }), median(cpus, func(m measured) float64 { return m.cpu }),
				median(results[i], func(m measured) float64 { return m.server }))
		}
	}
}

type measured struct {
	rate   float64 // calls a second
	cpu    float64 // microseconds a call of this process
	server float64 // and of the simulator's
}

func median(list []measured, of func(measured) float64) float64 {
	var v []float64
	for _, m := range list {
		v = append(v, of(m))
	}
	for i := range v {
		for j := range i {
			if v[i] < v[j] {
				v[i], v[j] = v[j], v[i]
			}
		}
	}
	return v[len(v)/2]
}

func measure(t *testing.T, newCaller func() caller, served func() time.Duration) measured {
	t.Helper()
	var calls atomic.Int64
	var wg sync.WaitGroup
	all := make([]caller, workers)
	for i := range all {
		all[i] = newCaller()
	}
	start, before, servedBefore := time.Now(), processTime(), served()
	for _, call := range all {
		wg.Go(func() {
			for time.Since(start) < *throughput {
				if err := call(); err != nil {
					t.Error(err)
					return
				}
				calls.Add(1)
			}
		})
	}
	wg.Wait()
	took, cpu := time.Since(start), processTime()-before
	n := float64(calls.Load())
	return measured{rate: n / took.Seconds(), cpu: float64(cpu.Microseconds()) / n, server: float64((served() - servedBefore).Microseconds()) / n}
}

// otherProcess starts a simulator; the function tells its CPU time so far.
func otherProcess(t *testing.T, scheme string) (*stage, func() time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveVariable+"="+scheme)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address, file, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	st := &stage{url: address}
	_, st.host, _ = strings.Cut(address, "://")
	if file != "" {
		st.trust(t, file)
	}
	return st, func() time.Duration {
		fmt.Fprintln(in)
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return time.Duration(n)
	}
}

// goodParameters are the same for all clients.
func goodParameters() map[string]string {
	return map[string]string{"PoolKey": simulator.PoolKey, "PhoneNoA": "13900001111", "PhoneNoB": "057188992688", "GroupId": "2000000000001",
		"Expiration": inBeijing(time.Now().Add(24 * time.Hour)), "ExpectCity": "北京", "OutId": "row-1"}
}

// tuned is a transport with room for all workers, HTTP/1.1 only.
func tuned(st *stage) *http.Transport {
	tr := st.bareTransport()
	tr.MaxIdleConns, tr.MaxIdleConnsPerHost, tr.MaxConnsPerHost = workers, workers, workers
	tr.DisableCompression = true
	tr.Protocols = new(http.Protocols)
	tr.Protocols.SetHTTP1(true)
	return tr
}

var okay = []byte(`"Code":"OK"`)

// bareCallers is net/http and a straightforward V3 signature.
func bareCallers(t *testing.T, st *stage) func() caller {
	client := &http.Client{Transport: tuned(st), Timeout: 10 * time.Second}
	q := url.Values{}
	for name, value := range goodParameters() {
		q.Set(name, value)
	}
	query := strings.NewReplacer("+", "%20").Replace(q.Encode())
	const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	const list = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
	return func() caller {
		return func() error {
			var random [16]byte
			rand.Read(random[:])
			nonce, date := hex.EncodeToString(random[:]), time.Now().UTC().Format("2006-01-02T15:04:05Z")
			sum := sha256.Sum256([]byte("POST\n/\n" + query + "\nhost:" + st.host + "\nx-acs-action:BindAxg\nx-acs-content-sha256:" + emptyHash +
				"\nx-acs-date:" + date + "\nx-acs-signature-nonce:" + nonce + "\nx-acs-version:2017-05-25\n\n" + list + "\n" + emptyHash))
			m := hmac.New(sha256.New, []byte(lasting.AccessKeySecret))
			m.Write([]byte("ACS3-HMAC-SHA256\n" + hex.EncodeToString(sum[:])))
			r, err := http.NewRequest("POST", st.url+"/?"+query, nil)
			if err != nil {
				return err
			}
			r.Header.Set("x-acs-action", "BindAxg")
			r.Header.Set("x-acs-version", apiVersion)
			r.Header.Set("x-acs-date", date)
			r.Header.Set("x-acs-signature-nonce", nonce)
			r.Header.Set("x-acs-content-sha256", emptyHash)
			r.Header.Set("accept", "application/json")
			r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential="+lasting.AccessKeyID+",SignedHeaders="+list+",Signature="+hex.EncodeToString(m.Sum(nil)))
			resp, err := client.Do(r)
			if err != nil {
				return err
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err == nil && !strings.Contains(string(body), string(okay)) {
				err = fmt.Errorf("answer %s", body)
			}
			return err
		}
	}
}

func ourCallers(t *testing.T, st *stage) func() caller {
	c, err := aliyun.New(aliyun.Options{Endpoint: st.url, Credentials: aliyun.Static(lasting), RootCAs: st.roots, MaxConns: workers})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	r := &aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "13900001111", PhoneNoB: "057188992688", GroupID: 2000000000001,
		Expiration: time.Now().Add(24 * time.Hour), ExpectCity: "北京", OutID: "row-1"}
	return func() caller {
		return func() error {
			_, err := c.BindAxg(context.Background(), r)
			return err
		}
	}
}

func sdkCallers(t *testing.T, st *stage, client interface {
	Call(*http.Request, *http.Transport) (*http.Response, error)
}) func() caller {
	return func() caller {
		g := newGeneric(t, st, genericOptions{key: lasting, httpClient: client})
		params := goodParameters()
		return func() error {
			body, err := g.call(genericCall{action: "BindAxg", query: params})
			if err == nil && body["Code"] != "OK" {
				err = fmt.Errorf("answer %v", body)
			}
			return err
		}
	}
}

// plain hides a transport from the typed SDK, which would change its TLS
// settings in every call while others use it.
type plain struct{ http.RoundTripper }

func typedCallers(t *testing.T, st *stage) func() caller {
	transport := plain{tuned(st)}
	p := goodParameters()
	return func() caller {
		config := sdk.NewConfig()
		config.Transport = transport
		config.Scheme, _, _ = strings.Cut(st.url, "://")
		c, err := dyplsapi.NewClientWithOptions("cn-hangzhou", config, oldcredentials.NewAccessKeyCredential(lasting.AccessKeyID, lasting.AccessKeySecret))
		if err != nil {
			t.Fatal(err)
		}
		c.Domain = st.host
		return func() error {
			r := dyplsapi.CreateBindAxgRequest()
			r.PoolKey, r.PhoneNoA, r.PhoneNoB, r.GroupId = p["PoolKey"], p["PhoneNoA"], p["PhoneNoB"], p["GroupId"]
			r.Expiration, r.ExpectCity, r.OutId = p["Expiration"], p["ExpectCity"], p["OutId"]
			a, err := c.BindAxg(r)
			if err == nil && a.Code != "OK" {
				err = errors.New(a.Code)
			}
			return err
		}
	}
}
