package cli_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// group plays a chat robot on loopback: it checks what it is sent by the rules
// of its kind, as the vendor's would, and keeps the text.
type group struct {
	*httptest.Server
	t      *testing.T
	answer string // instead of the usual one
	status int
	got    chan string
}

const robotSecret = "SEC-of-this-group"

func newGroup(t *testing.T) *group {
	g := &group{t: t, status: http.StatusOK, got: make(chan string, 4)}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

func (g *group) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		g.t.Errorf("%s %s, %v", r.Method, r.Header.Get("Content-Type"), err)
	}
	var m struct {
		MsgType  string `json:"msgtype"`
		Markdown struct{ Title, Text, Content string }
		Type     string `json:"msg_type"`
		Card     struct {
			Header   struct{ Title struct{ Tag, Content string } }
			Elements []struct{ Tag, Content string }
		}
		Timestamp, Sign string
	}
	if err := json.Unmarshal(body, &m); err != nil {
		g.t.Errorf("%v: %s", err, body)
	}
	signed := func(stamp, sign, key, text string, unit time.Duration) bool {
		n, err := strconv.ParseInt(stamp, 10, 64)
		at := time.Unix(0, n*int64(unit))
		h := hmac.New(sha256.New, []byte(key))
		_, _ = io.WriteString(h, text)
		return err == nil && time.Since(at).Abs() < time.Hour && sign == base64.StdEncoding.EncodeToString(h.Sum(nil))
	}
	ok, text, answer := false, "", `{"errcode":0,"errmsg":"ok"}`
	switch q := r.URL.Query(); r.URL.Path {
	case "/robot/send":
		stamp := q.Get("timestamp")
		ok = m.MsgType == "markdown" && m.Markdown.Title != "" && q.Get("access_token") == "token-1" &&
			signed(stamp, q.Get("sign"), robotSecret, stamp+"\n"+robotSecret, time.Millisecond)
		text = m.Markdown.Text
	case "/cgi-bin/webhook/send":
		ok = m.MsgType == "markdown" && q.Get("key") == "token-1" && len(m.Markdown.Content) <= 4096
		text = m.Markdown.Content
	case "/open-apis/bot/v2/hook/token-1":
		ok = m.Type == "interactive" && m.Card.Header.Title.Tag == "plain_text" && len(m.Card.Elements) == 1 && m.Card.Elements[0].Tag == "markdown" &&
			signed(m.Timestamp, m.Sign, m.Timestamp+"\n"+robotSecret, "", time.Second)
		text = m.Card.Header.Title.Content + "\n" + m.Card.Elements[0].Content
		answer = `{"code":0,"msg":"success","data":{}}`
	}
	if !ok {
		g.t.Errorf("a robot would refuse this: %s %s", r.URL, body)
	}
	if g.answer != "" {
		answer = g.answer
	}
	if g.status == http.StatusTemporaryRedirect {
		w.Header().Set("Location", "/elsewhere") // where this fails for want of a robot
	}
	w.WriteHeader(g.status)
	_, _ = io.WriteString(w, answer)
	g.got <- text
}

// told is what the group was told, blank if nothing.
func (g *group) told() string {
	select {
	case text := <-g.got:
		return text
	default:
		return ""
	}
}

const (
	dingTalkHook = "/robot/send?access_token=token-1"
	weComHook    = "/cgi-bin/webhook/send?key=token-1"
	feishuHook   = "/open-apis/bot/v2/hook/token-1"
)

func robotVars(url, hook string) map[string]string {
	vars := map[string]string{"AXGBIND_NOTIFY_URL": url + hook}
	if hook != weComHook {
		vars["AXGBIND_NOTIFY_SECRET"] = robotSecret
	}
	return vars
}

// oneBad is an input with a bad number among good rows: status 3 when simulated.
func oneBad(t *testing.T, dir string) string {
	rows := content(0, 3)
	rows[2][0] = "1380013800x"
	return write(t, filepath.Join(dir, "in.csv"), rows.String())
}

