package input_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch/field"
	"axgbind/batch/input"
)

func TestHeaderMatching(t *testing.T) {
	for _, header := range []string{
		"PhoneNoA,GroupId,Expiration",
		"phone_no_a,group-id,EXPIRATION",
		" Phone No A ,\u3000Group\u3000Id,Expi\u200Bration",
		"ＰｈｏｎｅＮｏＡ,Ｇ组ＩＤ,过期 时间",
		"Ａ号码,g组id,过期时间\uFEFF",
		"\uFEFFA＿号码,G－组ID,\u00A0过期时间",
		"\"A\n号码\",G组ID,过期时间",
	} {
		in := openText(t, header+"\n13800138000,1,2027-01-31 23:59:59\n", input.Options{})
		if n := len(in.Columns()); n != 3 {
			t.Errorf("%q: %d columns recognised, want 3", header, n)
		}
	}
}

func TestMap(t *testing.T) {
	const text = "手机号,A号码,订单号,G组ID,过期时间\n13800138000,13900139000,7,1,2027-01-31 23:59:59\n"
	in := openText(t, text, input.Options{Map: map[string]field.Field{"手机 号": field.PhoneNoA, "订单号": field.OutID}})
	row := readAll(t, in)[0]
	if got := row.Fields[field.PhoneNoA]; got != "13800138000" {
		t.Errorf("PhoneNoA = %s, want that of the mapped column", got)
	}
	if row.Fields[field.OutID] != "7" || row.Fields[field.OutOrderID] != "" {
		t.Errorf("OutId %q, OutOrderId %q: --map must win over the alias", row.Fields[field.OutID], row.Fields[field.OutOrderID])
	}
	want := []string{"13800138000", "13900139000", "7", "1", "2027-01-31 23:59:59"}
	if !cmp.Equal(row.Record, want) {
		t.Errorf("Record = %q, want %q", row.Record, want)
	}
}

func TestBareNumberBesideA(t *testing.T) {
	in := openText(t, "A号码,手机号,G组ID,过期时间\n13800138000,13900139000,1,2027-01-31 23:59:59\n", input.Options{})
	if row := readAll(t, in)[0]; row.Fields[field.PhoneNoB] != "" || row.Record[1] != "13900139000" {
		t.Errorf("a bare number beside A is passed through: %q", row.Fields)
	}
}

func TestColumnLetter(t *testing.T) {
	for n, want := range map[int]string{
		-1: "", 0: "", 1: "A", 2: "B", 26: "Z", 27: "AA", 28: "AB", 52: "AZ", 53: "BA", 702: "ZZ", 703: "AAA", 16384: "XFD",
	} {
		if got := input.ColumnLetter(n); got != want {
			t.Errorf("column %d is %q, want %q", n, got, want)
		}
	}
}
