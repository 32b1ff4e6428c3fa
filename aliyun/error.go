package aliyun

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"axgbind/aliyun/netcause"
)

// Error is how a call ended that bound nothing, or may have.
type Error struct {
	Action     string        // the operation, such as BindAxg
	Code       string        // the service's code, or a client.* one of this package
	Message    string        // the service's words, untouched, may hold phone numbers; without any, what came or what is wrong with the network
	RequestID  string        // the service's id of the call; empty if it gave none
	HTTPStatus int           // 0: no answer came
	Written    bool          // a byte of the request went out, or may have
	RetryAfter time.Duration // wait the service asked for, at most 1 h; 0: unknown
	ServerTime time.Time     // the answer's Date header, whole seconds; zero: unknown
	Err        error         // what went wrong on our side of the answer; nil after a refusal

	Network netcause.Fault // why no connection came about; none: there was one

	// SubsID and SecretNo are of a binding that the answer names although it cannot
	// be relied on; blank if it names none.
	SubsID, SecretNo string
}

// Error returns action, code, HTTP status, request id and a short cause. It
// leaves out Message, which may quote a phone number.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Action)
	b.WriteString(": ")
	b.WriteString(harmless(e.Code))
	var notes []string
	if e.HTTPStatus != 0 {
		notes = append(notes, "HTTP "+strconv.Itoa(e.HTTPStatus))
	}
	if e.RequestID != "" {
		notes = append(notes, "request "+harmless(e.RequestID))
	}
	if len(notes) > 0 {
		b.WriteString(" (" + strings.Join(notes, ", ") + ")")
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause, so that errors.Is finds context.Canceled,
// context.DeadlineExceeded, ErrNoCredentials and system errors.
func (e *Error) Unwrap() error { return e.Err }

// Class says what may follow; it is that of the code's table entry.
func (e *Error) Class() Class { return e.Entry().Class }

// Entry explains the code.
func (e *Error) Entry() Entry { return Lookup(e.Code) }

// reason is a cause made safe to print: its own words, and of the original
// only what errors.Is may ask for.
type reason struct {
	text string
	is   error // nil: nothing to ask for
}

func (r *reason) Error() string { return r.text }
func (r *reason) Unwrap() error { return r.is }

// cause reduces an error of net, tls, http or context to one that is safe to
// print and to keep.
func cause(err error) error {
	var (
		dns     *net.DNSError
		errno   syscall.Errno
		record  tls.RecordHeaderError
		alert   tls.AlertError
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		network net.Error
		refused *netcause.RefusedError
	)
	switch {
	case errors.Is(err, errNotJSON), errors.Is(err, errRepeated), errors.Is(err, errSpelling), errors.Is(err, errType),
		errors.Is(err, errNoCode), errors.Is(err, errIncomplete), errors.Is(err, errStatus), errors.Is(err, errNames),
		errors.Is(err, errOther), errors.Is(err, errNoDetail), errors.Is(err, errNoIDs), errors.Is(err, errNoNumber), errors.Is(err, errTooLarge), errors.Is(err, errUnconnected):
		return err
	case errors.Is(err, context.Canceled):
		return &reason{"cancelled", context.Canceled}
	case errors.Is(err, context.DeadlineExceeded):
		return &reason{"no answer in time", context.DeadlineExceeded}
	case errors.Is(err, netcause.ErrProxyURL), errors.As(err, &refused):
		return &reason{err.Error(), nil}
	case errors.As(err, &dns):
		return &reason{"the host's name was not resolved", nil}
	case errors.As(err, &unknown):
		return &reason{"TLS: the certificate's authority is not trusted", nil}
	case errors.As(err, &name):
		return &reason{"TLS: the certificate is for another host", nil}
	case errors.As(err, &invalid):
		return &reason{"TLS: the certificate is not valid: " + harmless(invalid.Error()), nil}
	case errors.As(err, &record):
		return &reason{"TLS: the other side does not speak TLS", nil}
	case errors.As(err, &alert):
		return &reason{"TLS: " + harmless(alert.Error()), nil}
	case errors.As(err, &errno):
		return &reason{harmless(errno.Error()), errno}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &reason{"the answer was cut off", io.ErrUnexpectedEOF}
	case errors.Is(err, io.EOF):
		return &reason{"the connection was closed without an answer", io.EOF}
	case errors.As(err, &network) && network.Timeout():
		return &reason{"no answer in time", context.DeadlineExceeded}
	}
	return &reason{harmless(err.Error()), nil}
}

// Patterns of what no error text may hold.
var (
	anyURL   = regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://[^\s"']*`)
	anyQuery = regexp.MustCompile(`[?&][A-Za-z]+=[^\s"']*`)
	longRun  = regexp.MustCompile(`[0-9]{7,}`)

	spacedRun = regexp.MustCompile(`[0-9](?:[ .-]?[0-9]){6,}`)            // likewise, as people write numbers
	anyKey    = regexp.MustCompile(`(?i)\b(?:LTAI|STS\.)[0-9A-Za-z]{8,}`) // of an account
)

// harmless cuts a text of unknown origin to one short printable line without
// URLs and without numbers long enough to be a telephone's.
func harmless(s string) string {
	if len(s) > 1<<10 {
		s = s[:1<<10]
	}
	s = anyURL.ReplaceAllString(s, "(URL)")
	s = anyQuery.ReplaceAllString(s, "(query)")
	s = longRun.ReplaceAllString(s, "(number)")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return ' '
		}
		return r
	}, s)
	const most = 200
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}
