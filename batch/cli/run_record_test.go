package cli_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/journal"
	"axgbind/batch/ledger"
)

// TestRunRecords: what the journal keeps of runs holds no phone number, wherever
// people wrote one.
func TestRunRecords(t *testing.T) {
	t.Parallel()
	sim := simulate(t)
	dir := newFolder(t)
	in := func(name string) string { return filepath.Join(dir, name) }
	rows := table{{"PhoneNoA", "GroupId", "Expiration", "外部号13800138006"}, {phone(1), "2000000000001", expiration, "x"}}
	write(t, in("客户13800138000.csv"), rows.String())
	args := append(sim.bind(in("客户13800138000.csv"), "--journal", dir, "-o", in("结果 138-0013-8001.csv"), "--failed="+in("8613800138002.csv"), "--log", in("+86 138 0013 8003.txt"),
		"--default", "PhoneNoB=13800138004", "--default=OutId=13800138005", "--map", "外部号13800138006=OutOrderId"), "--summary", in("１３８００１３８００７.json"))
	axgbind(t, args...).want(t, 0)
	axgbind(t, args...).want(t, 0)
	axgbind(t, "unbind", in("结果 138-0013-8001.csv"), "--journal", dir, "--only", "PhoneNoA=13800138008", "--endpoint", sim.url, "--yes", "--default", "PhoneNoB=13800138004")
	again := []string{"reconcile", in("结果 138-0013-8001.csv"), "--journal", dir, "--endpoint", sim.url}
	for _, given := range [][]string{
		{"--default", "PhoneNoB=13800138004"}, {"--default", "OutId=13800138005"}, {"--map", "外部号13800138006=OutOrderId"}, nil,
	} {
		if given == nil {
			axgbind(t, again...).want(t, 0)
			break
		}
		if o := axgbind(t, again...).want(t, 10); !strings.Contains(o.stderr, "give it again: --") {
			t.Errorf("the rows cannot be read without %q:\n%s", given, o)
		}
		again = append(again, given...)
	}
	records := 0
	text := []byte(read(t, simulatedJournal(t, dir)))
	if _, _, err := journal.Read(bytes.NewReader(text), int64(len(text)), nil, func(l *journal.Line) error {
		if l.Record.Kind != ledger.Run && l.Record.Kind != ledger.End {
			return nil
		}
		records++
		for _, form := range []string{"1380013800", "138-0013-800", "138 0013 800", "１３８００１３８００７"} {
			if at := strings.Index(string(l.Detail), form); at >= 0 {
				t.Errorf("record %d, %s, holds a number: …%.60s…", records, l.Word, l.Detail[max(at-30, 0):])
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if records < 4 {
		t.Errorf("%d records of runs, want 4", records)
	}
}

// someNumber is what looks like a mobile number in a file, and is no part of a hash, an
// id or a fraction.
var someNumber = regexp.MustCompile(`(?:^|[^0-9A-Za-z.])((?:86)?1[3-9][0-9]{9})(?:[^0-9A-Za-z]|$)`)

// TestStateHoldsNoNumber: of all numbers that people write into names of files and
// folders, flags and headers, no file of the journal's folder ever holds one, while a
// run goes on, after it was killed, and after it ended. What stands there are the
// numbers of rows that are bound, or of which nobody knows. The others go when they
// are forgotten; those of rows that were never sent never came.
func TestStateHoldsNoNumber(t *testing.T) {
	t.Parallel()
	played, s := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5, Latency: 30 * time.Millisecond})
	sim := s.real()
	n := 0
	number := func() string { n++; return fmt.Sprintf("138001380%02d", n) }
	root := newFolder(t)
	home := filepath.Join(root, "家"+number())
	work := filepath.Join(home, "表 "+number())
	state := filepath.Join(root, "journal-"+number())
	in := func(name string) string { return filepath.Join(work, name+" "+number()) }
	for _, dir := range []string{work, state} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	vars := map[string]string{
		"HOME": home, "LOCALAPPDATA": home, "XDG_STATE_HOME": filepath.Join(home, "state"), "AXGBIND_JOURNAL": state, "AXGBIND_LOG": in("log"),
	}
	live := map[string]bool{} // numbers that may stand in the journal
	look := func(when string) {
		t.Helper()
		seen := 0
		for _, dir := range []string{state, filepath.Join(home, "state"), filepath.Join(home, ".local")} {
			if _, err := os.Stat(dir); err != nil {
				continue
			}
			for _, name := range files(t, dir) {
				text, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil { // of a run that has ended meanwhile
					continue
				}
				seen++
				whole := name + "\n" + string(text)
				for _, form := range []string{"138001380", "138-0013-80", "138 0013 80", "１３８００１３８０"} {
					if at := strings.Index(whole, form); at >= 0 {
						t.Errorf("%s, %s holds %s: …%.200q…", when, name, form, whole[max(at-100, 0):])
					}
				}
				for _, m := range someNumber.FindAllStringSubmatch(whole, -1) {
					if !live[m[1]] {
						t.Errorf("%s, %s holds %s", when, name, m[1])
					}
				}
			}
		}
		if seen < 2 {
			t.Errorf("%s: %d files", when, seen)
		}
	}
	run := func(status int, args ...string) outcome {
		t.Helper()
		o := axgbindWith(t, vars, "", args...).want(t, status)
		look(strings.Join(args[:2], " "))
		return o
	}
	// Every cell that a default could fill is filled.
	column := "外部号" + number()
	rows := table{{"PhoneNoA", "PhoneNoB", "GroupId", "Expiration", "OutId", column}}
	for i := range 6 {
		a, b := fmt.Sprintf("1390000%04d", i), fmt.Sprintf("1370000%04d", i)
		rows = append(rows, []string{a, b, "2000000000001", expiration, fmt.Sprint("order-", i), "x"})
		live[a], live[b] = true, true
	}
	bad := rows[6]
	bad[0], bad[4] = "1390000777"+"O", number() // INVALID: it is never sent
	live[bad[1]] = false
	input, out := in("in")+".csv", in("out")+".csv"
	write(t, input, rows.String())
	numbers := write(t, in("numbers")+".json", sim.numbers())
	alike := []string{"--default", "PhoneNoB=" + number(), "--default=OutId=+86 " + number(), "--map", column + "=OutOrderId"}
	bind := sim.bind(input, append(slices.Clone(alike), "-o", out, "--failed="+in("failed")+".csv", "--summary", in("summary")+".json",
		"--findings", in("findings")+".csv", "--metrics", in("metrics")+".prom", "--x-numbers", numbers)...)
	run(0, "journal", "init", state, "--another")
	for _, b := range played.Numbers() {
		live[b.SecretNo] = true // a call that was throttled names one too
	}

	weather := func(faults ...string) {
		t.Helper()
		if err := played.SetFaults(faultList(t, faults)); err != nil {
			t.Fatal(err)
		}
	}
	weather("flow-limit=0.8") // it does not end soon
	p := spawnWith(t, work, vars, nil, bind...)
	journalPath := filepath.Join(state, "axgbind.journal")
	p.eventually("an answer", func() bool { return strings.Contains(read(t, journalPath), " notsent ") })
	weather("flow-limit=1")
	look("while it runs")
	run(11, bind...)
	p.kill()
	p.wait().want(t, -1)
	look("after a kill")
	weather()
	writeJournal(t, journalPath, moved(t, read(t, journalPath), time.Minute))
	run(3, bind...)
	wantCounts(t, results(t, out), "BOUND 5, INVALID 1")
	run(3, bind...)
	again := append([]string{"reconcile", out, "--endpoint", sim.url}, alike...)
	run(3, again...)
	run(0, append([]string{"verify", out, "--endpoint", sim.url}, alike...)...)
	run(0, append([]string{"unbind", out, "--endpoint", sim.url, "--only", "PhoneNoB=" + rows[1][1], "--only", "PhoneNoA=" + rows[1][0], "--yes"}, alike...)...)
	later := write(t, in("later")+".csv", strings.ReplaceAll(read(t, out), expiration, soon(60*24*time.Hour)))
	run(3, append([]string{"update", later, "--endpoint", sim.url, "-o", in("updated") + ".csv"}, alike...)...)
	run(0, "status", out, "--json")
	run(0, "report", out, "-o", in("report")+".html")

	// A row that the service refuses, and one of which nobody knows.
	weather("code:isv.MOBILE_NUMBER_ILLEGAL=1")
	refused := table{rows[0], {"13900009998", "13700009998", "2000000000001", expiration, "refused", "x"}}
	live["13900009998"], live["13700009998"] = true, true
	path := write(t, in("refused")+".csv", refused.String())
	run(3, sim.bind(path, "--map", column+"=OutOrderId")...)
	weather("drop-after=1")
	unknown := table{rows[0], {"13900009999", "13700009999", "2000000000001", expiration, "unknown", "x"}}
	live["13900009999"], live["13700009999"] = true, true
	path = write(t, in("unknown")+".csv", unknown.String())
	run(4, sim.bind(path, "--map", column+"=OutOrderId")...)

	// What ended is forgotten.
	forgotten := []string{rows[1][0], rows[1][1], results(t, out)[0]["SecretNo"], "13900009998", "13700009998"}
	for _, f := range forgotten {
		delete(live, f)
	}
	run(0, append([]string{"journal", "forget"}, forgotten...)...)
	run(3, bind...)
	wantCounts(t, results(t, out), "BOUND 4, INVALID 1, RELEASED 1")
	run(10, "journal", "forget", rows[2][0])
	run(0, "journal", "check")
}
