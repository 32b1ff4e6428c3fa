package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/journal"
	"axgbind/report"
)

// TestFortyNights runs one command on one path for 40 nights, with all that happens
// to such a job in that time, and compares after each night what the service has with
// what an operator would expect. Time is not real.
func TestFortyNights(t *testing.T) {
	if raced {
		t.Skip("it runs without the race detector")
	}
	t.Parallel()
	began := make(chan os.Signal, 1) // the runtime's goroutine for signals begins in real time
	signal.Notify(began, os.Interrupt)
	signal.Stop(began)
	synctest.Test(t, func(t *testing.T) {
		n := newNightly(t)
		time.Sleep(18 * time.Hour) // until 2 o'clock in Beijing
		n.zero = time.Now()
		special := map[int]event{}
		for _, e := range events {
			special[e.night] = e
		}
		for i := range 40 {
			n.waitFor(time.Duration(i) * night)
			n.change(i)
			e := special[i]
			if e.happens == nil {
				e = event{i, "nothing special", 0, (*nightly).usual}
			}
			if status := e.happens(n, i); status != e.status {
				t.Errorf("night %d, %s: status %d, want %d", i, e.what, status, e.status)
			}
		}
		n.end()
	})
}

// event is what happens in a night, and how the command ends that runs then.
type event struct {
	night   int
	what    string
	status  int
	happens func(n *nightly, i int) (status int)
}

const killed = -1

// events are the nights that are not as all others, which end 0.
var events = []event{
	{0, "all rows are new, which --at-most takes for a wrong file", 6, (*nightly).begin},
	{5, "a person takes back one group the morning after", 0, (*nightly).undo},
	{9, "the process is killed as it binds", killed, (*nightly).die},
	{15, "the service throttles until --until", 5, (*nightly).throttle},
	{18, "a batch of another path names the same numbers the morning after", 0, (*nightly).meet},
	{20, "a number lacks a digit, until the night after", 3, (*nightly).mistype},
	{24, "the process is killed as it renews", killed, (*nightly).dieRenewing},
	{27, "the file is another company's", 6, (*nightly).wrongCompany},
	{31, "the file has ten times the rows", 6, (*nightly).tenfold},
	{36, "a row comes back that left, its binding long gone", 0, (*nightly).comeBack},
}

// change writes the file of a night: four rows come, from the third night on one
// leaves, one is edited, and some come back.
func (n *nightly) change(i int) {
	n.come(4)
	if i == 0 {
		n.come(20)
	}
	if i > 2 && i%3 == 0 {
		n.leave(2)
	}
	if i > 2 && i%4 == 0 && i != 24 {
		c := n.customers[len(n.customers)-12]
		c.order += "-edited"
	}
	if i%10 == 7 { // one that left comes back while its binding lives
		last := len(n.gone) - 1
		n.customers = append(n.customers, n.gone[last])
		n.gone = n.gone[:last]
	}
	n.save()
}

// usual is a night without trouble.
func (n *nightly) usual(i int) int {
	n.t.Helper()
	return n.goes(fmt.Sprintf("night %d", i), n.expect(time.Now()), n.nightly()...).status
}

// begin is the first night. A person runs the command without its guard once.
func (n *nightly) begin(int) int {
	status := n.refused("the first night")
	n.goes("the first night", n.expect(time.Now()), n.command("02:03")...)
	if _, err := os.Stat(n.journal()); err != nil {
		n.t.Fatal(err)
	}
	return status
}

// refused runs the nightly command, which is to refuse the file: nothing is sent but the
// question for the service's time, and nothing changes.
func (n *nightly) refused(what string) int {
	n.t.Helper()
	changes := func() int64 {
		s := n.service.Stats()
		return s.Calls - s.Actions["QuerySubsId"]
	}
	before, calls := n.photo(), changes() // the journal may be compacted
	got := n.run(n.nightly()...).says(n.t, "--at-most")
	if now := changes(); now != calls {
		n.t.Errorf("%s: %d calls", what, now-calls)
	}
	if after := n.photo(); !maps.Equal(after, before) {
		n.t.Errorf("%s: files changed: %s", what, difference(after, before))
	}
	n.lookAtBindings(what)
	return got.status
}

// undo is a night after which a person takes back the bindings of one group.
func (n *nightly) undo(i int) int {
	status := n.usual(i)
	time.Sleep(7 * time.Hour)
	const group = "2000000000003"
	undo := []string{"unbind", n.file("bindings.results.csv"), "--only", "GroupId=" + group}
	live := len(n.service.Bindings())
	n.run(undo...).want(n.t, 0) // it only tells
	if now := len(n.service.Bindings()); now != live {
		n.t.Fatalf("%d bindings live, had %d", now, live)
	}
	n.run(append(undo, "--yes")...).want(n.t, 0)
	taken := 0
	for _, c := range n.customers {
		if c.group == group {
			c.released = true
			taken++
		}
	}
	if _, _, unbinds := n.calls(); unbinds != taken || taken == 0 {
		n.t.Errorf("%d releases, want %d", unbinds, taken)
	}
	n.lookAtBindings("the undo")
	return status
}

