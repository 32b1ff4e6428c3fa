package input_test

import (
	"regexp"
	"strings"
	"testing"

	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/report"
)

// judge returns the rule that a number A breaks in its normal form, "" if none.
func judge(number string) (rule string, severity report.Severity) {
	var row input.Row
	row.Fields[field.PhoneNoA], row.Fields[field.GroupID], row.Fields[field.Expiration] = number, "1", "2027-01-31 23:59:59"
	if f := row.Check(inputNow); f != nil {
		return f[0].Rule, f[0].Severity
	}
	return "", report.Repaired
}

func TestPhone(t *testing.T) {
	for _, test := range []struct{ rule, numbers string }{
		{"", "13000000000 14000000000 15400000000 16600000000 17000000000 17100000000 19200000000 19999999999"},
		{"", "01082345678 02088992688 02782345678 02988992688 037182345678 057188992688 04118234567 08712345678 0312234567" + "8"},
		{"mobile-length", "1380013800 138001380000 13 139 1900000000000"},
		{"mobile-prefix", "10000000000 11111111111 12800138000"},
		{"landline-unusual", "02612345678 0101234567 013800138000 057118992688 0571189926"},
		{"landline-area-code", "8899268 88992688 4001234 28992688 9123456"},
		{"service-number", "4008123123 8008123123 95188 955881 9518812 95188123 10086 10000 1010123 10101234"},
		{"phone-shape", "0 1 12 110 12306 057 05718899 0571889926888 4008 400812312 40081231234 951881234 86138001380001 9999999999 8613800138000 008613800138000 571889926888 85261234567 6582345678 8613800138"},
		{"phone-not-digits", "1380013800O - + 0x138 138;139 13800138000转 13800138000x12a 1.38E+"},
		{"phone-scientific", "1.38E+10 1.38001e+10 1E+10 1.38E10"},
		{"phone-several", "13800138000,13900139000 13800138000、13900139000 057188992688或13800138000 13800138000-13900139000 0571-88992688-13800138000"},
		{"phone-extension", "057188992688-801 0571-88992688-1 13800138000转2 01082345678ext.12 01082345678#3 13800138000-1 57123456-801 0086-57123456-801"},
		{"phone-foreign", "+1-202-555-0100 +85212345678"},
	} {
		for number := range strings.FieldsSeq(test.numbers) {
			if rule, _ := judge(number); rule != test.rule {
				t.Errorf("%s: %q, want %q", number, rule, test.rule)
			}
		}
	}
}

// FuzzPhone compares the checks written by hand with the expressions they
// stand for.
func FuzzPhone(f *testing.F) {
	for _, s := range []string{"13800138000", "057188992688", "010-12345678", "+8613800138000", "95188", "", "１３８"} {
		f.Add(s)
	}
	fine := regexp.MustCompile(`^(1[3-9]\d{9}|0(10|2[0-57-9]|[3-9]\d{2})[2-8]\d{6,7})$`)
	warned := regexp.MustCompile(`^(0\d{9,11}|[48]00\d{7}|95\d{3,6}|10\d{3,6})$`)
	f.Fuzz(func(t *testing.T, s string) {
		rule, severity := judge(s)
		warning := severity == report.Warning
		if clean := fine.MatchString(s); clean != (rule == "") {
			t.Fatalf("%q: %s; the expression says fine: %t", s, rule, clean)
		}
		if want := rule != "" && warned.MatchString(s); want != warning {
			t.Fatalf("%q: %s, warning %t, want %t", s, rule, warning, want)
		}
	})
}
