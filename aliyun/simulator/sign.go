package simulator

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"net/http"
	"strings"
	"sync"
	"time"
)

// key is an accepted access key with its ready-made HMACs.
type key struct {
	temporary bool      // needs SecurityToken
	refused   string    // the code of its own refusal, "" for none
	sha256    sync.Pool // of hash.Hash, key = secret
	sha1      sync.Pool // of hash.Hash, key = secret + "&"
}

func newKey(id, secret, refused string) *key {
	return &key{
		temporary: strings.HasPrefix(id, "STS."), refused: refused,
		sha256: sync.Pool{New: func() any { return hmac.New(sha256.New, []byte(secret)) }},
		sha1:   sync.Pool{New: func() any { return hmac.New(sha1.New, []byte(secret+"&")) }},
	}
}

func appendMAC(b []byte, pool *sync.Pool, message []byte) []byte {
	h := pool.Get().(hash.Hash)
	h.Reset()
	h.Write(message)
	b = h.Sum(b)
	pool.Put(h)
	return b
}

// claim is what a signed request says of itself, in either version.
type claim struct {
	v3        bool
	action    string
	version   string
	keyID     string
	token     string
	nonce     string
	time      string
	signature string
	signed    string // V3: the SignedHeaders list
}

// buffers hold the canonical texts of one request while it is verified.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 2048); return &b }}

const signatureAlgorithm = "ACS3-HMAC-SHA256"

// claimV3 reads the V3 headers. It reports whether the request counts as signed.
func claimV3(h http.Header) (claim, *refusal, bool) {
	c := claim{
		v3:      true,
		action:  h.Get("X-Acs-Action"),
		version: h.Get("X-Acs-Version"),
		time:    h.Get("X-Acs-Date"),
		nonce:   h.Get("X-Acs-Signature-Nonce"),
		token:   h.Get("X-Acs-Security-Token"),
	}
	authorization := h.Get("Authorization")
	if authorization == "" {
		return c, missing("Authorization"), false
	}
	algorithm, rest, ok := strings.Cut(authorization, " ")
	if algorithm != signatureAlgorithm {
		return c, refuse(http.StatusBadRequest, codeInvalidMethod, "The Authorization header names a signature method other than "+signatureAlgorithm+"."), false
	}
	for ok {
		var part, name, value string
		part, rest, ok = strings.Cut(rest, ",")
		name, value, _ = strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			c.keyID = value
		case "SignedHeaders":
			c.signed = value
		case "Signature":
			c.signature = value
		}
	}
	if c.keyID == "" || c.signed == "" || c.signature == "" {
		return c, refuse(http.StatusBadRequest, codeIncompleteSignature,
			"The Authorization header needs Credential, SignedHeaders and Signature."), false
	}
	return c, nil, true
}

// claimV1 reads the V1 parameters. It reports whether the request counts as signed.
func claimV1(p params) (claim, *refusal, bool) {
	c := claim{
		action: p.get("Action"), version: p.get("Version"), keyID: p.get("AccessKeyId"), token: p.get("SecurityToken"),
		nonce: p.get("SignatureNonce"), time: p.get("Timestamp"), signature: p.get("Signature"),
	}
	for _, name := range [...]string{"Action", "Version", "AccessKeyId", "Signature"} {
		if p.get(name) == "" {
			return c, missing(name), c.keyID != "" && c.signature != ""
		}
	}
	switch {
	case p.get("SignatureMethod") == "":
		return c, missing("SignatureMethod"), true
	case p.get("SignatureMethod") != "HMAC-SHA1":
		return c, refuse(http.StatusBadRequest, codeInvalidMethod, "Specified signature method is not supported."), true
	case p.get("SignatureVersion") == "":
		return c, missing("SignatureVersion"), true
	case p.get("SignatureVersion") != "1.0":
		return c, refuse(http.StatusBadRequest, codeInvalidSigVersion, "Specified signature version is not supported."), true
	}
	return c, nil, true
}

// verify judges a claim in this order: completeness, time, key, token,
// signature, nonce, the key's own refusal. Only a request with a good
// signature uses up its nonce, unless Options.NonceFirst says otherwise. The
// gateway's real order is not published.
func (s *Service) verify(r *http.Request, c claim, query, all params, body []byte) *refusal {
	switch {
	case c.action == "":
		return missing("Action")
	case c.version == "":
		return missing("Version")
	case c.time == "":
		return missing("Timestamp")
	case c.nonce == "":
		return missing("SignatureNonce")
	}
	at, err := time.Parse("2006-01-02T15:04:05Z", c.time)
	if err != nil || len(c.time) != len("2006-01-02T15:04:05Z") {
		return refuse(http.StatusBadRequest, codeTimestampFormat, "Specified time stamp or date value is not well formatted.")
	}
	if off := s.now().Sub(at); off > s.opts.ClockSkew || off < -s.opts.ClockSkew {
		return refuse(http.StatusBadRequest, codeTimestampExpired, "Specified time stamp or date value is expired.")
	}
	k := s.keys[c.keyID]
	if k == nil {
		return refuse(http.StatusNotFound, codeInvalidAccessKey, "Specified access key is not found.")
	}
	if k.temporary && c.token != SecurityToken {
		return badToken(c.token)
	}
	if s.opts.NonceFirst && !s.nonces.use(c.nonce) {
		return nonceUsed()
	}
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	var f *refusal
	if c.v3 {
		f = s.verifyV3(r, c, k, query, body, buf)
	} else {
		f = verifyV1(r.Method, c, k, all, buf)
	}
	if f != nil {
		return f
	}
	if !s.opts.NonceFirst && !s.nonces.use(c.nonce) {
		return nonceUsed()
	}
	if k.refused != "" {
		return refuse(usualStatus(k.refused), k.refused, messageOf(k.refused))
	}
	return nil
}

