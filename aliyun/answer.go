package aliyun

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// What can be wrong with an answer whose bytes all arrived.
var (
	errNotJSON    = errors.New("the answer is not a JSON object")
	errRepeated   = errors.New("the answer has a key twice")
	errSpelling   = errors.New("the answer spells a key otherwise than documented")
	errType       = errors.New("a value of the answer is not of its type")
	errNoCode     = errors.New("the answer has no Code")
	errIncomplete = errors.New("the answer says OK without SubsId or SecretNo")
	errStatus     = errors.New("the answer's Code does not fit its HTTP status")
	errNames      = errors.New("the answer refuses, and yet names a binding")
	errOther      = errors.New("the answer is about something else than was asked")
	errTooLarge   = errors.New("the answer is larger than 1 MiB")
)

// place is a value of an answer that this package reads.
type place uint8

const (
	atCode place = iota
	atMessage
	atRequestID
	atSubsID   // QuerySubsId's
	atSecretNo // of no operation: here it is a binding's that stands where it should not

	// SecretBindDTO, BindAxg's. Its Extension has no meaning for AXG.
	boundSecretNo
	boundSubsID

	// SecretBindDetailDTO, QuerySubscriptionDetail's.
	detailSubsID
	detailA
	detailB
	detailX
	detailGroup
	detailExpires
	detailCreated
	detailStatus // 1 live, 0 lapsed
	detailRecord
	detailRestrict
	detailASR
	detailModel

	// SecretNoInfoDTO, QuerySecretNoDetail's.
	numberStatus
	numberCity

	places
)

// kind is the JSON type of a value; absent is null too, for an absent value
// proves nothing either.
type kind uint8

const (
	absent kind = iota
	text
	integer // without sign, fraction and exponent, and of a size that every reader of JSON keeps
	truth
	other // a number of another form, an object or an array
)

type value struct {
	kind kind
	text string // as it stands there, without quotes and escapes
}

// answer is the service's envelope, read strictly: what it says twice, under
// another spelling or in another type it has not said, and then nothing else of
// it counts either. A refusal by the product comes with HTTP 200 and a Code other
// than OK, or as some pages have it with 400; one by the gateway with HTTP 4xx or
// 5xx and HostId and Recommend besides, which are not needed.
type answer struct {
	values [places]value
	names  bool // a SubsId or SecretNo stands where no operation has one

	status int
	header http.Header
}

func (a *answer) text(at place) string { return a.values[at].text }

func (a *answer) code() string { return a.text(atCode) }

// parse fills the answer from a body. It fails unless there is a Code, and every
// value that is read is of its type and alphabet.
func (a *answer) parse(body []byte) error {
	if !a.scan(body) {
		*a = answer{status: a.status, header: a.header}
		if err := a.decode(body); err != nil {
			return err
		}
	}
	return a.check()
}

// check looks at the form of the values. What depends on the operation is for
// the operations to check.
func (a *answer) check() error {
	if a.values[atMessage].kind != text { // it is for people, and decides nothing
		a.values[atMessage] = value{}
	}
	for at := range a.values {
		if v := &a.values[at]; v.kind != absent && !forms[at](v) {
			return errType
		}
	}
	if a.code() == "" {
		return errNoCode
	}
	return nil
}

// forms are what the values must look like.
var forms = [places]func(*value) bool{
	atCode: func(v *value) bool {
		return v.kind == text && wordOf(v.text, 128, "._-") && !strings.HasPrefix(v.text, "client.") // those are ours
	},
	atMessage:   func(*value) bool { return true },
	atRequestID: func(v *value) bool { return v.kind == text && wordOf(v.text, 128, "-") },
	atSubsID: func(v *value) bool {
		return id(v) || v.kind == text && !strings.ContainsFunc(v.text, func(r rune) bool { return r != ',' && r != ' ' && (r < '0' || r > '9') })
	},
	atSecretNo:     id,
	boundSecretNo:  id,
	boundSubsID:    id,
	detailSubsID:   id,
	detailA:        shownNumber,
	detailB:        shownNumber,
	detailX:        shownNumber,
	detailGroup:    digits,
	detailExpires:  moment,
	detailCreated:  moment,
	detailStatus:   func(v *value) bool { return (v.kind == text || v.kind == integer) && (v.text == "0" || v.text == "1") },
	detailRecord:   yesOrNo,
	detailRestrict: func(v *value) bool { return v.kind == text && wordOf(v.text, 64, "_") },
	detailASR:      yesOrNo,
	detailModel:    func(v *value) bool { return v.kind == text },
	numberStatus:   func(v *value) bool { return v.kind == text && wordOf(v.text, 1, "") || v.kind == integer },
	numberCity:     func(v *value) bool { return v.kind == text },
}

