package input_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"axgbind/batch/csvtext"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/report"

	"pgregory.net/rapid"
)

func TestRepair(t *testing.T) {
	for _, test := range []struct {
		field      field.Field
		cell, want string
	}{
		// Numbers.
		{field.PhoneNoA, "138 0013 8000", "13800138000"},
		{field.PhoneNoA, "138-0013-8000", "13800138000"},
		{field.PhoneNoA, "138\u00a00013\u00a08000", "13800138000"},
		{field.PhoneNoA, "138\t00138000", "13800138000"},
		{field.PhoneNoA, "13800138000\u200b", "13800138000"},
		{field.PhoneNoA, "1380\u200b0138000", "13800138000"},
		{field.PhoneNoA, "'13800138000", "13800138000"},
		{field.PhoneNoA, `="13800138000"`, "13800138000"},
		{field.PhoneNoA, `=" +86 138-0013-8000"`, "13800138000"},
		{field.PhoneNoA, "＋８６　１３８００１３８０００", "13800138000"},
		{field.PhoneNoA, "+8613800138000", "13800138000"},
		{field.PhoneNoA, "(+86)13800138000", "13800138000"},
		{field.PhoneNoA, "0086 13800138000", "13800138000"},
		{field.PhoneNoA, "86-13800138000", "13800138000"},
		{field.PhoneNoA, "8613800138000", "13800138000"},
		{field.PhoneNoA, "13800138000.0", "13800138000"},
		{field.PhoneNoA, "1.3800138001E+10", "13800138001"},
		{field.PhoneNoA, "0571-88992688", "057188992688"},
		{field.PhoneNoA, "(0571)88992688", "057188992688"},
		{field.PhoneNoA, "（010）8234-5678", "01082345678"},
		{field.PhoneNoA, "+86 571 8899 2688", "057188992688"},
		{field.PhoneNoA, "+86-0571-88992688", "057188992688"},
		{field.PhoneNoA, "008657188992688", "057188992688"},
		{field.PhoneNoA, "57188992688", "057188992688"},
		{field.PhoneNoA, "571-88992688", "057188992688"},
		{field.PhoneNoA, "5718899268", "05718899268"},
		{field.PhoneNoA, "1082345678", "01082345678"},
		{field.PhoneNoA, "1082345678.0", "01082345678"},
		{field.PhoneNoA, "400-812-3123", "4008123123"},
		{field.PhoneNoA, "013800138000", "13800138000"},
		{field.PhoneNoA, "0138-0013-8000", "13800138000"},
		{field.PhoneNoA, "+86 (0)138 0013 8000", "13800138000"},
		{field.PhoneNoA, "0086013800138000", "13800138000"},
		{field.PhoneNoA, "571 8899-2688", "057188992688"},
		{field.PhoneNoA, "+86 571 8899-2688", "057188992688"},
		// Numbers that could be another, or that no repair makes right.
		{field.PhoneNoA, "1.38E+10", "1.38E+10"},
		{field.PhoneNoA, "1.380013800E+11", "1.380013800E+11"},
		{field.PhoneNoA, "1380013800", "1380013800"},
		{field.PhoneNoA, "138001380000", "138001380000"},
		{field.PhoneNoA, "4008123123", "4008123123"},
		{field.PhoneNoA, "8008123123", "8008123123"},
		{field.PhoneNoA, "010-8234567-8", "010-8234567-8"}, // an extension, or a digit
		{field.PhoneNoA, "13800138000-1", "13800138000-1"},
		{field.PhoneNoA, "13800138000/13900139000", "13800138000/13900139000"},
		{field.PhoneNoA, "+85212345678", "+85212345678"},
		{field.PhoneNoA, "8657188992688", "8657188992688"}, // 86 is no country code for certain
		{field.PhoneNoA, "138-0013-800", "1380013800"},     // wrong, and told for what it is
		{field.PhoneNoA, "+86138", "138"},
		{field.PhoneNoA, "85261234567", "85261234567"}, // Hong Kong: there is no area code 0852
		{field.PhoneNoA, "85366123456", "85366123456"},
		{field.PhoneNoA, "65-82345678", "6582345678"},
		{field.PhoneNoA, "8613800138", "8613800138"}, // a mobile number cut short
		{field.PhoneNoA, "86-88992688", "8688992688"},
		{field.PhoneNoA, "57123456-801", "57123456-801"}, // an extension, or 0571
		{field.PhoneNoA, "+86-57123456-801", "+86-57123456-801"},
		{field.PhoneNoA, "13800138000 13900139000", "13800138000 13900139000"},
		// Group ids.
		{field.GroupID, "2000000000001.0", "2000000000001"},
		{field.GroupID, "2,000,000,000,001", "2000000000001"},
		{field.GroupID, "2 000 000 000 001", "2000000000001"},
		{field.GroupID, "2.000000000001E+12", "2000000000001"},
		{field.GroupID, "'2000000000001", "2000000000001"},
		{field.GroupID, "2.00000E+12", "2.00000E+12"},
		{field.GroupID, "2,00,001", "2,00,001"},
		{field.GroupID, "2000000000001.5", "2000000000001.5"},
		// Times.
		{field.Expiration, "2026/9/5 12:00:30", "2026-09-05 12:00:30"},
		{field.Expiration, "2026/9/5 12:00", "2026-09-05 12:00:00"},
		{field.Expiration, "2026-9-5 8:05", "2026-09-05 08:05:00"},
		{field.Expiration, "2026.9.5 8:05:09", "2026-09-05 08:05:09"},
		{field.Expiration, "2026年9月5日 12:00", "2026-09-05 12:00:00"},
		{field.Expiration, "2026年09月05日12时00分30秒", "2026-09-05 12:00:30"},
		{field.Expiration, "2026 年 9 月 5 日 12:00:30", "2026-09-05 12:00:30"},
		{field.Expiration, "20260905120030", "2026-09-05 12:00:30"},
		{field.Expiration, "2026-09-05T12:00:30", "2026-09-05 12:00:30"},
		{field.Expiration, "2026-09-05T04:00:30Z", "2026-09-05 12:00:30"},
		{field.Expiration, "2026-09-05T04:00:30.999Z", "2026-09-05 12:00:30"},
		{field.Expiration, "2026-12-31T23:00:00-05:00", "2027-01-01 12:00:00"},
		{field.Expiration, "2026-09-05 12:00:30 +0800", "2026-09-05 12:00:30"},
		{field.Expiration, "2026-09-05  12:00:30", "2026-09-05 12:00:30"},
		{field.Expiration, "46270.5", "2026-09-05 12:00:00"},
		{field.Expiration, "46270.99999", "2026-09-05 23:59:59"},
		{field.Expiration, "46270.999988426", "2026-09-05 23:59:59"},
		{field.Expiration, "２０２６／９／５　１２：００", "2026-09-05 12:00:00"},
		// Times that could be another.
		{field.Expiration, "2026-09-05", "2026-09-05"},
		{field.Expiration, "46270", "46270"},
		{field.Expiration, "46270.0", "46270.0"},
		{field.Expiration, "46270.99", "46270.99"},
		{field.Expiration, "9/5/2026 12:00", "9/5/2026 12:00"},
		{field.Expiration, "26-9-5 12:00", "26-9-5 12:00"},
		{field.Expiration, "2026/9-5 12:00", "2026/9-5 12:00"},
		{field.Expiration, "2026-09-05 12:5", "2026-09-05 12:5"},
		{field.Expiration, "2026-09-05T12:00:00+99:00", "2026-09-05T12:00:00+99:00"},
		{field.Expiration, "1788580800", "1788580800"},
		{field.Expiration, "2026/2/30 12:00", "2026-02-30 12:00:00"}, // no such day, and told so
		// Words and texts.
		{field.IsRecordingEnabled, "'是", "true"},
		{field.IsRecordingEnabled, "FALSE", "false"},
		{field.ExpectCity, "杭州市", "杭州"},
		{field.ExpectCity, "'杭州", "杭州"},
		{field.PoolKey, "'FC1", "FC1"},
		{field.OutID, "'1.0", "'1.0"},
		{field.OutID, " 1\u200b2 ", "12"},
		{field.ASRModelID, "ｍ\u200b1", "m1"},
		{field.OutID, "客\u2066户\u00ad1", "客户1"},
		{field.OutID, "👨\u200d👩", "👨\u200d👩"},
		{field.OutOrderID, "می\u200cخواهم\u2069", "می\u200cخواهم"},
		{field.ExpectCity, "杭\ufe0f州\u061c市", "杭州"},
		{field.RingConfig, "{}\u3000", "{}"},
	} {
		if got := input.Normalise(test.field, test.cell); got != test.want {
			t.Errorf("%s %q is read as %q, want %q", test.field, test.cell, got, test.want)
		}
	}
}

