package aliyun

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// What can be wrong with an answer whose bytes all arrived.
var (
	errNotJSON    = errors.New("the answer is not JSON")
	errNoCode     = errors.New("the answer has no Code")
	errIncomplete = errors.New("the answer says OK without SubsId or SecretNo")
	errStatus     = errors.New("the answer says OK under an HTTP status that does not")
	errTooLarge   = errors.New("the answer is larger than 1 MiB")
)

// answer is the service's envelope. A refusal by the product comes with HTTP
// 200 and a Code other than OK; a refusal by the gateway with HTTP 4xx or 5xx
// and HostId and Recommend besides, which are not needed. Some codes of the
// product are documented with HTTP 400 nevertheless, so the Code decides and
// the HTTP status only where there is none.
type answer struct {
	Code      string
	Message   loose
	RequestID loose `json:"RequestId"`

	// SecretBindDTO is absent or empty in a refusal. Its Extension has no
	// meaning for AXG.
	SecretBindDTO struct {
		SecretNo loose
		SubsID   loose `json:"SubsId"`
	}

	// SubsID is QuerySubsId's, SecretBindDetailDTO QuerySubscriptionDetail's.
	SubsID              loose `json:"SubsId"`
	SecretBindDetailDTO struct {
		SubsID     loose `json:"SubsId"`
		PhoneNoA   loose
		PhoneNoB   loose
		PhoneNoX   loose
		GroupID    loose `json:"GroupId"`
		ExpireDate loose
		GmtCreate  loose
		Status     loose // 1 live, 0 lapsed
		NeedRecord looseBool
	}
	// SecretNoInfoDTO is QuerySecretNoDetail's.
	SecretNoInfoDTO struct {
		SecretStatus loose
		City         loose
	}

	status int
	header http.Header
}

// parse fills the answer from a body. It fails unless there is a Code.
func (a *answer) parse(body []byte) error {
	if !a.scan(body) {
		*a = answer{status: a.status, header: a.header}
		if err := a.decode(body); err != nil {
			return err
		}
	}
	if a.Code == "" {
		return errNoCode
	}
	return nil
}

// decode reads any JSON.
func (a *answer) decode(body []byte) error {
	err := json.Unmarshal(body, a)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		// JSON, but a field has another type than expected. The rest has been
		// read; with a Code that is enough.
	case err != nil:
		return errNotJSON
	}
	return nil
}

// loose is a text that may also arrive as a number (a binding id is too dear
// to lose over its quotes); anything else counts as absent.
type loose string

func (l *loose) UnmarshalJSON(b []byte) error {
	*l = ""
	switch {
	case len(b) > 0 && b[0] == '"':
		if bytes.IndexByte(b, '\\') < 0 && utf8.Valid(b) {
			*l = loose(b[1 : len(b)-1]) // as nearly always
			return nil
		}
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*l = loose(s)
	case len(b) > 0 && (b[0] == '-' || '0' <= b[0] && b[0] <= '9'):
		*l = loose(b)
	}
	return nil
}

// looseBool is true for a true, "true" or 1; anything else is false.
type looseBool bool

func (l *looseBool) UnmarshalJSON(b []byte) error {
	s := string(bytes.Trim(b, `"`))
	*l = s == "true" || s == "1"
	return nil
}

// refusal is the error the answer's Code stands for.
func (a *answer) refusal(action string) *Error {
	e := a.error(action)
	e.Code = a.Code
	return e
}

// bad is the error for an answer that cannot be relied on.
func (a *answer) bad(action string, err error) *Error {
	e := a.error(action)
	e.Code = CodeBadAnswer
	e.Err = cause(err)
	return e
}

func (a *answer) error(action string) *Error {
	e := &Error{
		Action:     action,
		Message:    string(a.Message),
		RequestID:  string(a.RequestID),
		HTTPStatus: a.status,
		Written:    true,
		RetryAfter: retryAfter(a.header),
	}
	e.ServerTime, _ = http.ParseTime(a.header.Get("Date"))
	return e
}

// maxRetryAfter bounds the advice; a longer one is not credible for a limit
// counted by the second, minute or hour.
const maxRetryAfter = time.Hour

// retryAfter reads TimeLeft, in milliseconds, of the headers that describe
// the API's and the user's quota, such as
// "Limit:1,Remain:0,TimeLeft:2000,Reset:1234", and returns the longer one.
// The vendor's SDK core (darabonba-openapi) takes the same figure for its
// retry-after.
func retryAfter(h http.Header) time.Duration {
	var longest time.Duration
	for _, name := range [...]string{"X-Ratelimit-User-Api", "X-Ratelimit-User"} {
		for part := range strings.SplitSeq(h.Get(name), ",") {
			key, value, _ := strings.Cut(strings.TrimSpace(part), ":")
			if key != "TimeLeft" {
				continue
			}
			ms, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			if err != nil || ms <= 0 {
				continue
			}
			longest = max(longest, time.Duration(min(ms, maxRetryAfter.Milliseconds()))*time.Millisecond)
		}
	}
	return longest
}
