package input_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"axgbind/batch/books"
	"axgbind/batch/input"
	"axgbind/report"
)

// TestRecognise: what a file is, by its beginning, however it was saved.
func TestRecognise(t *testing.T) {
	header := []string{"PhoneNoA", "GroupId", "Expiration"}
	written := func(w *report.Writer, b *strings.Builder) string {
		if err := w.Write(&report.Record{Input: []string{"13800138000", "1", "2099-01-01 00:00:00"}, Line: 2, Status: report.Failed, FinishedAt: time.Now()}); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	results := func(prefixed, excel bool) string {
		b := &strings.Builder{}
		w := report.NewWriter(b, header, prefixed)
		w.Excel = excel
		return written(w, b)
	}
	failed := func(lang report.Lang, excel, bindings bool, stamp string) string {
		b := &strings.Builder{}
		w := report.NewFailedWriter(b, header, lang)
		w.Excel, w.Bindings, w.Stamp = excel, bindings, stamp
		return written(w, b)
	}
	wide := func(s string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	plain := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-01 00:00:00\n"
	for name, c := range map[string]struct {
		text string
		want input.Seen
	}{
		"nothing":                      {"", input.SeenEmpty},
		"journal":                      {`0000abcd J {"format":"axgbind journal","version":1}` + "\n", input.SeenJournal},
		"journal cut short":            {`0000abcd J {"format":"axgbind journal"`, input.SeenJournal},
		"results":                      {results(false, false), input.SeenResults},
		"results prefixed":             {results(true, false), input.SeenResults},
		"results for Excel":            {results(false, true), input.SeenResults},
		"results with tabs":            {strings.ReplaceAll(results(false, false), ",", "\t"), input.SeenResults},
		"results as Unicode text":      {wide(results(false, false)), input.SeenResults},
		"results without some columns": {"PhoneNoA,Status,SubsId\n13800138000,BOUND,1\n", input.SeenResults},
		"header of results":            {strings.SplitAfter(results(false, false), "\n")[0], input.SeenResults},
		"rows to correct":              {failed(report.EN, false, false, ""), input.SeenFailed},
		"rows to correct, stamped":     {failed(report.EN, false, false, report.Stamp("x")), input.SeenFailed},
		"rows to correct in Chinese":   {failed(report.ZH, true, false, report.Stamp("x")), input.SeenFailed},
		"rows to correct of update":    {failed(report.EN, false, true, report.Stamp("x")), input.SeenFailed},
		"findings":                     {strings.Join(report.FindingColumns(), ",") + ",axgbind-0\n", input.SeenFindings},
		"input":                        {plain, input.SeenInput},
		"input in Chinese":             {"A号码;G组ID;过期时间\n", input.SeenInput},
		"input, long":                  {plain + strings.Repeat("13800138000,中文,2099-01-01 00:00:00\n", 5000), input.SeenInput},
		"input, long, UTF-16":          {wide(plain + strings.Repeat("13800138000,中文,2099-01-01 00:00:00\n", 5000)), input.SeenInput},
		"a list of numbers":            {"PhoneNoX,城市\n17199999999,北京\n", input.SeenInput},
		"another table":                {"Name,Age\nAnn,30\n", input.SeenOther},
		"text":                         {"dear diary\n", input.SeenOther},
		"workbook":                     {"PK\x03\x04\x14\x00", input.SeenOther},
		"quotes without end":           {"\"abc\n", input.SeenOther},
		"zeros":                        {strings.Repeat("\x00", 100), input.SeenOther},
	} {
		have, err := books.Recognise(strings.NewReader(c.text), int64(len(c.text)))
		if err != nil || have != c.want {
			t.Errorf("%s: %d, %v, want %d", name, have, err, c.want)
		}
	}
}