// plainForm is the normal form as version 1 of identities knew it, for texts
// that were valid then.
func plainForm(f field.Field, s string) string {
	invisible := csvtext.Invisible
	trim := func(s string) string {
		return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || invisible(r) })
	}
	s = trim(s)
	switch f {
	case field.OutID, field.OutOrderID, field.RingConfig:
		return s
	case field.ExpectCity:
		if city := strings.TrimSuffix(s, "市"); city != "" {
			return city
		}
		return s
	}
	s = trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFF01 + '!'
		case r == 0x3000:
			return ' '
		}
		return r
	}, s))
	switch f {
	case field.GroupID, field.CallDisplayType:
		if regexp.MustCompile(`^[0-9]+$`).MatchString(s) {
			if t := strings.TrimLeft(s, "0"); t != "" {
				return t
			}
			return "0"
		}
	case field.IsRecordingEnabled, field.ASRStatus:
		switch strings.ToLower(s) {
		case "true", "1", "是", "y", "yes":
			return "true"
		case "false", "0", "否", "n", "no":
			return "false"
		}
	case field.CallRestrict:
		return strings.ToUpper(s)
	}
	return s
}

// sentForm are the numbers that are sent as they stand: those of 12 digits that begin with
// 013 to 019 are mobile numbers as they are dialled from another city.
var sentForm = regexp.MustCompile(`^(1[3-9]\d{9}|0(10|2[0-57-9]|[3-9]\d{2})[2-8]\d{6,7}|0\d{9,10}|0(1[0-2]|[02-9]\d)\d{9}|[48]00\d{7}|95\d{3,6}|10\d{3,6})$`)