func TestRobots(t *testing.T) {
	for name, hook := range map[string]string{"dingtalk": dingTalkHook, "wecom": weComHook, "feishu": feishuHook} {
		t.Run(name, func(t *testing.T) {
			g, dir := newGroup(t), newFolder(t)
			in := oneBad(t, dir)
			vars := robotVars(g.URL, hook)
			o := axgbindWith(t, vars, "", "bind", "--simulate", in, "--default", "B="+phone(99)).want(t, 3)
			text := g.told()
			for _, want := range []string{
				"axgbind rehearsal, status 3: ", "3 rows = BOUND 2 + FAILED 0 + INVALID 1 + HELD 0 + UNKNOWN 0 + PENDING 0",
				"1 INVALID isv.MOBILE_NUMBER_ILLEGAL: A phone number is not legal. (line 3)", "next: ", "@", "Beijing time",
			} {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
			if strings.Contains(text, phone(99)) || strings.Contains(text, "1380013800x") {
				t.Errorf("a full number:\n%s", text)
			}
			for _, secret := range []string{"token-1", robotSecret} {
				if strings.Contains(o.stderr+o.stdout, secret) {
					t.Errorf("%q shows\n%s", secret, o)
				}
			}

			// A success is told of only on request, a check never.
			good := write(t, filepath.Join(dir, "good.csv"), content(0, 2).String())
			axgbindWith(t, vars, "", "bind", "--simulate", good).want(t, 0)
			axgbindWith(t, vars, "", "check", in).want(t, 3)
			axgbindWith(t, vars, "", "bind", "--dry-run", in, "--pool-key", testPool).want(t, 3)
			if text := g.told(); text != "" {
				t.Errorf("told without need: %s", text)
			}
			vars["AXGBIND_NOTIFY"] = "always"
			axgbindWith(t, vars, "", "bind", "--simulate", good, "--lang", "zh").want(t, 0)
			if text := g.told(); !strings.Contains(text, "axgbind 演练，状态 0：") || !strings.Contains(text, "全部绑定成功") {
				t.Errorf("told %q", text)
			}
		})
	}
}

// TestRobotRefusals: a run that is refused before its first call is told of
// too, with what and cure, whatever refused it.
func TestRobotRefusals(t *testing.T) {
	g, dir := newGroup(t), newFolder(t)
	in := oneBad(t, dir)
	vars := robotVars(g.URL, dingTalkHook)
	for _, c := range []struct {
		status int
		what   string
		args   []string
	}{
		{6, "input " + filepath.Join(dir, "none.csv"), []string{"--simulate", filepath.Join(dir, "none.csv")}},
		{6, "cure: correct them", []string{"--simulate", in, "--strict"}},
		{10, "no pool key", []string{in}},
		{10, "--rate: 0", []string{"--simulate", in, "--rate", "0"}},
		{10, "unknown flag: --no-such", []string{"--simulate", in, "--no-such"}},
	} {
		axgbindWith(t, vars, "", append([]string{"bind"}, c.args...)...).want(t, c.status)
		text := g.told()
		if !strings.Contains(text, c.what) || !strings.Contains(text, fmt.Sprintf("status %d: ", c.status)) || !strings.Contains(text, "cure: ") {
			t.Errorf("%v: told %q", c.args, text)
		}
	}
	vars["AXGBIND_NOTIFY"] = "allways"
	axgbindWith(t, vars, "", "bind", "--simulate", in).want(t, 10)
	if text := g.told(); !strings.Contains(text, `AXGBIND_NOTIFY: "allways", expected problem | always`) {
		t.Errorf("told %q", text)
	}
	vars["AXGBIND_NOTIFY"] = "problem"
	axgbindWith(t, vars, "", "bind", "--dry-run", filepath.Join(dir, "none.csv")).want(t, 6)
	axgbindWith(t, vars, "", "simulate", "--qps", "-1").want(t, 10)
	axgbindWith(t, vars, "", "chek").want(t, 10)
	if text := g.told(); text != "" {
		t.Errorf("told of a command that sends nothing: %s", text)
	}
}

// TestRobotTrouble: a robot that is dead or errs is said, without its address,
// before the last line; status and files are as without it.
func TestRobotTrouble(t *testing.T) {
	dead := newGroup(t)
	dead.Close()
	files := func(dir string, vars map[string]string) (outcome, []string) {
		o := axgbindWith(t, vars, "", "bind", "--simulate", oneBad(t, dir), "--summary", filepath.Join(dir, "sum.json"))
		var names []string
		list, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			names = append(names, f.Name())
		}
		return o, names
	}
	g := newGroup(t)
	_, usual := files(newFolder(t), robotVars(g.URL, weComHook))
	for _, c := range []struct {
		name, hook, answer string
		status             int
		why                string
	}{
		{"dead", weComHook, "", 200, "refuse"},
		{"DingTalk errs", dingTalkHook, `{"errcode":310000,"errmsg":"sign not match SEC-of-this-group"}`, 200, "error 310000: sign not match …;"},
		{"WeCom errs", weComHook, `{"errcode":93000,"errmsg":"invalid webhook url token-1"}`, 200, "error 93000: invalid webhook url …;"},
		{"Feishu errs", feishuHook, `{"code":19021,"msg":"sign match fail"}`, 200, "error 19021: sign match fail;"},
		{"Feishu errs with 400", feishuHook, `{"code":9499,"msg":"Bad Request"}`, 400, "error 9499: Bad Request;"},
		{"a page", weComHook, "<html>", 200, "the answer is not a robot's"},
		{"trouble", dingTalkHook, "busy", 503, "HTTP status 503;"},
		{"taken, and yet not", weComHook, `{"errcode":0}`, 500, "HTTP status 500;"},
		{"moved", weComHook, "", 307, "HTTP status 307;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := g
			g.answer, g.status = c.answer, c.status
			if c.name == "dead" {
				to = dead
			}
			dir := newFolder(t)
			o, names := files(dir, robotVars(to.URL, c.hook))
			o.want(t, 3)
			g.told()
			if strings.Join(names, " ") != strings.Join(usual, " ") {
				t.Errorf("files %v, with a robot that is well %v", names, usual)
			}
			if s := summaryOf(t, filepath.Join(dir, "sum.json")); s.ExitStatus != 3 {
				t.Errorf("the summary says %d", s.ExitStatus)
			}
			if !strings.Contains(o.stderr, "the chat robot was not told: ") || !strings.Contains(o.stderr, c.why) || !strings.HasPrefix(o.atEnd(), "status 3: ") {
				t.Errorf("no %q\n%s", c.why, o)
			}
			for _, secret := range []string{"token-1", robotSecret, to.URL} {
				if strings.Contains(o.stderr, secret) {
					t.Errorf("%q shows\n%s", secret, o)
				}
			}
		})
	}
}

