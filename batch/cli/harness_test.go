package cli_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"axgbind/aliyun/simulator"
	"axgbind/batch/cli"
	"axgbind/batch/journal"
	"axgbind/report"
)

// actAs in the environment makes the test binary the axgbind process, so that
// real processes can be killed.
const actAs = "ACT_AS_AXGBIND"

const (
	testKey    = "testid"
	testSecret = "testsecret"
	testPool   = "FC100000000000001"
	bom        = "\ufeff"
)

// environment is what every axgbind of these tests sees: no credentials but
// the simulator's, no home, no metadata service.
var environment = map[string]string{
	"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
	"ALIBABA_CLOUD_ACCESS_KEY_ID":         testKey,
	"ALIBABA_CLOUD_ACCESS_KEY_SECRET":     testSecret,
	"LANG":                                "en_US.UTF-8",
}

func TestMain(m *testing.M) {
	if os.Getenv(actAs) != "" {
		os.Exit(cli.Run(os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(testMain(m))
}

func testMain(m *testing.M) int {
	flag.Parse()
	atOnce := strconv.Itoa(3 * runtime.GOMAXPROCS(0)) // most tests wait for processes, pauses and answers
	flag.Visit(func(f *flag.Flag) {
		if f.Name == "test.parallel" {
			atOnce = f.Value.String()
		}
	})
	_ = flag.Set("test.parallel", atOnce)
	home, err := os.MkdirTemp("", "axgbind-cli-home-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(home)
	environment["HOME"] = home
	for _, e := range os.Environ() { // nothing of the machine's own may steer a test
		name, _, _ := strings.Cut(e, "=")
		if strings.HasPrefix(name, "AXGBIND_") || strings.HasPrefix(name, "ALIBABA_") || strings.HasPrefix(name, "LC_") ||
			strings.HasSuffix(strings.ToLower(name), "_proxy") {
			os.Unsetenv(name)
		}
	}
	for name, value := range environment {
		os.Setenv(name, value)
	}
	code := m.Run()
	if code == 0 {
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	}
	return code
}

// outcome is what a finished axgbind left for its caller to see.
type outcome struct {
	status         int
	stdout, stderr string
}

func (o outcome) String() string {
	return fmt.Sprintf("status %d\n--- stdout\n%s--- stderr\n%s", o.status, o.stdout, o.stderr)
}

// statusLine begins the line that says how a command ended.
var statusLine = regexp.MustCompile(`(?m)^(status \d+: |状态 \d+：)`)

// atEnd is the status line on standard error with all that stands below it: what to do
// next, each command on a line of its own.
func (o outcome) atEnd() string {
	all := statusLine.FindAllStringIndex(o.stderr, -1)
	if all == nil {
		return ""
	}
	return strings.TrimRight(o.stderr[all[len(all)-1][0]:], "\n")
}

// nextCommands are the command lines at the end of what a command printed, without the
// name of the program.
func (o outcome) nextCommands() (lines []string) {
	for _, line := range strings.Split(o.atEnd(), "\n") {
		if line, ok := strings.CutPrefix(line, "  axgbind "); ok {
			lines = append(lines, line)
		}
	}
	return lines
}

// axgbind runs one command to its end inside this process.
func axgbind(t testing.TB, args ...string) outcome { return axgbindWith(t, nil, "", args...) }

// axgbindWith is axgbind with variables of its own and a standard input.
func axgbindWith(t testing.TB, vars map[string]string, stdin string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := cli.Run(args, environ(t, vars), strings.NewReader(stdin), &stdout, &stderr)
	readsBack(t, args)
	return outcome{status, stdout.String(), stderr.String()}
}

// newFolder is a folder of a test. Its name holds no digits that look like a phone
// number, which would be masked where a test looks for it.
func newFolder(t testing.TB) string {
	t.Helper()
	for {
		dir, err := os.MkdirTemp("", "axgbind-test-*")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		if report.Shown(dir) == dir {
			return dir
		}
	}
}

// environ is the environment with these variables, as os.Environ gives it. Every
// test has a journal of its own; see memory.
func environ(t testing.TB, vars map[string]string) (list []string) {
	all := maps.Clone(environment)
	all["AXGBIND_JOURNAL"] = memory(t)
	maps.Copy(all, vars)
	if all["AXGBIND_JOURNAL"] == "" {
		delete(all, "AXGBIND_JOURNAL")
	}
	for name, value := range all {
		list = append(list, name+"="+value)
	}
	return list
}

// want fails the test unless the command ended with the status.
func (o outcome) want(t testing.TB, status int) outcome {
	t.Helper()
	if o.status != status {
		t.Fatalf("want status %d\n%s", status, o)
	}
	if status == 2 || strings.Contains(o.stderr, "panic:") {
		t.Fatalf("it panicked\n%s", o)
	}
	return o
}

// process is axgbind as a process of its own.
type process struct {
	t      testing.TB
	cmd    *exec.Cmd
	stdout *watched
	stderr *watched
	exited chan struct{}
	status int           // once exited is closed; -1 after a signal
	late   time.Duration // when wait gives up; patience unless set otherwise
}

// watched collects output and tells those who wait for some of it.
type watched struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(p)
	close(w.changed)
	w.changed = make(chan struct{})
	return len(p), nil
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

func (w *watched) now() (text string, changed chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String(), w.changed
}

// spawn starts axgbind as a process in dir ("" is a new one). It is killed
// when the test ends, if it still runs.
func spawn(t testing.TB, dir string, args ...string) *process {
	t.Helper()
	return spawnWith(t, dir, nil, nil, args...)
}

func spawnWith(t testing.TB, dir string, vars map[string]string, stdin io.Reader, args ...string) *process {
	t.Helper()
	p := prepare(t, dir, vars, stdin, args...)
	p.start()
	return p
}

func prepare(t testing.TB, dir string, vars map[string]string, stdin io.Reader, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{
		t: t, cmd: exec.Command(self, args...), exited: make(chan struct{}), late: patience,
		stdout: &watched{changed: make(chan struct{})}, stderr: &watched{changed: make(chan struct{})},
	}
	p.cmd.Dir, p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = dir, stdin, p.stdout, p.stderr
	p.cmd.Env = []string{actAs + "=1", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "GORACE=halt_on_error=1 exitcode=66"}
	for _, name := range []string{"SYSTEMROOT", "GOCOVERDIR"} { // where go test -cover gathers what the process covers
		if value := os.Getenv(name); value != "" {
			p.cmd.Env = append(p.cmd.Env, name+"="+value)
		}
	}
	p.cmd.Env = append(p.cmd.Env, environ(t, vars)...)
	return p
}

func (p *process) start() {
	p.t.Helper()
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		p.status = p.cmd.ProcessState.ExitCode()
		close(p.exited)
	}()
	p.t.Cleanup(func() {
		p.kill()
		p.wait()
	})
}

func (p *process) kill() { _ = p.cmd.Process.Kill() }

// patience bounds every wait of these tests. It is far above what anything
// takes, for the machine may be busy.
const patience = 2 * time.Minute

// wait waits for the end of the process.
func (p *process) wait() outcome {
	p.t.Helper()
	select {
	case <-p.exited:
	case <-time.After(p.late):
		p.kill()
		<-p.exited
		p.t.Errorf("%v did not end\n%s", p.cmd.Args[1:], p.stderr)
	}
	return outcome{p.status, p.stdout.String(), p.stderr.String()}
}

// until waits until output has the text.
func (p *process) until(w *watched, text string) {
	p.t.Helper()
	late := time.After(patience)
	for {
		have, changed := w.now()
		if strings.Contains(have, text) {
			return
		}
		select {
		case <-changed:
		case <-p.exited:
			if strings.Contains(w.String(), text) {
				return
			}
			p.t.Fatalf("%v ended before it said %q\n%s", p.cmd.Args[1:], text, p.wait())
		case <-late:
			p.t.Fatalf("%v never said %q\n%s%s", p.cmd.Args[1:], text, p.stdout, p.stderr)
		}
	}
}

// eventually waits until ok holds, looking a few hundred times a second.
func (p *process) eventually(what string, ok func() bool) {
	p.t.Helper()
	if !p.sooner(ok) {
		p.t.Fatalf("%v ended before %s\n%s", p.cmd.Args[1:], what, p.wait())
	}
}

// sooner waits until ok holds and reports whether it did before the process ended.
func (p *process) sooner(ok func() bool) bool {
	p.t.Helper()
	tick := time.NewTicker(3 * time.Millisecond)
	defer tick.Stop()
	late := time.After(patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-p.exited:
			return ok()
		case <-late:
			p.t.Fatalf("%v: waited in vain\n%s", p.cmd.Args[1:], p.stderr)
		}
	}
	return true
}

// service is a simulator process.
type service struct {
	*process
	url    string
	client *http.Client
}

// simulate starts a simulator process with these flags.
func simulate(t testing.TB, flags ...string) *service {
	t.Helper()
	p := spawn(t, "", append([]string{"simulate"}, flags...)...)
	p.until(p.stdout, "\n")
	line := p.stdout.String()
	url, ok := strings.CutPrefix(line, "listening on ")
	if !ok || strings.Count(line, "\n") != 1 {
		t.Fatalf("the simulator said %q", line)
	}
	s := &service{process: p, url: strings.TrimSpace(url), client: &http.Client{
		Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience,
	}}
	return s
}

// play serves a simulator inside the test, for tests that change its weather.
func play(t testing.TB, o simulator.Options) (*simulator.Service, *service) {
	t.Helper()
	played, err := simulator.New(o)
	if err != nil {
		t.Fatal(err)
	}
	server, err := simulator.Listen(played, "127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Close()
		played.Close()
	})
	return played, &service{process: &process{t: t}, url: server.URL(), client: &http.Client{
		Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience,
	}}
}

func faultList(t testing.TB, texts []string) (list []simulator.Fault) {
	t.Helper()
	for _, text := range texts {
		f, err := simulator.ParseFault(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
	return list
}

type binding struct{ SubsId, SecretNo, PhoneNoA, PhoneNoB, GroupId, Expiration, OutId, RequestId string }

type stats struct {
	Calls        int64            `json:"calls"`
	Actions      map[string]int64 `json:"actions"`
	Codes        map[string]int64 `json:"codes"`
	Faults       map[string]int64 `json:"faults"`
	Connections  int64            `json:"connections"`
	MaxPerSecond int              `json:"max_per_second"`
	NonceReused  int64            `json:"nonce_reused"`
}

func (s *service) get(path string, into any) {
	s.t.Helper()
	resp, err := s.client.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
}

func (s *service) bindings() []binding {
	s.t.Helper()
	var list []binding
	s.get("/simulator/bindings", &list)
	return list
}

// numbers is the operator's list of X numbers, as the simulator gives it.
func (s *service) numbers() string {
	s.t.Helper()
	var list json.RawMessage
	s.get("/simulator/numbers", &list)
	return string(list)
}

func (s *service) stats() stats {
	s.t.Helper()
	var st stats
	s.get("/simulator/stats", &st)
	return st
}

func (s *service) calls() int64 { s.t.Helper(); return s.stats().Calls }

// bind is the usual command line of a run against this simulator. Adaptive
// and max-failures stay as they are unless given.
func (s *service) bind(input string, flags ...string) []string {
	return append([]string{"bind", input, "--endpoint", s.url, "--pool-key", testPool, "--progress", "none"}, flags...)
}

// soon is an Expiration that far ahead, as a cell.
func soon(ahead time.Duration) string {
	return time.Now().Add(ahead).In(time.FixedZone("UTC+8", 8*60*60)).Format(time.DateTime)
}

// phone is the A number of row i, different for every row of the tests.
func phone(i int) string { return fmt.Sprintf("138%08d", i) }

// table is an input as cells, its first row the header.
type table [][]string

func (rows table) String() string {
	b := &strings.Builder{}
	w := csv.NewWriter(b)
	_ = w.WriteAll(rows)
	return b.String()
}

func (rows table) clone() table {
	copied := make(table, len(rows))
	for i, r := range rows {
		copied[i] = slices.Clone(r)
	}
	return copied
}

// input makes n rows with A numbers from phone(from) on.
func content(from, n int) table {
	rows := table{{"PhoneNoA", "GroupId", "Expiration", "OutId"}}
	for i := range n {
		rows = append(rows, []string{phone(from + i), "2000000000001", expiration, fmt.Sprintf("order-%d", from+i)})
	}
	return rows
}

var expiration = soon(30 * 24 * time.Hour)

func write(t testing.TB, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// row is one record of a results file by column name.
type row map[string]string

// results reads a results file and checks its form: BOM, each record whole,
// one status each.
func results(t testing.TB, path string) []row {
	t.Helper()
	text, ok := strings.CutPrefix(read(t, path), bom)
	if !ok {
		t.Errorf("%s does not begin with a byte order mark", path)
	}
	all, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %d records, %v", path, len(all), err)
	}
	var list []row
	for _, cells := range all[1:] {
		r := row{}
		for i, name := range all[0] {
			r[name] = cells[i]
		}
		switch r.status() {
		case "BOUND", "FAILED", "INVALID", "HELD", "UNKNOWN", "PENDING", "RELEASED":
		default:
			t.Errorf("%s: status %q", path, r.status())
		}
		list = append(list, r)
	}
	return list
}

func (r row) status() string {
	if s, ok := r["AxgStatus"]; ok {
		return s
	}
	return r["Status"]
}

// count counts the rows of each status.
func count(rows []row) map[string]int {
	n := map[string]int{}
	for _, r := range rows {
		n[r.status()]++
	}
	return n
}

// wantCounts checks the rows' statuses; want is such as "BOUND 3, PENDING 1".
func wantCounts(t testing.TB, rows []row, want string) {
	t.Helper()
	have := count(rows)
	var parts []string
	for _, s := range []string{"BOUND", "FAILED", "INVALID", "HELD", "UNKNOWN", "PENDING", "RELEASED"} {
		if have[s] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", s, have[s]))
		}
	}
	if got := strings.Join(parts, ", "); got != want {
		t.Errorf("rows are %s, want %s", got, want)
	}
}

// agree checks results against what the service knows: no A twice, every
// BOUND row there, and everything there in a row that is BOUND or UNKNOWN.
func agree(t testing.TB, rows []row, live []binding) {
	t.Helper()
	byA, bySubs := map[string]binding{}, map[string]binding{}
	for _, b := range live {
		if old, twice := byA[b.PhoneNoA]; twice {
			t.Errorf("A %s is bound twice: SubsId %s and %s", b.PhoneNoA, old.SubsId, b.SubsId)
		}
		byA[b.PhoneNoA], bySubs[b.SubsId] = b, b
	}
	known := map[string]string{}
	for _, r := range rows {
		known[r["PhoneNoA"]] = r.status()
		b, ok := bySubs[r["SubsId"]]
		switch {
		case r["PhoneNoX"] != "" && ok && r["SecretNo"] != r["PhoneNoX"]:
			t.Errorf("line %s asked for X %s and got %s", r["Line"], r["PhoneNoX"], r["SecretNo"])
		case r.status() == "BOUND" && (!ok || b.PhoneNoA != r["PhoneNoA"] || b.SecretNo != r["SecretNo"] || b.GroupId != r["GroupId"] ||
			r["Reason"] == "" && b.RequestId != r["RequestId"]): // a look-up has an id of its own, and gives its reason
			t.Errorf("line %s is BOUND as %s %s, the service has %+v", r["Line"], r["SubsId"], r["SecretNo"], b)
		case r.status() == "INVALID" && ok && strings.Contains(r["Reason"], r["SubsId"]): // bound before its cells were changed
		case r.status() != "BOUND" && r["SubsId"] != "":
			t.Errorf("line %s is %s and has SubsId %s", r["Line"], r.status(), r["SubsId"])
		}
	}
	for a, b := range byA {
		if s := known[a]; s != "BOUND" && s != "UNKNOWN" {
			t.Errorf("SubsId %s lives at the service, its row is %q", b.SubsId, s)
		}
	}
}

// summary is what --summary writes, as far as tests look at it.
type summary struct {
	Version     int            `json:"version"`
	ExitStatus  int            `json:"exit_status"`
	StopReason  string         `json:"stop_reason"`
	StopCode    string         `json:"stop_code"`
	StopCause   string         `json:"stop_cause"`
	Rows        int            `json:"rows"`
	Blank       int            `json:"blank_records"`
	Counts      map[string]int `json:"counts"`
	Gone        int            `json:"gone"`
	Sent        int            `json:"sent"`
	Calls       int64          `json:"calls"`
	Throttled   int64          `json:"throttled"`
	PeakRate    int            `json:"peak_rate"`
	AverageRate float64        `json:"average_rate"`
	LatencyMs   struct {
		P50 float64 `json:"p50"`
	} `json:"latency_ms"`
	Simulated bool `json:"simulated"`
}

func summaryOf(t testing.TB, path string) summary {
	t.Helper()
	var s summary
	if err := json.Unmarshal([]byte(read(t, path)), &s); err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, n := range s.Counts {
		sum += n
	}
	if sum != s.Rows {
		t.Errorf("the counts do not balance: %v, %d rows", s.Counts, s.Rows)
	}
	return s
}

// journalCalls counts the calls in a journal: those that were intended, those
// whose end was recorded, and those that are open. A torn tail is left out, as a
// run would leave it out.
func journalCalls(t testing.TB, path string) (intended, ended, open int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, 0, 0
	}
	if err != nil {
		t.Fatal(err)
	}
	under := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) < 3 || !strings.HasSuffix(line, "\n") {
			continue
		}
		switch words[1] {
		case "intent":
			under[words[2]] = true
			intended++
		case "ok", "part", "refused", "notsent", "lost":
			delete(under, words[2])
			ended++
		case "withdrawn":
			delete(under, words[2])
		case "run": // what a dead run left open was settled
			clear(under)
		}
	}
	return intended, ended, len(under)
}

// rewritten is a journal with each line as change leaves it. What is no whole line
// stays as it is.
func rewritten(t testing.TB, text string, change func(l *journal.Line)) string {
	t.Helper()
	b := &strings.Builder{}
	for line := range strings.Lines(text) {
		var l journal.Line
		if !strings.HasSuffix(line, "\n") || journal.Decode([]byte(strings.TrimSuffix(line, "\n")), &l) != nil {
			b.WriteString(line)
			continue
		}
		change(&l)
		made, err := journal.Encode(nil, &l)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(made)
	}
	return b.String()
}

// files lists the files below dir.
func files(t testing.TB, dir string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			list = append(list, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// noDial is a listener that must not be reached.
func noDial(t testing.TB) (port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}
