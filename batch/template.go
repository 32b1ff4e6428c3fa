package batch

import (
	"encoding/csv"
	"io"
)

// templateRow is the example of the template, by field.
var templateRow = [NumFields]string{
	PhoneNoA:           "13800138000",
	PhoneNoB:           "057188992688",
	GroupID:            "2000000000001",
	Expiration:         "2099-01-31 23:59:59",
	ExpectCity:         "杭州",
	IsRecordingEnabled: "false",
	OutID:              "customer-0001",
	OutOrderID:         "order-0001",
	CallDisplayType:    "1",
	ASRStatus:          "false",
	PoolKey:            "FC100000000000001",
}

// WriteTemplate writes an input with every column under the API's names and one
// example row, which passes Row.Check: CSV in UTF-8 with a byte order mark, so
// that Excel shows Chinese as it should, and line ends as Excel writes them.
func WriteTemplate(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	cw := csv.NewWriter(w)
	cw.UseCRLF = true
	if err := cw.Write(fieldNames[:]); err != nil {
		return err
	}
	if err := cw.Write(templateRow[:]); err != nil {
		return err
	}
	cw.Flush()
	return cw.Error()
}
