package cli_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// authority signs certificates. Linux reads those that are trusted from a file that a
// variable names.
type authority struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string // its certificate
}

func newAuthority(t testing.TB, name string) *authority {
	t.Helper()
	a := &authority{t: t}
	a.cert, a.key = a.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	a.file = write(t, filepath.Join(newFolder(t), "ca.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})))
	return a
}

func (a *authority) sign(c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c.SerialNumber = big.NewInt(time.Now().UnixNano())
	if c.NotAfter.IsZero() {
		c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err == nil {
		c, err = x509.ParseCertificate(raw)
	}
	if err != nil {
		a.t.Fatal(err)
	}
	return c, key
}

// of is a certificate for names and loopback, valid until then; zero: for an hour.
func (a *authority) of(until time.Time, ip string, names ...string) *tls.Certificate {
	c := &x509.Certificate{DNSNames: names, IPAddresses: []net.IP{net.ParseIP(ip)}, KeyUsage: x509.KeyUsageDigitalSignature}
	if !until.IsZero() {
		c.NotBefore, c.NotAfter = until.AddDate(-1, 0, 0), until
	}
	signed, key := a.sign(c)
	return &tls.Certificate{Certificate: [][]byte{signed.Raw}, PrivateKey: key}
}

// trusts are the variables of a machine that trusts it and nobody else.
func (a *authority) trusts() map[string]string {
	return map[string]string{"SSL_CERT_FILE": a.file, "SSL_CERT_DIR": filepath.Dir(a.file)}
}

// tlsFront stands before a simulated service, and shows whatever certificate it is told to.
type tlsFront struct {
	*service
	played *simulator.Service
	server *httptest.Server
	shows  atomic.Pointer[tls.Certificate]
	calls  atomic.Int32
	then   atomic.Pointer[func(n int32)] // called at each call
	closes atomic.Bool                   // each connection after its answer
}

func newTLSFront(t *testing.T, cert *tls.Certificate, config *tls.Config) *tlsFront {
	t.Helper()
	f := &tlsFront{}
	f.played, f.service = play(t, simulator.Options{Numbers: 1000})
	f.shows.Store(cert)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Acs-Action") != "" {
			n := f.calls.Add(1)
			if then := f.then.Load(); then != nil {
				(*then)(n)
			}
		}
		if strings.HasPrefix(r.URL.Path, "/simulator/") && r.Method == http.MethodHead { // it passes for the real service
			http.NotFound(w, r)
			return
		}
		if f.closes.Load() {
			w.Header().Set("Connection", "close")
		}
		f.played.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if config == nil {
		config = &tls.Config{}
	}
	config.SessionTicketsDisabled = true // what resumes shows no certificate
	config.GetCertificate = func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.shows.Load(), nil }
	server.Listener = tls.NewListener(server.Listener, config)
	server.Start()
	t.Cleanup(server.Close)
	f.server = server
	f.service.url = "https://" + server.Listener.Addr().String()
	f.service.client.Transport = &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	return f
}

// proxy answers CONNECT, and leads to an address if that answer is 200.
func newProxy(t *testing.T, to string, answer func(r *http.Request) int) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status := answer(r); status != http.StatusOK {
			w.WriteHeader(status)
			return
		}
		there, err := net.Dial("tcp", to)
		if err != nil {
			t.Error(err)
			return
		}
		defer there.Close()
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer here.Close()
		_, _ = io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
		var both sync.WaitGroup
		both.Go(func() { _, _ = io.Copy(there, here); there.Close() })
		both.Go(func() { _, _ = io.Copy(here, there); here.Close() })
		both.Wait()
	}))
	t.Cleanup(s.Close)
	return s
}

func host(url string) string {
	_, host, _ := strings.Cut(url, "://")
	return host
}

const afar = "https://dyplsapi.example.com" // is asked for by proxies alone

