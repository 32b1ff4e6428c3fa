package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// BOM is written first, so that Excel takes the file for UTF-8.
const BOM = "\ufeff"

// Beijing is the zone of every time a person reads or writes in a file of
// ours, whatever the machine's own zone is. China has had no other offset and
// no summer time since 1991.
var Beijing = time.FixedZone("UTC+8", 8*60*60)

// The columns that follow the input's own in a results file, in their order.
const (
	ColumnLine = iota
	ColumnStatus
	ColumnCode
	ColumnMessage
	ColumnReason
	ColumnAction
	ColumnSecretNo
	ColumnSubsID
	ColumnRequestID
	ColumnAttempts
	ColumnLatencyMs
	ColumnFinishedAt

	NumColumns // how many there are
)

var resultColumns = [NumColumns]string{
	"Line", "Status", "Code", "Message", "Reason", "Action",
	"SecretNo", "SubsId", "RequestId", "Attempts", "LatencyMs", "FinishedAt",
}

// Prefix stands before all result columns if the input has a column of such a name.
const Prefix = "Axg"

// ResultColumns returns the names of the columns a results file adds, in
// order; with Prefix before each if prefixed is set.
func ResultColumns(prefixed bool) []string {
	names := append([]string(nil), resultColumns[:]...)
	if prefixed {
		for i := range names {
			names[i] = Prefix + names[i]
		}
	}
	return names
}

// FailedColumns returns the names of the columns that a file of failed rows
// adds behind the input's own. People read that file, so they are in their
// language; those of the results, which programs read, are not.
func FailedColumns(lang Lang) []string {
	if lang == ZH {
		return []string{"行号", "状态", "错误码", "原因", "处理办法"}
	}
	return []string{"Line", "Status", "Code", "Reason", "Action"}
}

// Writer writes results as CSV: UTF-8 with BOM, LF, input columns first.
type Writer struct {
	// Excel writes for Excel and WPS: CRLF, and every cell in the form of
	// ExcelText. Set it before the first Write.
	Excel bool
	// Bindings adds, behind all else, the columns that name a row's binding. A
	// file of failed rows needs them when the rows are to change bindings and
	// the input's own columns do not name these. Set it before the first Write.
	Bindings bool
	// Stamp is the header of a column without cells behind those of a failed row,
	// if it is not blank: a file that people correct tells by it whether they have.
	// Set it before the first Write.
	Stamp string

	csv   *csv.Writer
	w     io.Writer
	begun bool
	head  []string
	own   int // columns of the input's own
	row   func(*Record, []string) []string
	cells []string
}

// NewWriter returns a Writer of the full results of an input with the given header.
func NewWriter(w io.Writer, header []string, prefixed bool) *Writer {
	return &Writer{csv: csv.NewWriter(w), w: w, head: join(header, ResultColumns(prefixed)), own: len(header), row: appendResult}
}

// NewFailedWriter returns a Writer for rows that a person corrects and feeds
// back: the input's own columns, and why each row is here.
func NewFailedWriter(w io.Writer, header []string, lang Lang) *Writer {
	return &Writer{csv: csv.NewWriter(w), w: w, head: join(header, FailedColumns(lang)), own: len(header), row: appendFailed}
}

func join(a, b []string) []string { return append(append([]string(nil), a...), b...) }

// Write adds one record. Errors of the underlying writer may show only at Flush.
func (w *Writer) Write(r *Record) error {
	if err := w.begin(); err != nil {
		return err
	}
	w.cells = append(w.cells[:0], r.Input...)
	w.cells = w.row(r, w.cells)
	if w.Stamp != "" {
		w.cells = append(w.cells, "")
	}
	if w.Bindings {
		w.cells = append(w.cells, id(r.SecretNo), id(r.SubsID))
	}
	if w.Excel {
		for i, s := range w.cells {
			w.cells[i] = ExcelText(s)
		}
	}
	return w.csv.Write(w.cells)
}

// Flush writes what is buffered, the header too if there was no record.
func (w *Writer) Flush() error {
	if err := w.begin(); err != nil {
		return err
	}
	w.csv.Flush()
	return w.csv.Error()
}

func (w *Writer) begin() error {
	if w.begun {
		return nil
	}
	w.begun = true
	if w.Stamp != "" {
		w.head = append(w.head, w.Stamp)
	}
	if w.Bindings {
		w.head = append(w.head, "SecretNo", "SubsId")
	}
	if _, err := io.WriteString(w.w, BOM); err != nil {
		return err
	}
	if w.Excel {
		w.csv.UseCRLF = true
		for i, s := range w.head {
			if w.head[i] = ExcelText(s); i == w.own {
				w.head[i] = ExcelMark(s)
			}
		}
	}
	return w.csv.Write(w.head)
}

func appendResult(r *Record, cells []string) []string {
	latency, finished := "", ""
	if r.Attempts > 0 && !r.FinishedAt.IsZero() {
		latency = strconv.FormatInt(r.LatencyMs, 10)
		finished = r.FinishedAt.In(Beijing).Format(time.RFC3339)
	}
	return append(cells, strconv.Itoa(r.Line), r.Status.String(), id(r.Code), defuse(clipped(r.Message)), defuse(r.Reason),
		defuse(r.Action), id(r.SecretNo), id(r.SubsID), id(r.RequestID), strconv.Itoa(r.Attempts), latency, finished)
}

func appendFailed(r *Record, cells []string) []string {
	return append(cells, strconv.Itoa(r.Line), r.Status.String(), id(r.Code), defuse(r.Reason), defuse(r.Action))
}

// id is a code or an id in a cell. Those of the service are letters, digits and
// a few signs; anything else came in with a file that somebody changed, and is
// no more to be trusted than free text.
func id(s string) string {
	s = clipped(s)
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && !(i > 0 && strings.IndexByte("._-:", c) >= 0) {
			return defuse(s)
		}
	}
	return s
}

// defuse keeps a spreadsheet from running text as a formula: a leading
// apostrophe makes it text (OWASP, "CSV injection"), blanks before it and signs of
// full width included. Only free text that we or the service wrote is treated,
// and made plain: a CSV is also looked at in a terminal. The input's own cells
// stay as they are.
func defuse(s string) string {
	s = Plain(s)
	if r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " ")); strings.ContainsRune("=+-@＝＋－＠", r) {
		return "'" + s
	}
	return s
}
