package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

const ctrlD = "\x04"

// ask starts axgbind with the terminal as all its files, and waits for the question.
func (p *pty) ask(dir string, args ...string) *process {
	p.t.Helper()
	c := prepare(p.t, dir, nil, nil, args...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = p.slave, p.slave, p.slave
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	c.start()
	p.shows(`go on\? \[y/N\] `)
	return c
}

// TestQuestion: whatever ends it but a yes, the command ends at once, nothing is
// sent, and folder and terminal are as they were.
func TestQuestion(t *testing.T) {
	t.Parallel()
	heedHangup(t)
	for _, c := range []struct {
		name   string
		end    func(*pty, *process)
		status int
	}{
		{"Ctrl-C", func(term *pty, _ *process) { term.press(ctrlC) }, 130},
		{"Ctrl-D", func(term *pty, _ *process) { term.press(ctrlD) }, 10},
		{"no", func(term *pty, _ *process) { term.press("n\n") }, 10},
		{"Enter", func(term *pty, _ *process) { term.press("\n") }, 10},
		{"half an answer", func(term *pty, _ *process) { term.press("y" + ctrlC) }, 130},
		{"SIGINT", func(_ *pty, p *process) { p.signal(syscall.SIGINT) }, 130},
		{"SIGTERM", func(_ *pty, p *process) { p.signal(syscall.SIGTERM) }, 143},
		{"SIGHUP", func(_ *pty, p *process) { p.signal(syscall.SIGHUP) }, 129},
		{"the terminal goes", func(term *pty, _ *process) { term.hangUp() }, 129},
	} {
		for _, command := range []string{"bind", "bind again", "update", "-q"} {
			t.Run(c.name+"/"+command, func(t *testing.T) {
				t.Parallel()
				sim := simulate(t).real()
				dir := newFolder(t)
				in := write(t, filepath.Join(dir, "in.csv"), content(0, 5).String())
				args := []string{"bind", in, "--endpoint", sim.url, "--pool-key", testPool, "--log", filepath.Join(dir, "log"),
					"--summary", filepath.Join(dir, "s.json"), "--failed", filepath.Join(dir, "failed.csv"), "--metrics", filepath.Join(dir, "m.prom")}
				switch command {
				case "-q":
					args = append(args, "-q")
				case "bind again":
					axgbind(t, sim.bind(in)...).want(t, 0)
					write(t, in, content(0, 9).String())
				case "update":
					axgbind(t, sim.bind(in)...).want(t, 0)
					args[0], args[1] = "update", filepath.Join(dir, "in.results.csv")
					args = append(args, "--field", "OutId")
				}
				before, remembered, calls := photograph(t, dir), photograph(t, memory(t)), sim.calls()
				term := openPTY(t, 80, 24)
				was, _ := unix.IoctlGetTermios(int(term.slave.Fd()), unix.TCGETS)
				p := term.ask(dir, args...)
				p.late = 10 * time.Second // nobody presses Enter
				began := time.Now()
				c.end(term, p)
				p.wait()
				if took := time.Since(began); p.status != c.status || took > 5*time.Second {
					screen, _ := term.screen()
					t.Errorf("status %d after %v, want %d\n%s", p.status, took, c.status, screen)
				}
				if diff := cmp.Diff(before, photograph(t, dir)); diff != "" {
					t.Errorf("the folder changed: %s", diff)
				}
				after := photograph(t, memory(t))
				delete(remembered, "axgbind.journal.lock") // it says who held it
				delete(after, "axgbind.journal.lock")
				if diff := cmp.Diff(remembered, after); diff != "" {
					t.Errorf("the journal's folder changed: %s", diff)
				}
				if n := sim.calls() - calls; n > 0 {
					t.Errorf("%d calls", n)
				}
				if c.name == "the terminal goes" {
					return
				}
				if is, err := unix.IoctlGetTermios(int(term.slave.Fd()), unix.TCGETS); err != nil || *is != *was {
					t.Errorf("the terminal is in another state: %v", err)
				}
				screen := term.shows(`status \d+: [^\n]*\n$`)
				if !strings.Contains(screen, "nothing was sent") || c.status != 10 && strings.Contains(screen, "second signal") {
					t.Errorf("screen\n%s", screen)
				}
			})
		}
	}
}

// hangUp takes the terminal away from the processes on it.
func (p *pty) hangUp() {
	p.mu.Lock()
	p.gone = true
	p.mu.Unlock()
	_, _ = p.slave.WriteString("\n") // wakes whoever reads; a file that is read is not closed
	<-p.ended
	p.slave.Close()
	p.master.Close()
}

// TestTerminalLost: the terminal goes in the middle of a run, as with a lost ssh.
// Nothing can be said any more; calls under way end, and results are written.
func TestTerminalLost(t *testing.T) {
	t.Parallel()
	heedHangup(t)
	for _, more := range [][]string{{"--progress", "bar"}, {"--progress", "plain", "-v"}, {"-q"}} {
		t.Run(more[0]+more[len(more)-1], func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, "--latency", "200ms")
			dir := newFolder(t)
			const rows = 300
			in := write(t, filepath.Join(dir, "in.csv"), content(0, rows).String())
			term := openPTY(t, 80, 24)
			sum := filepath.Join(dir, "s.json")
			c := prepare(t, dir, nil, nil, slices.Concat([]string{"bind", in, "--endpoint", sim.url, "--pool-key", testPool, "--yes", "--summary", sum}, more)...)
			c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = term.slave, term.slave, term.slave
			c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
			c.start()
			c.eventually("calls", func() bool {
				_, ended, open := journalCalls(t, memoryOf(t))
				return ended > 30 && open > 3
			})
			term.hangUp()
			c.wait()
			if c.status != 129 {
				t.Errorf("status %d", c.status)
			}
			rs := results(t, filepath.Join(dir, "in.results.csv"))
			if n := count(rs); n["BOUND"] == 0 || n["PENDING"] == 0 || n["BOUND"]+n["PENDING"] != rows {
				t.Errorf("%v", n)
			}
			agree(t, rs, sim.bindings())
			if s := summaryOf(t, sum); s.StopReason != "hangup" || s.ExitStatus != 129 {
				t.Errorf("summary: %q, status %d", s.StopReason, s.ExitStatus)
			}
			if _, err := os.Stat(memoryOf(t) + ".reserve"); err == nil {
				t.Error("the reserve is left")
			}
		})
	}
}

