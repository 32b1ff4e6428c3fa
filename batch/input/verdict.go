package input

import (
	"strconv"
	"strings"

	"axgbind/aliyun"
	"axgbind/batch/rules"
	"axgbind/report"
)

// SimulatedMark begins the Message of every row that was sent to a simulator,
// so that its results are known for what they are wherever they go.
const SimulatedMark = "[simulated]"

// Verdict is what a results file says of one of its rows. The texts are those
// of the file, but for a Status that can be read: that is as we write it. A number
// that cannot be read is 0.
type Verdict struct {
	Status, Code, Message, SecretNo, SubsID, RequestID string

	Line           int    // of the input the results were made from
	Reason, Action string // cause and cure, in the language of their run

	Attempts   int    // calls over all runs
	LatencyMs  int64  // of the last attempt, in milliseconds
	FinishedAt string // RFC 3339
}

// readVerdict returns what the result columns of a record say, or nil if they
// are all empty, for a row added to the file by hand, or are their own headers, for
// files were joined.
func (l *layout) readVerdict(all []string) *Verdict {
	var t [report.NumColumns]string
	empty := true
	for i, col := range l.verdict {
		if col < 0 {
			continue
		}
		if t[i] = trim(all[col]); i == report.ColumnSecretNo || i == report.ColumnSubsID {
			t[i] = readID(t[i])
		}
		empty = empty && t[i] == ""
	}
	if empty || t[report.ColumnStatus] == trim(l.header[l.verdict[report.ColumnStatus]]) {
		return nil
	}
	v := &Verdict{Status: t[report.ColumnStatus], Code: t[report.ColumnCode], Message: t[report.ColumnMessage], SecretNo: t[report.ColumnSecretNo], SubsID: t[report.ColumnSubsID], RequestID: t[report.ColumnRequestID], FinishedAt: t[report.ColumnFinishedAt]}
	if status, ok := report.ReadStatus(v.Status); ok {
		v.Status = status.String()
	}
	v.Reason, v.Action = t[report.ColumnReason], t[report.ColumnAction]
	v.Line, _ = strconv.Atoi(t[report.ColumnLine])
	v.Attempts, _ = strconv.Atoi(t[report.ColumnAttempts])
	v.LatencyMs, _ = strconv.ParseInt(t[report.ColumnLatencyMs], 10, 64)
	return v
}

// readID reads an X number or the id of a binding as a group is read; what a spreadsheet
// rounded stays as it is, to be found.
func readID(s string) string {
	if s = trim(s); Digits(s) {
		return s
	}
	read, _ := within(ascii(s))
	if whole, ok := wholeNumber(read); ok {
		return whole
	}
	if Digits(read) {
		return read
	}
	return s
}

// Standing is where the row stands by the file. ok is false if that cannot be told,
// though a call may have been made for the row: its Status cannot be read, or says
// that the row is not bound where its Code says that it is. A row is UNKNOWN whatever
// its Status says if its code says so, and it names no binding.
func (v *Verdict) Standing() (status report.Status, ok bool) {
	status, ok = report.ParseStatus(v.Status)
	class := aliyun.Done
	switch v.Code {
	case aliyun.CodeOK:
	case "":
		class = aliyun.RowRefused
	default:
		class = aliyun.Lookup(v.Code).Class
	}
	unsent := ok && (status == report.Invalid || status == report.Held)
	switch {
	case class == aliyun.Ambiguous && v.SubsID == "" && !(unsent && !aliyun.Known(v.Code)):
		return report.Unknown, true
	case ok && status.Lasts():
		return status, true
	case ok:
		return status, class != aliyun.Done
	}
	return report.Pending, !v.tellsOfCall()
}

// tellsOfCall reports whether cells besides the Status say that a call was made.
func (v *Verdict) tellsOfCall() bool {
	return v.Code != "" || v.SecretNo != "" || v.SubsID != "" || v.RequestID != "" || v.FinishedAt != "" || v.Attempts > 0
}

// HeldBack reports whether the row was held back for what was known then: of its place,
// or of itself.
func (v *Verdict) HeldBack() bool {
	return v.Code == aliyun.CodeStillBound || v.Code == aliyun.CodeEditedAfterSend || v.Code == aliyun.CodeUnproven
}

// Counts reports whether what the file says of the row must not get lost: it is bound,
// or may be.
func (v *Verdict) Counts() bool {
	status, ok := v.Standing()
	return !ok || status.Lasts() || v.SubsID != "" && v.Code != aliyun.CodeBindConflict
}

// Simulated reports whether the input carries verdicts of a simulated service.
func (in *Input) Simulated() (bool, error) {
	return in.anyVerdict(func(v *Verdict) bool { return strings.HasPrefix(v.Message, SimulatedMark) })
}

// anyVerdict is Any for the verdicts of a results file; others have none.
func (in *Input) anyVerdict(is func(*Verdict) bool) (bool, error) {
	if !in.IsResults() {
		return false, nil
	}
	return in.Any(func(row *Row) bool { return row.Verdict != nil && is(row.Verdict) })
}

// DamagedVerdict looks whether the ids that a results file brings back are
// whole: a spreadsheet rounds them when it saves, all of a column. So where another
// row has a SubsId that was not rounded, one that ends in zeros does so by chance.
func (in *Input) DamagedVerdict(v *Verdict) (*Fault, bool) {
	l := in.layout
	for _, id := range []struct {
		at   int // in verdictColumns
		text string
	}{{report.ColumnSecretNo, v.SecretNo}, {report.ColumnSubsID, v.SubsID}} {
		if !RoundedID(id.text) || id.at == report.ColumnSubsID && Digits(id.text) && in.keepsIDs() {
			continue
		}
		f := RowFault(rules.SubsID, VerdictColumns[id.at]).in(l, l.verdict[id.at])
		return &f, true
	}
	return nil, false
}

// keepsIDs reports whether no spreadsheet had the column of the SubsIds: a verdict of
// the input has one that would have been rounded, and none is in scientific notation.
func (in *Input) keepsIDs() bool {
	if in.kept == nil {
		whole := false
		changed, err := in.anyVerdict(func(v *Verdict) bool {
			whole = whole || len(v.SubsID) > 15 && Digits(v.SubsID) && RoundedDigits(v.SubsID) == 0
			_, _, is := Scientific(v.SubsID)
			return is
		})
		kept := whole && !changed && err == nil
		in.kept = &kept
	}
	return *in.kept
}

// RoundedID reports whether an id is what a spreadsheet made of several.
func RoundedID(id string) bool {
	kept, all, ok := Scientific(id)
	return ok && kept < all || RoundedDigits(id) > 0
}
