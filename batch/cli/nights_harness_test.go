package cli_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/cli/store"
	"axgbind/batch/journal"
	"axgbind/report"
)

const (
	night    = 24 * time.Hour
	instance = "00000000000000a1" // of the simulator
)

// line is a way to a simulator in this process that can be cut, as the death of a
// process cuts its connections.
type line struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)

	mu    sync.Mutex
	isCut bool
	open  []net.Conn
}

func (l *line) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isCut {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	c, err := l.dial(ctx, network, address)
	if err == nil {
		l.open = append(l.open, c)
	}
	return c, err
}

// cut ends all connections and opens no more; mend undoes it.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isCut = true
	for _, c := range l.open {
		c.Close()
	}
	l.open = nil
}

func (l *line) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isCut = false
}

// customer is a row of the nightly file and what the model knows of it.
type customer struct {
	a, group, order string
	sent            string    // order, as the binding has it
	ends            time.Time // of its binding; zero: it was never bound
	released        bool      // a person took the binding back
	bound           int       // times
	typo            bool      // its number lacks a digit in the file
}

func (c *customer) binds(at time.Time) {
	c.ends, c.sent, c.bound = at.Add(bindFor), c.order, c.bound+1
}

func (c *customer) place() string           { return c.a + " " + c.group }
func (c *customer) lives(at time.Time) bool { return !c.released && c.ends.After(at) }

// nightly is a folder in which one command runs each night, the simulator that it
// calls, and the model of both.
type nightly struct {
	*machine
	service   *simulator.Service
	line      *line
	dir       string
	zero      time.Time // of the first night
	customers []*customer
	gone      []*customer // whose rows left the file
	others    []binding   // of other batches, that live
	made      int         // customers, ever
	subs      map[string]map[string]bool
}

const (
	bindFor     = 30 * night
	renewBefore = 7 * night
	keepFor     = 2 * night
)

