package input_test

import (
	"testing"

	"axgbind/batch/input"
)

// BenchmarkCheck judges one row: clean, clean with every field, and repaired.
func BenchmarkCheck(b *testing.B) {
	for name, cells := range map[string]map[input.Field]string{
		"plain": nil,
		"every field": {
			input.PhoneNoB: "057188992688", input.PhoneNoX: "17000000001", input.ExpectCity: "呼和浩特", input.IsRecordingEnabled: "是", input.OutID: "客户-0001",
			input.OutOrderID: "20270131000001", input.CallDisplayType: "1", input.CallRestrict: "CONTROL_AX_DISABLE", input.ASRStatus: "false", input.ASRModelID: "m1",
		},
		"repaired": {input.PhoneNoA: "138-0013-8000"},
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
		field input.Field
		cell  string
	}{
		{"mobile", input.PhoneNoA, "13800138000"}, {"landline", input.PhoneNoA, "057188992688"}, {"time", input.Expiration, "2027-01-31 23:59:59"},
		{"group", input.GroupID, "2000000000001"}, {"city", input.ExpectCity, "杭州"}, {"yes", input.IsRecordingEnabled, "是"}, {"pool", input.PoolKey, "FC100000000000001"},
		{"spaces", input.PhoneNoA, "138 0013 8000"},
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
