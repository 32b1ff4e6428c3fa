package batch

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"strings"
	"time"

	"axgbind/report"
)

// A journal is lines of text, one record each:
//
//	CRC KIND ...\n
//
// CRC is the Castagnoli CRC-32 of everything between the space behind it and
// the newline, as 8 hexadecimal digits. The kinds:
//
//	J {Header}                           first line of the file
//	R {RunStart}                         a run begins
//	I KEY ATTEMPT {detail}               an intent: this call is about to leave
//	U KEY ATTEMPT OF {detail}            the same of a call that may be repeated: it changes the binding of row OF
//	D KEY ATTEMPT OF {detail}            the same of a call that releases the binding of row OF
//	W KEY ATTEMPT                        that call was withdrawn; it never left
//	O KEY ATTEMPT STATUS CODE {detail}   how the call ended, and where the row stands now
//	L KEY STATUS CODE {detail}           what a look-up showed of a call whose answer was lost
//	C KEY STATUS CODE {detail}           a verdict carried in by a results file given as input
//	S {Sample}                           one second of a run, in numbers
//	E {RunEnd}                           a run ended in good order
//
// What resuming needs stands before the JSON, so that a million rows are read
// back without decoding any.
type kind byte

const (
	kindHeader    kind = 'J'
	kindRun       kind = 'R'
	kindIntent    kind = 'I'
	kindUpdate    kind = 'U'
	kindRelease   kind = 'D'
	kindWithdrawn kind = 'W'
	kindOutcome   kind = 'O'
	kindLook      kind = 'L'
	kindCarried   kind = 'C'
	kindSample    kind = 'S'
	kindEnd       kind = 'E'
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Header is pinned: a journal serves one endpoint, and is simulated or real.
type Header struct {
	Format    string    `json:"format"`   // always "axgbind journal"
	Version   int       `json:"version"`  // of the lines' syntax
	Identity  int       `json:"identity"` // IdentityVersion with which keys were computed
	Endpoint  string    `json:"endpoint"` // normalised; "simulator" if embedded
	Simulated bool      `json:"simulated"`
	Created   time.Time `json:"created"`
	Compacted time.Time `json:"compacted,omitzero"`
}

const (
	journalFormat  = "axgbind journal"
	journalVersion = 1
)

// RunStart tells who began a run, on what, and how. It pins nothing.
type RunStart struct {
	Run      string            `json:"run"`
	Version  string            `json:"version"`
	Commit   string            `json:"commit,omitempty"`
	Input    string            `json:"input"`             // file name without folder
	Digest   string            `json:"sha256"`            // of the input's bytes
	Rows     int               `json:"rows"`              // in the input
	Pool     string            `json:"pool"`              // the default pool; blank if only a column names pools
	Results  string            `json:"results"`           // file name without folder: the job's name
	Key      string            `json:"key"`               // AccessKeyId, masked
	User     string            `json:"user"`              // user@host
	Command  string            `json:"command,omitempty"` // bind, reconcile, update or unbind
	Flags    []string          `json:"flags"`
	Defaults map[string]string `json:"defaults,omitempty"`  // what relative defaults were resolved to: "Expiration=+30d" -> the instant
	Fields   map[string]string `json:"fields,omitempty"`    // defaults by field: with Columns, what it takes to read the rows alike
	Columns  map[string]string `json:"columns,omitempty"`   // fields by column, where --map said so
	Timeout  float64           `json:"timeout_s,omitempty"` // seconds that one call may take
	Start    time.Time         `json:"start"`
}

// Verb is the command of a run; early journals tell it by their flags alone.
func (r *RunStart) Verb() string {
	if r.Command == "" && len(r.Flags) > 0 {
		return r.Flags[0]
	}
	return r.Command
}

// RunEnd tells how a run ended.
type RunEnd struct {
	Run     string         `json:"run"`
	Status  int            `json:"status"` // exit status
	Stop    string         `json:"stop,omitempty"`
	Counts  map[string]int `json:"counts"`
	Digest  string         `json:"results_sha256,omitempty"`
	End     time.Time      `json:"end"`
	Calls   int64          `json:"calls"`
	Retries int64          `json:"retries"`

	// Summary is what the run said of itself, so that whoever reads the journal
	// later comes to the same numbers; nil in journals of versions that did not
	// record it.
	Summary *report.Summary `json:"summary,omitempty"`
}

// Sample is one second of a run.
type Sample struct {
	T         int64   `json:"t"` // Unix milliseconds
	Calls     int64   `json:"calls"`
	Rate      float64 `json:"rate"` // the limit in force, calls/s
	Throttled int64   `json:"throttled"`
	InFlight  int     `json:"in_flight"`
	P50       float64 `json:"p50"` // ms, over the whole run
	P99       float64 `json:"p99"`
	Ceiling   float64 `json:"ceiling,omitempty"` // the rate that was throttled last, calls/s
}

// detail is the JSON of intents, outcomes and carried verdicts. An intent
// holds what a binding occupies, so that it can be recognised when its row has
// left the input; an outcome holds what the service said.
type detail struct {
	T          int64  `json:"t,omitempty"` // Unix milliseconds
	Line       int    `json:"line,omitempty"`
	PoolKey    string `json:"pool,omitempty"`
	PhoneNoA   string `json:"a,omitempty"`
	PhoneNoB   string `json:"b,omitempty"`
	PhoneNoX   string `json:"x,omitempty"`
	GroupID    string `json:"g,omitempty"`
	Expiration string `json:"exp,omitempty"`
	Recording  string `json:"rec,omitempty"`
	Restrict   string `json:"cr,omitempty"`
	OutID      string `json:"out,omitempty"`

	Message   string `json:"msg,omitempty"`
	SecretNo  string `json:"no,omitempty"`
	SubsID    string `json:"subs,omitempty"`
	RequestID string `json:"req,omitempty"`
	HTTP      int    `json:"http,omitempty"`
	LatencyMs int64  `json:"ms,omitempty"`
	Attempts  int    `json:"tries,omitempty"`   // carried verdicts only
	Undated   bool   `json:"undated,omitempty"` // T is when it was carried, not when a call left

	// Of an answer that cannot be relied on: the binding that it names, SubsId and X;
	// whether that X is another than the row's; the line, and the batch if that is
	// another, which has a binding of this id already.
	Named      string `json:"named,omitempty"`
	Elsewhere  bool   `json:"elsewhere,omitempty"`
	Other      int    `json:"other,omitempty"`
	OtherBatch string `json:"other_batch,omitempty"`

	Look    string `json:"look,omitempty"`    // a look-up's verdict
	Created string `json:"created,omitempty"` // when the binding it found was made, Beijing time

	Swept int      `json:"swept,omitempty"` // X numbers that were asked
	More  []string `json:"more,omitempty"`  // bindings that fit as well: SubsId and X
}

// appendLine adds one record to b: head is all between CRC and JSON, v the
// JSON or nil.
func appendLine(b []byte, k kind, head []byte, v any) ([]byte, error) {
	start := len(b)
	b = append(b, "00000000 "...)
	b = append(b, byte(k))
	if len(head) > 0 {
		b = append(b, ' ')
		b = append(b, head...)
	}
	if v != nil {
		text, err := json.Marshal(v)
		if err != nil {
			return b[:start], fmt.Errorf("journal record: %w", err)
		}
		b = append(b, ' ')
		b = append(b, text...)
	}
	sum := crc32.Checksum(b[start+9:], castagnoli)
	hex.Encode(b[start:start+8], []byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)})
	return append(b, '\n'), nil
}

