package ledger_test

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"axgbind/batch/ledger"
)

// TestClosed: only Apply changes what is known. A Ledger has no field that others
// could set, what it hands out leads nowhere back into it, and whatever else is
// asked of it, it knows the same afterwards.
func TestClosed(t *testing.T) {
	if of := reflect.TypeFor[ledger.Ledger](); slices.ContainsFunc(reflect.VisibleFields(of), reflect.StructField.IsExported) {
		t.Error("a Ledger has fields that others can set")
	}
	for _, of := range []reflect.Type{
		reflect.TypeFor[ledger.RowInfo](), reflect.TypeFor[ledger.BindingInfo](), reflect.TypeFor[ledger.CallInfo](),
		reflect.TypeFor[ledger.Decision](), reflect.TypeFor[ledger.Entry](),
	} {
		for _, f := range reflect.VisibleFields(of) {
			switch f.Type.Kind() {
			case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Func, reflect.Interface, reflect.Chan:
				t.Errorf("%s.%s leads back into the ledger", of, f.Name)
			}
		}
	}

	b := open(t)
	b.bound(1, 1001, 1, 99)
	call := b.lost(2, ledger.Bind, 0, 2, 99)
	b.lost(3, ledger.Release, 1001, 0, 0)
	clock := ledger.Clock{Now: 50}
	wish := &ledger.Wish{Key: key(4), Place: 1, WhenBound: ledger.RenewWhenBound}
	asks := map[string]func(){
		"Apply": nil,
		"At":    func() { b.At(1, clock) }, "Batch": func() { b.Batch(0) }, "BatchName": func() { b.BatchName(0) }, "BatchNumber": func() { b.BatchNumber("new") },
		"Claim": func() { b.Claim(0, ledger.Release, 1, false) }, "Owners": func() { b.Owners(0) }, "Binding": func() { b.Binding(0) },
		"BindingOf": func() { b.BindingOf(1001) }, "Bindings": func() { b.Bindings() }, "Call": func() { b.Call(call) },
		"Calls": func() { b.Calls(1) }, "CallsOn": func() { b.CallsOn(0) },
		"Check": func() { b.Check(&ledger.Record{Kind: ledger.Intent, Op: ledger.Bind, Row: key(4), Place: 1}, clock) },
		"Code":  func() { b.Code("new") }, "Current": func() { b.Current(0) }, "FreeFrom": func() { b.FreeFrom(0, clock) }, "Decide": func() { b.Decide(wish, clock) },
		"DueIn": func() { b.DueIn(call, clock) }, "PassesDue": func() { b.PassesDue(call, clock) }, "SettleableIn": func() { b.SettleableIn(call, clock) },
		"Dump": func() { _ = b.Dump(&bytes.Buffer{}, true) }, "Equal": func() { b.Equal(b.Ledger) }, "Holding": func() { b.Holding(0) },
		"Holds": func() { b.Holds(0) }, "Info": func() { b.Info(0) }, "Intern": func() { b.Intern(key(9)) }, "Key": func() { b.Key(0) }, "KeyOf": func() { b.KeyOf(&ledger.Record{Row: key(1)}) },
		"Lapses": func() { b.Lapses(clock, ledger.Clock{Service: 1 << 40}) }, "Knows": func() { b.Knows(1) }, "Len": func() { b.Len() }, "MayLive": func() { b.MayLive(0, clock) }, "Moved": func() { b.Moved(0, 2) }, "Next": func() { b.Next() },
		"Over": func() { b.Over(0, clock) }, "Others": func() { b.Others(wish, clock) }, "Overtaken": func() { b.Overtaken(0) }, "Releasing": func() { b.Releasing(0) },
		"Reserve": func() { b.Reserve(1000, 1000) }, "Row": func() { b.Row(key(1)) }, "Runs": func() { b.Runs() },
		"Settleable": func() { b.Settleable(call, clock) },
		"Snapshot": func() {
			for range b.Snapshot(nil) {
			}
		},
		"State": func() { b.State(0) }, "Taker": func() { b.Taker(0, 1) }, "Text": func() { b.Text(0) },
	}
	known := func() string {
		var text bytes.Buffer
		if err := b.Dump(&text, true); err != nil {
			t.Fatal(err)
		}
		return text.String()
	}
	before := known()
	for i := range reflect.TypeFor[*ledger.Ledger]().NumMethod() {
		name := reflect.TypeFor[*ledger.Ledger]().Method(i).Name
		ask, listed := asks[name]
		if !listed {
			t.Errorf("%s is new: does it change what is known?", name)
			continue
		}
		if ask != nil {
			ask()
		}
		if after := known(); after != before {
			t.Errorf("%s changes what is known:\n%s\nbefore:\n%s", name, after, before)
		}
	}
}
