package cli_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"axgbind/aliyun"
	"axgbind/batch/rules"
	"axgbind/report"
	"axgbind/report/reference"
	"axgbind/report/reporttest"
)

// english are the words that a Chinese text may hold, and why. Whatever is not
// here, nor of a form that machineWords names, has to be said in Chinese.
var english = strings.Fields(`
	axgbind bind check completion copy explain forget help init report html reconcile simulate status template unbind update verify version
	bash zsh fish PowerShell shell TAB token access_token Webhook hook node_exporter prom problem always SHA
	BOUND FAILED INVALID HELD UNKNOWN PENDING RELEASED
	Line Status Code Message Reason Action SecretNo SubsId RequestId Attempts LatencyMs FinishedAt AxgLine AxgStatus
	PhoneNoA PhoneNoB PhoneNoX GroupId Expiration ExpectCity IsRecordingEnabled OutId OutOrderId CallDisplayType CallRestrict
	ASRStatus ASRModelId RingConfig PoolKey Field AXGRing_AB AXGRing_A AXGRing_G CONTROL_AX_DISABLE CONTROL_BX_DISABLE CONTROL_CLEAR_DISABLE
	BindAxg UpdateSubscription UnbindSubscription QuerySecretNoDetail QuerySubsId QuerySubscriptionDetail Endpoint City LIST Version Action Timestamp SignatureNonce partner
	A B D X G AXG ID REF Key journal simulated
	ExpireDate GmtCreate NeedRecord SecretStatus CertifyStatus Date
	AccessKey AccessKeyId Secret SecurityToken RAM ECS IP testid testsecret
	CSV UTF UTC BOM GBK GB GB2312 GB18030 gb18030 gbk le be JSON jsonl ndjson findings NUL CRLF Excel WPS Macintosh Mac Unicode zip xlsx xls PDF gzip NULL nan stdout
	HTTP HTTPS http https TLS CA DNS NTP URL SIGHUP SIGINT SIGTERM ulimit localhost pid
	WHAT FILE KEY FIELD VALUE COLUMN CODE RULE JOB BATCH PLACE INPUT NAME N MODE COMMAND KIND P HH MM HOST RESULTS
	yyyy MM dd HH mm ss d h hh T Z E
	auto comma tab semicolon utf refuse skip renew another failed unknown released bar plain none text json en zh true false yes no y Y
	LC_ALL LC_MESSAGES LANG
	FORM a plus masked utc README
	MiB ms s m h µs calls p
	linux amd64 go dev Linux Windows macOS moved
`)

// machineWords are the forms of what machines read or a person typed.
var machineWords = regexp.MustCompile(strings.Join([]string{
	`(?m)^axgbind: (finished|progress|reading) .*$`, // lines for grep
	`（原文：.*?）`,                                      // somebody else's words, said to be such
	`"[^"]*"`,                                       // a value as it was given
	`https?://[^\s，；）]+`, `[a-z0-9.-]+\.(com|aliyun)/[A-Za-z0-9/._-]+`, `dypls:\w+`,
	`-{1,2}[a-z][a-z-]*(=[^\s，；）]*)?`,          // flags
	`ALIBABA_CLOUD_[A-Z_]+`, `AXGBIND_[A-Z_]+`, // variables
	`SSL_CERT_FILE`, `HTTPS_PROXY`, `HOST:PORT`, `ca-certificates`, // of the network
	`\b(certificate|connection|connect|name|no|proxy|tls)-[a-z-]+`, `(?m)^    other$`, // causes
	`(isv|isp|client|Throttling)\.[A-Za-z_.]+`,                             // codes
	`[^\s，；（）：]*\.(csv|journal|json|txt|log|gz|html|moved|kept|damaged)\b`, // files
	`axgbind-STAMP`, // of a file
	`(?m)^  [a-z0-9:-]+(=[A-Za-z,]+)?(、[a-z0-9:-]+(=[A-Za-z,]+)?)*(  |$| 或)`, // what a list explains
	`/dev/stdout`,
	`axgbind( [A-Za-z0-9./=:+%'@_<>-]+)+`, // commands to type
	`\b(DATE|TIME|RATE)\b`, `FC1[0-9.]+`, `CITY=COUNT`, `free-x=null`, `KIND(\[?@Action\]?)?=P`, `GET /simulator/bindings、numbers、stats`, `POST /simulator/release、change`, `/(robot|cgi-bin|open-apis)/[A-Za-z0-9/]+`, `1\.3×`,
}, "|"))

