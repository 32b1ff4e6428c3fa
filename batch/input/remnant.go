package input

import (
	"regexp"
	"slices"
	"strings"

	"axgbind/report"
)

// refuseRemnant refuses an input whose rows tell that it is a results file, of which
// somebody took out or renamed the columns that tell.
func (in *Input) refuseRemnant() error {
	if in.layout.isResults || in.layout.failed {
		return nil
	}
	most := 0 // rows to look at for those under other headers
	if !in.layout.numbers && len(in.layout.own) >= in.layout.filled+3 {
		most = renamedRows
	}
	if most == 0 && in.layout.maybe == nil {
		return nil
	}
	lacks, renamed, rows := "", false, 0
	_, err := in.Any(func(row *Row) bool {
		if in.layout.maybe != nil {
			lacks = in.layout.maybe.lacks(func(column int) string { return row.Record[slices.Index(in.layout.own, column)] })
		}
		rows++
		renamed = rows <= most && in.layout.renamed(row.Record)
		return lacks != "" || renamed || in.layout.maybe == nil && rows >= most
	})
	switch {
	case err != nil:
		return err
	case lacks != "":
		return in.layout.refuse("results-cut", lacks)
	case renamed:
		return in.layout.refuse("results-renamed")
	}
	return nil
}

// renamedRows is how many rows are looked at for those of results under other headers.
const renamedRows = 1000

// requestID is the form of a RequestId, as every answer of the service has one.
var requestID = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// renamed reports whether a row's own cells hold what only the results of a bound row hold
// together, in three columns that fill no field: that it is bound, the id of a binding,
// and the id of a request.
func (l *layout) renamed(record []string) bool {
	var bound, binding, request bool
	for i, column := range l.own {
		if l.fieldNames[column] != "" {
			continue
		}
		cell := record[i]
		status, ok := report.ReadStatus(cell)
		bound = bound || ok && status == report.Bound
		binding = binding || isSubsID(cell)
		request = request || requestID.MatchString(cell)
	}
	return bound && binding && request
}

// isSubsID reports whether a cell reads like the id of a binding, however a spreadsheet
// shows it.
func isSubsID(cell string) bool {
	id := strings.Trim(cell, `'"= `)
	return len(id) >= leastID && (Digits(id) || RoundedID(id))
}

// noteRemnant notes what is left of a results file's columns, under one of our two names.
func (l *layout) noteRemnant(prefix string, at verdictPlaces, there int) {
	status, x, id := at[report.ColumnStatus], at[report.ColumnSecretNo], at[report.ColumnSubsID]
	switch {
	case l.cut != "":
	case there >= verdictsLeft && id < 0:
		l.cut = prefix + VerdictColumns[report.ColumnSubsID]
	case there >= verdictsLeft, x >= 0 && id >= 0:
		l.cut = prefix + VerdictColumns[report.ColumnStatus]
	case l.maybe == nil && (status >= 0 || id >= 0): // what stands in it will tell
		l.maybe = &remnant{prefix, status, id}
	}
}

// remnant is a column that may be all that is left of a results file's: its statuses or
// its SubsIds; the other is -1. It may as well be the input's own.
type remnant struct {
	prefix         string
	status, subsID int
}

// lacks is the column that a results file lacks of which a record is, by what stands in
// its cells; blank if it need not be one.
func (r *remnant) lacks(cell func(column int) string) string {
	if r.subsID >= 0 {
		if isSubsID(cell(r.subsID)) {
			return r.prefix + VerdictColumns[report.ColumnStatus]
		}
		return ""
	}
	if status, ok := report.ReadStatus(cell(r.status)); ok && status.Lasts() {
		return r.prefix + VerdictColumns[report.ColumnSubsID]
	}
	return ""
}

// leastID is how many characters an id of a binding has at least, however a spreadsheet
// shows it.
const leastID = 5
