package conformance_test

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
)

// TestMain keeps the tests away from this machine's keys, proxies and
// metadata service: nothing here talks to anything but loopback. Properties
// are tried 2,000 times unless -rapid.checks says otherwise.
func TestMain(m *testing.M) {
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if strings.HasPrefix(name, "ALIBABA_CLOUD_") || strings.HasSuffix(strings.ToUpper(name), "_PROXY") {
			os.Unsetenv(name)
		}
	}
	os.Setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
	if scheme := os.Getenv(serveVariable); scheme != "" {
		if err := serve(scheme); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	home, err := os.MkdirTemp("", "conformance-home")
	if err != nil {
		panic(err)
	}
	os.Setenv("HOME", home)
	flag.Set("rapid.checks", "2000")
	flag.Set("rapid.nofailfile", "true")
	flag.Parse()
	code := m.Run()
	os.RemoveAll(home)
	os.Exit(code)
}

// The accepted keys.
var (
	lasting   = aliyun.Credential{AccessKeyID: simulator.AccessKeyID, AccessKeySecret: simulator.AccessKeySecret}
	temporary = aliyun.Credential{AccessKeyID: simulator.STSAccessKeyID, AccessKeySecret: simulator.AccessKeySecret, SecurityToken: simulator.SecurityToken}
)

// stage is a simulated service behind a socket.
type stage struct {
	*simulator.Service
	url   string
	host  string // as in the URL
	pem   string // the certificate, "" without TLS
	roots *x509.CertPool
}

func newStage(tb testing.TB, o simulator.Options, useTLS bool) *stage {
	tb.Helper()
	s, err := simulator.New(o)
	if err != nil {
		tb.Fatal(err)
	}
	srv, err := simulator.Listen(s, "127.0.0.1:0", useTLS)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { srv.Close() })
	st := &stage{Service: s, url: srv.URL()}
	_, st.host, _ = strings.Cut(st.url, "://")
	if useTLS {
		st.trust(tb, srv.CertFile())
	}
	return st
}

// trust reads the certificate that clients of this stage, and only they, trust.
func (st *stage) trust(tb testing.TB, file string) {
	tb.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	st.pem, st.roots = string(text), x509.NewCertPool()
	if !st.roots.AppendCertsFromPEM(text) {
		tb.Fatal("no certificate")
	}
}

// transport trusts the stage's certificate and nothing else.
func (st *stage) transport(tb testing.TB) *http.Transport {
	tr := st.bareTransport()
	tb.Cleanup(tr.CloseIdleConnections)
	return tr
}

func (st *stage) bareTransport() *http.Transport {
	tr := &http.Transport{MaxIdleConnsPerHost: 64}
	if st.roots != nil {
		tr.TLSClientConfig = &tls.Config{RootCAs: st.roots}
	}
	return tr
}

// client is ours.
func (st *stage) client(tb testing.TB, key aliyun.Credential) *aliyun.Client {
	tb.Helper()
	c, err := aliyun.New(aliyun.Options{Endpoint: st.url, Credentials: aliyun.Static(key), RootCAs: st.roots})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	return c
}

func inBeijing(t time.Time) string {
	return t.In(time.FixedZone("", 8*60*60)).Format("2006-01-02 15:04:05")
}
