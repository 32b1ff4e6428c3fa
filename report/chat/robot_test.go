package chat_test

import (
	"encoding/json"
	"errors"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/report"
	"axgbind/report/chat"

	"github.com/google/go-cmp/cmp"
)

func hook(t testing.TB, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestRobotOf(t *testing.T) {
	for _, c := range []struct {
		address string
		want    chat.Robot
		wrong   report.Text
	}{
		{"https://oapi.dingtalk.com/robot/send?access_token=t", chat.DingTalk, (report.Text{})},
		{"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", chat.WeCom, (report.Text{})},
		{"https://open.feishu.cn/open-apis/bot/v2/hook/token", chat.Feishu, (report.Text{})},
		{"https://gateway.example/open-apis/bot/v2/hook/token/", chat.Feishu, (report.Text{})},
		{"https://oapi.dingtalk.com/robot/send", 0, report.NotifyNoToken},
		{"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?access_token=k", 0, report.NotifyNoToken},
		{"https://open.feishu.cn/open-apis/bot/v2/hook/", 0, report.NotifyNoToken},
		{"https://open.feishu.cn/open-apis/bot/v2/hook", 0, report.NotifyNoToken},
		{"https://hooks.slack.com/services/T/B/x", 0, report.NotifyUnknown},
		{"https://oapi.dingtalk.com", 0, report.NotifyUnknown},
	} {
		if got, wrong := chat.RobotOf(hook(t, c.address)); got != c.want || wrong != c.wrong {
			t.Errorf("%s: robot %d, %q; want %d, %q", c.address, got, wrong.In(report.EN), c.want, c.wrong.In(report.EN))
		}
	}
}

// posted is an address and a body as a golden file has them.
func posted(t testing.TB, r chat.Robot, address, secret string, m chat.Message) string {
	t.Helper()
	to, body, err := r.Request(hook(t, address), secret, m, time.UnixMilli(1795402890250))
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	b := &strings.Builder{}
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return to + "\n" + b.String()
}

func TestMessages(t *testing.T) {
	s := ended()
	s.ExitStatus, s.StopCode, s.Next = 4, "isp.RAM_PERMISSION_DENY", "axgbind bind in.csv"
	real := ended()
	real.Simulated = false
	b := &strings.Builder{}
	b.WriteString(posted(t, chat.DingTalk, "https://oapi.dingtalk.com/robot/send?access_token=t", "SECdemo", chat.MessageOf(s, report.EN, "words", "why")))
	b.WriteString(posted(t, chat.WeCom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", "", chat.MessageOf(s, report.ZH, "文字", "原因")))
	b.WriteString(posted(t, chat.Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/token", "demo", chat.RefusalOf(s, report.ZH, "文字", "问题", "更正")))
	b.WriteString(posted(t, chat.Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/token", "", chat.MessageOf(real, report.EN, "every row is bound", "")))
	goldenMessages(t, b.String())
}

// TestMessageSameInput: a message says that the input was one of an earlier day.
func TestMessageSameInput(t *testing.T) {
	s := ended()
	s.SameInput = &report.SameInput{Started: time.Unix(946684800, 0), Batch: "b1", Run: "r1"}
	for lang, want := range map[report.Lang]string{
		report.EN: "the input has the same bytes as on 2000-01-01 08:00 (Beijing time, batch b1): is it yesterday's file?",
		report.ZH: "输入与 2000-01-01 08:00（北京时间，批次 b1）的输入逐字节相同：是不是昨天的文件？",
	} {
		if lines := chat.MessageOf(s, lang, "words", "").Lines; !slices.Contains(lines, want) {
			t.Errorf("%q", lines)
		}
	}
}

// TestMessageCause: what keeps calls from the service is told, if anything does.
func TestMessageCause(t *testing.T) {
	s := ended()
	tells := func() bool {
		return slices.Contains(chat.MessageOf(s, report.EN, "words", "why").Lines, "cause: 127.0.0.1:1 refuses connections; check --endpoint")
	}
	if tells() {
		t.Error("it tells of a cause that there is not")
	}
	if s.StopCause = "127.0.0.1:1 refuses connections; check --endpoint"; !tells() {
		t.Errorf("%q", chat.MessageOf(s, report.EN, "words", "why").Lines)
	}
}

// What openssl dgst -sha256 -hmac makes of the texts that the vendors' pages
// say are signed; DingTalk signs with the secret, Feishu an empty text with all
// of it.
const (
	dingTalkSign = "So+Wqrg3GQ9fkCsLcVeOJcqeQ7KJ/1Vxtc8JpV1BYNo="
	feishuSign   = "mDifRUmznxGkU/nbl5JYOoTIp22QgTihejNTtRbKK/g="
)

// TestSignatures: two kinds of signature, computed by openssl.
func TestSignatures(t *testing.T) {
	at := time.UnixMilli(1795402890250)
	to, _, err := chat.DingTalk.Request(hook(t, "https://oapi.dingtalk.com/robot/send?access_token=a%2Bb"), "SECdemo", chat.Message{}, at)
	if err != nil {
		t.Fatal(err)
	}
	q := hook(t, to).Query()
	if q.Get("access_token") != "a+b" || q.Get("timestamp") != "1795402890250" || q.Get("sign") != dingTalkSign {
		t.Errorf("DingTalk: %v", q)
	}
	_, body, err := chat.Feishu.Request(hook(t, "https://open.feishu.cn/open-apis/bot/v2/hook/token"), "demo", chat.Message{}, at)
	if err != nil {
		t.Fatal(err)
	}
	var signed struct{ Timestamp, Sign string }
	if err := json.Unmarshal(body, &signed); err != nil || signed.Timestamp != "1795402890" || signed.Sign != feishuSign {
		t.Errorf("Feishu: %s, %v", body, err)
	}
}

// TestMessageFits: whatever a service or a name holds, a message stays within
// the 4096 bytes that WeCom takes, on lines of its own making, and calls nobody.
func TestMessageFits(t *testing.T) {
	s := report.NewSummary()
	s.Command = "bind"
	long := "<@all>\n# " + strings.Repeat("错误\u2028<at id=all></at>", 2000)
	for i := range 40 {
		s.Rows++
		s.Add(&report.Record{Line: i, Status: report.Failed, Code: long + string(rune('A'+i))}, func(report.Status, string) (string, string) { return long, long })
	}
	s.Input, s.Results, s.Next, s.User, s.StopCode, s.StopCause, s.ExitStatus = long, long, long, long, long, long, 8
	for _, m := range []chat.Message{chat.MessageOf(s, report.ZH, long, long), chat.RefusalOf(s, report.ZH, long, long, long)} {
		_, body, err := chat.WeCom.Request(hook(t, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"), "", m, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		var v struct{ Markdown struct{ Content string } }
		if err := json.Unmarshal(body, &v); err != nil {
			t.Fatal(err)
		}
		text := v.Markdown.Content
		if len(text) > 4096 || len(text) < 1000 || strings.Contains(text, "<") || strings.Count(text, "\n") != len(m.Lines) {
			t.Errorf("%d bytes, %d lines of %d: %s", len(text), strings.Count(text, "\n"), len(m.Lines), text)
		}
	}
}

func TestRobotAnswers(t *testing.T) {
	for _, c := range []struct {
		robot chat.Robot
		body  string
		code  int // of a refusal; 0: taken; -1: no robot's answer
	}{
		{chat.DingTalk, `{"errcode":0,"errmsg":"ok"}`, 0},
		{chat.DingTalk, `{"errcode":310000,"errmsg":"sign not match"}`, 310000},
		{chat.DingTalk, `{"code":0}`, -1},
		{chat.WeCom, `{"errcode":0,"errmsg":"ok"}`, 0},
		{chat.WeCom, `{"errcode":93000,"errmsg":"invalid webhook url"}`, 93000},
		{chat.Feishu, `{"code":0,"msg":"success","data":{}}`, 0},
		{chat.Feishu, `{"Extra":null,"StatusCode":0,"StatusMessage":"success"}`, 0},
		{chat.Feishu, `{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`, 19021},
		{chat.Feishu, `{"StatusCode":9499,"StatusMessage":"Bad Request"}`, 9499},
		{chat.Feishu, `{"errcode":0}`, -1},
		{chat.WeCom, ``, -1},
		{chat.WeCom, `<html>welcome to this network</html>`, -1},
		{chat.WeCom, `{"errcode":"0"}`, -1},
		{chat.WeCom, `[]`, -1},
	} {
		err := c.robot.Answer([]byte(c.body))
		refusal, refused := errors.AsType[*chat.Error](err)
		switch {
		case c.code == 0 && err == nil, c.code == -1 && errors.Is(err, chat.ErrNoRobot), c.code > 0 && refused && refusal.Code == c.code && refusal.Text != "":
		default:
			t.Errorf("robot %d, %s: %v", c.robot, c.body, err)
		}
	}
}

// TestRobotsShowText: no robot makes more than text of what is not ours; codes,
// senders and commands stay as they are, and a command that would not is not
// shown.
func TestRobotsShowText(t *testing.T) {
	for _, name := range []string{
		"[pay](http://evil.example).csv", "![x](https://evil.example/x.png)", "<@all>", "<at id=all></at>", "@all", "@13800138000", "**bold** __bold__ _it_", "`code`", "~~gone~~",
		"# head", "> quote", "- item", "+ item", "---", "===", "<font color=\"warning\">x</font>", "a\n# b", "https://evil.example",
	} {
		s := report.NewSummary()
		s.Input, s.Results, s.Next, s.User, s.ExitStatus = name, name, "run the same command again: axgbind bind '"+name+"'", "root@host", 5
		s.Add(&report.Record{Line: 7, Status: report.Failed, Code: "isv.NO_NOT_EXIST"}, func(report.Status, string) (string, string) { return "m", "w" })
		for _, m := range []chat.Message{chat.MessageOf(s, report.EN, "words", name), chat.RefusalOf(s, report.EN, "words", name, name)} {
			text := m.Title + "\n" + strings.Join(m.Lines, "\n")
			for _, bad := range []string{"](", "<", "**", "`", "~~", "@all", "@1", "://", "\n#", "\n>", "\n-", "\n+", "\n=", "_it_", "__"} {
				if strings.Contains(text, bad) {
					t.Errorf("%q: %q is in\n%s", name, bad, text)
				}
			}
			if strings.Contains(text, "axgbind bind") && !strings.Contains(text, s.Next) {
				t.Errorf("%q: a command was changed\n%s", name, text)
			}
			if !strings.Contains(text, "root@host") || len(m.Lines) > 5 && !strings.Contains(text, "isv.NO_NOT_EXIST") {
				t.Errorf("%q: %s", name, text)
			}
		}
	}
	s := report.NewSummary()
	s.Next = "run the same command again: axgbind bind --endpoint http://127.0.0.1:1234 --pool-key FC1 'a night/july_2026.csv'"
	if text := strings.Join(chat.MessageOf(s, report.EN, "", "").Lines, "\n"); !strings.Contains(text, s.Next) {
		t.Errorf("the command was changed:\n%s", text)
	}
	s.Next += strings.Repeat(" --map a=b", 200)
	if text := strings.Join(chat.MessageOf(s, report.EN, "", "").Lines, "\n"); strings.Contains(text, "axgbind bind") {
		t.Errorf("half a command:\n%s", text)
	}
}

// ended is the summary of a rehearsal that ended.
func ended() *report.Summary {
	s := report.NewSummary()
	s.Program, s.Command, s.Simulated = "axgbind test", "bind", true
	s.ExitText = "every row is bound"
	s.Started = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	s.Finished = s.Started.Add(90 * time.Second)
	add := func(line int, status report.Status, code string) {
		s.Rows++
		s.Add(&report.Record{Line: line, Status: status, Code: code}, func(_ report.Status, code string) (meaning, who string) {
			return "meaning of " + code, "data owner"
		})
	}
	add(2, report.Bound, "OK")
	add(3, report.Failed, "isv.BIND_CONFLICT")
	add(5, report.Invalid, "isv.MOBILE_NUMBER_ILLEGAL")
	add(6, report.Unknown, "client.Timeout")
	add(7, report.Pending, "")
	add(8, report.Held, "client.StillBound")
	add(9, report.Bound, "client.AlreadyBound")
	for line := range 9 {
		add(10+line, report.Failed, "isv.NO_NOT_EXIST")
	}
	s.Sort()
	s.Gone, s.Ended, s.Warnings = 3, 1, 2
	s.Calls, s.Retries, s.Throttled, s.Limit, s.AverageRate, s.PeakRate = 12, 2, 1, 100, 97.4, 100
	s.LatencyMs.P50, s.LatencyMs.P95, s.LatencyMs.P99, s.LatencyMs.Max = 81, 95.5, 120, 10000
	s.Input, s.Results, s.Journal, s.Failed = "in.csv", "in.results.csv", "in.results.csv.journal", "fix.csv"
	s.Run, s.Commit, s.User, s.Key = "mi2k3-77", "0123abcd", "ops@night-1", "LTA****abcd"
	return s
}

var updateMessages = flag.Bool("update-messages", false, "rewrite the golden file of the messages")

func goldenMessages(t *testing.T, got string) {
	t.Helper()
	path := filepath.Join("testdata", "messages.txt")
	if *updateMessages {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); -update-messages rewrites it\n%s", path, diff)
	}
}
