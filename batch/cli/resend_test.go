package cli_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"axgbind/aliyun/simulator"
)

// TestResendCode: a code names FAILED rows only. Rows whose call may have been
// executed are sent by --resend unknown alone, whatever code they have.
func TestResendCode(t *testing.T) {
	t.Parallel()
	lost := map[string]string{ // by what makes it
		"client.ConnectionLost": "drop-after=1", "client.BadAnswer": "http-503-executed=1", "isp.SYSTEM_ERROR": "system-error-executed=1",
		"isv.VENDOR_BIND_FAILED": "code-executed:isv.VENDOR_BIND_FAILED=1", "ServiceUnavailable": "code-executed:ServiceUnavailable:503=1",
	}
	for code, fault := range lost {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			played, sim := play(t, simulator.Options{Numbers: 100, Faults: faultList(t, []string{fault})})
			dir := newFolder(t)
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
			out := filepath.Join(dir, "in.results.csv")
			axgbind(t, sim.bind(in)...).want(t, 4)
			wantCounts(t, results(t, out), "UNKNOWN 2")
			played.SetFaults(nil)
			before := sim.calls()
			carried := write(t, filepath.Join(dir, "carried.csv"), read(t, out))
			for _, file := range []string{in, carried} {
				for _, words := range [][]string{
					{code}, {"client.Timeout"}, {"client.Interrupted"}, {"failed", code}, {code, "released"}, {"unknown", code},
					{strings.ToLower(code) + "X"},
				} {
					args := sim.bind(file)
					for _, w := range words {
						args = append(args, "--resend", w)
					}
					got := axgbind(t, args...)
					if got.status == 10 && !strings.Contains(got.stderr, "only --resend unknown sends them again") || got.status != 10 && strings.HasSuffix(words[0], code) {
						t.Errorf("%v: %s", words, got)
					}
				}
				axgbind(t, sim.bind(file, "--resend", "failed", "--resend", "isv.MOBILE_NUMBER_ILLEGAL")...).want(t, 4)
			}
			if n := sim.calls() - before; n != 0 {
				t.Errorf("%d calls", n)
			}
			agree(t, results(t, out), sim.bindings())
		})
	}
	t.Run("a refusal after a lost answer", func(t *testing.T) {
		t.Parallel()
		played, sim := play(t, simulator.Options{Numbers: 100, Faults: faultList(t, []string{"drop-after=1"})})
		dir := newFolder(t)
		in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
		out := filepath.Join(dir, "in.results.csv")
		axgbind(t, sim.bind(in)...).want(t, 4)
		played.SetFaults(faultList(t, []string{"code:isv.NO_NOT_EXIST=1"}))
		axgbind(t, sim.bind(in, "--resend", "unknown")...).want(t, 4)
		played.SetFaults(nil)
		for _, r := range results(t, out) { // the code is that of the call in doubt
			if r.status() != "UNKNOWN" || r["Code"] != "client.ConnectionLost" || r["Attempts"] != "2" {
				t.Errorf("%v", r)
			}
		}
		carried := write(t, filepath.Join(dir, "carried.csv"), read(t, out))
		edited := write(t, filepath.Join(dir, "edited.csv"), strings.ReplaceAll(read(t, out), "client.ConnectionLost", "isv.NO_NOT_EXIST"))
		before := sim.calls()
		for _, file := range []string{in, carried, edited, "edited, where nothing is known of it"} {
			vars := map[string]string{}
			if file != in && file != carried && file != edited {
				file, vars["AXGBIND_JOURNAL"] = edited, newFolder(t)
			}
			got := axgbindWith(t, vars, "", sim.bind(file, "--resend", "isv.NO_NOT_EXIST", "--resend", "failed")...).want(t, 4)
			// A cell says what the journal knows better.
			if withheld := strings.Contains(got.stderr, "not sent: 2 (only --resend unknown sends those)"); withheld != (len(vars) > 0) {
				t.Errorf("%s", got)
			}
		}
		if n := sim.calls() - before; n != 0 {
			t.Errorf("%d calls", n)
		}
	})
	t.Run("FAILED rows", func(t *testing.T) {
		t.Parallel()
		played, sim := play(t, simulator.Options{Numbers: 100, Faults: faultList(t, []string{"code:isv.NO_NOT_EXIST=1"})})
		dir := newFolder(t)
		in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
		axgbind(t, sim.bind(in)...).want(t, 3)
		played.SetFaults(nil)
		axgbind(t, sim.bind(in, "--resend", "isv.NO_USED_BY_OTHERS")...).want(t, 3)
		axgbind(t, sim.bind(in, "--resend", "isv.NO_NOT_EXIST")...).want(t, 0)
	})
	for _, word := range []string{"client.AlreadyBound", "client.Released", "client.ReleaseBegun", "client.Duplicate", "client.timeout"} {
		if got := axgbind(t, "bind", "absent.csv", "--resend", word); got.status != 10 || !slices.Contains([]bool{strings.Contains(got.stderr, "released | CODE"), strings.Contains(got.stderr, "unknown sends them")}, true) {
			t.Errorf("%s: %s", word, got)
		}
	}
}

