package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// pty is a terminal with a screen that can be looked at. It stands in for a
// library: opening one takes three calls, and the program uses four codes.
type pty struct {
	t      *testing.T
	master *os.File
	slave  *os.File

	mu      sync.Mutex
	raw     strings.Builder
	rows    []string // the screen and all that scrolled out of it
	at      int      // row of the cursor; its column is the end of the row, or 0
	changed chan struct{}
	gone    bool // nobody reads it any more
	ended   chan struct{}
}

func openPTY(t *testing.T, columns, rows int) *pty {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals here:", err)
	}
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := &pty{t: t, master: master, slave: slave, rows: []string{""}, changed: make(chan struct{})}
	p.resize(columns, rows)
	p.ended = make(chan struct{})
	go func() {
		defer close(p.ended)
		b := make([]byte, 32<<10)
		for {
			n, err := master.Read(b)
			if !p.feed(string(b[:n])) || err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		slave.Close()
		master.Close()
		<-p.ended
	})
	return p
}

func (p *pty) resize(columns, rows int) {
	p.t.Helper()
	err := unix.IoctlSetWinsize(int(p.master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(columns), Row: uint16(rows)})
	if err != nil {
		p.t.Fatal(err)
	}
}

var code = regexp.MustCompile(`^\x1b\[(\d*)([AJm])`)

// written is all that was written to the terminal so far, codes included.
func (p *pty) written() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.raw.String()
}

// feed obeys the codes that axgbind uses and fails the test for any other. It
// reports whether there is still a screen.
func (p *pty) feed(text string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.raw.WriteString(text)
	for text != "" {
		r := text[:1]
		text = text[1:]
		switch r {
		case "\r":
		case "\n":
			if p.at++; p.at == len(p.rows) {
				p.rows = append(p.rows, "")
			}
		case "\x1b":
			m := code.FindStringSubmatch(r + text)
			if m == nil {
				p.t.Errorf("unknown code %q", r+text)
				break
			}
			text = text[len(m[0])-1:]
			switch n, _ := strconv.Atoi(m[1]); m[2] {
			case "A":
				if p.at -= n; p.at < 0 {
					p.t.Errorf("the cursor leaves the screen")
					p.at = 0
				}
			case "J":
				p.rows = append(p.rows[:p.at], "")
			}
		default:
			p.rows[p.at] += r
		}
	}
	close(p.changed)
	p.changed = make(chan struct{})
	return !p.gone
}

// screen is what can be read, and a channel that closes when it changes.
func (p *pty) screen() (string, chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.rows, "\n"), p.changed
}

// shows waits until the screen matches.
func (p *pty) shows(pattern string) string {
	p.t.Helper()
	form := regexp.MustCompile(pattern)
	late := time.After(patience)
	for {
		have, changed := p.screen()
		if form.MatchString(have) {
			return have
		}
		select {
		case <-changed:
		case <-late:
			p.t.Fatalf("the screen never showed %q but\n%s", pattern, have)
		}
	}
}

// run starts axgbind with the terminal as its standard error, and as the one
// that its keys come from.
func (p *pty) run(vars map[string]string, dir string, args ...string) *process {
	p.t.Helper()
	c := prepare(p.t, dir, vars, nil, args...)
	c.cmd.Stderr = p.slave
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 2}
	c.start()
	return c
}

func (p *pty) press(key string) {
	p.t.Helper()
	if _, err := p.master.WriteString(key); err != nil {
		p.t.Fatal(err)
	}
}

const (
	ctrlC = "\x03"
	block = `\d+% \[[=>.]+\] \(\d+/500\) \S+, eta [^\n]+\n` +
		`bound \d+  failed 0  unknown 0  (not sent \d+  )?left \d+(  settled before \d+)?\n` +
		`\d+\.\d of 100 calls/s  in flight \d+[^\n]*\n`
)

// TestTerminal: on a terminal a block is drawn below what is said, and gone
// when the run ends: interrupted, resumed, throttled, made narrow and left at once.
func TestTerminal(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 500).String())
	sim := simulate(t, "--latency", "30ms", "--qps", "60")
	args := []string{"bind", in, "--endpoint", sim.url, "--pool-key", testPool}

	gone := func(screen string) {
		t.Helper()
		if strings.Contains(screen, "in flight") || strings.Contains(screen, "eta ") {
			t.Errorf("the block is still there:\n%s", screen)
		}
	}
	term := openPTY(t, 80, 24)
	p := term.run(nil, dir, args...)
	term.shows(`^500 rows, 500 to send, at most 100 calls/s\n` + block)
	term.shows(`slowed to [^\n]*\n` + block + `slow: throttled, limit cut to \d+\.\d calls/s\n$`) // a sentence goes above it
	term.press(ctrlC)
	p.wait()
	if p.status != 130 {
		t.Fatalf("status %d", p.status)
	}
	screen := term.shows(`(?s)stopping: .*\naxgbind: finished status=130 [^\n]*\nstatus 130: [^\n]*\nnext: [^\n]*\n  axgbind bind [^\n]*\n$`)
	gone(screen)
	if !strings.Contains(term.written(), "\x1b[33mslow: ") {
		t.Error("the reason is not in colour")
	}

	// Going on, in Chinese and without colour; then the window is made narrow.
	term = openPTY(t, 200, 24)
	p = term.run(map[string]string{"NO_COLOR": "1", "LANG": "zh_CN.UTF-8"}, dir, args...)
	term.shows(`\d+% \[[=>.]{60}\] \(\d+/500\) 已用 [^，]+，预计还需 [^\n]+\n已绑定 \d+  失败 0  结果未知 0  剩余 \d+  此前已有结果 \d+\n每秒 `)
	term.resize(40, 24)
	term.shows(`\n\d+% \d+/500 预计还需 \S+[^\n]*\n(变慢原因：[^\n]*\n)?$`)
	term.press(ctrlC)
	p.wait()
	gone(term.shows(`状态 130：[^\n]*\n下一步：[^\n]*\n  axgbind bind [^\n]*\n$`))
	if strings.Contains(term.written(), "\x1b[33m") {
		t.Error("coloured in spite of NO_COLOR")
	}
}

