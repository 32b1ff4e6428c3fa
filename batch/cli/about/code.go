package about

import (
	"axgbind/aliyun"
	"axgbind/batch/books"
	"axgbind/batch/plan"
	"axgbind/report"
)

// Code tells what a code means and who must act.
func Code(lang report.Lang) func(status report.Status, code string) (meaning, who string) {
	return func(_ report.Status, code string) (meaning, who string) {
		e := aliyun.Lookup(code)
		return Text(lang, e.Meaning), Text(lang, e.Actor.Text())
	}
}

// Row is explainCode for a row of a run, which may be one that releases bindings.
func Row(lang report.Lang, releases bool) func(status report.Status, code string) (meaning, who string) {
	return func(status report.Status, code string) (meaning, who string) {
		meaning, who = Code(lang)(status, code)
		switch {
		case books.MayBeDone(status, code):
			meaning = report.ReasonMayBeDone.In(lang)
		case plan.RenewedNothing(status, code) && releases:
			meaning, who = report.ReasonReleaseGone.In(lang), Text(lang, aliyun.Operator.Text())
		case plan.RenewedNothing(status, code):
			meaning, who = report.ReasonRenewGone.In(lang), Text(lang, aliyun.Operator.Text())
		}
		return meaning, who
	}
}

// Text is a text of the service's table in a language.
func Text(lang report.Lang, t aliyun.Text) string {
	return report.Text{EN: t.EN, ZH: t.ZH}.In(lang)
}