// TestNetworkLasts: what keeps calls from the service and does not mend itself ends every
// command before its first call with status 10, and is told with where it is and the cure,
// in both languages, and without the proxy's password. Nothing is begun.
func TestNetworkLasts(t *testing.T) {
	t.Parallel()
	ours, theirs := newAuthority(t, "Night CA"), newAuthority(t, "Strange CA")
	good := ours.of(time.Time{}, "127.0.0.1", "dyplsapi.example.com")
	front := func(cert *tls.Certificate, config *tls.Config) *tlsFront { return newTLSFront(t, cert, config) }
	fine := front(good, nil)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	asks := newProxy(t, "", func(*http.Request) int { return http.StatusProxyAuthRequired })
	opens := newProxy(t, host(front(theirs.of(time.Time{}, "127.0.0.1", "dyplsapi.example.com"), nil).url), func(*http.Request) int { return 200 })
	with := func(more map[string]string) map[string]string {
		all := ours.trusts()
		for name, value := range more {
			all[name] = value
		}
		return all
	}
	secret := strings.Replace(asks.URL, "://", "://night:hunter2@", 1)
	for _, c := range []struct {
		name     string
		endpoint string
		vars     map[string]string
		cause    string
		zh       string
	}{
		{"not trusted", front(theirs.of(time.Time{}, "127.0.0.1"), nil).url, nil, "is signed by an authority that this machine does not trust (Strange CA)", "由本机不信任的机构签发（Strange CA）"},
		{"expired", front(ours.of(time.Now().AddDate(0, 0, -2), "127.0.0.1"), nil).url, nil, "is not valid now, only from and until " + time.Now().AddDate(-1, 0, -2).UTC().Format(time.DateOnly), "现在不在有效期内"},
		{"wrong name", front(ours.of(time.Time{}, "127.0.0.2", "other.example"), nil).url, nil, "is for other hosts (other.example, 127.0.0.2)", "属于其他主机"},
		{"no CA bundle", fine.url, map[string]string{"SSL_CERT_FILE": "/nonexistent", "SSL_CERT_DIR": newFolder(t)}, "this machine has no certificates of authorities", "本机没有根证书"},
		{"TLS 1.1", front(good, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}).url, nil, "cannot agree on a TLS version (protocol version not supported)", "无法协商 TLS"},
		{"not TLS", "https://" + host(plain.URL), nil, "cannot agree on a TLS version (not TLS)", "无法协商 TLS"},
		{"proxy wants a password", afar, map[string]string{"HTTPS_PROXY": asks.URL}, "the proxy " + host(asks.URL) + " needs a user and a password", "要求用户名和密码"},
		{"proxy refuses the password", afar, map[string]string{"HTTPS_PROXY": secret}, "the proxy " + host(asks.URL) + " needs a user and a password, or refuses those given (HTTP 407)", "要求用户名和密码"},
		{"bad proxy URL", afar, map[string]string{"HTTPS_PROXY": "http://night:hunter2@%zz:1"}, "HTTPS_PROXY is not the address of a proxy", "不是代理的地址"},
		{"bad proxy URL for another", fine.url, map[string]string{"HTTPS_PROXY": "http://%zz:1", "SSL_CERT_FILE": theirs.file, "SSL_CERT_DIR": theirs.file}, "does not trust (Night CA)", "由本机不信任的机构签发（Night CA）"}, // loopback has no proxy
		{"no such kind of proxy", afar, map[string]string{"HTTPS_PROXY": "ftp://night:hunter2@127.0.0.1:1"}, "HTTPS_PROXY is not the address of a proxy", "不是代理的地址"},
		{"not trusted through a proxy", afar, map[string]string{"HTTPS_PROXY": opens.URL}, "the certificate of dyplsapi.example.com (through the proxy " + host(opens.URL) + ") is signed by an authority", "dyplsapi.example.com（经代理 " + host(opens.URL) + "）"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 3).String())
			bind := []string{"bind", in, "--endpoint", c.endpoint, "--pool-key", testPool, "--progress", "none"}
			for _, args := range [][]string{bind, append(bind, "--lang", "zh"), {"check", in, "--online", "--endpoint", c.endpoint, "--pool-key", testPool}} {
				got := spawnWith(t, dir, with(c.vars), nil, args...).wait().want(t, 10)
				want := c.cause
				if args[len(args)-1] == "zh" {
					want = c.zh
				}
				if strings.Count(got.stderr, want) != 1 || strings.Contains(got.stderr, "hunter2") || strings.Contains(got.stderr, "probe") || !strings.Contains(got.stderr, "cure: ") && !strings.Contains(got.stderr, "办法") {
					t.Errorf("%s: want %q once\n%s", args[0], want, got)
				}
			}
			if left := files(t, dir); len(left) != 1 {
				t.Errorf("there is %q", left)
			}
		})
	}
	if n := fine.calls.Load(); n != 0 {
		t.Errorf("%d calls arrived", n)
	}
}