// TestEditedVerdict: a row of a results file that may have been sent is not sent
// because somebody edited its status, whatever is asked for but --resend unknown,
// by its journal or where nothing is known of it.
func TestEditedVerdict(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{Numbers: 100, Faults: faultList(t, []string{"drop-after=1"})})
	dir := newFolder(t)
	in := write(t, filepath.Join(dir, "in.csv"), content(0, 2).String())
	axgbind(t, sim.bind(in)...).want(t, 4)
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	before := sim.calls()
	text := read(t, filepath.Join(dir, "in.results.csv"))
	for i, edit := range []struct{ cells, becomes string }{
		{",UNKNOWN,", ",unknown,"}, {",UNKNOWN,", ", Unknown ,"}, {",UNKNOWN,", ",,"}, {",UNKNOWN,", ",结果未知,"}, {",UNKNOWN,", ",UNKNOWN?,"},
		{",UNKNOWN,", ",FAILED,"}, {",UNKNOWN,", ",PENDING,"}, {",UNKNOWN,", ",INVALID,"}, {",UNKNOWN,client.ConnectionLost,", ",,,"}, {",UNKNOWN,client.ConnectionLost,", ",lost,,"},
	} {
		for j, words := range [][]string{nil, {"--resend", "failed"}, {"--resend", "released"}, {"--resend", "isv.MOBILE_NUMBER_ILLEGAL", "--lang", "zh"}} {
			for _, known := range []bool{true, false} {
				elsewhere, vars := newFolder(t), map[string]string{}
				if !known {
					vars["AXGBIND_JOURNAL"] = elsewhere
				}
				file := write(t, filepath.Join(elsewhere, "r.csv"), strings.ReplaceAll(text, edit.cells, edit.becomes))
				status, stand := 4, "UNKNOWN 2"
				if !known && strings.HasSuffix(edit.becomes, ",,") && edit.becomes != ",," { // nothing says what became of the call
					status, stand = 3, "HELD 2"
				}
				axgbindWith(t, vars, "", append(sim.bind(file), words...)...).want(t, status)
				wantCounts(t, results(t, filepath.Join(elsewhere, "r.results.csv")), stand)
				if n := sim.calls() - before; n != 0 {
					t.Fatalf("%d, %d, %v: %d calls", i, j, known, n)
				}
			}
		}
	}
	// A row that was refused for certain is judged afresh, unless the journal knows
	// better.
	file := write(t, filepath.Join(newFolder(t), "r.csv"), strings.ReplaceAll(text, ",UNKNOWN,client.ConnectionLost,", ",failed,isv.MOBILE_NUMBER_ILLEGAL,"))
	axgbind(t, sim.bind(file)...).want(t, 4)
	if n := sim.calls() - before; n != 0 {
		t.Errorf("%d calls", n)
	}
	axgbindWith(t, map[string]string{"AXGBIND_JOURNAL": newFolder(t)}, "", sim.bind(file)...).want(t, 0)
	if n := sim.calls() - before; n != 2 {
		t.Errorf("%d calls", n)
	}
}