// line is one record as it stands in the journal, its JSON still text.
type line struct {
	kind    kind
	key     Key
	attempt uint16
	of      Key // of an update or release: whose binding it is
	status  report.Status
	code    string
	detail  []byte
}

// decode reads the detail of a record; it is zero if there is none.
func (l *line) decode() (d detail, err error) {
	if len(l.detail) > 0 {
		err = json.Unmarshal(l.detail, &d)
	}
	return d, err
}

var (
	errShortLine = errors.New("shorter than a checksum")
	errChecksum  = errors.New("checksum does not match")
)

// verify checks the CRC of a line without its newline and returns what it covers.
func verify(text []byte) ([]byte, error) {
	if len(text) < 10 || text[8] != ' ' {
		return nil, errShortLine
	}
	var sum [4]byte
	if _, err := hex.Decode(sum[:], text[:8]); err != nil {
		return nil, errChecksum
	}
	want := uint32(sum[0])<<24 | uint32(sum[1])<<16 | uint32(sum[2])<<8 | uint32(sum[3])
	if crc32.Checksum(text[9:], castagnoli) != want {
		return nil, errChecksum
	}
	return text[9:], nil
}

// parseLine reads what appendLine wrote, without the newline.
func parseLine(text []byte) (line, error) {
	body, err := verify(text)
	if err != nil {
		return line{}, err
	}
	l := line{kind: kind(body[0])}
	rest := body[1:]
	next := func() string {
		rest = bytes.TrimPrefix(rest, []byte{' '})
		word := rest
		if i := bytes.IndexByte(rest, ' '); i >= 0 {
			word, rest = rest[:i], rest[i:]
		} else {
			rest = nil
		}
		return string(word)
	}
	switch l.kind {
	case kindHeader, kindRun, kindSample, kindEnd:
	case kindIntent, kindUpdate, kindRelease, kindWithdrawn, kindOutcome, kindLook, kindCarried:
		if l.key, err = ParseKey(next()); err != nil {
			return line{}, err
		}
		if l.kind != kindCarried && l.kind != kindLook {
			n, err := strconv.ParseUint(next(), 10, 16)
			if err != nil {
				return line{}, fmt.Errorf("attempt: %w", err)
			}
			l.attempt = uint16(n)
		}
		if l.kind == kindUpdate || l.kind == kindRelease {
			if l.of, err = ParseKey(next()); err != nil {
				return line{}, err
			}
		}
		if l.kind == kindOutcome || l.kind == kindLook || l.kind == kindCarried {
			status, ok := report.ParseStatus(next())
			if !ok {
				return line{}, errors.New("no such status")
			}
			l.status, l.code = status, next()
			if l.code == "-" {
				l.code = ""
			}
		}
	default:
		return line{}, fmt.Errorf("record of kind %q, which this version does not know", body[0])
	}
	l.detail = bytes.TrimPrefix(rest, []byte{' '})
	return l, nil
}

// head is what stands between kind and JSON of a record about one attempt.
func attemptHead(key Key, attempt uint16) []byte {
	b := key.append(make([]byte, 0, 96))
	b = append(b, ' ')
	return strconv.AppendUint(b, uint64(attempt), 10)
}

func appendVerdict(b []byte, status report.Status, code string) []byte {
	b = append(b, ' ')
	b = append(b, status.String()...)
	b = append(b, ' ')
	return append(b, codeWord(code)...)
}

// codeWord makes a code one word of a line: a service may send anything, and a
// blank would shift what follows.
func codeWord(code string) string {
	if code == "" {
		return "-"
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return '_'
		}
		return r
	}, code)
}
