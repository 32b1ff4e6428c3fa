package report_test

import (
	"fmt"
	"strings"
	"testing"

	"axgbind/report"
)

// ExampleAdvise: each command of the advice stands on a line of its own.
func ExampleAdvise() {
	next := report.Advise(report.EN, report.NextUnsettled, report.Command("axgbind reconcile b1"), report.Command("axgbind bind 'july 1.csv'"))
	fmt.Println(strings.Join(next.Lines(report.EN), "\n"))
	// Output:
	// next: find out what became of the UNKNOWN rows:
	//   axgbind reconcile b1
	// then again:
	//   axgbind bind 'july 1.csv'
}

func TestAdviceLines(t *testing.T) {
	bind, resend := report.Command("axgbind bind in.csv"), report.Command("axgbind bind in.csv --resend unknown")
	of := func(p report.Text, args ...any) report.Advice { return report.Advise(report.ZH, p, args...) }
	for name, c := range map[string]struct {
		advice report.Advice
		want   string
	}{
		"none":        {report.Advice{}, ""},
		"no command":  {of(report.NextAgainSame), "下一步：可以放心再次运行同一命令"},
		"in words":    {of(report.NextAgain, report.Say(report.WordsSame)), "下一步：可以放心再次运行同一命令：同一命令"},
		"one":         {of(report.NextAgain, bind), "下一步：可以放心再次运行同一命令：\n  axgbind bind in.csv"},
		"longer one":  {of(report.NextUnsettled, resend, bind), "下一步：先查明结果未知（UNKNOWN）的行是否绑定：\n  axgbind bind in.csv --resend unknown\n再运行：\n  axgbind bind in.csv"},
		"words after": {of(report.NextHeldUntold, "2099-01-01 00:00:00", bind), "下一步：暂不发送（HELD）的行，其位置何时空出以服务端时间为准：最迟 2099-01-01 00:00:00（北京时间），目前只有本机时钟已过此时；待服务端有应答时运行：\n  axgbind bind in.csv\n若仍为 HELD，请校准本机时钟（NTP）"},
		"more":        {of(report.NextAgain, bind).And(report.ZH, of(report.NextBind, resend)), "下一步：可以放心再次运行同一命令：\n  axgbind bind in.csv\n绑定已确认未绑定的行：\n  axgbind bind in.csv --resend unknown"},
		"only more":   {report.Advice{}.And(report.ZH, of(report.NextAgain, bind)), "下一步：可以放心再次运行同一命令：\n  axgbind bind in.csv"},
	} {
		if got := strings.Join(c.advice.Lines(report.ZH), "\n"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}
