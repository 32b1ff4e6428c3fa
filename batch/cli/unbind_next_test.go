package cli_test

import (
	"path/filepath"
	"strings"
	"testing"

	"axgbind/aliyun/simulator"
)

// TestUnbindNext: the command that is shown after some rows were refused sends
// just those again.
func TestUnbindNext(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5})
	dir := newFolder(t)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "in.csv"), content(0, 8).String()))...).want(t, 0)
	out := filepath.Join(dir, "in.results.csv")
	if err := played.SetFaults(faultList(t, []string{"code:isv.INVALID_PARAMETERS@UnbindSubscription=1"})); err != nil {
		t.Fatal(err)
	}
	got := axgbind(t, "unbind", out, "--lines", "7-8", "--yes", "--failed", filepath.Join(dir, "fix.csv"), "--endpoint", sim.url, "--progress", "none").want(t, 3)
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	next := typed(t, got, "")
	axgbind(t, next[0]...).want(t, 0)
	if n := len(sim.bound()); n != 6 {
		t.Errorf("%d live after %s", n, next[0])
	}
}

// TestNextHeldByRelease: rows that a release holds back whose end nobody knows are not told
// to take another X number: theirs may live.
func TestNextHeldByRelease(t *testing.T) {
	t.Parallel()
	played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5})
	dir := newFolder(t)
	axgbind(t, sim.bind(write(t, filepath.Join(dir, "july.csv"), content(0, 3).String()))...).want(t, 0)
	if err := played.SetFaults(faultList(t, []string{"code:isv.SUBS_NOT_EXIST@UnbindSubscription=1", "code:Forbidden.RAM@QuerySubscriptionDetail=1"})); err != nil {
		t.Fatal(err)
	}
	axgbind(t, "unbind", filepath.Join(dir, "july.results.csv"), "--yes", "--endpoint", sim.url, "--progress", "none").want(t, 5)
	if err := played.SetFaults(nil); err != nil {
		t.Fatal(err)
	}
	in := write(t, filepath.Join(dir, "august.csv"), content(0, 3).String())
	for _, flags := range [][]string{nil, {"--when-bound", "renew"}} {
		got := axgbind(t, sim.bind(in, flags...)...).want(t, 3)
		if strings.Contains(got.atEnd(), "another") || !strings.Contains(got.atEnd(), "column Action") {
			t.Errorf("%q: %s", flags, got.atEnd())
		}
	}
}
