package report_test

import (
	"strings"
	"testing"

	"axgbind/report"
)

// phrases are a few sentences of every form.
func phrases() *report.Phrases {
	stop := report.NewPhrases(report.Say(report.Text{EN: "a limit", ZH: "上限"}), report.Say(report.Text{EN: "a signal", ZH: "信号"}))
	lost := report.NewPhrases(report.Say(report.Text{EN: "loss", ZH: "丢失"}), report.Say(report.Text{EN: "loss", ZH: "遗失"}))
	short := func(s string) bool { return len(s) < 6 }
	return report.NewPhrases(
		report.Say(report.Text{EN: "not sent", ZH: "未发送"}),
		report.Say(report.Text{EN: "stopped by %s", ZH: "因%s停止"}, stop),
		report.Say(report.Text{EN: "line %d of %s (%s); read", ZH: "%[2]s（%[3]s）第 %[1]d 行；已读"}),
		report.Say(report.Text{EN: "cell %s", ZH: "单元格 %s"}, short), report.Say(report.Text{EN: "%d cells", ZH: "%d 个单元格"}, short),
		report.Say(report.Text{EN: "A is lost", ZH: "甲丢失"}), report.Say(report.Text{EN: "A is lost", ZH: "甲不见了"}), report.Say(report.Text{EN: "A is lost", ZH: "甲丢失"}),
		report.Say(report.Text{EN: "%s, then %s", ZH: "%s，然后%s"}, lost, stop), report.Say(report.Text{EN: "%s, or %s", ZH: "%s，或%s"}, stop, lost),
		report.Say(report.Text{EN: "hit by loss", ZH: "因丢失受损"}), report.Say(report.Text{EN: "hit by %s", ZH: "因%s受损"}, lost),
		report.Say(report.Text{EN: "none in one language", ZH: "没有%s"}), report.Say(report.Text{EN: "only %[2]s", ZH: "%[1]s只有%[2]s"}),
		report.Say(report.Text{EN: "%[1]s, and again %[1]s", ZH: "%s共两次"}),
		report.Say(report.Text{EN: "B is lost", ZH: "乙"}), report.Say(report.Text{EN: "B is gone", ZH: "乙"}),
	)
}

func TestPhrases(t *testing.T) {
	p := phrases()
	for _, c := range []struct{ en, zh string }{
		{"not sent", "未发送"},
		{"not sent; not sent", "未发送；未发送"},
		{"stopped by a limit", "因上限停止"},
		{"stopped by a limit; not sent; stopped by a signal", "因上限停止；未发送；因信号停止"},
		{"line 0 of a.csv (b); read", "a.csv（b）第 0 行；已读"},
		{"line -7 of  (); read; not sent", "（）第 -7 行；已读；未发送"},
		{"line 7 of 未发送 (not sent); read", "未发送（not sent）第 7 行；已读"},
		{"x, and again x", "x共两次"},
		{"7 cells", "7 个单元格"},
		{"cell x y", "单元格 x y"},
		{"cell ; x", "单元格 ; x"},
	} {
		if got := p.In(report.ZH, c.en); got != c.zh {
			t.Errorf("%q is said as %q, want %q", c.en, got, c.zh)
		}
		if got := p.In(report.EN, c.zh); got != c.en {
			t.Errorf("%q is said as %q, want %q", c.zh, got, c.en)
		}
		if got := p.In(report.EN, c.en); got != c.en {
			t.Errorf("%q is in English, and is said as %q", c.en, got)
		}
	}
}

// TestPhrasesLeaveOthers: what is not theirs from end to end, or not for certain, stays.
func TestPhrasesLeaveOthers(t *testing.T) {
	p := phrases()
	for name, text := range map[string]string{
		"nothing":                     "",
		"other words":                 "sent",
		"more in front":               " not sent",
		"more behind":                 "not sent.",
		"half of it":                  "not sent; sent",
		"half of it, the other way":   "sent; not sent",
		"nothing between":             "not sentnot sent",
		"no sentence between":         "not sent; ; not sent",
		"another language's joint":    "not sent；not sent",
		"no such sentence inside":     "stopped by a noise",
		"several sentences inside":    "stopped by a limit; a signal",
		"no number":                   "line x of a (b); read",
		"a number written otherwise":  "line 07 of a (b); read",
		"two ways to read it":         "line 7 of a (b (c); read",
		"no number of the form":       "x cells",
		"a number, and not the form":  "123456 cells",
		"an argument that it is not":  "cell 123456",
		"two meanings":                "A is lost",
		"one of two that are said so": "B is lost",
		"behind another":              "not sent; A is lost",
		"before another":              "A is lost; not sent",
		"in the first argument":       "loss, then a limit",
		"in the second argument":      "a limit, or loss",
		"twice the same, once not":    "hit by loss",
		"one argument, said twice":    "x, and again y",
		"one of the arguments alone":  "only x",
		"an argument in one language": "none in one language",
		"longer than any of ours":     "line 7 of " + strings.Repeat("a", 5000) + " (b); read",
		"more than any of ours":       strings.Repeat("not sent; ", 60) + "not sent",
	} {
		for _, lang := range []report.Lang{report.EN, report.ZH} {
			if got := p.In(lang, text); got != text {
				t.Errorf("%s: %q is said as %q", name, text, got)
			}
		}
	}
	if got, want := p.In(report.ZH, strings.Repeat("not sent; ", 20)+"not sent"), strings.Repeat("未发送；", 20)+"未发送"; got != want {
		t.Errorf("twenty sentences are said as %q", got)
	}
}