// nothing are words for no value.
var nothing = regexp.MustCompile(`(?i)^[(（<\[{【'"]?(null|#null|\\n|none|-?nan|nat|undefined|n/?a|n\.a\.?|nil|[-~−─\p{Pd}]+|/+|\\|'+|"+|无|無|空|空值|空白|没有|暂无|未填|未填写|不填|无数据|blank|empty|object object)[)）>\]}】'"]?$`)

// wasValid reports whether a text in plain form was sent as it stood.
func wasValid(f field.Field, s string) bool {
	if s == "" {
		return true
	}
	if strings.ContainsFunc(s, csvtext.Invisible) || strings.HasPrefix(s, `="`) || strings.ContainsAny(s[:1], "'`") || strings.HasPrefix(s, "\u2018") || strings.HasPrefix(s, "\u2019") || nothing.MatchString(s) {
		return false
	}
	switch f {
	case field.PhoneNoA, field.PhoneNoB, field.PhoneNoX:
		return sentForm.MatchString(s)
	case field.GroupID:
		n, err := strconv.ParseInt(s, 10, 64)
		return err == nil && n > 0 && s[0] != '+'
	case field.Expiration:
		at, err := time.Parse(time.DateTime, s)
		return err == nil && at.Format(time.DateTime) == s
	case field.IsRecordingEnabled, field.ASRStatus:
		return s == "true" || s == "false"
	case field.CallDisplayType:
		return s == "1" || s == "2" || s == "3"
	case field.CallRestrict:
		return strings.HasPrefix(s, "CONTROL_")
	case field.PoolKey:
		return regexp.MustCompile(`^[0-9A-Za-z]+$`).MatchString(s)
	case field.ExpectCity: // no city has a blank at its end
		return plainForm(f, s) == s
	}
	return true
}

// checkRepair holds what must hold of every cell: a text that could be sent
// before there were repairs keeps its normal form, for identities stand on it;
// a normal form is its own; and of what is called repaired, the row says so.
func checkRepair(t interface {
	Fatalf(string, ...any)
	Helper()
}, f field.Field, s string) {
	t.Helper()
	got := input.Normalise(f, s)
	if plain := plainForm(f, s); wasValid(f, plain) && got != plain {
		t.Fatalf("%s %q was sent as %q and is now %q: journals do not find it any more", f, s, plain, got)
	}
	if again := input.Normalise(f, got); wasValid(f, got) && again != got {
		t.Fatalf("%s %q is read as %q, and that as %q", f, s, got, again)
	}
}