// TestNetworkLastsForOthers: commands about a batch that was begun end alike, and change
// nothing.
func TestNetworkLastsForOthers(t *testing.T) {
	t.Parallel()
	ours, theirs := newAuthority(t, "Night CA"), newAuthority(t, "Strange CA")
	f := newTLSFront(t, ours.of(time.Time{}, "127.0.0.1"), nil)
	dir := newFolder(t)
	in, out := write(t, filepath.Join(dir, "in.csv"), content(0, 20).String()), filepath.Join(dir, "in.results.csv")
	run := func(args ...string) *process {
		return spawnWith(t, dir, ours.trusts(), nil, append(args, "--endpoint", f.url)...)
	}
	if err := f.played.SetFaults(faultList(t, []string{"drop-after=0.3"})); err != nil {
		t.Fatal(err)
	}
	run("bind", in, "--pool-key", testPool, "--progress", "none", "--max-failures", "100%").wait().want(t, 4)
	if err := f.played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	before, journal, calls := read(t, out), read(t, memoryOf(t)), f.calls.Load()
	f.shows.Store(theirs.of(time.Time{}, "127.0.0.1"))
	for _, args := range [][]string{
		{"reconcile", out, "--progress", "none"},
		{"verify", out, "--progress", "none"},
		{"unbind", out, "--yes", "--progress", "none"},
		{"bind", in, "--pool-key", testPool, "--progress", "none", "--resend", "unknown"},
	} {
		got := run(args...).wait().want(t, 10)
		if !strings.Contains(got.stderr, "does not trust (Strange CA)") {
			t.Errorf("%s\n%s", args[0], got)
		}
	}
	if read(t, out) != before || read(t, memoryOf(t)) != journal || f.calls.Load() != calls {
		t.Errorf("something was changed, or %d calls arrived", f.calls.Load()-calls)
	}
	// Once it is mended, the same commands get on.
	f.shows.Store(ours.of(time.Time{}, "127.0.0.1"))
	run("verify", out, "--progress", "none").wait().want(t, 0)
	// What may mend itself is waited for, and not in silence.
	f.server.Close()
	for _, command := range []string{"reconcile", "verify"} {
		p := run(command, out, "--progress", "none")
		p.until(p.stderr, "network: "+host(f.url)+" refuses connections; axgbind keeps trying; check --endpoint")
		p.kill()
		p.wait()
	}
}

// TestNetworkLastsLater: what begins to be in the way during a run ends it with status 5
// and a reason of its own. The rows left are PENDING, their message tells why, and once it
// is mended the printed command binds them, each once.
func TestNetworkLastsLater(t *testing.T) {
	t.Parallel()
	ours, theirs := newAuthority(t, "Night CA"), newAuthority(t, "Strange CA")
	f := newTLSFront(t, ours.of(time.Time{}, "127.0.0.1"), nil)
	f.closes.Store(true)
	bad, good := theirs.of(time.Time{}, "127.0.0.1"), f.shows.Load()
	change := func(n int32) {
		if n == 20 {
			f.shows.Store(bad)
		}
	}
	f.then.Store(&change)
	dir := newFolder(t)
	in, out, sum, night := write(t, filepath.Join(dir, "in.csv"), content(0, 200).String()), filepath.Join(dir, "in.results.csv"), filepath.Join(dir, "sum.json"), filepath.Join(dir, "night.log")
	bind := []string{"bind", in, "--endpoint", f.url, "--pool-key", testPool, "--progress", "none", "--rate", "100", "--summary", sum, "--log", night}
	got := spawnWith(t, dir, ours.trusts(), nil, bind...).wait().want(t, 5)
	s := summaryOf(t, sum)
	if s.StopReason != "network" || !strings.Contains(s.StopCause, "does not trust (Strange CA)") || !strings.Contains(s.StopCause, "SSL_CERT_FILE") {
		t.Errorf("%q, %q", s.StopReason, s.StopCause)
	}
	for _, want := range []string{
		"network: the certificate of " + host(f.url) + " is signed by an authority that this machine does not trust (Strange CA); if a proxy",
		"stopped: calls do not reach the service, and the cause does not go away by itself\n", "cause: the certificate of " + host(f.url),
	} {
		if strings.Count(got.stderr, want) != 1 {
			t.Errorf("want %q once\n%s", want, got)
		}
	}
	if strings.Contains(got.stderr, "probe") {
		t.Errorf("it probed\n%s", got)
	}
	if text := read(t, night); !strings.Contains(text, "cause=certificate-not-trusted where="+host(f.url)) {
		t.Errorf("the log has no cause:\n%s", text)
	}
	rows, told := results(t, out), 0
	for _, r := range rows {
		if strings.Contains(r["Message"], "the certificate of "+host(f.url)) && r.status() == "PENDING" && strings.Contains(r["Action"], "SSL_CERT_FILE") {
			told++
		}
	}
	if n := count(rows); told == 0 || n["BOUND"] < 20 || n["BOUND"]+n["PENDING"] != 200 {
		t.Errorf("%d rows tell; %v", told, n)
	}
	for lang, want := range map[string]string{"en": "cause: the certificate of " + host(f.url), "zh": "原因：" + host(f.url)} { // whatever the run spoke
		page := filepath.Join(dir, lang+".html")
		spawnWith(t, dir, nil, nil, "report", out, "-o", page, "--lang", lang).wait().want(t, 0)
		if text := read(t, page); !strings.Contains(text, want) {
			t.Errorf("the page has no %q: %s", want, regexp.MustCompile(`[^<>]*(原因|cause:)[^<>]*`).FindAllString(text, 4))
		}
	}
	f.then.Store(nil)
	f.shows.Store(good)
	spawnWith(t, dir, ours.trusts(), nil, typed(t, got, "")[0]...).wait().want(t, 0)
	wantCounts(t, results(t, out), "BOUND 200")
	agree(t, results(t, out), f.bindings())
}

