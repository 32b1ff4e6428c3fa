package simulator

import (
	"net/url"
	"slices"
	"strings"
)

// param is one decoded parameter of a query or a form.
type param struct{ name, value string }

type params []param

// maxParams bounds the work of one request; the longest real one has 30.
const maxParams = 256

// parse appends the parameters of a query or form to p. Like the gateway's
// own parser it reads '+' as a space. It reports false for a broken
// percent-escape or more than maxParams parameters.
func (p params) parse(raw string) (params, bool) {
	for raw != "" {
		var part string
		part, raw, _ = strings.Cut(raw, "&")
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, ok1 := unescape(name)
		value, ok2 := unescape(value)
		if !ok1 || !ok2 || len(p) == maxParams {
			return nil, false
		}
		p = append(p, param{name, value})
	}
	return p, true
}

func unescape(s string) (string, bool) {
	if strings.IndexByte(s, '%') < 0 && strings.IndexByte(s, '+') < 0 {
		return s, true
	}
	u, err := url.QueryUnescape(s)
	return u, err == nil
}

// get returns the first value of that name, "" if there is none. A parameter
// without a value counts as absent throughout.
func (p params) get(name string) string {
	for i := range p {
		if p[i].name == name {
			return p[i].value
		}
	}
	return ""
}

// sort orders by name, byte by byte; equal names by value.
func (p params) sort() {
	slices.SortFunc(p, func(a, b param) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
}

// appendCanonical appends the sorted parameters as both signatures want them,
// without the one named skip.
func (p params) appendCanonical(b []byte, skip string) []byte {
	first := true
	for i := range p {
		if skip != "" && p[i].name == skip {
			continue
		}
		if !first {
			b = append(b, '&')
		}
		first = false
		b = appendEscaped(b, p[i].name)
		b = append(b, '=')
		b = appendEscaped(b, p[i].value)
	}
	return b
}

// appendEscaped percent-encodes by RFC 3986: only letters, digits and -_.~ stay.
func appendEscaped[T string | []byte](b []byte, s T) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' || c == '~' {
			b = append(b, c)
		} else {
			b = append(b, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return b
}