var word = regexp.MustCompile(`[A-Za-zµ][A-Za-z0-9_]*`)

// inChinese fails for every English word of a text that is not named above.
func inChinese(t *testing.T, what, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		for _, w := range word.FindAllString(machineWords.ReplaceAllString(line, " "), -1) {
			if !slices.Contains(english, strings.TrimRight(w, "0123456789")) && !slices.Contains(english, w) && !known(w) {
				t.Errorf("%s: %q is not Chinese, in: %s", what, w, line)
			}
		}
	}
}

// known reports whether a word is the name of a page of the reference, or the whole or a
// part of a code's or rule's name.
func known(w string) bool {
	if _, ok := reference.Find(w); ok {
		return true
	}
	for _, e := range aliyun.Entries() {
		if slices.Contains(strings.FieldsFunc(e.Code, func(r rune) bool { return strings.ContainsRune(".-{}", r) }), w) {
			return true
		}
	}
	for _, r := range rules.All() {
		if slices.Contains(strings.Split(r.ID, "-"), w) {
			return true
		}
	}
	return false
}

// TestChinesePath: the way of a colleague who reads only Chinese, from the
// template to the explanation, word for word.
func TestChinesePath(t *testing.T) {
	p := newPlace(t)
	p.sim.real()
	b := &strings.Builder{}
	run := func(status int, args ...string) outcome {
		got := axgbind(t, append(args, "--lang", "zh")...).want(t, status)
		b.WriteString("$ axgbind " + normalise(strings.Join(args, " "), p.dir) + "\n" + normalise(got.stdout+got.stderr, p.dir))
		return got
	}
	show := func(name string) {
		b.WriteString("-- " + name + "\n" + normalise(strings.ReplaceAll(read(t, p.path(name)), "\r\n", "\n"), p.dir))
	}
	run(0, "template", "-o", p.path("new.csv"))
	show("new.csv")

	// Filled in: four rows more, with faults.
	head, _, _ := strings.Cut(strings.TrimPrefix(read(t, p.path("new.csv")), bom), "\r\n")
	rows := table{strings.Split(head, ",")}
	for _, r := range [][]string{
		{"13800138000", "", "2000000000001", "2099-01-31 23:59:59"},
		{"1380013800x", "", "2000000000001", "2099-01-31 23:59:59"},
		{"13800138002", "", "2000000000001", "2020-01-31 23:59:59"},
		{"13800138003", "", "2000000000001", "2099-01-31 23:59:59", "13900000000"},
		{"13800138000", "", "2000000000001", "2099-01-31 23:59:59"},
	} {
		rows = append(rows, append(r, make([]string, len(rows[0])-len(r))...))
		rows[len(rows)-1][len(rows[0])-1] = testPool
	}
	p.write("in.csv", rows)
	run(3, "check", p.path("in.csv"))
	flags := []string{"--endpoint", p.sim.url, "--progress", "none", "--max-inflight", "1", "--failed", p.path("fix.csv")}
	run(3, append([]string{"bind", p.path("in.csv")}, flags...)...)
	show("fix.csv")
	for _, r := range p.results("in.results.csv") {
		b.WriteString(normalise(r["Line"]+" "+r["Status"]+" "+r["Code"]+" "+r["Reason"]+" "+r["Action"]+"\n", p.dir))
	}
	stands := axgbind(t, "status", p.path("in.results.csv"), "--lang", "zh").want(t, 0).stdout
	stands, _, _ = strings.Cut(stands, "\n\n") // what follows are names and digests
	stands = regexp.MustCompile(`批次 b[0-9a-z]+`).ReplaceAllString(normalise(stands, p.dir), "批次 BATCH")
	b.WriteString("$ axgbind status DIR/in.results.csv\n" + stands + "\n")
	run(0, "explain", "isv.NO_NOT_EXIST")
	run(0, "explain", "mobile-length")
	told := strings.ReplaceAll(b.String(), memory(t), "PLACE")
	golden(t, "path.zh.txt", told)

	text := strings.ReplaceAll(told, strings.Join(report.ResultColumns(false), ","), "")
	inChinese(t, "path", regexp.MustCompile(`(?m)^(\$|1380).*$|customer-0001|order-0001`).ReplaceAllString(text, ""))

	// What was to be corrected is accepted when it comes back.
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(read(t, p.path("fix.csv")), bom))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(records[0][len(records[0])-6:len(records[0])-1], " "); got != "行号 状态 错误码 原因 处理办法" {
		t.Errorf("the rows to correct end in %s", got)
	}
	for _, r := range records[1:] {
		r[0], r[3], r[4] = strings.Replace(r[0], "x", "1", 1), "2099-01-31 23:59:59", ""
	}
	p.write("fixed.csv", records)
	p.bind(0, 3, "fixed.csv", "--max-inflight", "1")
	if head := p.results("fixed.results.csv")[0]; head["行号"] != "" {
		t.Errorf("the columns of the file of rows to correct are taken for the input's own: %v", head)
	}
}

