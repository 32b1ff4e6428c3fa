package books

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
	"axgbind/report"
)

// RunStart tells who began a run, on what, and how.
type RunStart struct {
	Run      string            `json:"run"`
	Batch    string            `json:"batch"` // that it works on
	Version  string            `json:"version"`
	Commit   string            `json:"commit,omitempty"`
	Endpoint string            `json:"endpoint"`          // normalised; "simulator" if embedded
	Input    string            `json:"input"`             // absolute path, numbers masked
	Digest   string            `json:"sha256"`            // of the input's bytes
	Rows     int               `json:"rows"`              // in the input
	Pool     string            `json:"pool"`              // the default pool; blank if only a column names pools
	Results  string            `json:"results"`           // absolute path, numbers masked
	Path     string            `json:"path"`              // PathID of the results' path as it is
	Journal  string            `json:"journal,omitempty"` // absolute path of the journal, numbers masked
	Key      string            `json:"key"`               // AccessKeyId, masked
	User     string            `json:"user"`              // user@host
	Command  string            `json:"command,omitempty"` // bind, reconcile, update or unbind
	Of       string            `json:"of,omitempty"`      // the batch that an update or unbind is about; blank: a list
	Flags    []string          `json:"flags"`
	Fields   map[string]string `json:"fields,omitempty"`    // defaults by field, an Expiration that counts from when a row is sent as its text: with Columns, what it takes to read the rows alike
	Columns  map[string]string `json:"columns,omitempty"`   // fields by column, where --map said so
	Timeout  float64           `json:"timeout_s,omitempty"` // seconds that one call may take
	Start    time.Time         `json:"start"`
}

// relative reports whether rows without an Expiration of their own got one that
// counts from when they are sent.
func (r *RunStart) relative() bool {
	return strings.HasPrefix(r.Fields[field.Expiration.String()], "+")
}

