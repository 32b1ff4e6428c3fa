package netcause_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"axgbind/aliyun/netcause"
)

func dial(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

func toProxy(err error) error { return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err} }

// TestOf: what each error says, where, and whether it lasts.
func TestOf(t *testing.T) {
	day := func(year int) time.Time { return time.Date(year, 1, 2, 3, 4, 5, 0, time.UTC) }
	of := func(name string) *x509.Certificate {
		return &x509.Certificate{Issuer: pkix.Name{CommonName: name}, NotBefore: day(2020), NotAfter: day(2021), DNSNames: []string{"a.example", "b.example", "c.example", "d.example"}}
	}
	verify := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	for _, c := range []struct {
		err   error
		proxy bool
		want  string
		lasts bool
	}{
		{verify(x509.UnknownAuthorityError{Cert: of("Corp CA")}), false, "certificate-not-trusted at api.example: Corp CA", true},
		{verify(x509.UnknownAuthorityError{Cert: of("Corp CA")}), true, "certificate-not-trusted at api.example through proxy.example:3128: Corp CA", true},
		{toProxy(verify(x509.UnknownAuthorityError{Cert: of("Corp CA")})), true, "certificate-not-trusted at proxy.example:3128: Corp CA", true},
		{verify(x509.UnknownAuthorityError{}), false, "certificate-not-trusted at api.example", true},
		{verify(x509.CertificateInvalidError{Cert: of("X"), Reason: x509.Expired}), false, "certificate-expired at api.example: 2020-01-02..2021-01-02", true},
		{verify(x509.CertificateInvalidError{Cert: of("X"), Reason: x509.NotAuthorizedToSign}), false, "certificate-not-trusted at api.example: X", true},
		{verify(x509.HostnameError{Certificate: of("X"), Host: "api.example"}), false, "certificate-wrong-name at api.example: a.example, b.example, c.example", true},
		{x509.SystemRootsError{Err: errors.New("none")}, false, "no-ca-bundle at api.example", true},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, false, "tls-handshake at api.example: not TLS", true},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: protocol version not supported")}, false, "tls-handshake at api.example: protocol version not supported", true},
		{errors.New("tls: server selected unsupported protocol version 301"), false, "tls-handshake at api.example: server selected unsupported protocol version 301", true},
		{&net.OpError{Op: "remote error", Err: errors.New("tls: internal error")}, false, "connection-cut at api.example", false},
		{fmt.Errorf("http: %w", netcause.ErrProxyURL), true, "proxy-url at HTTPS_PROXY", true},
		{&netcause.RefusedError{Status: 407}, true, "proxy-password at proxy.example:3128", true},
		{&netcause.RefusedError{Status: 503}, true, "proxy-refuses at proxy.example:3128: HTTP 503", false},
		{toProxy(dial(syscall.ECONNREFUSED)), true, "proxy-down at proxy.example:3128: connection-refused", false},
		{toProxy(dial(&net.DNSError{Err: "no such host"})), true, "proxy-down at proxy.example:3128: name-not-found", false},
		{&net.OpError{Op: "socks connect", Net: "tcp", Err: errors.New("unknown error host unreachable")}, true, "proxy-refuses at proxy.example:3128: other", false},
		{dial(&net.DNSError{Err: "no such host", Name: "api.example"}), false, "name-not-found at api.example", false},
		{dial(syscall.ECONNREFUSED), false, "connection-refused at api.example", false},
		{dial(syscall.Errno(10061)), false, "connection-refused at api.example", false},
		{dial(syscall.ENETUNREACH), false, "no-route at api.example", false},
		{dial(syscall.EHOSTUNREACH), false, "no-route at api.example", false},
		{context.DeadlineExceeded, true, "connect-timeout at api.example through proxy.example:3128", false},
		{io.EOF, false, "connection-cut at api.example", false},
		{dial(syscall.ECONNRESET), false, "connection-cut at api.example", false},
		{errors.New("strange\nhttps://me:pw@api.example/?x=1 138 0013-8000"), false, "other at api.example: strange (URL) (number)", false},
		{context.Canceled, false, "", false},
		{nil, false, "", false},
	} {
		path := netcause.Path{Host: "api.example", OwnRoots: true}
		if c.proxy {
			path.Proxy = "proxy.example:3128"
		}
		f := netcause.Of(c.err, path)
		if f.String() != c.want || f.Cause.Lasts() != c.lasts {
			t.Errorf("%v: %q, lasts %v; want %q, %v", c.err, f, f.Cause.Lasts(), c.want, c.lasts)
		}
		if back, ok := netcause.Parse(f.String()); ok != (c.want != "") || back != f {
			t.Errorf("%q reads back as %+v", f, back)
		}
	}
}

// TestCodes: each cause has a code of its own that reads back.
func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range netcause.All() {
		f := netcause.Fault{Cause: c, Where: "[::1]:443"}
		back, ok := netcause.Parse(f.String())
		if !ok || back != f || c.String() == "" || seen[c.String()] {
			t.Errorf("%d: %q reads back as %+v", c, f, back)
		}
		seen[c.String()] = true
	}
	if len(seen) != 15 {
		t.Errorf("%d causes", len(seen))
	}
}

// TestParseRefuses what String does not write.
func TestParseRefuses(t *testing.T) {
	for _, s := range []string{"", "no such number", "other", "other at ", "sleepy at x", "other at x ", "other at x: ", " other at x"} {
		if f, ok := netcause.Parse(s); ok {
			t.Errorf("%q reads as %+v", s, f)
		}
	}
}

// FuzzParse: what is read back is what was written.
func FuzzParse(f *testing.F) {
	f.Add("connection-refused at 127.0.0.1:1")
	f.Add("certificate-not-trusted at a through b:1: C: D")
	f.Fuzz(func(t *testing.T, s string) {
		if fault, ok := netcause.Parse(s); ok && fault.String() != s {
			t.Errorf("%q reads as %+v", s, fault)
		}
	})
}

func TestProxyAddress(t *testing.T) {
	for text, want := range map[string]string{
		"http://me:secret@proxy.example:3128": "proxy.example:3128",
		"https://proxy.example":               "proxy.example:443",
		"http://[::1]":                        "[::1]:80",
		"socks5://127.0.0.1":                  "127.0.0.1:1080",
		"ftp://proxy.example":                 "",
		"http://":                             "",
		"http://a%20b:1":                      "",
	} {
		u, err := url.Parse(text)
		if err != nil {
			if want != "" {
				t.Error(err)
			}
			continue
		}
		if got, ok := netcause.ProxyAddress(u); got != want || ok != (want != "") || strings.Contains(got, "secret") {
			t.Errorf("%s: %q %v, want %q", text, got, ok, want)
		}
	}
}

// A proxy stands between, and opens TLS with a certificate of its own.
func ExampleOf() {
	err := &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{Cert: &x509.Certificate{Issuer: pkix.Name{CommonName: "Corp CA"}}}}
	f := netcause.Of(err, netcause.Path{Host: "dyplsapi.aliyuncs.com", Proxy: "proxy.corp:3128", OwnRoots: true})
	fmt.Println(f)
	fmt.Println(f.Cause.Lasts())
	// Output:
	// certificate-not-trusted at dyplsapi.aliyuncs.com through proxy.corp:3128: Corp CA
	// true
}
