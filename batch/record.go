package batch

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"axgbind/batch/input"
	"axgbind/batch/journal"
	"axgbind/report"
)

// RunStart tells who began a run, on what, and how. It pins nothing.
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

// Verb is the command of a run.
func (r *RunStart) Verb() string { return r.Command }

// relative reports whether rows without an Expiration of their own got one that
// counts from when they are sent.
func (r *RunStart) relative() bool {
	return strings.HasPrefix(r.Fields[input.Expiration.String()], "+")
}

// RunEnd tells how a run ended.
type RunEnd struct {
	Run     string         `json:"run"`
	Status  int            `json:"status"` // exit status
	Stop    string         `json:"stop,omitempty"`
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

// detail is the particulars of a record about a row. An intent holds what a
// binding occupies, so that it can be recognised when its row has left the input;
// an end holds what the service said.
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
	Fixed      string `json:"fixed,omitempty"` // what no call changes afterwards; see fixedOf

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

// decodeDetail reads the particulars of a line; they are zero if there are none.
func decodeDetail(l *journal.Line) (d detail, err error) {
	if len(l.Detail) > 0 {
		if err = json.Unmarshal(l.Detail, &d); err != nil {
			err = fmt.Errorf("journal: byte %d: %w", l.Record.Ref, err)
		}
	}
	return d, err
}
