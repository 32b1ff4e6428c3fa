package input

import (
	"slices"
	"strconv"
	"strings"

	"axgbind/report"
)

// excelHeader undoes, in a header, what report.ExcelText did, if the file was
// written with --excel and not saved by a spreadsheet since: then the first of
// our columns is in that form too, which nobody else's file has. After a
// spreadsheet saved the file, there is nothing left to undo.
func excelHeader(header []string) (plain []string, marked bool) {
	for _, lang := range []report.Lang{report.EN, report.ZH} {
		for _, name := range []string{report.FailedColumns(lang)[0], VerdictPrefix + VerdictColumns[0]} {
			marked = marked || slices.Contains(header, report.ExcelMark(name))
		}
	}
	if !marked {
		return header, false
	}
	plain = make([]string, len(header))
	for i, h := range header {
		plain[i] = ExcelPlain(h)
	}
	return plain, true
}

// undoExcel does the same for the cells of a record.
func undoExcel(all []string) {
	for i, s := range all {
		all[i] = ExcelPlain(s)
	}
}

// ExcelPlain undoes report.ExcelText. A cell that is not in that form stays as
// it is.
func ExcelPlain(s string) string {
	if rest, long := strings.CutPrefix(s, "'"); long {
		return rest
	}
	rest, ok := strings.CutPrefix(s, "=")
	if !ok {
		return s
	}
	b := &strings.Builder{}
	for {
		switch {
		case strings.HasPrefix(rest, `"`):
			text := rest[1:]
			for {
				i := strings.IndexByte(text, '"')
				if i < 0 {
					return s
				}
				b.WriteString(text[:i])
				if text = text[i+1:]; !strings.HasPrefix(text, `"`) {
					break
				}
				b.WriteByte('"')
				text = text[1:]
			}
			rest = text
		case strings.HasPrefix(rest, "CHAR("):
			number, after, ok := strings.Cut(rest[len("CHAR("):], ")")
			n, err := strconv.ParseUint(number, 10, 5) // below 32
			if !ok || err != nil {
				return s
			}
			b.WriteByte(byte(n))
			rest = after
		default:
			return s
		}
		if rest == "" {
			return b.String()
		}
		if rest, ok = strings.CutPrefix(rest, "&"); !ok {
			return s
		}
	}
}
