package aliyun

import (
	"net/http"
	"strconv"
	"strings"
	"unicode"
)

// odd is bad for an answer that may be no answer of the service at all: if it has no
// message, it is described.
func (a *answer) odd(action string, err error, body []byte) *Error {
	e := a.bad(action, err)
	if e.Message == "" {
		e.Message = OddAnswer{a.status, mediaType(a.header), opening(body)}.String()
	}
	return e
}

// OddAnswer describes an answer that is none of the service: "HTTP 502, text/html, begins
// "<html> ..."", with numbers and addresses masked.
type OddAnswer struct {
	Status int
	Type   string // its media type; blank: it says none
	Begins string // the first characters of its body, on one line; blank: it is empty
}

const (
	answerBegins = `, begins "`
	answerEmpty  = ", empty"
)

// String is the description as it is written down.
func (o OddAnswer) String() string {
	s := "HTTP " + strconv.Itoa(o.Status)
	if o.Type != "" {
		s += ", " + o.Type
	}
	if o.Begins == "" {
		return s + answerEmpty
	}
	return s + answerBegins + o.Begins + `"`
}

// ParseOddAnswer reads what String wrote. ok is false of any other text.
func ParseOddAnswer(s string) (o OddAnswer, ok bool) {
	head, begins, found := strings.Cut(s, answerBegins)
	if !found {
		head = strings.TrimSuffix(head, answerEmpty)
	}
	o.Begins = strings.TrimSuffix(begins, `"`)
	status, kind, _ := strings.Cut(strings.TrimPrefix(head, "HTTP "), ", ")
	o.Status, _ = strconv.Atoi(status)
	o.Type = kind
	return o, o.String() == s
}

// mediaType is the media type of an answer, without its parameters.
func mediaType(h http.Header) string {
	kind, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	if kind = strings.ToLower(strings.TrimSpace(kind)); wordOf(kind, 80, "/+.-") {
		return kind
	}
	return ""
}

// opening is the beginning of a body on one line, without addresses, keys and numbers as
// long as a telephone's.
func opening(body []byte) string {
	const most, enough = 80, 4 << 10
	s := string(body[:min(len(body), enough)])
	s = anyURL.ReplaceAllString(s, "(URL)")
	s = anyQuery.ReplaceAllString(s, "(query)")
	s = anyKey.ReplaceAllString(s, "(key)")
	s = spacedRun.ReplaceAllString(s, "(number)")
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar }), " ")
	if runes := []rune(s); len(runes) > most {
		s = strings.TrimSpace(string(runes[:most-3])) + "..."
	}
	return s
}
