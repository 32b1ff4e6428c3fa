package batch_test

import (
	"testing"

	"axgbind/batch"
)

// BenchmarkCheck judges one row: clean, clean with every field, and repaired.
func BenchmarkCheck(b *testing.B) {
	for name, cells := range map[string]map[batch.Field]string{
		"plain": nil,
		"every field": {
			batch.PhoneNoB: "057188992688", batch.PhoneNoX: "17000000001", batch.ExpectCity: "呼和浩特", batch.IsRecordingEnabled: "是", batch.OutID: "客户-0001",
			batch.OutOrderID: "20270131000001", batch.CallDisplayType: "1", batch.CallRestrict: "CONTROL_AX_DISABLE", batch.ASRStatus: "false", batch.ASRModelID: "m1",
		},
		"repaired": {batch.PhoneNoA: "138-0013-8000"},
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
		field batch.Field
		cell  string
	}{
		{"mobile", batch.PhoneNoA, "13800138000"}, {"landline", batch.PhoneNoA, "057188992688"}, {"time", batch.Expiration, "2027-01-31 23:59:59"},
		{"group", batch.GroupID, "2000000000001"}, {"city", batch.ExpectCity, "杭州"}, {"yes", batch.IsRecordingEnabled, "是"}, {"pool", batch.PoolKey, "FC100000000000001"},
		{"spaces", batch.PhoneNoA, "138 0013 8000"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if batch.Normalise(c.field, c.cell) == "" {
					b.Fatal("nothing")
				}
			}
		})
	}
}
