package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// TestUnbindOtherBatch: what a later batch may have renewed is left alone, with the
// batch, and the command that settles whose it is; then with the one that releases it.
func TestUnbindOtherBatch(t *testing.T) {
	t.Parallel()
	for _, fault := range []string{"drop-before@UpdateSubscription=1", "drop-after@UpdateSubscription=1"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			played, sim := play(t, simulator.Options{Numbers: 50, QPS: 5000, Seed: 5})
			dir := newFolder(t)
			first := write(t, filepath.Join(dir, "first.csv"), input(0, 2).String())
			second := write(t, filepath.Join(dir, "second.csv"), strings.ReplaceAll(input(0, 1).String(), expiration, soon(60*24*time.Hour)))
			axgbind(t, sim.bind(first)...).want(t, 0)
			if err := played.SetFaults(faultList(t, []string{fault})); err != nil {
				t.Fatal(err)
			}
			axgbind(t, sim.bind(second, "--when-bound", "renew", "--retries", "0")...).want(t, 5)
			if err := played.SetFaults(nil); err != nil {
				t.Fatal(err)
			}
			held := results(t, filepath.Join(dir, "first.results.csv"))[0]
			owner := filepath.Join(dir, "second.results.csv")
			service := []string{"--endpoint", sim.url, "--progress", "none"}
			unbind := append([]string{"unbind", filepath.Join(dir, "first.results.csv")}, service...)
			unbound := filepath.Join(dir, "first.results.unbound.csv")

			calls := sim.calls()
			axgbind(t, unbind...).want(t, 3).says(t, "may have renewed", "(results "+owner+")", "axgbind bind "+owner, "1 to release")
			axgbind(t, append(unbind, "--lines", "2", "--yes")...).want(t, 3).says(t, "may have renewed", "axgbind bind "+owner)
			if now := sim.calls(); now != calls {
				t.Errorf("%d calls", now-calls)
			}
			update := append([]string{"update", filepath.Join(dir, "first.results.csv"), "--pool-key", testPool}, service...)
			axgbind(t, update...).want(t, 3).says(t, "may have renewed", "axgbind bind "+owner, "held=1")
			axgbind(t, append(unbind, "--renewed", "--yes")...).want(t, 3).says(t, "held=1", "released=1")
			r := results(t, unbound)[0]
			if r.status() != "HELD" || r["Code"] != "client.OtherBatch" || r["SubsId"] != held["SubsId"] ||
				!strings.Contains(r["Reason"], owner) || !strings.Contains(r["Reason"], "in doubt") || !strings.Contains(r["Action"], "axgbind bind "+owner) {
				t.Errorf("%v", r)
			}
			if live := sim.bound(); len(live) != 1 || live[0] != held["SubsId"] {
				t.Fatalf("live %v", live)
			}

			_, command, _ := strings.Cut(r["Action"], ": axgbind ")
			command, _, _ = strings.Cut(command, ";")
			write(t, memoryOf(t), moved(t, read(t, memoryOf(t)), time.Minute)) // the call is due
			axgbind(t, append(strings.Fields(command), service...)...).want(t, 0).says(t, "1 rows renewed a live binding")
			axgbind(t, append(unbind, "--yes")...).want(t, 3)
			_, command, _ = strings.Cut(results(t, unbound)[0]["Action"], ": axgbind ")
			axgbind(t, append(strings.Fields(command), service...)...).want(t, 0)
			if live := sim.bound(); len(live) != 0 {
				t.Errorf("live %v", live)
			}
		})
	}
}
