// Package netcause says what kept a call from reaching the service, in a form that
// programs tell apart and that can be written down and read back.
//
// It promises: a Fault names one Cause, where it lies, and whether it can mend itself
// while a run waits. Neither it nor its text holds a URL, a user, a password or a number
// as long as a telephone's; Parse reads back what String wrote.
//
// It refuses to guess: an error that it does not know is Other, which is taken to mend
// itself. The sentences for people are not here.
package netcause

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Cause is what keeps a call from reaching the service.
type Cause uint8

// The causes. Those up to ProxyURL do not mend themselves while a run waits.
const (
	None          Cause = iota
	NotTrusted          // the certificate is of an authority that this machine does not trust
	Expired             // the certificate has ended, or has not begun
	WrongName           // the certificate is for another host
	NoAuthorities       // this machine has no certificates of authorities
	Handshake           // the two sides have no version or form of TLS in common
	ProxyPassword       // the proxy wants a user and a password, or refuses those given
	ProxyURL            // what is to name the proxy is not an address
	ProxyDown           // no connection to the proxy
	ProxyRefuses        // the proxy does not connect us
	NameNotFound        // the host's name was not resolved
	Refused             // the host refuses connections
	NoRoute             // no route to the host
	Timeout             // no connection in time
	Cut                 // the connection was closed before it could be used
	Other               // anything else
)

// codes are the causes as they are written down. They are stable.
var codes = [...]string{
	NotTrusted: "certificate-not-trusted", Expired: "certificate-expired", WrongName: "certificate-wrong-name", NoAuthorities: "no-ca-bundle",
	Handshake: "tls-handshake", ProxyPassword: "proxy-password", ProxyURL: "proxy-url", ProxyDown: "proxy-down", ProxyRefuses: "proxy-refuses",
	NameNotFound: "name-not-found", Refused: "connection-refused", NoRoute: "no-route", Timeout: "connect-timeout", Cut: "connection-cut", Other: "other",
}

// All returns the causes, those that do not mend themselves first.
func All() []Cause {
	list := make([]Cause, 0, len(codes)-1)
	for c := NotTrusted; c <= Other; c++ {
		list = append(list, c)
	}
	return list
}

// String is the code of a cause; blank of None.
func (c Cause) String() string {
	if int(c) < len(codes) {
		return codes[c]
	}
	return ""
}

// Lasts reports whether the cause stays until a person does something about it.
func (c Cause) Lasts() bool { return c != None && c <= ProxyURL }

// Fault is a cause and where it lies. The zero value is none.
type Fault struct {
	Cause Cause
	Where string // host or host:port of the side at fault: the service's or the proxy's
	Proxy string // host:port of the proxy between here and Where; blank: there is none
	// Detail tells more, in no language: the authority, the dates or the names of a
	// certificate, the status of a proxy's answer, the code of what is wrong with a
	// connection to a proxy. It may be blank.
	Detail string
}

// String is a fault as it is written down: "CODE at WHERE through PROXY: DETAIL". It is
// blank of none.
func (f Fault) String() string {
	if f.Cause == None {
		return ""
	}
	s := f.Cause.String() + " at " + f.Where
	if f.Proxy != "" {
		s += " through " + f.Proxy
	}
	if f.Detail != "" {
		s += ": " + f.Detail
	}
	return s
}

var form = regexp.MustCompile(`^([a-z-]+) at (\S+)(?: through (\S+?))?(?:: (.+))?$`)

// Parse reads what String wrote. ok is false of any other text.
func Parse(s string) (f Fault, ok bool) {
	m := form.FindStringSubmatch(s)
	if m == nil {
		return Fault{}, false
	}
	c := slices.Index(codes[:], m[1])
	if c <= 0 {
		return Fault{}, false
	}
	f = Fault{Cause(c), m[2], m[3], m[4]}
	if f.Proxy == "" { // the colon before the detail is no part of an address
		f.Where = strings.TrimSuffix(f.Where, ":")
	}
	return f, f.String() == s
}

// Path is the way of a call.
type Path struct {
	Host  string // of the service, as in its address
	Proxy string // host:port of the proxy between; blank: there is none
	// OwnRoots says that the caller named the authorities to trust, so that what this
	// machine trusts does not matter.
	OwnRoots bool
}

// ErrProxyURL says that what is to name the proxy is not the address of one.
var ErrProxyURL = errors.New("the address of the proxy is none")

// RefusedError is a proxy's answer other than that the connection stands.
type RefusedError struct{ Status int }

func (e *RefusedError) Error() string { return fmt.Sprintf("the proxy answers HTTP %d", e.Status) }

// ProxyAddress is host:port of a proxy, without user and password; ok is false if no
// proxy can be there.
func ProxyAddress(u *url.URL) (address string, ok bool) {
	ports := map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}
	port, known := ports[strings.ToLower(u.Scheme)]
	if p := u.Port(); p != "" {
		port = p
	}
	if !known || !plain.MatchString(u.Hostname()) {
		return "", false
	}
	return net.JoinHostPort(u.Hostname(), port), true
}

