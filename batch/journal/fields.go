package journal

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"axgbind/batch/ledger"
)

// field is one field of a record as text.
type field struct {
	// name stands before the value, with its =. A field that only is or is not has
	// no value.
	name string
	// has says whether the field is in a record, which is so if it is not zero.
	has func(r *ledger.Record) bool
	// append adds the value; ok is false if there is no text for it.
	append func(b []byte, r *ledger.Record) (text []byte, ok bool)
	// parse takes what append adds, and nothing else. The field must be in the
	// record then.
	parse func(d *decoder, r *ledger.Record, value []byte) bool
}

// fields are the fields of a record behind the number of its call, in their order.
var fields = []field{
	{"op=", func(r *ledger.Record) bool { return r.Op != 0 }, appendOp, parseOp},
	{"row=", func(r *ledger.Record) bool { return r.Row != ledger.Key{} }, appendRow, parseRow},
	{"subs=", func(r *ledger.Record) bool { return r.Binding != 0 }, appendSubs, parseSubs},
	place("place=", func(r *ledger.Record) *ledger.Place { return &r.Place }),
	place("from=", func(r *ledger.Record) *ledger.Place { return &r.From }),
	number("at=", func(r *ledger.Record) *int64 { return &r.At }),
	{"due=", func(r *ledger.Record) bool { return r.Due != 0 }, appendDue, parseDue},
	number("ends=", func(r *ledger.Record) *int64 { return &r.Ends }),
	{"consent=", func(r *ledger.Record) bool { return r.Consent != 0 }, appendConsent, parseConsent},
	number("sets=", func(r *ledger.Record) *uint16 { return &r.Sets }),
	flag("named", func(r *ledger.Record) *bool { return &r.Named }),
	flag("elsewhere", func(r *ledger.Record) *bool { return &r.Elsewhere }),
	flag("passed", func(r *ledger.Record) *bool { return &r.Passed }),
	flag("absent", func(r *ledger.Record) *bool { return &r.Absent }),
	{"state=", func(r *ledger.Record) bool { return r.State != 0 }, appendState, parseState},
	number("tries=", func(r *ledger.Record) *int { return &r.Attempts }),
	{"code=", func(r *ledger.Record) bool { return r.Code != "" }, appendCode, parseCode},
	number("ago=", func(r *ledger.Record) *int { return &r.Ago }),
	flag("last", func(r *ledger.Record) *bool { return &r.Last }),
	number("maker=", func(r *ledger.Record) *int { return &r.Maker }),
	number("holder=", func(r *ledger.Record) *int { return &r.Holder }),
	{batchName, func(r *ledger.Record) bool { return r.Batch != "" }, appendBatch, parseBatch},
}

// batchName is that of the only value that may hold blanks.
const batchName = "batch="

// appendFields adds what stands between word and detail, with a blank before each.
func appendFields(b []byte, r *ledger.Record) ([]byte, error) {
	if r.Call != 0 {
		b = append(b, ' ')
		b = strconv.AppendUint(b, r.Call, 10)
	}
	for i := range fields {
		f := &fields[i]
		if !f.has(r) {
			continue
		}
		b = append(b, ' ')
		b = append(b, f.name...)
		var ok bool
		if b, ok = f.append(b, r); !ok {
			return b, fmt.Errorf("no text for its %s", strings.TrimSuffix(f.name, "="))
		}
	}
	return b, nil
}

// fields reads what appendFields added and returns what follows, with its blank.
func (d *decoder) fields(rest []byte, r *ledger.Record) ([]byte, error) {
	next := 0 // in fields
	for first := true; len(rest) > 0; first = false {
		if len(rest) > 1 && rest[1] == '{' {
			return rest, nil
		}
		var token []byte
		token, rest = cutField(rest[1:])
		if first && len(token) > 0 && '0' <= token[0] && token[0] <= '9' {
			n, ok := parseUint(token)
			if !ok || n == 0 {
				return nil, fmt.Errorf("%q is no number of a call", token)
			}
			r.Call = n
			continue
		}
		for next < len(fields) && !isField(token, fields[next].name) {
			next++
		}
		if next == len(fields) {
			return nil, fmt.Errorf("%q is no field, or stands at the wrong place", token)
		}
		f := &fields[next]
		if next++; !f.parse(d, r, token[len(f.name):]) || !f.has(r) {
			return nil, fmt.Errorf("%q is no value of a field", token)
		}
	}
	return nil, nil
}

func isField(token []byte, name string) bool {
	return len(token) >= len(name) && string(token[:len(name)]) == name
}

// cutField cuts off the first field of a text. What is left is empty or begins
// with a blank.
func cutField(text []byte) (token, rest []byte) {
	from := 0
	if isField(text, batchName) {
		quoted, err := strconv.QuotedPrefix(string(text[len(batchName):]))
		if err == nil {
			from = len(batchName) + len(quoted)
		}
	}
	if i := bytes.IndexByte(text[from:], ' '); i >= 0 {
		return text[:from+i], text[from+i:]
	}
	return text, nil
}

// number is a field that is a number.
func number[T int | int64 | uint16](name string, of func(*ledger.Record) *T) field {
	return field{name,
		func(r *ledger.Record) bool { return *of(r) != 0 },
		func(b []byte, r *ledger.Record) ([]byte, bool) {
			return strconv.AppendInt(b, int64(*of(r)), 10), true
		},
		func(_ *decoder, r *ledger.Record, value []byte) bool {
			n, ok := parseInt(value)
			*of(r) = T(n)
			return ok && int64(T(n)) == n
		}}
}

