package batch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/report"
)

// ListError says what is wrong with a list of X numbers, and where.
type ListError struct {
	Line   int // from 1; 0: of the file as a whole
	reason func(report.Lang) string
}

func (e *ListError) Error() string { return e.Reason(report.EN) }

// Reason says it in a language, the line first.
func (e *ListError) Reason(lang report.Lang) string {
	s := e.reason(lang)
	if e.Line > 0 {
		return report.Text{EN: "line %d: %s", ZH: "第 %d 行：%s"}.In(lang, e.Line, report.Whole(s))
	}
	return s
}

// said says a sentence in whatever language is asked for.
func said(t report.Text) func(report.Lang) string {
	return func(lang report.Lang) string { return t.In(lang) }
}

// ReadNumbers reads the operator's list of X numbers: a CSV with a column PhoneNoX or
// SecretNo and, if they are known, ExpectCity and PoolKey, which is read as every input
// is; or one number a line; or the JSON of the simulator's number list. pool is that of
// numbers whose line names none. The order is that of the list, and a number that it names
// twice comes once. remarks are about the file as a whole. The error is a [*ListError] or
// one of reading.
func ReadNumbers(r io.Reader, pool string) (numbers []Number, remarks []input.Remark, err error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, nil, err
	}
	l := listing{pool: pool, seen: map[Number]bool{}}
	body := bytes.TrimLeft(bytes.TrimPrefix(text, []byte("\uFEFF")), " \t\r\n")
	switch {
	case len(body) == 0:
	case body[0] == '[':
		err = l.json(body)
	default:
		remarks, err = l.csv(text)
	}
	if err == nil && len(l.numbers) == 0 {
		err = &ListError{reason: said(report.Text{EN: "the list holds no numbers", ZH: "清单中没有号码"})}
	}
	if err != nil {
		return nil, nil, err
	}
	return l.numbers, remarks, nil
}

// listing is a list being read.
type listing struct {
	pool    string
	numbers []Number
	seen    map[Number]bool // by number and pool
}

func (l *listing) add(line int, x, city, pool string) error {
	if pool == "" {
		pool = l.pool
	}
	switch {
	case x == "":
		return nil
	case !input.Digits(x) || len(x) < 5 || len(x) > 20:
		return &ListError{Line: line, reason: said(report.Text{EN: "not an X number: digits only, 5 to 20 of them (a spreadsheet may have changed it)", ZH: "不是中间号：应为 5 到 20 位数字（可能被表格软件改动过）"})}
	case pool == "":
		return &ListError{Line: line, reason: said(report.Text{EN: "no pool: add a column PoolKey to the list, or name it with --pool-key", ZH: "缺少号码池：请在清单中加一列 PoolKey，或用 --pool-key 指定"})}
	}
	if key := (Number{SecretNo: x, PoolKey: pool}); !l.seen[key] {
		l.seen[key] = true
		l.numbers = append(l.numbers, Number{x, pool, city})
	}
	return nil
}

func (l *listing) json(text []byte) error {
	var all []struct{ SecretNo, City, PoolKey string }
	if err := json.Unmarshal(text, &all); err != nil {
		return &ListError{reason: said(report.Text{EN: "begins like JSON, but is no array of objects with SecretNo", ZH: "开头像 JSON，但不是含 SecretNo 的对象数组"})}
	}
	for i, x := range all {
		cell := input.Normalise
		if err := l.add(i+1, cell(field.PhoneNoX, x.SecretNo), cell(field.ExpectCity, x.City), cell(field.PoolKey, x.PoolKey)); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) csv(text []byte) ([]input.Remark, error) {
	in, err := input.Open(bytes.NewReader(text), int64(len(text)), input.Options{Numbers: true})
	if refused, ok := errors.AsType[*input.Error](err); ok {
		if refused.Kind == "header-only" {
			return nil, nil
		}
		return nil, &ListError{reason: func(lang report.Lang) string {
			return report.Text{EN: "%s (%s)", ZH: "%s（%s）"}.In(lang, report.Whole(refused.Reason(lang)), report.Whole(refused.Cure(lang)))
		}}
	}
	if err != nil {
		return nil, err
	}
	return in.Remarks(), in.EachRow(func(row *input.Row) error {
		if row.Aside() {
			return nil // a header again, a total, a hint
		}
		for _, f := range row.Faults {
			if f.IsError() && row.Fields[field.PhoneNoX] != "" {
				return &ListError{Line: row.Line, reason: f.Reason}
			}
		}
		f := &row.Fields
		return l.add(row.Line, f[field.PhoneNoX], f[field.ExpectCity], f[field.PoolKey])
	})
}