var plain = regexp.MustCompile(`^[A-Za-z0-9._:-]+$`)

// Of names the fault of an error with which no connection for a call came about. It is
// none of one that the caller ended.
func Of(err error, path Path) Fault {
	var refused *RefusedError
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return Fault{}
	case errors.Is(err, ErrProxyURL):
		return Fault{Cause: ProxyURL, Where: "HTTPS_PROXY"}
	case errors.As(err, &refused) && refused.Status == 407:
		return Fault{Cause: ProxyPassword, Where: path.Proxy}
	case errors.As(err, &refused):
		return Fault{Cause: ProxyRefuses, Where: path.Proxy, Detail: fmt.Sprintf("HTTP %d", refused.Status)}
	}
	f := Fault{Where: path.Host, Proxy: path.Proxy}
	var op *net.OpError
	atProxy := errors.As(err, &op) && op.Op == "proxyconnect" // net/http's word for it
	if atProxy {
		f.Where, f.Proxy = path.Proxy, ""
	}
	if f.Cause, f.Detail = certificate(err, path.OwnRoots); f.Cause == None {
		f.Cause, f.Detail = connection(err)
	}
	switch socks := op != nil && strings.HasPrefix(op.Op, "socks"); {
	case atProxy && !f.Cause.Lasts():
		f.Cause, f.Detail = ProxyDown, f.Cause.String()
	case socks && !f.Cause.Lasts():
		f = Fault{Cause: ProxyRefuses, Where: path.Proxy, Detail: f.Cause.String()}
	}
	return f
}

// certificate is what is wrong with a certificate; None: nothing that can be seen.
func certificate(err error, ownRoots bool) (Cause, string) {
	var (
		roots   x509.SystemRootsError
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &roots):
		return NoAuthorities, ""
	case errors.As(err, &unknown) && !ownRoots && noRoots():
		return NoAuthorities, ""
	case errors.As(err, &unknown):
		return NotTrusted, issuer(unknown.Cert)
	case errors.As(err, &name):
		return WrongName, names(name.Certificate)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		const day = time.DateOnly
		return Expired, invalid.Cert.NotBefore.UTC().Format(day) + ".." + invalid.Cert.NotAfter.UTC().Format(day)
	case errors.As(err, &invalid):
		return NotTrusted, issuer(invalid.Cert)
	}
	return None, ""
}

// noRoots reports whether this machine has no authority to trust.
func noRoots() bool {
	pool, err := x509.SystemCertPool()
	return err != nil || pool.Equal(x509.NewCertPool())
}

func issuer(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	if c.Issuer.CommonName != "" {
		return harmless(c.Issuer.CommonName)
	}
	return harmless(strings.Join(c.Issuer.Organization, " "))
}

// names are those that a certificate is for, the first few.
func names(c *x509.Certificate) string {
	if c == nil {
		return ""
	}
	list := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	const most = 3
	return harmless(strings.Join(list[:min(len(list), most)], ", "))
}

// connection is why there is no connection, or no TLS over it.
func connection(err error) (Cause, string) {
	var (
		dns     *net.DNSError
		record  tls.RecordHeaderError
		network net.Error
	)
	text := err.Error()
	switch {
	case errors.As(err, &dns):
		return NameNotFound, ""
	case errors.As(err, &record):
		return Handshake, "not TLS"
	case errors.Is(err, syscall.ECONNREFUSED), isWindows(err, wsaRefused):
		return Refused, ""
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETDOWN), isWindows(err, wsaNoNet, wsaNoHost):
		return NoRoute, ""
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return Timeout, ""
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), isWindows(err, wsaReset):
		return Cut, ""
	case strings.Contains(text, "tls: internal error"), strings.Contains(text, "tls: user canceled"): // alerts of a side in trouble
		return Cut, ""
	case strings.Contains(text, "tls: "): // alerts and refusals have no types
		_, what, _ := strings.Cut(text, "tls: ")
		return Handshake, harmless(what)
	}
	return Other, harmless(text)
}

// Numbers of Windows Sockets, which package syscall does not put under the names of
// other systems.
const (
	wsaNoNet   syscall.Errno = 10051
	wsaReset   syscall.Errno = 10054
	wsaRefused syscall.Errno = 10061
	wsaNoHost  syscall.Errno = 10065
)

func isWindows(err error, numbers ...syscall.Errno) bool {
	return slices.ContainsFunc(numbers, func(n syscall.Errno) bool { return errors.Is(err, n) })
}

// Patterns of what no text of a fault may hold.
var (
	address = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s"']*`)
	number  = regexp.MustCompile(`[0-9](?:[ -]?[0-9]){6,}`)
)

// harmless makes one short printable line of a text of unknown origin.
func harmless(s string) string {
	s = address.ReplaceAllString(s, "(URL)")
	s = number.ReplaceAllString(s, "(number)")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == 0xfffd }), " ")
	const most = 80
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}
