package batch

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/report"
)

// ListError says what is wrong with a list of X numbers, and where.
type ListError struct {
	Line   int // from 1; 0: of the file as a whole
	reason report.Text
	args   []any
}

func (e *ListError) Error() string { return e.Reason(report.EN) }

// Reason says it in a language, the line first.
func (e *ListError) Reason(lang report.Lang) string {
	s := e.reason.Fill(lang, e.args...)
	if e.Line > 0 {
		return fmt.Sprintf(report.Text{EN: "line %d: %s", ZH: "第 %d 行：%s"}.In(lang), e.Line, s)
	}
	return s
}

// listAliases are the header texts of the columns of a list, by headerKey.
var listAliases = [...]struct {
	column string
	texts  []string
}{
	{"SecretNo", []string{"SecretNo", "PhoneNoX", "X", "X号码", "号码X", "X号", "中间号", "隐私号", "号码"}},
	{"City", []string{"City", "ExpectCity", "城市", "归属地", "归属城市"}},
	{"PoolKey", []string{"PoolKey", "号池Key", "号池"}},
}

// ReadNumbers reads the operator's list of X numbers: a CSV with a column
// SecretNo and, if they are known, City and PoolKey; or one number a line; or
// the JSON of the simulator's number list. pool is that of numbers whose line
// names none. The order is that of the list, and a number that it names twice
// comes once. The error is a [*ListError] or one of reading.
func ReadNumbers(r io.Reader, pool string) ([]Number, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if !utf8.Valid(text) {
		if text, err = simplifiedchinese.GB18030.NewDecoder().Bytes(text); err != nil {
			return nil, &ListError{reason: report.Text{EN: "neither UTF-8 nor GB18030", ZH: "既不是 UTF-8 也不是 GB18030 编码"}}
		}
	}
	l := listing{pool: pool, seen: map[Number]bool{}}
	if body := bytes.TrimLeft(text, " \t\r\n"); len(body) > 0 && body[0] == '[' {
		err = l.json(body)
	} else {
		err = l.csv(text)
	}
	if err == nil && len(l.numbers) == 0 {
		err = &ListError{reason: report.Text{EN: "the list holds no numbers", ZH: "清单中没有号码"}}
	}
	if err != nil {
		return nil, err
	}
	return l.numbers, nil
}

// listing is a list being read.
type listing struct {
	pool    string
	numbers []Number
	seen    map[Number]bool // by number and pool
}

func (l *listing) add(line int, x, city, pool string) error {
	x, pool = input.Normalise(field.PhoneNoX, x), input.Normalise(field.PoolKey, pool)
	if pool == "" {
		pool = l.pool
	}
	switch {
	case x == "":
		return nil
	case !input.Digits(x) || len(x) < 5 || len(x) > 20:
		return &ListError{Line: line, reason: report.Text{EN: "not an X number: digits only, 5 to 20 of them (a spreadsheet may have changed it)", ZH: "不是中间号：应为 5 到 20 位数字（可能被表格软件改动过）"}}
	case pool == "":
		return &ListError{Line: line, reason: report.Text{EN: "no pool: add a column PoolKey to the list, or name it with --pool-key", ZH: "缺少号池：请在清单中加一列 PoolKey，或用 --pool-key 指定"}}
	}
	if key := (Number{SecretNo: x, PoolKey: pool}); !l.seen[key] {
		l.seen[key] = true
		l.numbers = append(l.numbers, Number{x, pool, input.Normalise(field.ExpectCity, city)})
	}
	return nil
}

func (l *listing) json(text []byte) error {
	var all []struct{ SecretNo, City, PoolKey string }
	if err := json.Unmarshal(text, &all); err != nil {
		return &ListError{reason: report.Text{EN: "begins like JSON, but is no array of objects with SecretNo", ZH: "开头像 JSON，但不是含 SecretNo 的对象数组"}}
	}
	for i, x := range all {
		if err := l.add(i+1, x.SecretNo, x.City, x.PoolKey); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) csv(text []byte) error {
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.ReuseRecord, r.Comma = -1, true, delimiterOf(text)
	columns := map[string]int{"SecretNo": 0, "City": -1, "PoolKey": -1} // of a list without header
	for n := 0; ; n++ {
		record, err := r.Read()
		if err == io.EOF {
			return nil
		}
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			return &ListError{Line: parse.Line, reason: report.Text{EN: "the quotation marks do not match", ZH: "双引号不配对"}}
		} else if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		if n == 0 && !input.Digits(input.Normalise(field.PhoneNoX, record[0])) {
			if columns, err = listColumns(record); err != nil {
				return err
			}
			continue
		}
		cell := func(column string) string {
			if i := columns[column]; i >= 0 && i < len(record) {
				return record[i]
			}
			return ""
		}
		if err := l.add(line, cell("SecretNo"), cell("City"), cell("PoolKey")); err != nil {
			return err
		}
	}
}

// delimiterOf is what separates the cells of a list, by its first line.
func delimiterOf(text []byte) rune {
	header, _, _ := bytes.Cut(text, []byte{'\n'})
	for _, c := range []rune{';', '\t'} {
		if bytes.ContainsRune(header, c) {
			return c
		}
	}
	return ','
}

// listColumns finds the columns of a list by its header.
func listColumns(header []string) (map[string]int, error) {
	columns := map[string]int{"SecretNo": -1, "City": -1, "PoolKey": -1}
	for i, text := range header {
		for _, a := range listAliases {
			for _, known := range a.texts {
				if field.Key(text) == field.Key(known) && columns[a.column] < 0 {
					columns[a.column] = i
				}
			}
		}
	}
	if columns["SecretNo"] < 0 {
		return nil, &ListError{Line: 1, reason: report.Text{
			EN: "no column SecretNo (or PhoneNoX, X, 中间号) with the numbers; a list may also hold one number a line and nothing else",
			ZH: "缺少号码列 SecretNo（或 PhoneNoX、X、中间号）；清单也可以每行只写一个号码",
		}}
	}
	return columns, nil
}