// TestNetworkMends: what can mend itself is told at once, with where and the cure, in the
// log, the summary and the rows, and is waited for.
func TestNetworkMends(t *testing.T) {
	t.Parallel()
	ours := newAuthority(t, "Night CA")
	f := newTLSFront(t, ours.of(time.Time{}, "127.0.0.1", "dyplsapi.example.com"), nil)
	var closed atomic.Bool
	closed.Store(true)
	guard := newProxy(t, host(f.url), func(*http.Request) int {
		if closed.Load() {
			return http.StatusForbidden
		}
		return http.StatusOK
	})
	nobody := "127.0.0.1:" + noDial(t)
	for _, c := range []struct {
		name, endpoint, proxy, cause, code string
	}{
		{"refused", "https://" + nobody, "", nobody + " refuses connections", "connection-refused"},
		{"proxy down", afar, "http://night:hunter2@" + nobody, "no connection to the proxy " + nobody + " (connection-refused)", "proxy-down"},
		{"proxy refuses", afar, guard.URL, "the proxy " + host(guard.URL) + " does not connect to the service (HTTP 403)", "proxy-refuses"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := newFolder(t)
			in, sum, night := write(t, filepath.Join(dir, "in.csv"), content(0, 30).String()), filepath.Join(dir, "sum.json"), filepath.Join(dir, "night.log")
			vars := ours.trusts()
			if c.proxy != "" {
				vars["HTTPS_PROXY"] = c.proxy
			}
			bind := []string{"bind", in, "--endpoint", c.endpoint, "--pool-key", testPool, "--progress", "none", "--until", "6s", "--summary", sum, "--log", night}
			got := spawnWith(t, dir, vars, nil, bind...).wait().want(t, 5)
			if s := summaryOf(t, sum); !strings.HasPrefix(s.StopCause, c.cause) || s.StopReason != "until" {
				t.Errorf("%q: %q", s.StopReason, s.StopCause)
			}
			if strings.Count(got.stderr, "network: "+c.cause+"; axgbind keeps trying; ") != 1 || strings.Contains(got.stderr, "hunter2") {
				t.Errorf("%s", got)
			}
			if text := read(t, night); !strings.Contains(text, "cause="+c.code) {
				t.Errorf("the log has no cause:\n%s", text)
			}
			told := 0
			for _, r := range results(t, filepath.Join(dir, "in.results.csv")) {
				if r.status() != "PENDING" {
					t.Errorf("%v", r)
				}
				if r["Code"] == "client.NotSent" && strings.HasPrefix(r["Message"], c.cause+"; ") {
					told++
				}
			}
			if told == 0 {
				t.Error("no row tells why")
			}
			online := spawnWith(t, dir, vars, nil, "check", in, "--online", "--endpoint", c.endpoint, "--pool-key", testPool).wait().want(t, 5)
			if !strings.Contains(online.stderr, "online: the service cannot be reached: "+c.cause+"; ") {
				t.Errorf("%s", online)
			}
		})
	}
	// The proxy lets the call through while the run waits.
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 30).String())
	vars := ours.trusts()
	vars["HTTPS_PROXY"] = guard.URL
	p := spawnWith(t, dir, vars, nil, "bind", in, "--endpoint", afar, "--pool-key", testPool, "--progress", "none")
	p.until(p.stderr, "does not connect to the service")
	closed.Store(false)
	got := p.wait().want(t, 0)
	if !strings.Contains(got.stderr, "network: the service is reached again") || strings.Contains(got.stderr, "cause:") {
		t.Errorf("%s", got)
	}
	agree(t, results(t, filepath.Join(dir, "in.results.csv")), f.bindings())
}

// TestExplainNotSent: the causes are told apart, each with its cure.
func TestExplainNotSent(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "zh"} {
		got := axgbind(t, "explain", "client.NotSent", "--lang", lang).want(t, 0)
		for _, code := range []string{
			"certificate-not-trusted", "certificate-expired", "certificate-wrong-name", "no-ca-bundle", "tls-handshake", "proxy-password", "proxy-url",
			"proxy-down", "proxy-refuses", "name-not-found", "connection-refused", "no-route", "connect-timeout", "connection-cut",
		} {
			_, after, ok := strings.Cut(got.stdout, "    "+code+"\n")
			words, _, _ := strings.Cut(after, "\n")
			if !ok || !strings.Contains(words, map[string]string{"en": "; ", "zh": "；"}[lang]) || strings.Contains(words, "%!") {
				t.Errorf("%s, %s: %q", lang, code, words)
			}
		}
	}
}