// TestQuestionAgain: a person says yes to so many calls. Where another run made them
// more before the answer, the question is asked once more; where it made them fewer,
// it is not. An input that was written to meanwhile is not what the person saw.
func TestQuestionAgain(t *testing.T) {
	t.Parallel()
	heedHangup(t)
	const question = `about to make up to %d real BindAxg calls[^\n]*\ngo on\? \[y/N\] `
	for _, c := range []struct {
		name         string
		rows         int // of the batch that holds the first places of the input, of which no more is to be sent
		between      func(t *testing.T, sim *service, dir string)
		first, again int // calls that are asked for; 0: not again
		answer       string
		status       int
		sent         int // calls of this run
	}{
		{"more, and yes", 3, release, 2, 5, "y\n", 0, 5},
		{"more, and no", 3, release, 2, 5, "n\n", 10, 0},
		{"fewer", 0, bindFirst(2), 5, 0, "", 0, 3},
		{"none", 0, bindFirst(5), 5, 0, "", 0, 0},
		{"as many", 0, func(*testing.T, *service, string) {}, 5, 0, "", 0, 5},
		{"the input has another row", 0, func(t *testing.T, _ *service, dir string) {
			write(t, filepath.Join(dir, "in.csv"), content(0, 6).String())
		}, 5, 0, "", 6, 0},
		{"the input has another number", 0, func(t *testing.T, _ *service, dir string) {
			in := filepath.Join(dir, "in.csv")
			write(t, in, strings.Replace(read(t, in), phone(4), phone(9), 1))
		}, 5, 0, "", 6, 0},
		{"the input has another row and its old time", 0, func(t *testing.T, _ *service, dir string) {
			in := filepath.Join(dir, "in.csv")
			info, err := os.Stat(in)
			if err != nil {
				t.Fatal(err)
			}
			write(t, in, content(0, 6).String())
			if err := os.Chtimes(in, info.ModTime(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, 5, 0, "", 6, 0},
		{"another input stands there", 0, func(t *testing.T, _ *service, dir string) { // the one that was asked about is still open
			in := filepath.Join(dir, "in.csv")
			if err := os.Rename(in, in+".old"); err != nil {
				t.Fatal(err)
			}
			write(t, in, content(0, 9).String())
		}, 5, 0, "", 0, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			sim := simulate(t).real()
			dir := newFolder(t)
			if c.rows > 0 {
				rows := content(0, c.rows)
				for _, r := range rows[1:] {
					r[3] = "another " + r[3]
				}
				axgbind(t, sim.bind(write(t, filepath.Join(dir, "before.csv"), rows.String()))...).want(t, 0)
			}
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 5).String())
			term := openPTY(t, 200, 24)
			p := term.ask(dir, "bind", in, "--endpoint", sim.url, "--pool-key", testPool, "--progress", "none")
			term.shows(fmt.Sprintf(question, c.first))
			c.between(t, sim, dir)
			calls := sim.stats().Actions["BindAxg"]
			term.press("y\n")
			if c.again > 0 {
				term.shows(fmt.Sprintf(question, c.again))
				if n := sim.stats().Actions["BindAxg"] - calls; n > 0 {
					t.Errorf("%d calls before the answer", n)
				}
				term.press(c.answer)
			}
			p.wait()
			screen := term.shows(`status \d+: [^\n]*\n$`)
			if p.status != c.status {
				t.Errorf("status %d, want %d\n%s", p.status, c.status, screen)
			}
			asked := 1
			if c.again > 0 {
				asked = 2
			}
			if n := strings.Count(screen, "go on?"); n != asked {
				t.Errorf("asked %d times, want %d\n%s", n, asked, screen)
			}
			if n := int(sim.stats().Actions["BindAxg"] - calls); n != c.sent {
				t.Errorf("%d calls, want %d\n%s", n, c.sent, screen)
			}
			if c.status == 6 && !strings.Contains(screen, "the input changed") {
				t.Errorf("it does not say why:\n%s", screen)
			}
			bound := map[string]bool{}
			for _, b := range sim.bindings() {
				if bound[b.PhoneNoA] {
					t.Errorf("%s is bound twice", b.PhoneNoA)
				}
				bound[b.PhoneNoA] = true
			}
		})
	}
}

// release ends the bindings of the batch before.
func release(t *testing.T, sim *service, dir string) {
	t.Helper()
	axgbind(t, "unbind", filepath.Join(dir, "before.results.csv"), "--endpoint", sim.url, "--pool-key", testPool, "--progress", "none", "--yes").want(t, 0)
}

// bindFirst binds the first rows of the input as another batch.
func bindFirst(n int) func(*testing.T, *service, string) {
	return func(t *testing.T, sim *service, dir string) {
		t.Helper()
		axgbind(t, sim.bind(write(t, filepath.Join(dir, "other.csv"), content(0, n).String()))...).want(t, 0)
	}
}
