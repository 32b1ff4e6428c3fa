package batch_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"axgbind/batch"
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
		want batch.Seen
	}{
		"nothing":                      {"", batch.SeenEmpty},
		"journal":                      {`0000abcd J {"format":"axgbind journal","version":1}` + "\n", batch.SeenJournal},
		"journal cut short":            {`0000abcd J {"format":"axgbind journal"`, batch.SeenJournal},
		"results":                      {results(false, false), batch.SeenResults},
		"results prefixed":             {results(true, false), batch.SeenResults},
		"results for Excel":            {results(false, true), batch.SeenResults},
		"results with tabs":            {strings.ReplaceAll(results(false, false), ",", "\t"), batch.SeenResults},
		"results as Unicode text":      {wide(results(false, false)), batch.SeenResults},
		"results without some columns": {"PhoneNoA,Status,SubsId\n13800138000,BOUND,1\n", batch.SeenResults},
		"header of results":            {strings.SplitAfter(results(false, false), "\n")[0], batch.SeenResults},
		"rows to correct":              {failed(report.EN, false, false, ""), batch.SeenFailed},
		"rows to correct, stamped":     {failed(report.EN, false, false, report.Stamp("x")), batch.SeenFailed},
		"rows to correct in Chinese":   {failed(report.ZH, true, false, report.Stamp("x")), batch.SeenFailed},
		"rows to correct of update":    {failed(report.EN, false, true, report.Stamp("x")), batch.SeenFailed},
		"findings":                     {strings.Join(report.FindingColumns(), ",") + ",axgbind-0\n", batch.SeenFindings},
		"input":                        {plain, batch.SeenInput},
		"input in Chinese":             {"A号码;G组ID;过期时间\n", batch.SeenInput},
		"input, long":                  {plain + strings.Repeat("13800138000,中文,2099-01-01 00:00:00\n", 5000), batch.SeenInput},
		"input, long, UTF-16":          {wide(plain + strings.Repeat("13800138000,中文,2099-01-01 00:00:00\n", 5000)), batch.SeenInput},
		"a list of numbers":            {"PhoneNoX,城市\n17199999999,北京\n", batch.SeenInput},
		"another table":                {"Name,Age\nAnn,30\n", batch.SeenOther},
		"text":                         {"dear diary\n", batch.SeenOther},
		"workbook":                     {"PK\x03\x04\x14\x00", batch.SeenOther},
		"quotes without end":           {"\"abc\n", batch.SeenOther},
		"zeros":                        {strings.Repeat("\x00", 100), batch.SeenOther},
	} {
		have, err := batch.Recognise(strings.NewReader(c.text), int64(len(c.text)))
		if err != nil || have != c.want {
			t.Errorf("%s: %d, %v, want %d", name, have, err, c.want)
		}
	}
}