// flag is a field that only is or is not.
func flag(name string, of func(*ledger.Record) *bool) field {
	return field{name,
		func(r *ledger.Record) bool { return *of(r) },
		func(b []byte, _ *ledger.Record) ([]byte, bool) { return b, true },
		func(_ *decoder, r *ledger.Record, value []byte) bool {
			*of(r) = true
			return len(value) == 0
		}}
}

// place is a field that is a place: 16 hexadecimal digits.
func place(name string, of func(*ledger.Record) *ledger.Place) field {
	return field{name,
		func(r *ledger.Record) bool { return *of(r) != 0 },
		func(b []byte, r *ledger.Record) ([]byte, bool) { return appendHex(b, uint64(*of(r))), true },
		func(_ *decoder, r *ledger.Record, value []byte) bool {
			n, ok := parseHex(value)
			*of(r) = ledger.Place(n)
			return ok
		}}
}

func appendOp(b []byte, r *ledger.Record) ([]byte, bool) {
	word := r.Op.String()
	return append(b, word...), word != ledger.Op(0).String()
}

func parseOp(_ *decoder, r *ledger.Record, value []byte) bool {
	r.Op = ledger.OpOf(value)
	return true // as far as it is one
}

func appendRow(b []byte, r *ledger.Record) ([]byte, bool) { return r.Row.Append(b), true }

func parseRow(_ *decoder, r *ledger.Record, value []byte) bool {
	if len(value) == hex.EncodedLen(len(r.Row.ID)) {
		return unhex(r.Row.ID[:], value)
	}
	key, err := ledger.ParseKey(string(value)) // an occurrence, which is rare
	r.Row = key
	return err == nil
}

// hashed is where the numbers of ids begin that are no numbers.
const hashed = 1 << 63

func appendSubs(b []byte, r *ledger.Record) ([]byte, bool) {
	if r.Binding < hashed {
		return strconv.AppendUint(b, uint64(r.Binding)-1, 10), true
	}
	return appendHex(append(b, '#'), uint64(r.Binding)), true
}

func parseSubs(_ *decoder, r *ledger.Record, value []byte) bool {
	if digits, ok := bytes.CutPrefix(value, []byte{'#'}); ok {
		n, ok := parseHex(digits)
		r.Binding = ledger.SubsID(n)
		return ok && n >= hashed
	}
	n, ok := parseUint(value)
	r.Binding = ledger.SubsID(n + 1)
	return ok && n+1 < hashed
}

// appendDue adds how long after At a call can be executed, or an instant where
// that cannot be said.
func appendDue(b []byte, r *ledger.Record) ([]byte, bool) {
	if dueAfter(r) {
		return strconv.AppendInt(append(b, '+'), r.Due-r.At, 10), true
	}
	return strconv.AppendInt(b, r.Due, 10), true
}

func dueAfter(r *ledger.Record) bool { return r.At > 0 && r.Due >= r.At }

func parseDue(_ *decoder, r *ledger.Record, value []byte) bool {
	after, relative := bytes.CutPrefix(value, []byte{'+'})
	n, ok := parseInt(after)
	if r.Due = n; relative {
		r.Due += r.At // what is too large becomes less than At
	}
	return ok && dueAfter(r) == relative
}

// consentWords are the words of a consent by its bits.
var consentWords = [...]string{"unknown", "released", "duplicates", "another"}

func appendConsent(b []byte, r *ledger.Record) ([]byte, bool) {
	start := len(b)
	for i, word := range consentWords {
		if r.Consent>>i&1 == 0 {
			continue
		}
		if len(b) > start {
			b = append(b, '+')
		}
		b = append(b, word...)
	}
	return b, r.Consent>>len(consentWords) == 0
}

func parseConsent(_ *decoder, r *ledger.Record, value []byte) bool {
	next := 0
	for word := range bytes.SplitSeq(value, []byte{'+'}) {
		for next < len(consentWords) && consentWords[next] != string(word) {
			next++
		}
		if next == len(consentWords) {
			return false
		}
		r.Consent |= 1 << next
		next++
	}
	return true
}

// stateWords are the words of the states; a pending one is left out.
var stateWords = [...]string{
	ledger.Failed: "FAILED", ledger.Unknown: "UNKNOWN", ledger.Bound: "BOUND", ledger.Released: "RELEASED", ledger.Superseded: "SUPERSEDED",
}

func appendState(b []byte, r *ledger.Record) ([]byte, bool) {
	if int(r.State) >= len(stateWords) {
		return b, false
	}
	return append(b, stateWords[r.State]...), true
}

func parseState(_ *decoder, r *ledger.Record, value []byte) bool {
	r.State = ledger.State(max(slices.Index(stateWords[:], string(value)), 0))
	return true // as far as it is one
}

func appendCode(b []byte, r *ledger.Record) ([]byte, bool) {
	return append(b, r.Code...), isWord(r.Code)
}

func parseCode(d *decoder, r *ledger.Record, value []byte) (ok bool) {
	r.Code, ok = d.word(value)
	return ok
}

func isWord(s string) bool { return Word(s) == s }

// Word makes a text one word of a line: a service may send anything, and a
// blank would shift what follows.
func Word(text string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return '_'
		}
		return r
	}, text)
}

func appendBatch(b []byte, r *ledger.Record) ([]byte, bool) {
	return strconv.AppendQuote(b, r.Batch), true
}

func parseBatch(_ *decoder, r *ledger.Record, value []byte) bool {
	text, err := strconv.Unquote(string(value))
	r.Batch = text
	return err == nil && strconv.Quote(text) == string(value)
}
