package simulator_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
)

// The long form, some three minutes on one core:
//
//	go test ./aliyun/simulator -run TestMemory -v -memory-calls 10000000 -timeout 30m
var memoryCalls = flag.Int("memory-calls", 100_000, "TestMemoryIsBounded: how many calls to make")

// quick signs by V3 without looking left or right.
type quick struct {
	nonce int
	m     []byte // scratch
}

func (q *quick) request(action, query string) *http.Request {
	const list = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	q.nonce++
	nonce, date := "memory-"+strconv.Itoa(q.nonce), time.Now().UTC().Format("2006-01-02T15:04:05Z")
	b := append(q.m[:0], "POST\n/\n"...)
	b = append(b, query...)
	b = append(b, "\nhost:h\nx-acs-action:"...)
	b = append(b, action...)
	b = append(b, "\nx-acs-content-sha256:"+empty+"\nx-acs-date:"...)
	b = append(b, date...)
	b = append(b, "\nx-acs-signature-nonce:"...)
	b = append(b, nonce...)
	b = append(b, "\nx-acs-version:2017-05-25\n\n"+list+"\n"+empty...)
	q.m = b
	sum := sha256.Sum256(b)
	m := hmac.New(sha256.New, []byte("testsecret"))
	m.Write([]byte("ACS3-HMAC-SHA256\n" + hex.EncodeToString(sum[:])))
	return &http.Request{Method: "POST", Host: "h", URL: &url.URL{Path: "/", RawQuery: query}, Header: http.Header{
		"X-Acs-Action": {action}, "X-Acs-Version": {"2017-05-25"}, "X-Acs-Date": {date}, "X-Acs-Signature-Nonce": {nonce}, "X-Acs-Content-Sha256": {empty},
		"Authorization": {"ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=" + list + ",Signature=" + hex.EncodeToString(m.Sum(nil))},
	}}
}

// sink takes an answer and keeps its last body.
type sink struct {
	header http.Header
	body   []byte
}

func (w *sink) Header() http.Header { return w.header }
func (w *sink) WriteHeader(int)     {}
func (w *sink) Write(b []byte) (int, error) {
	w.body = append(w.body[:0], b...)
	return len(b), nil
}

func heap() int64 {
	runtime.GC()
	runtime.GC() // what pools kept through the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestMemoryIsBounded binds and unbinds without end, and asks for unknown
// actions in between. The heap may hold what the package comment promises:
// 600 bytes for each number of the pool, 32 for each call of a second, 60 for
// each nonce but of 5 million at most; and 4 MiB for the rest.
func TestMemoryIsBounded(t *testing.T) {
	const numbers = 1000
	s := newService(t, simulator.Options{Numbers: numbers})
	var q quick
	w := &sink{header: http.Header{}}
	serve := func(action, query, code string) {
		s.ServeHTTP(w, q.request(action, query))
		if !bytes.Contains(w.body, []byte(`"Code":"`+code+`"`)) {
			t.Fatalf("%s: %s", action, w.body)
		}
	}
	expiration := url.PathEscape(inBeijing(24 * time.Hour))
	expiration = string(bytes.ReplaceAll([]byte(expiration), []byte(":"), []byte("%3A")))
	base := heap()
	bound := 0
	for tenth := 1; tenth <= 10; tenth++ {
		for ; q.nonce < tenth**memoryCalls/10; bound++ {
			x := strconv.Itoa(17100000000 + bound%numbers)
			serve("BindAxg", "Expiration="+expiration+"&GroupId=1&OutId="+strconv.Itoa(bound)+"&PhoneNoA=13900001111&PhoneNoX="+x+"&PoolKey="+simulator.PoolKey, "OK")
			serve("UnbindSubscription", "PoolKey="+simulator.PoolKey+"&SecretNo="+x+"&SubsId="+strconv.Itoa(1_000_000_000_000_001+bound), "OK")
			if bound%10 == 0 {
				serve("Action"+strconv.Itoa(bound), "", "InvalidApi.NotFound")
			}
		}
		st := s.Stats()
		allowed := int64(4<<20 + 600*numbers + 32*st.MaxPerSecond + 60*min(q.nonce, simulator.MaxNonces))
		used := heap() - base
		t.Logf("%d calls: %.1f MiB more, %.1f allowed, at most %d calls in a second", q.nonce, float64(used)/(1<<20), float64(allowed)/(1<<20), st.MaxPerSecond)
		if used > allowed {
			t.Errorf("%d bytes, want at most %d", used, allowed)
		}
		if len(st.Actions) != 3 || len(st.Codes) != 2 {
			t.Errorf("stats grow: %+v", st)
		}
	}
	runtime.KeepAlive(s)
}

// Nonces age in fake time, and above their number the oldest go first.
func TestNoncesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const most = 16_000
		use, size := simulator.Nonces(most)
		name := func(i int) string { return "n" + strconv.Itoa(i) }
		for i := range 10 * most {
			if !use(name(i)) {
				t.Fatalf("nonce %d is not new", i)
			}
			if i%1000 == 0 {
				time.Sleep(time.Millisecond)
			}
		}
		if n := size(); n > most || n < most*9/10 {
			t.Errorf("%d remembered, want about %d", n, most)
		}
		for i := 10*most - most/2; i < 10*most; i++ {
			if use(name(i)) {
				t.Fatalf("nonce %d, of the younger half, was forgotten", i)
			}
		}
		if !use(name(0)) {
			t.Error("the oldest nonce was kept")
		}
		time.Sleep(15 * time.Minute)
		for i := range 2000 { // touches every shard
			use("late" + strconv.Itoa(i))
		}
		if n := size(); n != 2000 {
			t.Errorf("%d remembered 15 minutes later, want 2000", n)
		}
	})
}
