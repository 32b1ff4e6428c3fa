package input_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"axgbind/batch/input"
)

// aliasesOf are the headers that mean each field, as promised to users.
var aliasesOf = map[input.Field]string{
	input.PhoneNoA:           "A,A号码,号码A,A号,手机号A,手机号码A,电话A",
	input.PhoneNoB:           "B,B号码,号码B,B号,手机号B,手机号码B,电话B",
	input.PhoneNoX:           "X,X号码,号码X,X号,手机号X,手机号码X,电话X,中间号,隐私号",
	input.GroupID:            "G组ID,G组,分组ID,分组,组ID,组号,GID",
	input.Expiration:         "过期时间,失效时间,到期时间,有效期,有效期至,到期日期,截止时间",
	input.ExpectCity:         "城市,期望城市,归属地,归属城市",
	input.IsRecordingEnabled: "是否录音,录音,是否录制",
	input.OutID:              "外部ID,业务ID",
	input.OutOrderID:         "外部订单号,订单号",
	input.CallDisplayType:    "来电显示",
	input.CallRestrict:       "呼叫限制",
	input.ASRStatus:          "语音识别,是否语音识别",
	input.ASRModelID:         "语音模型ID",
	input.RingConfig:         "铃声配置",
	input.PoolKey:            "号池Key,号池",
}

func TestParseField(t *testing.T) {
	for f := range input.NumFields {
		names := []string{f.String(), strings.ToUpper(f.String()), " " + strings.ToLower(f.String()) + "\u3000"}
		if a := aliasesOf[f]; a != "" {
			names = append(names, strings.Split(a, ",")...)
		}
		for _, name := range names {
			if got, err := input.ParseField(name); err != nil || got != f {
				t.Errorf("ParseField(%q) = %v, %v; want %v", name, got, err, f)
			}
		}
	}
	for _, name := range []string{"", "手机号", "电话", "Phone", "PhoneNoC"} {
		f, err := input.ParseField(name)
		if err == nil || f < input.NumFields {
			t.Errorf("ParseField(%q) = %v, want an error", name, f)
		} else if !strings.Contains(err.Error(), "GroupId") {
			t.Errorf("ParseField(%q): %v does not list the names", name, err)
		}
	}
}

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
	in := openText(t, text, input.Options{Map: map[string]input.Field{"手机 号": input.PhoneNoA, "订单号": input.OutID}})
	row := readAll(t, in)[0]
	if got := row.Fields[input.PhoneNoA]; got != "13800138000" {
		t.Errorf("PhoneNoA = %s, want that of the mapped column", got)
	}
	if row.Fields[input.OutID] != "7" || row.Fields[input.OutOrderID] != "" {
		t.Errorf("OutId %q, OutOrderId %q: --map must win over the alias", row.Fields[input.OutID], row.Fields[input.OutOrderID])
	}
	want := []string{"13800138000", "13900139000", "7", "1", "2027-01-31 23:59:59"}
	if !cmp.Equal(row.Record, want) {
		t.Errorf("Record = %q, want %q", row.Record, want)
	}
}

func TestBareNumberBesideA(t *testing.T) {
	in := openText(t, "A号码,手机号,G组ID,过期时间\n13800138000,13900139000,1,2027-01-31 23:59:59\n", input.Options{})
	if row := readAll(t, in)[0]; row.Fields[input.PhoneNoB] != "" || row.Record[1] != "13900139000" {
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