var cellPieces = []string{
	"0", "1", "3", "8", "138", "0013", "8000", "13800138000", "057188992688", "0571", "88992688", "571", "86", "0086", "+86", "400", "95188",
	"-", " ", "(", ")", ".", ".0", "E+10", "E+12", ",", "/", "转", "'", `="`, `"`, "\u200b", "\u00a0", "\t", "１", "＋", "2026", "2027-01-31", "23:59:59", "12:00",
	"年", "月", "日", "T", "Z", "+08:00", "46270", ".5", "市", "杭州", "是", "true", "Y", "#N/A", "###", "CONTROL_AX_DISABLE", "FC1", "a", "\xff", "2000000000001",
}

func TestRepairKeepsWhatWasSent(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		f := field.Field(rapid.IntRange(0, int(field.NumFields)-1).Draw(rt, "field"))
		pieces := rapid.SliceOfN(rapid.SampledFrom(cellPieces), 0, 7).Draw(rt, "pieces")
		checkRepair(rt, f, strings.Join(pieces, ""))
		checkRepair(rt, f, rapid.StringMatching(`[ ']?(\+86|0086|86)?[ -]?(1[0-9]{9,11}|0?[1-9][0-9]{1,2}[ -]?[0-9]{7,8}|(400|95|10)[0-9]{3,7})(\.0)?`).Draw(rt, "number"))
		checkRepair(rt, field.Expiration, rapid.StringMatching(`202[0-9][-/.年]?[01]?[0-9][-/.月]?[0-3]?[0-9]日?[ T]?([0-2]?[0-9][:时][0-5]?[0-9](:[0-5][0-9])?)?(Z|\+08:00)?`).Draw(rt, "time"))
	})
}

// A city is read as what it is read as once more, whatever stands before its 市.
func TestRepairCity(t *testing.T) {
	for cell, want := range map[string]string{"杭州市": "杭州", "杭州 市": "杭州", "杭州\u200b市": "杭州", "0\u200b市": "0", "杭州市市": "杭州", "市": "市"} {
		checkRepair(t, field.ExpectCity, cell)
		if got := input.Normalise(field.ExpectCity, cell); got != want {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
}

func FuzzRepair(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "corpus", "*.csv"))
	if err != nil || len(files) == 0 {
		f.Fatal(err, "no corpus")
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for i, cell := range strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == '\n' }) {
			f.Add(byte(i), cell)
		}
	}
	f.Fuzz(func(t *testing.T, n byte, s string) {
		checkRepair(t, field.Field(n%byte(field.NumFields)), s)
	})
}

// A repaired row is sent in its normal form; the record keeps its own text.
func TestRepairIsSentAndTold(t *testing.T) {
	row := checkRow(t, map[field.Field]string{field.PhoneNoA: " 138-0013-8000", field.GroupID: "2000000000001.0", field.Expiration: "2027/1/31 23:59"})
	for _, f := range row.Check(inputNow) {
		if f.Severity != report.Repaired {
			t.Errorf("%s: %s", f.Rule, f.Reason(report.EN))
		}
	}
	req := row.Request()
	if req.PhoneNoA != "13800138000" || req.GroupID != 2000000000001 || req.Expiration.Format(time.DateTime) != "2027-01-31 23:59:00" {
		t.Errorf("request %+v", req)
	}
	if row.Record[0] != " 138-0013-8000" || row.Record[2] != "2000000000001.0" {
		t.Errorf("record %q", row.Record)
	}
	same := checkRow(t, map[field.Field]string{field.PhoneNoA: "13800138000", field.GroupID: "2000000000001", field.Expiration: "2027-01-31 23:59:00"})
	if input.Identify(&row.Fields) != input.Identify(&same.Fields) {
		t.Error("the repaired row is another row than the one that needs no repair")
	}
}

// A default steps in for a cell of spaces, and nothing is called repaired.
func TestRepairAndDefault(t *testing.T) {
	in := openText(t, "A号码,G组ID,过期时间\n13800138000, ,2027-01-31 23:59:59\n", input.Options{Defaults: map[field.Field]string{field.GroupID: "7"}})
	if row := readAll(t, in)[0]; row.Check(inputNow) != nil || row.Fields[field.GroupID] != "7" {
		t.Errorf("%q: %v", row.Fields, ruleIDs(row.Check(inputNow)))
	}
}