// TestChineseEverywhere: nothing that a command says in Chinese holds an
// English word that is not named.
func TestChineseEverywhere(t *testing.T) {
	p := newPlace(t, "--fault", "ram-deny=1")
	in := p.write("in.csv", content(0, 3))
	for _, c := range []string{"", "bind", "check", "explain", "simulate", "status", "template", "version", "completion", "help"} {
		text := axgbind(t, append(strings.Fields(c), "--help", "--lang", "zh")...).want(t, 0).stdout
		text = regexp.MustCompile(`(?m)^  (source <\(|echo )?axgbind [^#\n]*`).ReplaceAllString(text, "") // examples
		inChinese(t, c+" --help", text)
	}
	inChinese(t, "explain", axgbind(t, "explain", "--lang", "zh").want(t, 0).stdout)
	for _, e := range aliyun.Entries() {
		inChinese(t, e.Code, axgbind(t, "explain", e.Code, "--lang", "zh").want(t, 0).stdout)
	}
	for _, r := range rules.All() {
		inChinese(t, r.ID, axgbind(t, "explain", r.ID, "--lang", "zh").want(t, 0).stdout)
	}
	write(t, p.path("bad.journal"), "x\n")
	write(t, p.path("bad.results.csv"), "x\n")
	if err := os.Mkdir(p.path("0"), 0o700); err != nil {
		t.Fatal(err)
	}
	sim := p.sim.bind(in)
	for _, c := range []struct {
		status int
		args   []string
	}{
		{7, sim},
		{10, nil},
		{10, []string{"frobnicate"}},
		{10, []string{"--frobnicate"}},
		{10, []string{"bind"}},
		{10, []string{"bind", in, in}},
		{10, []string{"status", in}},
		{10, []string{"template", in, in}},
		{10, []string{"bind", in, "--rate"}},
		{10, []string{"bind", in, "--rate", "fast"}},
		{10, []string{"bind", in, "--rate", "0"}},
		{10, []string{"bind", in, "--timeout", "0s"}},
		{10, []string{"bind", in, "--retries", "-1"}},
		{10, []string{"bind", in, "--limit", "0"}},
		{10, []string{"bind", in, "--until", "-1s"}},
		{10, []string{"bind", in, "--max-inflight", "many"}},
		{10, []string{"bind", in, "--max-failures", "x"}},
		{10, []string{"bind", in, "--max-failures", "200%"}},
		{10, []string{"bind", in, "--resend", "BOUND"}},
		{10, []string{"bind", in, "--until", "late"}},
		{10, []string{"bind", in, "--delimiter", "x"}},
		{10, []string{"bind", in, "--encoding", "x"}},
		{10, []string{"bind", in, "--map", "x"}},
		{10, []string{"bind", in, "--map", "x=y"}},
		{10, []string{"bind", in, "--default", "x=y"}},
		{10, []string{"bind", in, "--default", "Expiration=+1y"}},
		{10, []string{"bind", in, "--endpoint", "http://192.0.2.1"}},
		{10, []string{"bind", in, "-q", "-v"}},
		{10, []string{"bind", in}},
		{10, append(sim, "-o", p.path("none/out.csv"))},
		{10, append(sim, "-o", p.path("0"))},
		{10, append(sim, "-o", in)},
		{10, append(sim, "-o", p.path("bad.results.csv"))},
		{10, []string{"bind", in, "--pool-key", testPool, "--endpoint", "http://127.0.0.1:" + noDial(t), "--journal", p.path("bad.journal")}},
		{10, []string{"bind", in, "--pool-key", testPool, "--endpoint", "http://127.0.0.1:" + noDial(t), "--journal", p.path("0")}},
		{10, append(sim, "--log", p.path("none/0"))},
		{6, []string{"check", p.path("none.csv")}},
		{6, []string{"check", p.path("0")}},
		{6, []string{"check", p.path("bad.journal")}},
		{10, []string{"simulate", "--fault", "x=1"}},
		{10, []string{"simulate", "--listen", "192.0.2.1:80"}},
		{10, []string{"explain", "12"}},
		{10, []string{"template", "-o", in}},
	} {
		got := axgbind(t, append(slices.Clone(c.args), "--lang", "zh")...)
		if got.status != c.status {
			t.Errorf("%v: status %d, want %d\n%s", c.args, got.status, c.status, got)
		}
		inChinese(t, strings.Join(c.args, " "), strings.ReplaceAll(got.stderr, p.dir+string(filepath.Separator), ""))
	}
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "") // the vendor's chain reads it by itself
	got := axgbind(t, append(sim, "--lang", "zh")...).want(t, 10)
	inChinese(t, "no key", strings.ReplaceAll(got.stderr, p.dir+string(filepath.Separator), ""))
}

