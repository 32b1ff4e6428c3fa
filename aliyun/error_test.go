package aliyun_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"axgbind/aliyun"

	"pgregory.net/rapid"
)

func TestErrorText(t *testing.T) {
	for _, v := range []struct {
		e    aliyun.Error
		want string
	}{
		{aliyun.Error{Action: "BindAxg", Code: "isv.BIND_CONFLICT", Message: "A 13900001111", RequestID: "F655A8D5-B967", HTTPStatus: 200, Written: true},
			"BindAxg: isv.BIND_CONFLICT (HTTP 200, request F655A8D5-B967)"},
		{aliyun.Error{Action: "BindAxg", Code: "client.Timeout", Written: true, Err: context.DeadlineExceeded},
			"BindAxg: client.Timeout: context deadline exceeded"},
		{aliyun.Error{Action: "BindAxg", Code: "13900001111", RequestID: "https://a/?b=c"},
			"BindAxg: (number) (request (URL))"},
	} {
		if got := v.e.Error(); got != v.want {
			t.Errorf("%q, want %q", got, v.want)
		}
	}
	if new(aliyun.Error).Class() != aliyun.Ambiguous {
		t.Error("an error without a code must be ambiguous")
	}
}

// TestErrorIsFound: errors.Is and errors.As find their way
// through a wrapped error.
func TestErrorIsFound(t *testing.T) {
	err := fmt.Errorf("line 3: %w", &aliyun.Error{Code: "client.Timeout", Err: context.DeadlineExceeded})
	var e *aliyun.Error
	if !errors.As(err, &e) || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

// TestHarmless: whatever text comes from outside, no number as long as a
// telephone's and no URL gets through.
func TestHarmless(t *testing.T) {
	for in, want := range map[string]string{
		`dial tcp 127.0.0.1:8080: connect: connection refused`:    `dial tcp 127.0.0.1:8080: connect: connection refused`,
		`Post "https://h/?PhoneNoA=13900001111&Signature=x": EOF`: `Post "(URL)": EOF`,
		`malformed HTTP response "GET /?PhoneNoA=139&X=1"`:        `malformed HTTP response "GET /(query)"`,
		"one\ntwo\x00\x1b[31m":                                    "one two  [31m",
		`invalid header field value for "Authorization"`:          `invalid header field value for "Authorization"`,
		strings.Repeat("长", 300):                                  strings.Repeat("长", 66) + "...",
	} {
		if got := aliyun.Harmless(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	telephone, address := regexp.MustCompile(`[0-9]{7}`), regexp.MustCompile(`[a-z]://[^\s]`)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune(`0123456789abc:/?&= "\n长`))).Draw(t, "text")
		if got := aliyun.Harmless(s); telephone.MatchString(got) || address.MatchString(got) || len(got) > 203 {
			t.Fatalf("%q", got)
		}
	})
}