func newNightly(t *testing.T) *nightly {
	service, err := simulator.New(simulator.Options{Numbers: 600, Latency: 80 * time.Millisecond, Jitter: 40 * time.Millisecond, Seed: 40, Instance: instance})
	if err != nil {
		t.Fatal(err)
	}
	door := simulator.NewInProcess(service)
	t.Cleanup(func() {
		door.Close()
		service.Close()
	})
	n := &nightly{machine: newMachine(t), service: service, line: &line{dial: door.DialContext}, subs: map[string]map[string]bool{}}
	n.dial, n.dir = n.line.DialContext, filepath.Join(filepath.Dir(n.home), "nightly")
	n.env = map[string]string{"XDG_STATE_HOME": n.home, "AXGBIND_KEEP": "2d", "AXGBIND_ENDPOINT": door.URL(), "AXGBIND_PROGRESS": "none"}
	for _, dir := range []string{n.dir, n.home} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func (n *nightly) file(name string) string { return filepath.Join(n.dir, name) }

// journal is the file of the simulator's journal, which the commands found by
// themselves.
func (n *nightly) journal() string {
	env := map[string]string{"HOME": n.home, "LOCALAPPDATA": n.home, "XDG_STATE_HOME": n.env["XDG_STATE_HOME"]}
	return filepath.Join(store.UserFolder(runtime.GOOS, func(name string) string { return env[name] }), "simulated-"+instance+".journal")
}

// command is what the timer runs each night without its guard, until a time of day.
func (n *nightly) command(until string, more ...string) []string {
	return append([]string{
		"bind", n.file("bindings.csv"), "--pool-key", testPool, "--default", "Expiration=+30d", "--when-bound", "renew", "--renew-before", "7d",
		"--until", until, "--rate", "20", "--summary", n.file("summary.json"),
	}, more...)
}

// nightly is what the timer runs.
func (n *nightly) nightly() []string { return n.command("02:03", "--at-most", "60%") }

// come adds customers to the file.
func (n *nightly) come(count int) {
	for range count {
		c := &customer{a: phone(n.made), group: fmt.Sprintf("200000000000%d", 1+n.made%5), order: fmt.Sprintf("order-%d", n.made)}
		n.made++
		n.customers = append(n.customers, c)
	}
}

// leave takes the i-th customer out of the file.
func (n *nightly) leave(i int) {
	n.gone = append(n.gone, n.customers[i])
	n.customers = slices.Delete(n.customers, i, i+1)
}

// save writes the file as the model has it.
func (n *nightly) save() {
	rows := table{{"PhoneNoA", "GroupId", "OutId"}}
	for _, c := range n.customers {
		a := c.a
		if c.typo {
			a = a[:len(a)-1]
		}
		rows = append(rows, []string{a, c.group, c.order})
	}
	write(n.t, n.file("bindings.csv"), rows.String())
}

// nightSummary is what --summary wrote, as far as these tests look at it.
type nightSummary struct {
	summary
	Already     int `json:"already"`
	Renewed     int `json:"renewed"`
	UpdateCalls int `json:"update_calls"`
	GoneUnknown int `json:"gone_unknown"`
	Ended       int `json:"ended"`
}

func (n *nightly) summary() (s nightSummary) {
	n.t.Helper()
	if err := json.Unmarshal([]byte(read(n.t, n.file("summary.json"))), &s); err != nil {
		n.t.Fatal(err)
	}
	sum := 0
	for _, count := range s.Counts {
		sum += count
	}
	if sum != s.Rows {
		n.t.Errorf("the counts do not balance: %v, %d rows", s.Counts, s.Rows)
	}
	return s
}

// effect is what a command did: how it ended and which calls it made.
type effect struct {
	status                  int
	bound, updates, updated int
	already, gone           int
	rows                    string // by status
}

// calls are the calls that change something, as the service counts them.
func (n *nightly) calls() (bind, update, unbind int) {
	a := n.service.Stats().Actions
	return int(a["BindAxg"]), int(a["UpdateSubscription"]), int(a["UnbindSubscription"])
}

// expect is what a run that meets no trouble does now, by the model, which it brings
// forward.
func (n *nightly) expect(at time.Time) (want effect) {
	counts := map[string]int{}
	for _, c := range n.gone { // a row stays in the journal for a while
		if !c.released && !c.ends.Before(at.Add(-keepFor)) {
			want.gone++
		}
	}
	for _, c := range n.customers {
		switch {
		case c.typo:
			counts["INVALID"]++
			want.status = 3
			continue
		case c.released:
			counts["RELEASED"]++
			continue
		case !c.lives(at):
			c.binds(at)
			want.bound++
		case !c.ends.After(at.Add(renewBefore)) || c.sent != c.order: // what else was edited does not wait
			want.updates, want.updated = want.updates+1, want.updated+1
			if c.sent != c.order {
				want.updates++
			}
			c.ends, c.sent = at.Add(bindFor), c.order
		}
		counts["BOUND"]++
	}
	want.rows = inOrder(counts)
	return want
}

func inOrder(counts map[string]int) string {
	var parts []string
	for _, s := range report.Statuses {
		if n := counts[s.String()]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", s, n))
		}
	}
	return strings.Join(parts, ", ")
}

// goes runs the nightly command, or what else is given, and compares what it did.
func (n *nightly) goes(what string, want effect, args ...string) outcome {
	n.t.Helper()
	binds, updates, unbinds := n.calls()
	got := n.run(args...)
	b, u, r := n.calls()
	s := n.summary()
	have := effect{status: got.status, bound: b - binds, updates: u - updates, updated: s.Renewed, already: s.Already, gone: s.Gone, rows: inOrder(s.Counts)}
	if have != want || r != unbinds || s.ExitStatus != got.status || s.UpdateCalls != want.updates {
		n.t.Fatalf("%s:\nhave %+v, %d releases, summary %+v\nwant %+v\n%s", what, have, r-unbinds, s, want, got)
	}
	if s.GoneUnknown != 0 || !s.Simulated {
		n.t.Errorf("%s: summary %+v", what, s)
	}
	ids := n.lookAtBindings(what)
	for _, r := range n.results("bindings.results.csv") {
		b, lives := ids[r["PhoneNoA"]+" "+r["GroupId"]]
		if bound := r.status() == "BOUND"; bound && (!lives || r["SubsId"] != b.SubsId || r["SecretNo"] != b.SecretNo) {
			n.t.Errorf("%s: the row of %s is %v, the service has %+v", what, r["PhoneNoA"], r, b)
		}
	}
	return got
}