// TestGlossary: one thing has one name. Where the English says the word on the
// left, the Chinese says one of those on the right; and it never says what
// nobody here calls it.
func TestGlossary(t *testing.T) {
	terms := []struct{ english, chinese string }{
		{`(?i)(?:^|[^-])\bbound\b`, "绑定|BOUND|client.AlreadyBound"},
		{`\bmiddle numbers?\b|\bX numbers? (?:left|to)\b`, "中间号"},
		{`\bUNKNOWN\b|outcome is unknown`, "结果未知|UNKNOWN"},
		{`\bHELD\b`, "暂不发送|HELD"},
		{`\bPENDING\b(?: [^%]|[^ ]|$)`, "未发送|未确认"},
		{`(?i)\brehears|\bsimulated\b(?: run)`, "演练"},
		{`(?i)\b(?:send|sent) again\b|[^-]\bre-?sen[dt]\b`, "重发"},
		{`(?i)\breconcile`, "对账"},
		{`(?i)\bunbind|release (?:SubsId|that binding|it)`, "解绑|unbind"},
		{`(?i)\brenew\b`, "续期|--when-bound renew|renew "},
	}
	banned := regexp.MustCompile(`隐私号[^码]|待处理|未知结果|重新发送|解除绑定|释放|续约|延期|排练|预演|模拟运行|凭据|日志文件|` +
		`号池|绑定 ID|分组|[ABX] 号(?:[^码]|$)|[^（]X 号码|账户|帐号|流控|节流|打码|被杀|杀死|强行终止|首次接触|计数不平|服务商|任务`)
	journal := regexp.MustCompile(`台账（journal|axgbind journal|--journal|\.journal`)
	check := func(where, en, zh string) {
		t.Helper()
		for _, term := range terms {
			if regexp.MustCompile(term.english).MatchString(en) && !regexp.MustCompile(term.chinese).MatchString(zh) {
				t.Errorf("%s: %q is %q, without %s", where, en, zh, term.chinese)
			}
		}
		if m := banned.FindString(zh); m != "" {
			t.Errorf("%s: %q says %s", where, zh, m)
		}
		if strings.Contains(journal.ReplaceAllString(zh, ""), "journal") {
			t.Errorf("%s: %q does not call the journal 台账（journal）", where, zh)
		}
	}
	verbs := regexp.MustCompile(`%(\[\d+\])?[-+#0-9.]*[a-z]`)
	for _, p := range reporttest.Sentences(t) {
		check(p.Name, p.EN, p.ZH)
		if !strings.Contains(p.ZH, "axgbind ") { // or it has examples
			inChinese(t, p.Name, verbs.ReplaceAllString(p.ZH, "…"))
		}
	}
	for _, e := range aliyun.Entries() {
		for _, text := range []aliyun.Text{e.Meaning, e.Cause, e.Cure} {
			check(e.Code, text.EN, text.ZH)
		}
	}
	for _, r := range rules.All() {
		for _, text := range []report.Text{r.Meaning, r.Short, r.Cause, r.Cure} {
			check(r.ID, text.EN, text.ZH)
		}
	}
	for status, want := range map[string]string{"UNKNOWN": "结果未知", "PENDING": "未发送"} {
		if help := axgbind(t, "--help", "--lang", "zh").stdout; !strings.Contains(help, want+"（"+status+"）") {
			t.Errorf("help does not say that %s is %s", status, want)
		}
	}
}
