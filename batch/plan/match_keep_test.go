package plan

import (
	"testing"

	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
)

// TestDamagedNumber says what may have become of a number in a spreadsheet, and what is
// another number.
func TestDamagedNumber(t *testing.T) {
	const was = "13800138000"
	for cell, want := range map[string]bool{
		was: true, "": true, "138****8000": true, "1.38E+10": true, "1.3800138E10": true,
		"1380013800": true, "138001380000": true, "1380013800x": true, "13800138000 ext 1": false,
		"13900139000": false, "057188992688": false, // whole numbers
		"1.39E+10": false, "139****9000": false, "none": false, "1380": false,
	} {
		if got := damagedNumber(cell, was); got != want {
			t.Errorf("%q may have been %s: %v, want %v", cell, was, got, want)
		}
	}
}

// TestDamagedFrom: a row is what was sent if its A is, or if everything else is and its
// numbers could have been those.
func TestDamagedFrom(t *testing.T) {
	sent := books.Detail{
		PoolKey: "FC1", PhoneNoA: "13800138000", PhoneNoB: "13900139000", PhoneNoX: "17100000001", GroupID: "7",
		Expiration: "2099-01-31 23:59:59", Recording: "true", Restrict: "CONTROL_AX_DISABLE", OutID: "o",
	}
	whole := map[field.Field]string{
		field.PoolKey: "FC1", field.PhoneNoA: "13800138000", field.PhoneNoB: "13900139000", field.PhoneNoX: "17100000001", field.GroupID: "7",
		field.Expiration: "2099-01-31 23:59:59", field.IsRecordingEnabled: "true", field.CallRestrict: "CONTROL_AX_DISABLE", field.OutID: "o",
	}
	const damaged = "138****8000"
	for _, c := range []struct {
		name   string
		change map[field.Field]string
		want   bool
	}{
		{"as it was", nil, true},
		{"A as it was, all else another", map[field.Field]string{field.PoolKey: "FC2", field.PhoneNoB: "13900139001", field.GroupID: "8", field.OutID: "p"}, true},
		{"A damaged", map[field.Field]string{field.PhoneNoA: damaged}, true},
		{"A emptied", map[field.Field]string{field.PhoneNoA: ""}, true},
		{"A another number", map[field.Field]string{field.PhoneNoA: "13700137000"}, false},
		{"A and B damaged", map[field.Field]string{field.PhoneNoA: damaged, field.PhoneNoB: "1.39E+10"}, true},
		{"A damaged, B another", map[field.Field]string{field.PhoneNoA: damaged, field.PhoneNoB: "13700137000"}, false},
		{"A damaged, no X", map[field.Field]string{field.PhoneNoA: damaged, field.PhoneNoX: ""}, true},
		{"A damaged, X another", map[field.Field]string{field.PhoneNoA: damaged, field.PhoneNoX: "17100000222"}, false},
		{"A damaged, X far off", map[field.Field]string{field.PhoneNoA: damaged, field.PhoneNoX: "1"}, false},
		{"A damaged, another pool", map[field.Field]string{field.PhoneNoA: damaged, field.PoolKey: "FC2"}, false},
		{"A damaged, the pool masked", map[field.Field]string{field.PhoneNoA: damaged, field.PoolKey: "FC1****0001"}, true},
		{"A damaged, another group", map[field.Field]string{field.PhoneNoA: damaged, field.GroupID: "8"}, false},
		{"A damaged, another end", map[field.Field]string{field.PhoneNoA: damaged, field.Expiration: "2099-12-31 23:59:59"}, false},
		{"A damaged, no recording", map[field.Field]string{field.PhoneNoA: damaged, field.IsRecordingEnabled: ""}, false},
		{"A damaged, no restriction", map[field.Field]string{field.PhoneNoA: damaged, field.CallRestrict: ""}, false},
		{"A damaged, another OutId", map[field.Field]string{field.PhoneNoA: damaged, field.OutID: "p"}, false},
	} {
		row := &Row{Row: input.Row{}}
		for f, value := range whole {
			row.Fields[f] = value
		}
		for f, value := range c.change {
			row.Fields[f] = value
		}
		if got := damagedFrom(row, &sent); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if damagedFrom(&Row{}, &books.Detail{}) {
		t.Error("nothing is what nothing was")
	}
}
