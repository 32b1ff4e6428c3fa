package aliyun

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"unicode"
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
		return Credential{}, &noCredentials{looked: "the access key given is empty"}
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

// SourceFaults returns the faults of the sources that an error of a chain tells of, in
// the order in which they were asked; none if nobody set any up.
func SourceFaults(err error) []SourceFault {
	none, _ := errors.AsType[*noCredentials](err)
	if none == nil {
		return nil
	}
	return none.faults
}

type noCredentials struct {
	looked string
	faults []SourceFault
	form   bool // it is ErrKeyForm
}

func (e *noCredentials) Error() string { return ErrNoCredentials.Error() + ": " + e.looked }

func (e *noCredentials) Unwrap() []error {
	if e.form {
		return []error{ErrNoCredentials, ErrKeyForm}
	}
	return []error{ErrNoCredentials}
}

// trimmed cuts off the blanks around a key, such as the line break at the end of a
// mounted secret. It refuses parts that cannot be right, as a *badForm: a call with two
// lines pasted as one could not even be sent, and would be tried again for long.
// names are those of id, secret and token where the key was found.
func trimmed(key Credential, names [3]string) (Credential, error) {
	for i, part := range []*string{&key.AccessKeyID, &key.AccessKeySecret, &key.SecurityToken} {
		whole := *part
		if *part = strings.TrimSpace(whole); *part == "" && i < 2 {
			return Credential{}, &badForm{errWhy{names[i] + " is blank", names[i] + " 是空白"}}
		}
		if err := formed(names[i], *part); err != nil {
			return Credential{}, err
		}
	}
	return key, nil
}

// formed says which character of a part of a key no key has, and where: never what
// stands around it.
func formed(name, part string) error {
	runes := []rune(part)
	for i, r := range runes {
		what, wrong := strange(r)
		if !wrong {
			continue
		}
		code, at := fmt.Sprintf("U+%04X", r), strconv.Itoa(i+1)
		switch i {
		case 0:
			return &badForm{errWhy{name + " begins with " + what.EN + " (" + code + ")", name + " 以" + what.ZH + "（" + code + "）开头"}}
		case len(runes) - 1:
			return &badForm{errWhy{name + " ends with " + what.EN + " (" + code + ")", name + " 以" + what.ZH + "（" + code + "）结尾"}}
		}
		return &badForm{errWhy{name + " has " + what.EN + " (" + code + ") as its character " + at, name + " 的第 " + at + " 个字符是" + what.ZH + "（" + code + "）"}}
	}
	return nil
}

// strange tells what a character is that no key has.
func strange(r rune) (what Text, wrong bool) {
	switch {
	case strings.ContainsRune("\"'`“”‘’＂＇", r):
		return Text{"a quotation mark", "引号"}, true
	case r == '\n', r == '\r', r == '\u2028', r == '\u2029':
		return Text{"a line break", "换行符"}, true
	case r == '\ufeff':
		return Text{"a byte order mark", "字节顺序标记（BOM）"}, true
	case r >= '\u200b' && r <= '\u200f', r == '\u2060':
		return Text{"a blank of no width", "零宽空白"}, true
	case unicode.IsSpace(r):
		return Text{"a blank", "空白"}, true
	case r < ' ', r > '~':
		return Text{"a character that no key has", "密钥中不会出现的字符"}, true
	}
	return Text{}, false
}

// credentialCause is the cause of a call that failed for want of a key. What
// a foreign Credentials says may hold anything and is made harmless.
func credentialCause(err error) error {
	var none *noCredentials
	switch {
	case errors.As(err, &none):
		return none
	case errors.Is(err, ErrNoCredentials):
		return &reason{harmless(err.Error()), ErrNoCredentials}
	}
	return cause(err)
}
