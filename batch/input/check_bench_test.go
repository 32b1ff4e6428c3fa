package input_test

import (
	"strings"
	"testing"

	"axgbind/batch/field"
	"axgbind/batch/input"
)

// BenchmarkOpen opens a small input and small results, as each command does with several
// files, and finds their header.
func BenchmarkOpen(b *testing.B) {
	const (
		header  = "A号码,B号码,G组ID,过期时间,城市,外部ID,备注"
		row     = "13800138000,057188992688,2000000000001,2027-01-31 23:59:59,杭州,order-1,老客户"
		outcome = ",UNKNOWN,,,isp.SYSTEM_ERROR,The service had an internal error; whether the binding was made is unknown.,it is not known whether it is bound,find out what became of it: axgbind reconcile in.results.csv"
	)
	for name, text := range map[string]string{
		"input":   header + "\n" + strings.Repeat(row+"\n", 20),
		"results": header + "," + strings.Join([]string{"Status", "SecretNo", "SubsId", "Code", "Message", "Reason", "Action"}, ",") + "\n" + strings.Repeat(row+outcome+"\n", 20),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := input.Open(strings.NewReader(text), int64(len(text)), input.Options{}); err != nil && name == "input" {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCheck judges one row: clean, clean with every field, and repaired.
func BenchmarkCheck(b *testing.B) {
	for name, cells := range map[string]map[field.Field]string{
		"plain": nil,
		"every field": {
			field.PhoneNoB: "057188992688", field.PhoneNoX: "17000000001", field.ExpectCity: "呼和浩特", field.IsRecordingEnabled: "是", field.OutID: "客户-0001",
			field.OutOrderID: "20270131000001", field.CallDisplayType: "1", field.CallRestrict: "CONTROL_AX_DISABLE", field.ASRStatus: "false", field.ASRModelID: "m1",
		},
		"repaired": {field.PhoneNoA: "138-0013-8000"},
	} {
		b.Run(name, func(b *testing.B) {
			row := checkRow(b, cells)
			b.ReportAllocs()
			for b.Loop() {
				if (row.Check(inputNow) == nil) != (name != "repaired") {
					b.Fatal("not as it should be")
				}
			}
		})
	}
}

// BenchmarkNormalise gives one cell its normal form.
func BenchmarkNormalise(b *testing.B) {
	for _, c := range []struct {
		name  string
		field field.Field
		cell  string
	}{
		{"mobile", field.PhoneNoA, "13800138000"}, {"landline", field.PhoneNoA, "057188992688"}, {"time", field.Expiration, "2027-01-31 23:59:59"},
		{"group", field.GroupID, "2000000000001"}, {"city", field.ExpectCity, "杭州"}, {"yes", field.IsRecordingEnabled, "是"}, {"pool", field.PoolKey, "FC100000000000001"},
		{"spaces", field.PhoneNoA, "138 0013 8000"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if input.Normalise(c.field, c.cell) == "" {
					b.Fatal("nothing")
				}
			}
		})
	}
}