// id reports whether a value is what a binding or a number may be called, or an
// empty text: nothing but zeros names nothing.
func id(v *value) bool {
	return digits(v) && (v.text == "" || strings.Trim(v.text, "0") != "")
}

// digits reports whether a value is digits, or an empty text. A number is taken too
// if no reader of JSON can have rounded it.
func digits(v *value) bool {
	const most = 40 // ids seen have 16, numbers 11
	return (v.kind == text || v.kind == integer) && len(v.text) <= most && strings.Trim(v.text, "0123456789") == ""
}

// shownNumber reports whether a value may be a phone number as a look-up shows it, be it
// in part.
func shownNumber(v *value) bool {
	plain := *v
	plain.text = strings.ReplaceAll(strings.TrimPrefix(v.text, "+"), "*", "")
	return len(v.text) <= 40 && (id(&plain) || HidesNumber(v.text) && digits(&plain))
}

// moment reports whether a value is a date as the service writes it, or empty.
func moment(v *value) bool {
	return v.kind == text && (v.text == "" || !beijingTime(v.text).IsZero())
}

func yesOrNo(v *value) bool {
	switch v.text {
	case "true", "false", "0", "1":
		return v.kind != other
	}
	return false
}

// yes reads a value that is yesOrNo.
func (v *value) yes() bool { return v.text == "true" || v.text == "1" }

// wordOf reports whether s is at most so many letters, digits and characters of
// marks.
func wordOf(s string, most int, marks string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && strings.IndexByte(marks, c) < 0 {
			return false
		}
	}
	return len(s) <= most
}

// namesBinding reports whether the answer has a binding's data anywhere.
func (a *answer) namesBinding() bool {
	return a.names || a.text(atSubsID) != "" || a.text(atSecretNo) != "" ||
		a.text(boundSubsID) != "" || a.text(boundSecretNo) != "" || a.text(detailSubsID) != ""
}

// about reports whether an answer may be the one to a call about a binding: it names
// that one, if any.
func (a *answer) about(subsID string) bool {
	for _, at := range [...]place{atSubsID, boundSubsID, detailSubsID} {
		if named := a.text(at); named != "" && named != subsID {
			return false
		}
	}
	return true
}

// fault is what is wrong with an answer as a whole; nil if it may be believed: a
// Code that is certain comes with its HTTP status, and only OK with a binding.
func (a *answer) fault() error {
	code := a.code()
	switch {
	case code != CodeOK && a.namesBinding():
		return errNames
	case code != CodeOK && Lookup(code).Class == Ambiguous: // it says nothing anyhow
		return nil
	case !fits(code, a.status):
		return errStatus
	}
	return nil
}

// fits reports whether a code may come with an HTTP status: the product's with
// 200, or as some pages have it 400; the gateway's, which refuses what the
// product never sees, with 4xx alone. Behind any other anything may have
// happened; 407 and 408 are those of a proxy on the way.
func fits(code string, status int) bool {
	switch {
	case status == http.StatusOK:
		return code == CodeOK || ofProduct(code)
	case status == http.StatusProxyAuthRequired, status == http.StatusRequestTimeout:
		return false
	}
	return status/100 == 4 && code != CodeOK
}

// ofProduct reports whether a code is the product's own, not the gateway's.
func ofProduct(code string) bool {
	if strings.HasPrefix(code, "isv.") || strings.HasPrefix(code, "isp.") {
		return true
	}
	e, ok := find(code)
	return ok && !slices.Contains([]string{srcGateway, srcNonce, srcClock, srcClient, srcDNS}, e.Source)
}

// refusal is the error the answer's Code stands for.
func (a *answer) refusal(action string) *Error {
	e := a.error(action)
	e.Code = a.code()
	return e
}

// bad is the error for an answer that cannot be relied on. What it says is kept:
// its code before its message, and the binding that it names.
func (a *answer) bad(action string, err error) *Error {
	e := a.error(action)
	if code := a.code(); code != "" && code != CodeOK {
		e.Message = strings.TrimSuffix(code+": "+e.Message, ": ")
	}
	e.Code = CodeBadAnswer
	e.SubsID, e.SecretNo = a.text(boundSubsID), a.text(boundSecretNo)
	e.Err = cause(err)
	return e
}

func (a *answer) error(action string) *Error {
	e := &Error{
		Action:     action,
		Message:    a.text(atMessage),
		RequestID:  a.text(atRequestID),
		HTTPStatus: a.status,
		Written:    true,
		RetryAfter: retryAfter(a.header),
	}
	e.ServerTime, _ = http.ParseTime(a.header.Get("Date"))
	return e
}
