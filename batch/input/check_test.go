package input_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/rules"
	"axgbind/report"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// checkHeader has every field, under headers that differ from the API's names.
const checkHeader = "A号码,B号码,G组ID,过期时间,X号码,城市,是否录音,外部ID,订单号,Call Display Type,呼叫限制,ASR Status,ASR Model Id,Ring Config,号池"

// checkCells returns a row under checkHeader that is clean but for the given
// cells.
func checkRow(t testing.TB, cells map[field.Field]string) input.Row {
	t.Helper()
	row := []string{"13800138000", "", "1", "2027-01-31 23:59:59", "", "", "", "", "", "", "", "", "", "", "FC1"}
	for f, s := range cells {
		row[f] = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return readAll(t, openText(t, checkHeader+"\n"+strings.Join(row, ",")+"\n", input.Options{}))[0]
}

// ruleCases trips every rule that judges a cell, each beside a near miss. "" is
// no fault.
var ruleCases = []struct {
	field  field.Field
	value  string
	rule   string
	reason string // English, if given
}{
	{field.PhoneNoA, "", "phone-empty", "column A (A号码): the cell has no value"},
	{field.PhoneNoA, "13800138000", "", ""},
	{field.PhoneNoA, "1380013800a", "phone-not-digits", "column A (A号码): character 11 is 'a', not a digit (138****800a)"},
	{field.PhoneNoA, "张三", "phone-not-digits", "column A (A号码): character 1 is '张', not a digit"},
	{field.PhoneNoA, "1.38E+10", "phone-scientific", "column A (A号码): a spreadsheet wrote the number in scientific notation: 3 of 11 digits are left, 8 are lost for good"},
	{field.PhoneNoA, "138 0013 8000", "phone-separators", "column A (A号码): the number has separators (138****8000)"},
	{field.PhoneNoA, "+8613800138000", "phone-country-code", "column A (A号码): the number begins with the country code 86 (+86****8000 is read as 138****8000)"},
	{field.PhoneNoA, "8613800138000", "phone-country-code", ""},
	{field.PhoneNoA, "57188992688", "phone-zero-lost", ""},
	{field.PhoneNoA, "013800138000", "mobile-zero", "column A (A号码): the mobile number has a 0 before it, as it is dialled from another city (013****8000 is read as 138****8000)"},
	{field.PhoneNoA, "13800138000.0", "phone-decimal", ""},
	{field.PhoneNoA, "13800138000/13900139000", "phone-several", "column A (A号码): more than one number in the cell, split at character 12 (138****9000)"},
	{field.PhoneNoA, "057188992688-801", "phone-extension", "column A (A号码): what follows character 12 looks like an extension (057****-801)"},
	{field.PhoneNoA, "+85212345678", "phone-foreign", ""},
	{field.PhoneNoA, "#N/A", "cell-spreadsheet-error", "column A (A号码): a spreadsheet wrote #N/A instead of the value"},
	{field.PhoneNoA, " 13800138000", "cell-spaces", ""},
	{field.PhoneNoA, "\u200b13800138000", "cell-invisible", ""},
	{field.PhoneNoA, "１３８００１３８０００", "cell-full-width", ""},
	{field.PhoneNoA, "'13800138000", "cell-apostrophe", ""},
	{field.PhoneNoA, `="13800138000"`, "cell-formula", ""},
	{field.PhoneNoA, "1380013800", "mobile-length", "column A (A号码): 10 digits, a mobile number has 11 (138****3800)"},
	{field.PhoneNoA, "138001380001", "mobile-length", ""},
	{field.PhoneNoA, "12345678901", "mobile-prefix", "column A (A号码): 11 digits beginning with 12; a mobile number begins with 13 to 19 (123****8901)"},
	{field.PhoneNoA, "88992688", "landline-area-code", "column A (A号码): 8 digits: a landline number without area code"},
	{field.PhoneNoA, "057188992688", "", ""},
	{field.PhoneNoA, "057118992688", "landline-unusual", "column A (A号码): 12 digits that do not look like a known landline number (057****2688)"},
	{field.PhoneNoA, "4008123123", "service-number", "column A (A号码): a service number that begins with 40 (400****3123)"},
	{field.PhoneNoA, "95188", "service-number", ""},
	{field.PhoneNoA, "10086", "service-number", ""},
	{field.PhoneNoA, "123", "phone-shape", ""},
	{field.PhoneNoA, "0571889926881", "phone-shape", ""},
	{field.PhoneNoB, "", "", ""},
	{field.PhoneNoB, "13900139000", "", ""},
	{field.PhoneNoB, "1390013900", "mobile-length", "column B (B号码): 10 digits, a mobile number has 11 (139****3900)"},
	{field.PhoneNoB, "13800138000", "a-equals-b", "column B (B号码): B is the same number as A (138****8000)"},
	{field.PhoneNoX, "17000000001", "", ""},
	{field.PhoneNoX, "13800138000", "a-equals-x", "column E (X号码): X is the same number as A (138****8000)"},
	{field.PhoneNoX, "x", "phone-not-digits", "column E (X号码): character 1 is 'x', not a digit"},
	{field.GroupID, "", "group-id-empty", ""},
	{field.GroupID, "9223372036854775807", "", ""},
	{field.GroupID, "000", "group-id", `column C (G组ID): not a whole number from 1 to 9223372036854775807 ("0")`},
	{field.GroupID, "9223372036854775808", "group-id", ""},
	{field.GroupID, "-1", "group-id", ""},
	{field.GroupID, "+1", "group-id", ""},
	{field.GroupID, "1.0", "group-id-notation", ""},
	{field.GroupID, "2,000,000,000,001", "group-id-notation", ""},
	{field.GroupID, "2E+12", "group-id-scientific", ""},
	{field.GroupID, "007", "number-zeros", ""},
	{field.GroupID, "1234567890123456", "", ""},
	{field.GroupID, "1234567890123450", "", ""},
	{field.GroupID, "1234567890123400", "group-id-rounded", ""},
	{field.GroupID, "13800138000x", "group-id", "column C (G组ID): not a whole number from 1 to 9223372036854775807 (138****000x)"},
	{field.Expiration, "", "expiration-empty", ""},
	{field.Expiration, "2026-11-24 18:01:01", "", ""}, // 61 s after inputNow
	{field.Expiration, "2026-11-24 18:01:00", "expiration-past", `column D (过期时间): not more than 60 seconds after now, 2026-11-24 18:00:00 Beijing time ("2026-11-24 18:01:00")`},
	{field.Expiration, "2028-02-29 00:00:00", "", ""},
	{field.Expiration, "2027-02-29 00:00:00", "expiration-no-such-time", `column D (过期时间): there is no such day or time ("2027-02-29 00:00:00")`},
	{field.Expiration, "2027-01-31 24:00:00", "expiration-no-such-time", ""},
	{field.Expiration, "2027-13-01 00:00:00", "expiration-no-such-time", ""},
	{field.Expiration, "2027-00-10 00:00:00", "expiration-no-such-time", ""},
	{field.Expiration, "2027-01-31 23:59:60", "expiration-no-such-time", ""},
	{field.Expiration, "2027/1/31 23:59", "expiration-seconds", `column D (过期时间): the seconds are missing and taken as 00 ("2027/1/31 23:59" is read as "2027-01-31 23:59:00")`},
	{field.Expiration, "2027-01-31T23:59:59", "expiration-notation", ""},
	{field.Expiration, "2027-01-31T23:59:59+08:00", "expiration-zone", ""},
	{field.Expiration, "46418.5", "expiration-serial", ""},
	{field.Expiration, "2027-01-31", "expiration-date-only", ""},
	{field.Expiration, "1/31/2027 12:00", "expiration-day-order", ""},
	{field.Expiration, "soon", "expiration-format", `column D (过期时间): not of the form yyyy-MM-dd HH:mm:ss ("soon")`},
	{field.Expiration, "2099-12-31 23:59:59", "", ""},
	{field.Expiration, "2126-01-31 23:59:59", "expiration-far", ""},
	{field.ExpectCity, "杭州", "", ""},
	{field.ExpectCity, "延边", "", ""},
	{field.ExpectCity, "杭州市", "city-suffix", ""},
	{field.ExpectCity, "杭洲", "city-unknown", `column F (城市): no city of that name is known here ("杭洲"); did you mean 杭州?`},
	{field.ExpectCity, "浙江杭州", "city-unknown", `column F (城市): no city of that name is known here ("浙江杭州"); did you mean 杭州?`},
	{field.ExpectCity, "火星", "city-unknown", `column F (城市): no city of that name is known here ("火星")`},
	{field.ExpectCity, "13800138000", "city-unknown", "column F (城市): no city of that name is known here (138****8000)"},
	{field.IsRecordingEnabled, "no", "", ""},
	{field.IsRecordingEnabled, "maybe", "boolean", `column G (是否录音): neither true nor false ("maybe")`},
	{field.ASRStatus, "Y", "", ""},
	{field.ASRStatus, "2", "boolean", ""},
	{field.CallDisplayType, "1", "", ""},
	{field.CallDisplayType, "2", "call-display-type-retired", ""},
	{field.CallDisplayType, "3", "call-display-type-retired", ""},
	{field.CallDisplayType, "0", "call-display-type", ""},
	{field.CallDisplayType, "one", "call-display-type", ""},
	{field.CallRestrict, "control_clear_disable", "", ""},
	{field.CallRestrict, "CONTROL", "call-restrict", ""},
	{field.RingConfig, `{"AXGRing_AB":"1","AXGRing_A":"2","AXGRing_G":"3"}`, "", ""},
	{field.RingConfig, `{}`, "", ""},
	{field.RingConfig, `{"AXGRing":"1"}`, "ring-config-key", `column N (Ring Config): unknown key "AXGRing" ("{\"AXGRing\":\"1\"}")`},
	{field.RingConfig, `{"AXGRing_AB":1}`, "ring-config", ""},
	{field.RingConfig, `null`, "cell-null", ""},
	{field.RingConfig, `[]`, "ring-config", ""},
	{field.RingConfig, `{"AXGRing_AB":"1"} x`, "ring-config", ""},
	{field.OutID, strings.Repeat("长", 64), "", ""},
	{field.OutID, strings.Repeat("x", 65), "out-id-long", ""},
	{field.OutID, "2.1E+17", "id-scientific", ""},
	{field.OutID, "2E+17x", "", ""},
	{field.OutID, `="202701310001"`, "id-notation", ""},
	{field.OutOrderID, "'202701310001", "id-notation", ""},
	{field.OutOrderID, "202701310001.0", "id-notation", ""},
	{field.ASRModelID, "2.0", "", ""},
	{field.OutID, "202701310001.05", "", ""},
	{field.OutOrderID, "123456789012345000", "id-rounded", ""},
	{field.OutOrderID, "123456789012345001", "", ""},
	{field.PoolKey, "", "pool-key-empty", ""},
	{field.PoolKey, "FC100000000000001", "", ""},
	{field.PoolKey, "FC 1", "pool-key", `column O (号池): character 3 is ' ', neither a letter nor a digit ("FC 1")`},
	{field.PoolKey, "号池1", "pool-key", ""},
	{field.PoolKey, "FC@", "pool-key", ""},
}

func TestCheck(t *testing.T) {
	for _, test := range ruleCases {
		row := checkRow(t, map[field.Field]string{test.field: test.value})
		faults := row.Check(inputNow)
		if test.rule == "" {
			if faults != nil {
				t.Errorf("%s %q: %s, want no fault", test.field, test.value, faults[0].Reason(report.EN))
			}
			continue
		}
		if len(faults) != 1 || faults[0].Rule != test.rule || faults[0].Field != test.field || faults[0].Column == "" {
			t.Errorf("%s %q: %v, want %s", test.field, test.value, faults, test.rule)
			continue
		}
		f := faults[0]
		if got := f.Reason(report.EN); test.reason != "" && got != test.reason {
			t.Errorf("%s %q:\n got %s\nwant %s", test.field, test.value, got, test.reason)
		}
		for _, lang := range []report.Lang{report.EN, report.ZH} {
			reason := f.Reason(lang)
			if reason == "" || f.Action(lang) == "" || strings.Contains(reason, "%!") {
				t.Errorf("%s %q: reason %q, action %q", test.field, test.value, reason, f.Action(lang))
			}
			if len(test.value) >= 9 && test.field <= field.PhoneNoB && strings.Contains(reason, test.value) {
				t.Errorf("%s %q is not masked: %s", test.field, test.value, reason)
			}
		}
		if i := slices.IndexFunc(rules.All(), func(r rules.Rule) bool { return r.ID == f.Rule }); rules.All()[i].Severity != f.Severity || rules.All()[i].Code != f.Code() {
			t.Errorf("%s: the fault differs from its rule", f.Rule)
		}
	}
}

func TestCheckAllFaults(t *testing.T) {
	in := openText(t, "备注,过期时间,A号码\nx\xff,2020-01-01 00:00:00,138\n", input.Options{Defaults: map[field.Field]string{field.GroupID: "x"}})
	row := readAll(t, in)[0]
	faults := row.Check(inputNow)
	if got, want := ruleIDs(faults), []string{"undecodable-bytes", "expiration-past", "mobile-length", "group-id"}; !cmp.Equal(got, want) {
		t.Fatalf("faults %v, want %v: column order", got, want)
	}
	if got, want := faults[0].Reason(report.ZH), "A 列（备注）：第 2 个字符无法按 utf-8 读出"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := faults[3].Reason(report.EN), `default of GroupId: not a whole number from 1 to 9223372036854775807 ("x")`; got != want || faults[3].Column != "" {
		t.Errorf("got %s, want %s", got, want)
	}
	if faults[0].Field != field.NumFields || faults[0].Column != "备注" {
		t.Errorf("fault of a column that is passed through: %+v", faults[0])
	}
	again := row.Check(inputNow)
	if !cmp.Equal(ruleIDs(faults), ruleIDs(again)) {
		t.Errorf("second Check: %v", ruleIDs(again))
	}
}

// A binding must last more than a minute at the moment of the call, to the
// nanosecond, whatever the machine's time zone.
func TestCheckExpirationAtSend(t *testing.T) {
	row := checkRow(t, map[field.Field]string{field.Expiration: "2027-01-31 23:59:59"})
	end := time.Date(2027, 1, 31, 15, 59, 59, 0, time.UTC)
	for _, test := range []struct {
		now   time.Time
		fault bool
	}{
		{end.Add(-60*time.Second - 1), false},
		{end.Add(-60 * time.Second), true},
		{end.Add(-60*time.Second + 1), true},
		{end.Add(-60*time.Second - 1).In(time.FixedZone("", -7*3600)), false},
		{end.Add(time.Hour), true},
	} {
		if f := row.Check(test.now); (f != nil) != test.fault {
			t.Errorf("at %v: %v, want a fault: %t", test.now, ruleIDs(f), test.fault)
		}
	}
}

func TestCheckHandMade(t *testing.T) {
	row := input.Row{}
	row.Fields[field.PhoneNoA], row.Fields[field.GroupID], row.Fields[field.Expiration] = "13800138000", "1", "2027-01-31 23:59:59"
	if f := row.Check(inputNow); f != nil {
		t.Errorf("faults %v", ruleIDs(f))
	}
	row.Fields[field.PhoneNoA] = "138"
	if f := row.Check(inputNow); len(f) != 1 || f[0].Reason(report.EN) != "PhoneNoA: 3 digits, a mobile number has 11" {
		t.Errorf("faults %v", f)
	}
}

func TestCheckAllocations(t *testing.T) {
	row := checkRow(t, map[field.Field]string{field.PhoneNoB: "057188992688", field.PhoneNoX: "17000000001", field.OutID: "x", field.CallDisplayType: "1", field.ASRStatus: "是", field.ExpectCity: "呼和浩特"})
	if n := testing.AllocsPerRun(100, func() {
		if row.Check(inputNow) != nil {
			t.Fatal("not clean")
		}
	}); n != 0 {
		t.Errorf("Check of a clean row allocates %v times", n)
	}
}

func TestRequest(t *testing.T) {
	yes, no := true, false
	row := checkRow(t, map[field.Field]string{
		field.PhoneNoB: "057188992688", field.GroupID: "2000000000001", field.PhoneNoX: "17000000001", field.ExpectCity: "杭州市",
		field.IsRecordingEnabled: "是", field.OutID: "o1", field.OutOrderID: "o2", field.CallDisplayType: "1", field.CallRestrict: "control_ax_disable",
		field.ASRStatus: "0", field.ASRModelID: "m", field.RingConfig: `{"AXGRing_AB":"1"}`,
	})
	want := aliyun.BindAxgRequest{
		PoolKey: "FC1", PhoneNoA: "13800138000", PhoneNoB: "057188992688", PhoneNoX: "17000000001", GroupID: 2000000000001,
		Expiration: time.Date(2027, 1, 31, 15, 59, 59, 0, time.UTC), ExpectCity: "杭州", IsRecordingEnabled: &yes, OutID: "o1", OutOrderID: "o2",
		CallDisplayType: 1, CallRestrict: "CONTROL_AX_DISABLE", ASRStatus: &no, ASRModelID: "m", RingConfig: `{"AXGRing_AB":"1"}`,
	}
	got := row.Request()
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(aliyun.Intent{})); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	if s := got.Expiration.Format(time.DateTime); s != "2027-01-31 23:59:59" {
		t.Errorf("Expiration is %s in its own zone, want Beijing time", s)
	}
	row = checkRow(t, nil)
	want = aliyun.BindAxgRequest{PoolKey: "FC1", PhoneNoA: "13800138000", GroupID: 1, Expiration: time.Date(2027, 1, 31, 15, 59, 59, 0, time.UTC)}
	if diff := cmp.Diff(want, row.Request(), cmpopts.EquateComparable(aliyun.Intent{})); diff != "" {
		t.Errorf("short request (-want +got):\n%s", diff)
	}
}

// The instants are those of package time.
func TestExpirationInstant(t *testing.T) {
	days := 0
	for at := time.Date(0, 1, 1, 23, 59, 58, 0, report.Beijing); at.Year() < 10000; at = at.AddDate(0, 0, 97) {
		text := at.Format(time.DateTime)
		if got, rule := input.ExpirationUnix(text); rule != "" || got != at.Unix() {
			t.Fatalf("%s is %d, %t; want %d", text, got, rule == "", at.Unix())
		}
		days++
	}
	if days < 30000 {
		t.Errorf("only %d days", days)
	}
	for _, day := range []string{"1900-02-29", "2100-02-29", "2023-02-29", "2024-02-30", "2024-04-31", "2024-13-01", "2024-00-10", "2024-01-00", "2024-01-32"} {
		if got, rule := input.ExpirationUnix(day + " 00:00:00"); rule == "" {
			t.Errorf("%s does not exist, and is read as %d", day, got)
		}
	}
}
