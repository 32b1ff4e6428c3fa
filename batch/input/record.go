package input

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"

	"github.com/gocarina/gocsv"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
)

// maxColumns is how many columns an input may have.
const maxColumns = 1040

// cells is what gocsv makes of a record's fields. All are texts: gocsv reads an
// int 010 as 8.
type cells struct {
	PhoneNoA           string `csv:"PhoneNoA"`
	PhoneNoB           string `csv:"PhoneNoB"`
	GroupID            string `csv:"GroupId"`
	Expiration         string `csv:"Expiration"`
	PhoneNoX           string `csv:"PhoneNoX"`
	ExpectCity         string `csv:"ExpectCity"`
	IsRecordingEnabled string `csv:"IsRecordingEnabled"`
	OutID              string `csv:"OutId"`
	OutOrderID         string `csv:"OutOrderId"`
	CallDisplayType    string `csv:"CallDisplayType"`
	CallRestrict       string `csv:"CallRestrict"`
	ASRStatus          string `csv:"ASRStatus"`
	ASRModelID         string `csv:"ASRModelId"`
	RingConfig         string `csv:"RingConfig"`
	PoolKey            string `csv:"PoolKey"`
}

// cells16 and cellsMany take every column of a record by its place. That costs
// more than cells does, and more still if a slice has to grow.
type (
	cells16 struct {
		Cells [16]string `csv:"cell" csv[]:"16"`
	}
	cellsMany struct {
		Cells []string `csv:"cell" csv[]:"1040"` // maxColumns
	}
)

// byField are the cells by the fields that they fill.
func (c *cells) byField() [field.NumFields]string {
	return [field.NumFields]string{
		field.PhoneNoA: c.PhoneNoA, field.PhoneNoB: c.PhoneNoB, field.GroupID: c.GroupID, field.Expiration: c.Expiration, field.PhoneNoX: c.PhoneNoX,
		field.ExpectCity: c.ExpectCity, field.IsRecordingEnabled: c.IsRecordingEnabled, field.OutID: c.OutID, field.OutOrderID: c.OutOrderID, field.CallDisplayType: c.CallDisplayType,
		field.CallRestrict: c.CallRestrict, field.ASRStatus: c.ASRStatus, field.ASRModelID: c.ASRModelID, field.RingConfig: c.RingConfig, field.PoolKey: c.PoolKey,
	}
}

// records reads one stretch of records after another through the same gocsv
// reader, for it takes long to tell gocsv about a header.
type records struct {
	text   bytes.Reader
	buffer *bufio.Reader
	csv    *csv.Reader
	rows   *gocsv.Unmarshaller
	start  int64 // csv's offset at the start of the stretch
}

// newRecords prepares for records of in: the fields only, or every column.
func newRecords(in *Input, all bool) (*records, error) {
	r := &records{buffer: bufio.NewReaderSize(strings.NewReader(in.layout.line), csvtext.Buffered)}
	r.csv = csv.NewReader(r.buffer) // takes the buffer as it is, so that it can be reset
	r.csv.Comma = in.text.Delimiter
	r.csv.ReuseRecord = true
	names := in.layout.fieldNames
	var row any = &cells{}
	switch n := len(in.layout.header); {
	case all && n <= 16:
		row, names = &cells16{}, numberedNames(n)
	case all:
		row, names = &cellsMany{}, numberedNames(n)
	}
	var err error
	if r.rows, err = gocsv.NewUnmarshaller(r.csv, row); err != nil {
		return nil, err
	}
	return r, r.rows.RenormalizeHeaders(func([]string) []string { return names })
}

func numberedNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("cell[%d]", i)
	}
	return names
}

// reset goes on with another stretch, which begins with a record.
func (r *records) reset(text []byte) {
	r.text.Reset(text)
	r.buffer.Reset(&r.text)
	r.start = r.csv.InputOffset()
}

// offset is how much of the stretch has been read.
func (r *records) offset() int { return int(r.csv.InputOffset() - r.start) }

// line is the number, by csv's count, of the line on which the last record began.
func (r *records) line() int {
	line, _ := r.csv.FieldPos(0)
	return line
}

// read returns the next record: its fields, or all its cells. err is io.EOF at
// the end of the stretch, or csv's word on a record with a fault.
func (r *records) read() (fields *cells, all []string, err error) {
	v, err := r.rows.Read()
	switch v := v.(type) {
	case *cells:
		fields = v
	case *cells16:
		all = v.Cells[:]
	case *cellsMany:
		all = v.Cells
	}
	return fields, all, err
}

// miscounted reports whether err says that a record has the wrong number of cells.
func miscounted(err error) bool { return errors.Is(err, csv.ErrFieldCount) }

// split returns the cells of a record that may be malformed.
func (in *Input) split(text []byte) []string {
	return splitRecord(bytes.TrimRight(text, "\r\n"), in.text.Delimiter, true)
}
