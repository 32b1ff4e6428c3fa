package input

import (
	"slices"

	"axgbind/batch/field"
	"axgbind/report"
)

// VerdictColumns are the columns that the results file appends to the input's
// own, in its order.
var VerdictColumns = report.ResultColumns(false)

// verdictsLeft is how many of the VerdictColumns make a file without Status or
// SubsId one of results all the same, from which somebody took that column: an
// input may have a few of them by chance.
const verdictsLeft = 6

// failedColumns are the last columns of a file of rows to mend, in its order,
// in each language, and as they were called once.
var failedColumns = [...][]string{
	{"AxgLine", "AxgStatus", "AxgCode", "AxgReason", "AxgAction"},
	report.FailedColumns(report.EN),
	report.FailedColumns(report.ZH),
}

// isVerdictColumn reports whether a header is that of a column of the results.
func isVerdictColumn(header string) bool {
	return slices.ContainsFunc(VerdictColumns, func(name string) bool { return field.Key(name) == field.Unmarked(header) })
}

// excelHeader undoes, in a header, what report.ExcelText did, if the file was
// written with --excel and not saved by a spreadsheet since: then the first of
// our columns is in that form too, which nobody else's file has. After a
// spreadsheet saved the file, there is nothing left to undo.
func excelHeader(header []string) (plain []string, marked bool) {
	for _, lang := range []report.Lang{report.EN, report.ZH} {
		for _, name := range []string{report.FailedColumns(lang)[0], report.Prefix + VerdictColumns[0]} {
			marked = marked || slices.Contains(header, report.ExcelMark(name))
		}
	}
	if !marked {
		return header, false
	}
	plain = slices.Clone(header)
	undoExcel(plain)
	return plain, true
}

// undoExcel does the same in place for the cells of a record.
func undoExcel(all []string) {
	for i, s := range all {
		all[i] = report.ExcelPlain(s)
	}
}

// ColumnLetter names a column as a spreadsheet does: A for 1, Z for 26, AA for
// 27, XFD for 16384. It returns "" below 1.
func ColumnLetter(n int) string {
	var room [16]byte
	at := len(room)
	for ; n > 0; n = (n - 1) / 26 {
		at--
		room[at] = byte('A' + (n-1)%26)
	}
	return string(room[at:])
}