// RunEnd tells how a run ended.
type RunEnd struct {
	Run     string         `json:"run"`
	Status  int            `json:"status"` // exit status
	Stop    string         `json:"stop,omitempty"`
	Cause   string         `json:"cause,omitempty"` // what kept the last calls from the service, as netcause writes it
	Counts  map[string]int `json:"counts"`
	Digest  string         `json:"results_sha256,omitempty"`
	End     time.Time      `json:"end"`
	Service time.Time      `json:"service,omitzero"` // what the service's time had come to, at least
	Calls   int64          `json:"calls"`
	Retries int64          `json:"retries"`

	// Summary is what the run said of itself, so that whoever reads the journal
	// later comes to the same numbers.
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

// Detail is the particulars of a record about a row. An intent holds what a
// binding occupies, so that it can be recognised when its row has left the input;
// an end holds what the service said.
type Detail struct {
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
	Fixed      string `json:"fixed,omitempty"` // what no call changes afterwards; see FixedOf

	Message   string `json:"msg,omitempty"`
	SecretNo  string `json:"no,omitempty"`
	SubsID    string `json:"subs,omitempty"`
	RequestID string `json:"req,omitempty"`
	HTTP      int    `json:"http,omitempty"`
	LatencyMs int64  `json:"ms,omitempty"`
	Undated   bool   `json:"undated,omitempty"` // T is when it was carried in, not when a call left
	Left      int64  `json:"left,omitempty"`    // of an intent and its end in one: when the call left; T is when it ended

	// Of an answer that cannot be relied on: the binding that it names, SubsId and X;
	// the line, and the batch if that is another, which has a binding of this id
	// already.
	Named      string `json:"named,omitempty"`
	Other      int    `json:"other,omitempty"`
	OtherBatch string `json:"other_batch,omitempty"`

	Look    string `json:"look,omitempty"`    // a look-up's verdict
	Created string `json:"created,omitempty"` // when the binding it found was made, Beijing time

	Swept int      `json:"swept,omitempty"` // X numbers that were asked
	More  []string `json:"more,omitempty"`  // bindings that fit as well: SubsId and X
}

// DecodeDetail reads the particulars of a line; they are zero if there are none.
func DecodeDetail(l *journal.Line) (d Detail, err error) {
	if len(l.Detail) > 0 {
		if err = json.Unmarshal(l.Detail, &d); err != nil {
			err = fmt.Errorf("journal: byte %d: %w", l.Record.Ref, err)
		}
	}
	return d, err
}

// Name notes the binding that the answer to a row names.
func (d *Detail) Name(n *Named) {
	if n.SubsID == "" && n.SecretNo == "" {
		return
	}
	d.Named, d.Other, d.OtherBatch = strings.TrimSpace(n.SubsID+" "+n.SecretNo), n.Line, n.Batch
}

// Renewal returns what must change of the binding that an earlier row made for
// it to be the one that a row asks for, in the order of the calls: Expiration
// first, since it is what cannot wait. ok is false if UpdateSubscription cannot
// make it so: another X, or a B to be taken away. What no call of ours
// changes (city, order id, tones, speech recognition) stays as it was when the
// binding was made.
func Renewal(old *Detail, secretNo string, f *[field.NumFields]string) (changes []aliyun.Operate, ok bool) {
	if x := f[field.PhoneNoX]; x != "" && x != secretNo {
		return nil, false
	}
	if f[field.PhoneNoB] == "" && old.PhoneNoB != "" {
		return nil, false
	}
	for _, u := range Updatable {
		if u.What != aliyun.UpdateGroup && old.Differs(u.What, f) && !(u.What == aliyun.UpdateOutID && f[field.OutID] == "") {
			changes = append(changes, u.What)
		}
	}
	return changes, true
}

// Differs reports whether a change to what a row says would change a binding with these
// values.
func (d *Detail) Differs(what aliyun.Operate, f *[field.NumFields]string) bool {
	i := slices.IndexFunc(Updatable[:], func(u updatable) bool { return u.What == what })
	want, have := f[Updatable[i].field], *Updatable[i].Value(d)
	switch what {
	case aliyun.UpdateRecording:
		return (want == "true") != (have == "true")
	case aliyun.UpdateCallRestrict:
		return Restriction(want) != Restriction(have)
	}
	return want != have
}

// Has reports whether a binding with these values and an X has all values of a row.
// One that the row does not name may be any X.
func (d *Detail) Has(secretNo string, f *[field.NumFields]string) bool {
	changes, ok := Renewal(d, secretNo, f)
	return ok && len(changes) == 0 && d.OutID == f[field.OutID] && d.Fixed == FixedOf(f)
}

// fixed are the fields of a binding that no call changes once it is made, and that
// no look-up shows for certain.
var fixed = [...]field.Field{field.ExpectCity, field.OutOrderID, field.CallDisplayType, field.ASRStatus, field.ASRModelID, field.RingConfig}

// UnknownFixed stands for the fixed fields of a binding that others made: no row
// has these.
const UnknownFixed = "?"

// FixedOf is the fixed fields of a row in short: 16 hexadecimal digits, blank if the
// row has none.
func FixedOf(f *[field.NumFields]string) string {
	var values [len(fixed)]string
	for i, field := range fixed {
		values[i] = f[field]
	}
	if values == [len(fixed)]string{} {
		return ""
	}
	sum := input.Digest("axgbind fixed v1", values[:]...)
	return hex.EncodeToString(sum[:8])
}

// ClearRestrict takes a restriction of calls away.
const ClearRestrict = "CONTROL_CLEAR_DISABLE"

// Restriction is a restriction of calls, blank if there is none.
func Restriction(s string) string {
	if s == ClearRestrict {
		return ""
	}
	return s
}

// Sentence joins texts of aliyun's table.
func Sentence(lang report.Lang, texts ...aliyun.Text) string {
	var parts []string
	for _, t := range texts {
		s := t.EN
		if lang == report.ZH {
			s = t.ZH
		}
		if s != "" {
			parts = append(parts, s)
		}
	}
	if lang == report.ZH {
		return strings.Join(parts, "")
	}
	return strings.Join(parts, " ")
}

// MayBeDone reports whether a call for a row with a status and code may be done though
// the row is PENDING: a change or a release, which can be made again.
func MayBeDone(status report.Status, code string) bool {
	return status == report.Pending && (code == aliyun.CodeReleaseBegun || code != "" && aliyun.Lookup(code).Class == aliyun.Ambiguous)
}

// SaysGone reports whether a refused update means that there is no such binding
// any more: it lapsed or was released.
func SaysGone(code string) bool {
	return code == aliyun.CodeSubsNotExist || code == aliyun.CodeForbiddenAction
}

// Updatable are the fields that UpdateSubscription can change, in the order of
// the calls: Expiration first, since it is what cannot wait.
var Updatable = [...]updatable{
	{field.Expiration, aliyun.UpdateExpire, func(d *Detail) *string { return &d.Expiration }},
	{field.PhoneNoB, aliyun.UpdateNoB, func(d *Detail) *string { return &d.PhoneNoB }},
	{field.GroupID, aliyun.UpdateGroup, func(d *Detail) *string { return &d.GroupID }},
	{field.IsRecordingEnabled, aliyun.UpdateRecording, func(d *Detail) *string { return &d.Recording }},
	{field.CallRestrict, aliyun.UpdateCallRestrict, func(d *Detail) *string { return &d.Restrict }},
	{field.OutID, aliyun.UpdateOutID, func(d *Detail) *string { return &d.OutID }},
}

type updatable struct {
	field field.Field
	What  aliyun.Operate
	Value func(*Detail) *string // where the particulars of a record have it
}

// ParseChanges returns what is to be changed of bindings when fields of these
// names are, in the order of the calls.
func ParseChanges(names []string) (changes []aliyun.Operate, fields []field.Field, err error) {
	var known []string
	for _, u := range Updatable {
		known = append(known, u.field.String())
	}
	wanted := map[field.Field]bool{}
	for _, name := range names {
		f, err := field.Parse(name)
		if err != nil || !slices.Contains(known, f.String()) {
			return nil, nil, fmt.Errorf("%q: %s", name, strings.Join(known, " | "))
		}
		wanted[f] = true
	}
	for _, u := range Updatable {
		if wanted[u.field] {
			changes, fields = append(changes, u.What), append(fields, u.field)
		}
	}
	return changes, fields, nil
}

// FieldOf is the field whose value a change takes.
func FieldOf(what aliyun.Operate) field.Field {
	for _, u := range Updatable {
		if u.What == what {
			return u.field
		}
	}
	return field.NumFields
}

// Named is a binding that an answer names without being an answer to rely on. The
// zero value is none.
type Named struct {
	SubsID, SecretNo string
	Line             int    // of the row that has a binding of this SubsId already; 0 if none has
	Batch            string // of that row, if it is of another; else blank
}

// RescueLine says of a row at a line what a journal could not take: how its call ended, its
// code, and the ids of its binding, each one word.
func RescueLine(line int, kind ledger.Kind, code, subsID, requestID string) string {
	return report.Plain(fmt.Sprintf("rescue: line=%d end=%s code=%s subs_id=%s request_id=%s",
		line, kind, word(code), word(subsID), word(requestID)))
}

// IDText is a SubsId that is known by its number alone; blank if that is a hash.
func IDText(id ledger.SubsID) string {
	if id == 0 || id>>63 > 0 {
		return ""
	}
	return strconv.FormatUint(uint64(id)-1, 10)
}

// word is a text as one word of a line, "-" if it is blank.
func word(s string) string { return cmp.Or(journal.Word(s), "-") }