// TestTerminalFindings: on a terminal as many problems are told as leave the summary in
// sight, and how to list all; a pipe gets all.
func TestTerminalFindings(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	var rows strings.Builder
	rows.WriteString("PhoneNoA,GroupId,Expiration,IsRecordingEnabled,CallDisplayType,OutId\n")
	for i := range 6 {
		cells := []string{phone(i), "1", "2099-01-31 23:59:59", "true", "1", "o"}
		cells[i] = "1.2.3"
		rows.WriteString(strings.Join(cells, ",") + "\n")
	}
	in := write(t, filepath.Join(dir, "in.csv"), rows.String())
	term := openPTY(t, 200, 24)
	p := prepare(t, dir, nil, nil, "check", in)
	p.cmd.Stdout, p.cmd.Stderr = term.slave, term.slave
	p.start()
	screen := term.shows(`(?s)^error: .*\n… kinds of findings not shown: \d; --findings FILE lists all\n6 rows read .*\nstatus 3: [^\n]*\n$`)
	p.wait()
	if n := strings.Count(screen, "  cure: "); n != 3 || strings.Count(screen, "\n") > 24 {
		t.Errorf("%d problems in %d lines:\n%s", n, strings.Count(screen, "\n"), screen)
	}
	if all := axgbind(t, "check", in).want(t, 3); strings.Count(all.stdout, "  cure: ") < 5 {
		t.Errorf("a pipe gets\n%s", all.stdout)
	}
}

// TestTerminalTwice: the second Ctrl-C leaves at once, and no block behind.
func TestTerminalTwice(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 500).String())
	sim := simulate(t, "--latency", "8s")
	term := openPTY(t, 80, 24)
	p := term.run(nil, dir, "bind", in, "--endpoint", sim.url, "--pool-key", testPool)
	term.shows(block)
	term.press(ctrlC)
	term.shows(`stopping: [^\n]*\n` + block)
	term.press(ctrlC)
	p.wait()
	if screen := term.shows(`left at once; [^\n]*\n$`); p.status != 130 || strings.Contains(screen, "in flight") {
		t.Errorf("status %d, screen\n%s", p.status, screen)
	}
}

// TestTerminalDumb: nothing is drawn where the cursor cannot be moved, nor
// where there is no terminal, whatever was asked for.
func TestTerminalDumb(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 20).String())
	term := openPTY(t, 80, 24)
	p := term.run(map[string]string{"TERM": "dumb"}, dir, "bind", "--simulate", in, "--rate", "50")
	p.wait()
	if screen := term.shows(`status 0: [^\n]*\n$`); strings.Contains(term.written(), "\x1b") || strings.Contains(screen, "%  [") {
		t.Errorf("drawn on a dumb terminal:\n%s", screen)
	}
	for _, kind := range []string{"auto", "bar"} {
		got := spawnWith(t, dir, map[string]string{"TERM": "xterm"}, nil, "bind", "--simulate", in, "--rate", "50", "--progress", kind).wait().want(t, 0)
		if strings.ContainsAny(got.stderr, "\x1b\r") || strings.Contains(got.stderr, "eta") {
			t.Errorf("drawn without a terminal, --progress %s\n%s", kind, got)
		}
	}
}

// TestTerminalCheck: findings on the same terminal and the block do not get in
// each other's way.
func TestTerminalCheck(t *testing.T) {
	t.Parallel()
	dir := newFolder(t)
	rows := content(0, 60000)
	rows[59000][0] = "1380013800x"
	in := write(t, filepath.Join(dir, "in.csv"), rows.String())
	term := openPTY(t, 80, 24)
	p := prepare(t, dir, nil, nil, "check", in)
	p.cmd.Stdout, p.cmd.Stderr = term.slave, term.slave
	p.start()
	p.wait()
	screen := term.shows(`status 3: [^\n]*\n$`)
	if n := strings.Count(screen, "line 59001: "); n != 1 || strings.Contains(screen, "MiB") {
		t.Errorf("%d findings, screen\n%s", n, fmt.Sprintf("%.2000s", screen))
	}
}
