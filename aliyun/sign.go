package aliyun

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"time"
)

// Signature version 3, ACS3-HMAC-SHA256, as the vendor's current SDKs send
// it: help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature.
// It stands in for the signer of alibabacloud-go/darabonba-openapi, which
// builds maps, sorted slices and a string for each step. The set of headers
// is fixed here, so the canonical request can be written straight down.

const (
	algorithm = "ACS3-HMAC-SHA256"
	// emptyPayloadHash is the SHA-256 of no bytes: all parameters travel in
	// the query, as with the vendor's SDKs.
	emptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

	signedHeaders    = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version"
	signedHeadersSTS = "host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version"
)

// unsigned is what a signature covers: a POST to "/" with an empty body.
type unsigned struct {
	host    string // as in the Host header
	action  string
	version string
	query   []byte // canonical: sorted and percent-encoded
	date    []byte // appendDate's form
	nonce   []byte // appendNonce's form, never used twice
}

// appendDate writes a time as the header x-acs-date has it.
func appendDate(b []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(b, "2006-01-02T15:04:05Z")
}

// appendNonce writes 128 random bits in hex, the form the vendor's examples
// use. Shorter ones collide under load, and the service then says
// SignatureNonceUsed.
func appendNonce(b []byte, random [16]byte) []byte {
	return hex.AppendEncode(b, random[:])
}

// appendCanonical writes the canonical request: method, path, query, headers
// in byte order each on a line of its own, an empty line, the list of
// headers, the hash of the body. With a security token two headers more are
// covered.
func appendCanonical(b []byte, u *unsigned, key *Credential) []byte {
	b = append(b, "POST\n/\n"...)
	b = append(b, u.query...)
	b = append(b, "\nhost:"...)
	b = append(b, u.host...)
	if key.SecurityToken != "" {
		b = append(b, "\nx-acs-accesskey-id:"...)
		b = append(b, key.AccessKeyID...)
	}
	b = append(b, "\nx-acs-action:"...)
	b = append(b, u.action...)
	b = append(b, "\nx-acs-content-sha256:"+emptyPayloadHash+"\nx-acs-date:"...)
	b = append(b, u.date...)
	if key.SecurityToken != "" {
		b = append(b, "\nx-acs-security-token:"...)
		b = append(b, key.SecurityToken...)
	}
	b = append(b, "\nx-acs-signature-nonce:"...)
	b = append(b, u.nonce...)
	b = append(b, "\nx-acs-version:"...)
	b = append(b, u.version...)
	b = append(b, "\n\n"...)
	b = append(b, headerList(key)...)
	return append(b, "\n"+emptyPayloadHash...)
}

// appendAuthorization signs a canonical request and writes the value of the
// header Authorization. m is scratch space: what it held before has no
// influence on the result.
func appendAuthorization(b, canonical []byte, key *Credential, m *keyedMAC) []byte {
	b = append(b, algorithm+" Credential="...)
	b = append(b, key.AccessKeyID...)
	b = append(b, ",SignedHeaders="...)
	b = append(b, headerList(key)...)
	b = append(b, ",Signature="...)
	return hex.AppendEncode(b, m.signature(key.AccessKeySecret, canonical))
}

// keyedMAC keeps an HMAC prepared for the last secret, which saves half of
// the hashing and all of the allocating for the next call. The zero value is
// ready.
type keyedMAC struct {
	secret string
	mac    hash.Hash
	toSign [len(algorithm) + 1 + 2*sha256.Size]byte
	sum    [sha256.Size]byte
}

// signature returns the HMAC of algorithm and canonical request's hash. The
// secret is the key as it is, without the "&" of signature version 1. The
// result is good until the next call.
func (m *keyedMAC) signature(secret string, canonical []byte) []byte {
	if m.mac == nil || m.secret != secret {
		m.secret, m.mac = secret, hmac.New(sha256.New, []byte(secret))
	}
	m.sum = sha256.Sum256(canonical)
	hex.AppendEncode(append(m.toSign[:0], algorithm+"\n"...), m.sum[:])
	m.mac.Reset()
	m.mac.Write(m.toSign[:])
	return m.mac.Sum(m.sum[:0])
}

func headerList(key *Credential) string {
	if key.SecurityToken != "" {
		return signedHeadersSTS
	}
	return signedHeaders
}