// TestRobotStranger: a host that cannot prove who it is gets no message.
func TestRobotStranger(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was told") }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // that the handshake failed is the point
	server.StartTLS()
	defer server.Close()
	o := axgbindWith(t, robotVars(server.URL, weComHook), "", "bind", "--simulate", filepath.Join(newFolder(t), "none.csv"), "--lang", "zh").want(t, 6)
	if !strings.Contains(o.stderr, "未能通知群机器人：其主机的证书不受信任；") || strings.Contains(o.stderr, "token-1") {
		t.Error(o)
	}
}

// TestRobotSettings: an address that cannot work is refused before anything is
// opened, and never shown.
func TestRobotSettings(t *testing.T) {
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
	for _, c := range []struct {
		url, secret, when, want string
	}{
		{"https://oapi.dingtalk.com/robot/send", "", "", "lacks the robot's token"},
		{"https://example.com/hush-hush", "", "", "not that of a robot that axgbind knows"},
		{"http://oapi.dingtalk.com/robot/send?access_token=hush-hush", "", "", "must begin with https://"},
		{"oapi.dingtalk.com/robot/send?access_token=hush-hush", "", "", "it is not a URL"},
		{"https://%zz/hush-hush", "", "", "it is not a URL"},
		{"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=hush-hush", "s", "", "a WeCom robot takes no signature"},
		{"", "hush-hush", "", "AXGBIND_NOTIFY_SECRET is set, but there is no robot to tell"},
		{"", "", "always", "AXGBIND_NOTIFY is set, but there is no robot to tell"},
	} {
		vars := map[string]string{"AXGBIND_NOTIFY_URL": c.url, "AXGBIND_NOTIFY_SECRET": c.secret, "AXGBIND_NOTIFY": c.when}
		for _, command := range [][]string{{"bind", "--simulate", in}, {"check", in}} {
			o := axgbindWith(t, vars, "", command...).want(t, 10)
			if !strings.Contains(o.stderr, c.want) || !strings.Contains(o.stderr, "cure: ") || strings.Contains(o.stderr, "hush-hush") {
				t.Errorf("%s %s: no %q\n%s", command, c.url, c.want, o)
			}
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("files %v, %v", list, err)
	}
}

// TestRobotHangs: a robot that never answers holds a run up for 5 s, no longer.
func TestRobotHangs(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer server.Close()
	began := time.Now()
	o := axgbindWith(t, robotVars(server.URL, weComHook), "", "bind", "--simulate", filepath.Join(newFolder(t), "none.csv")).want(t, 6)
	if took := time.Since(began); took < 4*time.Second || took > patience {
		t.Errorf("it took %v", took)
	}
	if !strings.Contains(o.stderr, "the chat robot was not told: no answer within 5 s;") || !strings.HasPrefix(o.atEnd(), "status 6: ") {
		t.Error(o)
	}
}