// lookAtBindings compares the bindings that live with the model, and returns them by
// their places.
func (n *nightly) lookAtBindings(what string) map[string]simulator.Binding {
	n.t.Helper()
	want, have := map[string]string{}, map[string]string{}
	for _, c := range slices.Concat(n.customers, n.gone) {
		if c.lives(time.Now()) {
			want[c.place()] = c.sent + " " + inBeijing(c.ends)
		}
	}
	for _, b := range n.others {
		want[b.PhoneNoA+" "+b.GroupId] = b.OutId + " " + b.Expiration
	}
	live := n.service.Bindings()
	ids := map[string]simulator.Binding{}
	for _, b := range live {
		place := b.PhoneNoA + " " + b.GroupId
		have[place] += b.OutId + " " + b.Expiration // two would not be equal
		if n.subs[place] == nil {
			n.subs[place] = map[string]bool{}
		}
		n.subs[place][b.SubsId], ids[place] = true, b
	}
	if !maps.Equal(have, want) {
		n.t.Fatalf("%s: of the bindings %s", what, difference(have, want))
	}
	return ids
}

// difference names what one of two maps has and the other has not.
func difference(have, want map[string]string) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(have)) {
		if have[key] != want[key] {
			fmt.Fprintf(&b, "\n%s is %q, want %q", key, have[key], want[key])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if _, ok := have[key]; !ok {
			fmt.Fprintf(&b, "\n%s is not there, want %q", key, want[key])
		}
	}
	return b.String()
}

// results are the rows of a results file.
func (n *nightly) results(name string) []row { return parsed(n.t, read(n.t, n.file(name))) }

// parsed are the records of a CSV by column name.
func parsed(t testing.TB, text string) (list []row) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, bom))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, cells := range all[1:] {
		r := row{}
		for i, column := range all[0] {
			r[column] = cells[i]
		}
		list = append(list, r)
	}
	return list
}

// the are the A numbers of rows with a status.
func the(rows []row, status string) map[string]bool {
	m := map[string]bool{}
	for _, r := range rows {
		if r.status() == status {
			m[r["PhoneNoA"]] = true
		}
	}
	return m
}

// dies is killed, and what was sent is executed.
func (n *nightly) dies(action string, calls int64, args ...string) {
	n.t.Helper()
	n.killed(action, calls, args...)
	time.Sleep(time.Minute)
}

// killed runs a command until the service has got so many calls of it for an action, and
// leaves everything as the death of its process at that moment would: what it had
// written is there, what it had sent will be executed, and nothing else happens.
func (n *nightly) killed(action string, calls int64, args ...string) {
	n.t.Helper()
	before := n.service.Stats().Actions[action]
	done := make(chan outcome, 1)
	go func() { done <- n.run(args...) }()
	for {
		time.Sleep(time.Millisecond)
		if n.service.Stats().Actions[action]-before >= calls {
			break
		}
		select {
		case got := <-done:
			n.t.Fatalf("it ended before it could die\n%s", got)
		default:
		}
	}
	synctest.Wait()
	root := filepath.Dir(n.home)
	left := map[string]string{}
	for _, name := range files(n.t, root) {
		left[name] = read(n.t, filepath.Join(root, name))
	}
	n.line.cut()
	<-done // what it does from here on never was
	for _, name := range files(n.t, root) {
		if _, ok := left[name]; !ok {
			if err := os.Remove(filepath.Join(root, name)); err != nil {
				n.t.Fatal(err)
			}
		}
	}
	for name, text := range left {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			n.t.Fatal(err)
		}
		_, err := os.Stat(path)
		write(n.t, path, text)
		if err != nil && strings.Contains(name, ".journal.at-") { // it holds its own id, and is another file now
			f, err := os.OpenFile(path, os.O_RDWR|os.O_TRUNC, 0)
			if err != nil {
				n.t.Fatal(err)
			}
			_, err = f.WriteString(journal.FileID(f))
			if err = errors.Join(err, f.Close()); err != nil {
				n.t.Fatal(err)
			}
		}
	}
	n.line.mend()
}

// photo is every file beside the input, as it stands.
func (n *nightly) photo() map[string]string {
	n.t.Helper()
	m := map[string]string{}
	for _, name := range files(n.t, n.dir) {
		m[name] = read(n.t, n.file(name))
	}
	return m
}

// waitFor sleeps until so long after the first night.
func (n *nightly) waitFor(after time.Duration) time.Time {
	at := n.zero.Add(after)
	time.Sleep(time.Until(at))
	return at
}

func inBeijing(at time.Time) string { return at.In(report.Beijing).Format(time.DateTime) }