// die is a night in which the process is killed with calls on the wire. The morning
// after, a person runs the command again, finds out what became of those calls, and
// runs it once more.
func (n *nightly) die(i int) int {
	began := time.Now()
	n.come(8)
	n.save()
	n.dies("BindAxg", 7, n.nightly()...)
	_, _, open := journalCalls(n.t, n.journal())
	if most := 3 + 1 + 1; open == 0 || open > most { // on the wire for 120 ms, 50 ms ahead, and one
		n.t.Fatalf("%d calls were open, want 1 to %d", open, most)
	}
	n.run("status", n.file("bindings.results.csv")).want(n.t, 0).says(n.t, fmt.Sprint(open))
	executed := map[string]bool{}
	for _, b := range n.service.Bindings() {
		executed[b.PhoneNoA] = true
	}

	at := n.waitFor(time.Duration(i)*night + 7*time.Hour)
	morning := n.command("12:00")
	binds, _, _ := n.calls()
	n.run(morning...).want(n.t, 4)
	now, _, _ := n.calls()
	unknown := the(n.results("bindings.results.csv"), "UNKNOWN")
	if len(unknown) != open {
		n.t.Errorf("%d rows UNKNOWN, %d calls were open", len(unknown), open)
	}
	sent, again := 0, 0
	for _, c := range n.customers {
		switch {
		case c.bound > 0:
		case executed[c.a]:
			c.binds(began)
		case unknown[c.a]:
			again++
		default:
			c.binds(at)
			sent++
		}
	}
	if now-binds != sent {
		n.t.Errorf("the morning after: %d binds, want %d", now-binds, sent)
	}
	n.lookAtBindings("the morning after")

	numbers, err := json.Marshal(n.service.Numbers())
	if err != nil {
		n.t.Fatal(err)
	}
	list := write(n.t, n.file("numbers.json"), string(numbers))
	status := 0
	if again > 0 {
		status = 5
	}
	n.run("reconcile", n.file("bindings.results.csv"), "--x-numbers", list, "--list-is-complete").want(n.t, status)
	want := n.expect(n.waitFor(time.Duration(i)*night + 8*time.Hour))
	if want.bound != again {
		n.t.Errorf("%d rows to send again, want %d", want.bound, again)
	}
	n.goes("once more", want, morning...)
	return killed
}

// dieRenewing is a night in which the process is killed with renewals on the wire.
// Nobody notices: the next night makes them again.
func (n *nightly) dieRenewing(int) int {
	n.dies("UpdateSubscription", 2, n.nightly()...)
	if _, _, open := journalCalls(n.t, n.journal()); open == 0 {
		n.t.Fatal("no call was open")
	}
	listed := n.run("status", n.file("bindings.results.csv"), "--bindings").want(n.t, 0)
	confirmed := map[string]string{}
	for _, r := range parsed(n.t, listed.stdout) {
		confirmed[r["PhoneNoA"]] = r["Expiration"]
	}
	for _, c := range n.customers {
		if ends := confirmed[c.a]; ends != "" && ends != inBeijing(c.ends) {
			at, err := time.ParseInLocation(time.DateTime, ends, report.Beijing)
			if err != nil {
				n.t.Fatal(err)
			}
			c.ends = at
		}
	}
	return killed
}

// throttle is a night in which the service lets no bind through. Those rows go the
// night after.
func (n *nightly) throttle(int) int {
	if err := n.service.SetFaults([]simulator.Fault{{Kind: simulator.FlowLimit, P: 1}}); err != nil {
		n.t.Fatal(err)
	}
	at := time.Now()
	got := n.run(n.nightly()...).says(n.t, "stop=until")
	s := n.summary()
	if s.Counts["PENDING"] != 4 || s.Sent == 0 || s.Counts["FAILED"]+s.Counts["UNKNOWN"] > 0 {
		n.t.Errorf("throttled: %+v", s)
	}
	if took := time.Since(at); took < 3*time.Minute || took > 4*time.Minute {
		n.t.Errorf("it ended after %v", took)
	}
	if err := n.service.SetFaults(nil); err != nil {
		n.t.Fatal(err)
	}
	n.lookAtBindings("throttled")
	return got.status
}

