package aliyun

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"time"
)

// SignQuery signs a POST with an empty body and returns the canonical
// request's hash and the signature.
func SignQuery(host, action, version, query, nonce string, at time.Time, key Credential) (hash, signature string) {
	canonical := appendCanonical(nil, &unsigned{
		host: host, action: action, version: version, query: []byte(query),
		date: appendDate(nil, at), nonce: []byte(nonce),
	}, &key)
	sum := sha256.Sum256(canonical)
	auth := string(appendAuthorization(nil, canonical, &key, new(keyedMAC)))
	_, signature, _ = strings.Cut(auth, "Signature=")
	return hex.EncodeToString(sum[:]), signature
}

// WriteOf has a call of an intent, which was given a connection, write a byte.
func WriteOf(conn net.Conn, i Intent) (n int, refused bool, err error) {
	f := footprint{intent: i}
	_, done := f.context(context.Background())
	defer done()
	c := &countedConn{Conn: conn}
	f.gotConn(httptrace.GotConnInfo{Conn: c})
	n, err = c.Write([]byte("x"))
	return n, f.refused.Load(), err
}

// Query returns the canonical query of a request.
func Query(r *BindAxgRequest) string { return string(r.appendQuery(nil)) }

// ParsedAnswer is what of an answer decides.
type ParsedAnswer struct{ Code, Message, RequestID, SecretNo, SubsID string }

// ParseAnswer reads a body.
func ParseAnswer(body []byte) (ParsedAnswer, error) {
	var a answer
	if err := a.parse(body); err != nil {
		return ParsedAnswer{}, err
	}
	return ParsedAnswer{a.code(), a.text(atMessage), a.text(atRequestID), a.text(boundSecretNo), a.text(boundSubsID)}, nil
}

// BothWays reads a body with scan, and with decode. usual says that it was
// one for scan.
func BothWays(body []byte) (scanned, decoded string, usual bool) {
	var quick, slow answer
	usual = quick.scan(body)
	if err := slow.decode(body); err != nil {
		return fmt.Sprintf("%+v", quick), err.Error(), usual
	}
	if quick.check() != slow.check() {
		return "checked differently", fmt.Sprintf("%+v", slow), usual
	}
	return fmt.Sprintf("%+v", quick), fmt.Sprintf("%+v", slow), usual
}

// RetryAfter reads the quota headers.
func RetryAfter(h http.Header) time.Duration { return retryAfter(h) }

// Harmless makes a text printable.
func Harmless(s string) string { return harmless(s) }
