package batch

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"github.com/gocarina/gocsv"
)

// maxRest is how many columns an input may have beyond those that fill a field.
const maxRest = 1024

// cells is what gocsv makes of a record. All are strings: gocsv reads an int
// 010 as 8. Rest takes every column that fills no field, in file order.
type cells struct {
	PhoneNoA           string   `csv:"PhoneNoA"`
	PhoneNoB           string   `csv:"PhoneNoB"`
	GroupID            string   `csv:"GroupId"`
	Expiration         string   `csv:"Expiration"`
	PhoneNoX           string   `csv:"PhoneNoX"`
	ExpectCity         string   `csv:"ExpectCity"`
	IsRecordingEnabled string   `csv:"IsRecordingEnabled"`
	OutID              string   `csv:"OutId"`
	OutOrderID         string   `csv:"OutOrderId"`
	CallDisplayType    string   `csv:"CallDisplayType"`
	CallRestrict       string   `csv:"CallRestrict"`
	ASRStatus          string   `csv:"ASRStatus"`
	ASRModelID         string   `csv:"ASRModelId"`
	RingConfig         string   `csv:"RingConfig"`
	PoolKey            string   `csv:"PoolKey"`
	Rest               []string `csv:"rest" csv[]:"1024"` // maxRest
}

// fields returns the cells that fill fields, by field.
func (c *cells) fields() [NumFields]string {
	return [NumFields]string{
		PhoneNoA: c.PhoneNoA, PhoneNoB: c.PhoneNoB, GroupID: c.GroupID, Expiration: c.Expiration, PhoneNoX: c.PhoneNoX,
		ExpectCity: c.ExpectCity, IsRecordingEnabled: c.IsRecordingEnabled, OutID: c.OutID, OutOrderID: c.OutOrderID,
		CallDisplayType: c.CallDisplayType, CallRestrict: c.CallRestrict, ASRStatus: c.ASRStatus, ASRModelID: c.ASRModelID,
		RingConfig: c.RingConfig, PoolKey: c.PoolKey,
	}
}

// open starts reading text one record at a time. The text begins with the given
// line of the file, and has no header. An error is one for which this package is
// to blame: the header made here can be read.
func (r *Reader) open(text io.Reader, line int) error {
	r.window = &window{src: io.MultiReader(strings.NewReader(r.in.layout.line), text)}
	r.base = line - 2 // the header is line 1 of the new text
	r.good = 0
	if r.record == nil {
		r.record = make([]string, len(r.in.layout.own))
	}
	var err error
	r.csv, r.rows, err = r.in.unmarshaller(r.window, buffered)
	return err
}

// unmarshaller returns gocsv's reader of text, which begins with a header that
// has as many cells as the file has columns, and the csv.Reader below it, which
// knows the lines.
func (in *Input) unmarshaller(text io.Reader, size int) (*csv.Reader, *gocsv.Unmarshaller, error) {
	cr := csv.NewReader(bufio.NewReaderSize(text, size))
	cr.Comma = in.delimiter
	cr.ReuseRecord = true
	um, err := gocsv.NewUnmarshaller(cr, &cells{})
	if err != nil {
		return nil, nil, err
	}
	err = um.RenormalizeHeaders(func([]string) []string { return in.layout.names })
	return cr, um, err
}

// mend makes a row of a record that csv could not read: its cells as well as
// they can be told, and a fault. The text of the record may begin with blank
// lines; found is false if there is nothing else. If a cell is never closed, the
// record ends with the line on which the cell was opened, and reading goes on
// behind that line: one stray quotation mark does not swallow the rest of the
// file. cut says that the text is the beginning of a record that is too long.
func (r *Reader) mend(row *Row, text []byte, cut bool) (found bool, err error) {
	text, blank := skipBlank(text)
	line := r.base + r.window.line() + blank
	if len(text) == 0 || cut && len(text) == 1 && text[0] == '\r' {
		return false, r.open(io.MultiReader(bytes.NewReader(slices.Clone(text)), r.window.src), line)
	}
	row.Line = line
	open, stray := scanQuotes(text, r.in.delimiter)
	if open < 0 && !cut {
		fault := ruleQuotes
		if !stray {
			fault = ruleColumns
		}
		r.place(row, r.split(text), fault, line)
		return true, nil
	}

	// The record ends with the line of the open cell, or with the long line
	// that is its only one. What follows is read anew.
	record, rest := text, []byte(nil)
	if nl := bytes.IndexByte(text[max(open, 0):], '\n'); open >= 0 && nl >= 0 {
		record, rest = text[:open+nl], text[open+nl+1:]
	} else if cut {
		if rest, err = r.window.skipLine(); err != nil {
			return false, err
		}
	}
	if open >= 0 {
		r.place(row, r.split(record), ruleQuotes, line+bytes.Count(text[:open], []byte("\n")))
	} else {
		r.place(row, r.split(record), ruleLong, line)
	}
	line += bytes.Count(record, []byte("\n")) + 1
	return true, r.open(io.MultiReader(bytes.NewReader(slices.Clone(rest)), r.window.src), line)
}

// skipBlank drops the blank lines that text begins with, and counts them.
func skipBlank(text []byte) (rest []byte, lines int) {
	for {
		switch {
		case len(text) > 0 && text[0] == '\n':
			text = text[1:]
		case bytes.HasPrefix(text, []byte("\r\n")):
			text = text[2:]
		default:
			return text, lines
		}
		lines++
	}
}

// split returns the cells of a record that may be malformed.
func (r *Reader) split(text []byte) []string {
	cr := csv.NewReader(bytes.NewReader(bytes.TrimRight(text, "\r\n")))
	cr.Comma, cr.LazyQuotes, cr.FieldsPerRecord = r.in.delimiter, true, -1
	got, err := cr.Read()
	if err != nil {
		return []string{string(text)}
	}
	return got
}

// place fills row from the cells of a malformed record and adds the fault.
// What is missing is empty. Empty cells in excess are no fault: spreadsheets
// write them for columns that were cleared.
func (r *Reader) place(row *Row, got []string, rule string, line int) {
	l := r.in.layout
	for len(got) > len(l.header) && strings.TrimSpace(got[len(got)-1]) == "" {
		got = got[:len(got)-1]
	}
	switch {
	case rule == ruleQuotes:
		row.faults = append(row.faults, l.rowFault(rule, line))
	case rule == ruleLong:
		row.faults = append(row.faults, l.rowFault(rule, maxRecord>>20))
	case len(got) != len(l.header):
		row.faults = append(row.faults, l.rowFault(rule, len(got), len(l.header)))
	}
	row.missing = len(l.header) - len(got)
	var (
		raw [NumFields]string
		c   cells
	)
	for i, s := range got[:min(len(got), len(l.source))] {
		if at := l.source[i]; at < int(NumFields) {
			raw[at] = s
		} else {
			c.Rest = append(c.Rest, s)
		}
	}
	r.in.fill(row, &c, &raw)
}
