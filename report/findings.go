package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"path/filepath"
	"strconv"
	"strings"
)

// Finding is one thing found wrong with one row of an input, or put right in
// it. Keys are stable and English; Reason and Action are in the run's language.
// Phone numbers in it are masked.
type Finding struct {
	Severity string `json:"severity"` // error, warning or repaired
	Rule     string `json:"rule"`     // as axgbind explain knows it
	Row      int    `json:"row"`      // data row, from 1; 0 if it is of the header
	Line     int    `json:"line"`     // of the file, from 1, on which the row starts
	Column   string `json:"column"`   // a spreadsheet's letter; "" if no column is at fault
	Header   string `json:"header"`   // of that column
	Field    string `json:"field"`    // the API's name; "" if the column fills no field
	Value    string `json:"value"`    // as it stands; "" if it must not be shown
	Repaired string `json:"repaired"` // what is sent instead
	Code     string `json:"code"`     // what the service would have answered; "" if nothing
	Reason   string `json:"reason"`   // what is wrong, without the place
	Action   string `json:"action"`   // what to do

	Stamp string `json:"stamp,omitempty"` // of the file, in its first line
}

// plain is the finding with what it holds of the input made plain.
func (f *Finding) plain() *Finding {
	p := *f
	for _, s := range []*string{&p.Header, &p.Field, &p.Value, &p.Repaired, &p.Code, &p.Reason, &p.Action} {
		*s = Plain(*s)
	}
	return &p
}

// FindingColumns are the columns of a CSV of findings.
func FindingColumns() []string {
	return []string{"Severity", "Rule", "Row", "Line", "Column", "Header", "Field", "Value", "Repaired", "Code", "Reason", "Action"}
}

// FindingWriter writes findings one by one. What is written may be buffered
// until Flush.
type FindingWriter interface {
	Write(*Finding) error
	Flush() error
}

// NewFindingWriter returns a writer of the form that the ending of path asks
// for: CSV like the results (UTF-8 with BOM), or JSON, one object a line. ok is
// false for any other ending. A stamp becomes the header of a last column
// without cells; in JSON, the first line has it.
func NewFindingWriter(w io.Writer, path, stamp string) (fw FindingWriter, ok bool) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return &findingCSV{w: w, csv: csv.NewWriter(w), stamp: stamp}, true
	case ".jsonl", ".ndjson", ".json":
		l := &findingLines{w: w, stamp: stamp}
		l.e = json.NewEncoder(&l.line)
		l.e.SetEscapeHTML(false)
		return l, true
	}
	return nil, false
}

type findingCSV struct {
	w     io.Writer
	csv   *csv.Writer
	stamp string
	begun bool
}

// Write implements FindingWriter.
func (w *findingCSV) Write(f *Finding) error {
	if err := w.begin(); err != nil {
		return err
	}
	f = f.plain()
	return w.write([]string{
		f.Severity, f.Rule, strconv.Itoa(f.Row), strconv.Itoa(f.Line), f.Column, defuse(f.Header), f.Field,
		defuse(f.Value), defuse(f.Repaired), f.Code, defuse(f.Reason), defuse(f.Action),
	}, "")
}

// Flush implements FindingWriter; the header is written even if there was no
// finding.
func (w *findingCSV) Flush() error {
	if err := w.begin(); err != nil {
		return err
	}
	w.csv.Flush()
	return w.csv.Error()
}

func (w *findingCSV) begin() error {
	if w.begun {
		return nil
	}
	w.begun = true
	if _, err := io.WriteString(w.w, BOM); err != nil {
		return err
	}
	return w.write(FindingColumns(), w.stamp)
}

func (w *findingCSV) write(cells []string, last string) error {
	if w.stamp != "" {
		cells = append(cells, last)
	}
	return w.csv.Write(cells)
}

type findingLines struct {
	w     io.Writer
	line  bytes.Buffer
	e     *json.Encoder // to line
	stamp string        // of the line to come
}

// Write implements FindingWriter.
func (w *findingLines) Write(f *Finding) error {
	line := *f
	line.Stamp, w.stamp = w.stamp, ""
	w.line.Reset()
	if err := w.e.Encode(&line); err != nil {
		return err
	}
	_, err := w.w.Write(seenJSON(w.line.Bytes()))
	return err
}

// Flush implements FindingWriter; lines are not held back.
func (w *findingLines) Flush() error { return nil }

// Severity is how much a finding weighs. A greater one weighs less.
type Severity uint8

const (
	Error    Severity = iota // the row is not sent
	Warning                  // the row is sent, and the service decides
	Repaired                 // the row is sent, with a value that was put right
)

var severityNames = [...]string{"error", "warning", "repaired"}

// String returns the key that stands in files: error, warning or repaired.
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return "unknown"
}

// In returns the word for people.
func (s Severity) In(lang Lang) string {
	switch s {
	case Error:
		return SeverityError.In(lang)
	case Warning:
		return SeverityWarning.In(lang)
	}
	return SeverityRepaired.In(lang)
}
