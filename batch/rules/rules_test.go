package rules_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"axgbind/batch/rules"
	"axgbind/report"
)

func TestRules(t *testing.T) {
	id, verb := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`), regexp.MustCompile(`%[^%]*?[a-zA-Z]`)
	verbs := func(s string) []string {
		v := verb.FindAllString(s, -1)
		slices.Sort(v)
		return slices.Compact(v)
	}
	seen := map[string]bool{}
	for _, r := range rules.All() {
		if !id.MatchString(r.ID) || seen[r.ID] {
			t.Errorf("ID %q is not kebab-case, or not unique", r.ID)
		}
		seen[r.ID] = true
		switch r.Code {
		case "isv.MOBILE_NUMBER_ILLEGAL", "isv.EXPIRE_DATE_ILLEGAL", "isv.ILLEGAL_ARGUMENT", "isv.BIND_CONFLICT", "client.Duplicate", "client.SamePlace", "client.SubsIdDamaged", "client.OtherBinding", "client.NoBinding":
		case "":
			if r.Severity == report.Error {
				t.Errorf("%s: an error without code", r.ID)
			}
		default:
			t.Errorf("%s: code %q", r.ID, r.Code)
		}
		if ofFile := r.ID == rules.Unread || r.ID == rules.HeaderBelow || r.ID == rules.Delimiter || r.ID == rules.Blank; ofFile != (r.Short == report.Text{}) {
			t.Errorf("%s: in short %q", r.ID, r.Short)
		}
		if strings.ContainsAny(r.Short.EN, "%.;:") || strings.ContainsAny(r.Short.ZH, "%。；：") {
			t.Errorf("%s: %q does not fit behind the name of a column", r.ID, r.Short)
		}
		for name, text := range map[string]report.Text{"meaning": r.Meaning, "cause": r.Cause, "cure": r.Cure} {
			if strings.TrimSpace(text.EN) == "" || strings.TrimSpace(text.ZH) == "" || text.EN == text.ZH {
				t.Errorf("%s: %s %q", r.ID, name, text)
			}
			en, zh := verbs(text.EN), verbs(text.ZH)
			if !slices.Equal(en, zh) {
				t.Errorf("%s: verbs of the %s differ: %v, %v", r.ID, name, en, zh)
			}
			if name != "cause" && len(en) > 0 {
				t.Errorf("%s: the %s has verbs", r.ID, name)
			}
			if strings.ContainsAny(text.EN, "，。：；") || strings.HasSuffix(text.EN, ".") {
				t.Errorf("%s: punctuation of %q", r.ID, text.EN)
			}
		}
	}
}

func TestRulesAreCopied(t *testing.T) {
	rules.All()[0].ID = "changed"
	if rules.All()[0].ID == "changed" {
		t.Error("the caller can change the table")
	}
}
