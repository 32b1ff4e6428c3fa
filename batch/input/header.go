package input

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"axgbind/report"
)

// fieldAliases are the header texts, besides the API's own name, that mean a
// field. They are compared by headerKey.
var fieldAliases = [NumFields][]string{
	PhoneNoA:           {"A", "A号码", "号码A", "A号", "手机号A", "手机号码A", "电话A"},
	PhoneNoB:           {"B", "B号码", "号码B", "B号", "手机号B", "手机号码B", "电话B"},
	PhoneNoX:           {"X", "X号码", "号码X", "X号", "手机号X", "手机号码X", "电话X", "中间号", "隐私号"},
	GroupID:            {"G组ID", "G组", "分组ID", "分组", "组ID", "组号", "GID"},
	Expiration:         {"过期时间", "失效时间", "到期时间", "有效期", "有效期至", "到期日期", "截止时间"},
	ExpectCity:         {"城市", "期望城市", "归属地", "归属城市"},
	IsRecordingEnabled: {"是否录音", "录音", "是否录制"},
	OutID:              {"外部ID", "业务ID"},
	OutOrderID:         {"外部订单号", "订单号"},
	CallDisplayType:    {"来电显示"},
	CallRestrict:       {"呼叫限制"},
	ASRStatus:          {"语音识别", "是否语音识别"},
	ASRModelID:         {"语音模型ID"},
	RingConfig:         {"铃声配置"},
	PoolKey:            {"号池Key", "号池"},
}

// bareNumberHeaders could mean A, B or X. Binding the wrong one costs a number,
// so they are asked about and never guessed.
var bareNumberHeaders = []string{"手机号", "手机号码", "手机", "电话", "电话号码", "号码", "PhoneNo", "Phone", "Mobile"}

// VerdictColumns are the columns that the results file appends to the input's
// own, in its order.
var VerdictColumns = report.ResultColumns(false)

// Those of them that are asked for by name; without all but Code nobody
// could tell what became of a row.
const (
	VerdictStatus   = report.ColumnStatus
	verdictCode     = report.ColumnCode
	verdictSecretNo = report.ColumnSecretNo
	verdictSubsID   = report.ColumnSubsID
)

// verdictsLeft is how many of the verdictColumns make a file without Status or
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

// HeaderKey reduces a header text to what is compared: without case, spaces,
// underscores, hyphens, zero-width characters and byte order marks, with
// full-width forms as ASCII.
func HeaderKey(s string) string {
	return strings.Map(func(r rune) rune {
		r = narrow(r)
		if r == '_' || r == '-' || outer(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// narrow turns a full-width form of an ASCII character into that character.
func narrow(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFF01 + '!'
	case r == 0x3000:
		return ' '
	}
	return r
}

// invisible tells characters without any width, which come along when cells
// are copied from web pages and chats.
func invisible(r rune) bool {
	switch r {
	case 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0xFEFF:
		return true
	}
	return false
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
	plain = make([]string, len(header))
	for i, h := range header {
		plain[i] = report.ExcelPlain(h)
	}
	return plain, true
}

// undoExcel does the same for the cells of a record.
func undoExcel(all []string) {
	for i, s := range all {
		all[i] = report.ExcelPlain(s)
	}
}

// fieldByKey returns which field each header key means: the API's names and
// the aliases.
func fieldByKey() map[string]Field {
	m := make(map[string]Field, 80)
	for f := range NumFields {
		m[HeaderKey(f.String())] = f
		for _, a := range fieldAliases[f] {
			m[HeaderKey(a)] = f
		}
	}
	return m
}

// ParseField returns the field that name means: an API name such as GroupId or
// any header text that is recognised in a file, such as G组ID, compared as
// headers are. The error lists the API's names.
func ParseField(name string) (Field, error) {
	if f, ok := fieldByKey()[HeaderKey(name)]; ok {
		return f, nil
	}
	return NumFields, fmt.Errorf("no field is called %q; the fields are %s", name, strings.Join(fieldNames[:], ", "))
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
