package aliyun

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"unicode/utf8"
)

// Credential is one access key. Printed or logged it shows the first 3 and
// the last 4 characters of the id and neither secret nor token.
type Credential struct {
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string // only of temporary keys
}

// String returns the masked id and whether there is a token.
func (c Credential) String() string {
	if c.SecurityToken != "" {
		return maskID(c.AccessKeyID) + " (temporary)"
	}
	return maskID(c.AccessKeyID)
}

// GoString is what %#v prints.
func (c Credential) GoString() string { return "aliyun.Credential{" + c.String() + "}" }

// LogValue is what slog writes.
func (c Credential) LogValue() slog.Value { return slog.StringValue(c.String()) }

// MarshalText is what encoding/json and the like write.
func (c Credential) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// maskID keeps the first 3 and the last 4 characters if there are at least 9,
// else only the length.
func maskID(id string) string {
	n := utf8.RuneCountInString(id)
	if n < 9 || n != len(id) {
		return "***(" + strconv.Itoa(n) + ")"
	}
	return id[:3] + "***" + id[n-4:]
}

// Credentials hands out the key for the next call. It must be safe for
// concurrent use and cheap, for it is asked before every call.
type Credentials interface {
	// Credential returns the key to sign with. Where one must be fetched it
	// waits for that, at most until ctx ends.
	Credential(ctx context.Context) (Credential, error)
	// Invalidate says that the service called a key expired: the next Credential
	// fetches a new one. Every call in flight with that key may say so, even when
	// a new one is there already, which stays then.
	Invalidate(expired Credential)
}

// Static returns credentials that never change; Invalidate does nothing. An
// empty id or secret makes every Credential fail with ErrNoCredentials.
func Static(c Credential) Credentials { return static{c} }

type static struct{ key Credential }

func (s static) Credential(context.Context) (Credential, error) {
	if s.key.AccessKeyID == "" || s.key.AccessKeySecret == "" {
		return Credential{}, &NoKeyError{Looked: "the access key given is empty"}
	}
	return s.key, nil
}

func (static) Invalidate(Credential) {}

// ErrNoCredentials is what errors.Is finds in an error that says no access
// key could be had. The error's text lists what was looked for and found
// missing, without any value.
var ErrNoCredentials = errors.New("no credentials")

// ErrKeyForm is what errors.Is finds, beside ErrNoCredentials, where the first
// source that has a key has one that cannot be right.
var ErrKeyForm = errors.New("a key was found, but it holds a character that no key has")

// SourceFault is why a source of keys that somebody set up gave none, or none
// that can be right. It holds names of ours and of the vendor's and no value: paths
// and addresses can be secrets too.
type SourceFault struct {
	Source Text // such as: profile "night" of ~/.aliyun/config.json
	Why    Text
}

// NoKeyError is the error of Credentials that found no key, in words that hold nothing
// of a file, a command or an answer. It is ErrNoCredentials.
type NoKeyError struct {
	Looked string        // where was looked, and what was found missing
	Faults []SourceFault // of the sources that somebody set up, in the order in which they were asked
	Form   bool          // it is ErrKeyForm too
}

func (e *NoKeyError) Error() string { return ErrNoCredentials.Error() + ": " + e.Looked }

// Unwrap makes it ErrNoCredentials, and ErrKeyForm.
func (e *NoKeyError) Unwrap() []error {
	if e.Form {
		return []error{ErrNoCredentials, ErrKeyForm}
	}
	return []error{ErrNoCredentials}
}

// credentialCause is the cause of a call that failed for want of a key. What
// a foreign Credentials says may hold anything and is made harmless.
func credentialCause(err error) error {
	var none *NoKeyError
	switch {
	case errors.As(err, &none):
		return none
	case errors.Is(err, ErrNoCredentials):
		return &reason{harmless(err.Error()), ErrNoCredentials}
	}
	return cause(err)
}