func nonceUsed() *refusal {
	return refuse(http.StatusBadRequest, codeSignatureNonceUsed, "Specified signature nonce was used already.")
}

// badToken says what is wrong with the token of a temporary key. A token is
// malformed if it has a character that no Base64 and no URL needs.
func badToken(token string) *refusal {
	for i := range len(token) {
		if c := token[i]; c != '+' && c != '/' && c != '=' && c != '~' && !validCode(token[i:i+1]) {
			return refuse(http.StatusBadRequest, codeTokenMalformed, "Specified SecurityToken is malformed.")
		}
	}
	switch token {
	case "":
		return refuse(http.StatusBadRequest, codeMissingToken, "SecurityToken is mandatory for this action.")
	case ExpiredSecurityToken:
		return refuse(http.StatusBadRequest, codeTokenExpired, messageOf(codeTokenExpired))
	}
	return refuse(http.StatusBadRequest, codeTokenMismatch, "Specified SecurityToken does not belong to the access key.")
}

// verifyV3 checks ACS3-HMAC-SHA256: method, "/", canonical query, the signed
// headers, their list and the hash of the body, a line each.
func (s *Service) verifyV3(r *http.Request, c claim, k *key, query params, body []byte, buf *[]byte) *refusal {
	if f := coverage(r.Header, c.signed, s.opts.NeedHost); f != nil {
		return f
	}
	var hexSum [2 * sha256.Size]byte
	sum := sha256.Sum256(body)
	hex.Encode(hexSum[:], sum[:])
	if r.Header.Get("X-Acs-Content-Sha256") != string(hexSum[:]) {
		return refuse(http.StatusBadRequest, codeSignatureDoesNotMatch,
			"x-acs-content-sha256 is not the hash of the request body. The hash of the body is "+string(hexSum[:]))
	}

	b := append((*buf)[:0], r.Method...)
	b = append(b, "\n/\n"...)
	query.sort()
	b = query.appendCanonical(b, "")
	b = append(b, '\n')
	for name := range strings.SplitSeq(c.signed, ";") {
		b = append(b, name...)
		b = append(b, ':')
		if name == "host" {
			b = append(b, r.Host...)
		} else {
			for i, v := range r.Header.Values(name) {
				if i > 0 {
					b = append(b, ',')
				}
				b = append(b, strings.TrimSpace(v)...)
			}
		}
		b = append(b, '\n')
	}
	b = append(b, '\n')
	b = append(b, c.signed...)
	b = append(b, '\n')
	b = append(b, hexSum[:]...)
	canonical := len(b)
	sum = sha256.Sum256(b)
	b = append(b, signatureAlgorithm...)
	b = append(b, '\n')
	b = hex.AppendEncode(b, sum[:])
	end := len(b)
	b = appendMAC(b, &k.sha256, b[canonical:end])
	mac := len(b)
	b = hex.AppendEncode(b, b[end:mac])
	*buf = b
	if !hmac.Equal(b[mac:], []byte(c.signature)) {
		return refuse(http.StatusBadRequest, codeSignatureDoesNotMatch, mismatch+string(b[canonical:end])+
			" server canonical request is:"+string(b[:canonical]))
	}
	return nil
}

const mismatch = "Specified signature is not matched with our calculation. server string to sign is:"

// coverage checks that the list of signed headers is sorted and lower-case,
// and holds every x-acs-* header and, if sent, content-type; host if it is needed.
func coverage(h http.Header, signed string, needHost bool) *refusal {
	last := ""
	for name := range strings.SplitSeq(signed, ";") {
		if name <= last || name == "authorization" || strings.ToLower(name) != name {
			return refuse(http.StatusBadRequest, codeIncompleteSignature, "SignedHeaders has to be a sorted list of lower-case names.")
		}
		last = name
	}
	if needHost && !lists(signed, "Host") {
		return refuse(http.StatusBadRequest, codeIncompleteSignature, "SignedHeaders lacks host.")
	}
	for name := range h {
		if (strings.HasPrefix(name, "X-Acs-") || name == "Content-Type") && !lists(signed, name) {
			return refuse(http.StatusBadRequest, codeIncompleteSignature, "SignedHeaders lacks "+strings.ToLower(name)+".")
		}
	}
	return nil
}

// lists reports whether the semicolon list holds the name in any case.
func lists(list, name string) bool {
	for item := range strings.SplitSeq(list, ";") {
		if len(item) == len(name) && strings.EqualFold(item, name) {
			return true
		}
	}
	return false
}

// verifyV1 checks HMAC-SHA1 over method, %2F and the twice encoded parameters
// of query and form.
func verifyV1(method string, c claim, k *key, all params, buf *[]byte) *refusal {
	all.sort()
	b := all.appendCanonical((*buf)[:0], "Signature")
	canonical := len(b)
	b = append(b, method...)
	b = append(b, "&%2F&"...)
	b = appendEscaped(b, b[:canonical])
	end := len(b)
	b = appendMAC(b, &k.sha1, b[canonical:end])
	mac := len(b)
	b = base64.StdEncoding.AppendEncode(b, b[end:mac])
	*buf = b
	if !hmac.Equal(b[mac:], []byte(c.signature)) {
		return refuse(http.StatusBadRequest, codeSignatureDoesNotMatch, mismatch+string(b[canonical:end]))
	}
	return nil
}