// meet is a night after which a second batch, by another path, names some of the same
// numbers, and is taken back.
func (n *nightly) meet(i int) int {
	status := n.usual(i)
	time.Sleep(3 * time.Hour)
	var same, differing []*customer
	for _, c := range n.customers {
		if !c.lives(time.Now()) || c.sent != c.order {
			continue
		}
		if len(same) < 3 {
			same = append(same, c)
		} else if len(differing) < 4 {
			differing = append(differing, c)
		}
	}
	rows := table{{"PhoneNoA", "GroupId", "OutId", "Expiration"}}
	for _, c := range same {
		rows = append(rows, []string{c.a, c.group, c.order, inBeijing(c.ends)})
	}
	for _, c := range differing {
		rows = append(rows, []string{c.a, c.group, c.order, inBeijing(c.ends.Add(time.Hour))})
	}
	ends := inBeijing(time.Now().Add(5 * night))
	for k := range 5 {
		rows = append(rows, []string{phone(90000 + k), "2000000000001", fmt.Sprintf("other-%d", k), ends})
	}
	write(n.t, n.file("other.csv"), rows.String())
	n.run("bind", n.file("other.csv"), "--pool-key", testPool, "--summary", n.file("summary.json")).want(n.t, 3)
	if s := n.summary(); inOrder(s.Counts) != "BOUND 8, HELD 4" || s.Already != 3 || s.Calls != 5 {
		n.t.Errorf("the other batch: %+v", s)
	}
	for k := range 5 {
		n.others = append(n.others, binding{PhoneNoA: phone(90000 + k), GroupId: "2000000000001", OutId: fmt.Sprintf("other-%d", k), Expiration: ends})
	}
	n.lookAtBindings("the other batch")
	n.run("unbind", n.file("other.results.csv"), "--yes", "--summary", n.file("summary.json")).want(n.t, 3).says(n.t, "client.OtherBatch")
	if s := n.summary(); inOrder(s.Counts) != "HELD 3, RELEASED 5" {
		n.t.Errorf("the undo of the other batch: %+v", s)
	}
	n.others = nil
	n.lookAtBindings("the undo of the other batch")
	return status
}

// mistype is a night with a number that lacks a digit.
func (n *nightly) mistype(i int) int {
	c := n.customers[len(n.customers)-1]
	c.typo = true
	n.save()
	status := n.usual(i)
	c.typo = false
	return status
}

// wrongCompany is a night with another company's export.
func (n *nightly) wrongCompany(int) int {
	rows := table{{"PhoneNoA", "GroupId", "OutId"}}
	for k := range len(n.customers) {
		rows = append(rows, []string{phone(50000 + k), "2000000000009", fmt.Sprintf("theirs-%d", k)})
	}
	write(n.t, n.file("bindings.csv"), rows.String())
	return n.refused("another company's file")
}

// tenfold is a night with ten times the rows.
func (n *nightly) tenfold(int) int {
	b := &strings.Builder{}
	b.WriteString(read(n.t, n.file("bindings.csv")))
	for k := range 9 * len(n.customers) {
		fmt.Fprintf(b, "%s,2000000000001,more-%d\n", phone(50000+k), k)
	}
	write(n.t, n.file("bindings.csv"), b.String())
	return n.refused("ten times the rows")
}

// comeBack is a night with a row that left so long ago that its binding has lapsed and
// the journal has let it go.
func (n *nightly) comeBack(i int) int {
	c := n.gone[0]
	if c.lives(time.Now().Add(-keepFor)) || c.released || strings.Contains(read(n.t, n.journal()), c.a) {
		n.t.Fatalf("%+v is not long gone", c)
	}
	n.gone, n.customers = n.gone[1:], append(n.customers, c)
	n.save()
	return n.usual(i)
}

// end is the morning after the last night: a person asks how the job stands.
func (n *nightly) end() {
	for _, c := range slices.Concat(n.customers, n.gone) {
		if ids := n.subs[c.place()]; len(ids) != c.bound {
			n.t.Errorf("%s was bound %d times, want %d", c.place(), len(ids), c.bound)
		}
	}
	counts := map[string]int{}
	for _, c := range slices.Concat(n.customers, n.gone) {
		switch {
		case c.released:
			counts["RELEASED"]++
		case c.lives(n.zero.Add(39*night - keepFor)):
			counts["BOUND"]++
		}
	}
	var standing struct {
		Live    int
		Running bool
		Batches []struct {
			State    string
			Counts   map[string]int
			InFlight int `json:"in_flight"`
			Runs     []struct{ Start time.Time }
		}
	}
	results := n.file("bindings.results.csv")
	told := n.run("status", results, "--json").want(n.t, 0).stdout
	if err := json.Unmarshal([]byte(told), &standing); err != nil {
		n.t.Fatal(err)
	}
	if live := len(n.service.Bindings()); standing.Live != live || standing.Running || len(standing.Batches) != 1 {
		n.t.Fatalf("%d bindings live; status says %s", live, told)
	}
	// One run a night but for two that were refused, one that was refused as the first,
	// and three more on the morning after the first death.
	if b := standing.Batches[0]; b.State != "ended" || b.InFlight != 0 || inOrder(b.Counts) != inOrder(counts) || len(b.Runs) != 40-2+3 {
		n.t.Errorf("status says %s of %d runs; want %s", inOrder(b.Counts), len(b.Runs), inOrder(counts))
	}

	bound := len(the(n.results("bindings.results.csv"), "BOUND"))
	n.run("verify", results).want(n.t, 0).says(n.t, fmt.Sprintf("%d rows BOUND: %[1]d equal at the service, 0 different", bound))
	n.run("journal", "check", n.journal()).want(n.t, 0).says(n.t, "it is whole")
	h, err := journal.ReadHeader(strings.NewReader(read(n.t, n.journal())))
	if err != nil || !h.Simulated || h.Compacted.Before(n.zero.Add(30*night)) { // the first to lapse did so in night 30
		n.t.Errorf("the journal's header is %+v (%v)", h, err)
	}
}
