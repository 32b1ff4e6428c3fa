package batch_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/field"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

// owners are those that a plan names for bindings that it leaves alone.
func (n *night) owners(t *testing.T, content string, o plan.Options) (list []plan.Owner) {
	t.Helper()
	n.opened(t, func(j *books.Journal) {
		in, err := input.Open(strings.NewReader(content), int64(len(content)), input.Options{
			Defaults: map[field.Field]string{field.PoolKey: simulator.PoolKey}, Bindings: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		o.Now, o.Batch = time.Now(), "plan.csv"
		plan, err := plan.New(in, j, o)
		if err != nil {
			t.Fatal(err)
		}
		list = plan.Owners()
	})
	return list
}

// TestOwners: of bindings that a plan leaves alone, whose they are, and what its own
// command needs to be given.
func TestOwners(t *testing.T) {
	const other = "139001380"
	changes, _, err := books.ParseChanges([]string{"Expiration"})
	if err != nil {
		t.Fatal(err)
	}
	release := func(of string) plan.Options {
		return plan.Options{Of: of, Operation: &plan.Release{}}
	}
	update := func(of string) plan.Options { return plan.Options{Of: of, Operation: &plan.Update{Changes: changes}} }
	foreign := plan.Options{Of: night2, Operation: &plan.Release{Foreign: true}}
	for name, c := range map[string]struct {
		when    plan.WhenBound // of night 2
		carried bool           // what night 1 had it brought from another machine
		alone   bool           // night 2 did not run
		plan    plan.Options
		more    string // further rows
		want    []plan.Owner
		says    string
	}{
		"renewed since":                     {when: plan.RenewWhenBound, plan: release(night1), want: []plan.Owner{{Batch: night2, Results: night2, Flag: " --renewed", Rows: 3}}, says: "axgbind unbind " + night2 + " --renewed"},
		"renewed since, to change":          {when: plan.RenewWhenBound, plan: update(night1), want: []plan.Owner{{Batch: night2, Results: night2, Rows: 3}}, says: "belong to batch " + night2},
		"only renewed":                      {when: plan.RenewWhenBound, plan: release(night2), want: []plan.Owner{{Batch: night1, Results: night1, Renewed: true, Rows: 3}}, says: "add --renewed"},
		"only renewed, to change":           {when: plan.RenewWhenBound, plan: update(night2)},
		"only taken":                        {when: plan.SkipWhenBound, plan: release(night2), want: []plan.Owner{{Batch: night1, Results: night1, Rows: 3}}, says: "axgbind unbind " + night1},
		"made elsewhere":                    {carried: true, alone: true, plan: release(night1), want: []plan.Owner{{Rows: 3}}, says: "add --foreign"},
		"made elsewhere, taken since":       {carried: true, when: plan.SkipWhenBound, plan: foreign, want: []plan.Owner{{Batch: night1, Results: night1, Flag: " --foreign", Rows: 3}}, says: "axgbind unbind " + night1 + " --foreign"},
		"that no journal knows, the fewest": {when: plan.SkipWhenBound, plan: release(night2), more: other, want: []plan.Owner{{Batch: night1, Results: night1, Rows: 3}, {Rows: 1}}, says: "axgbind unbind " + night1},
		"its own":                           {alone: true, plan: release(night1)},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 50})
			defer n.close()
			n.results = night1
			rows, _, _ := n.run(t, t.Context(), nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"))
			if c.carried {
				n.journal.Set(nil)
				rows, _, _ = n.run(t, t.Context(), resultsText(t, nightHead, rows))
			}
			if !c.alone {
				n.results, n.whenBound = night2, c.when
				later, _, _ := n.run(t, t.Context(), nightInput(0, 3, "2099-12-31 23:59:59", "13900000001"))
				if c.plan.Of == night2 {
					rows = later
				}
			}
			if c.more != "" {
				r := rows[0]
				r.Input, r.SubsID, r.SecretNo, r.Code, r.Status = slices.Clone(r.Input), "1000000000000777", "17100000777", "OK", report.Bound
				r.Input[0] = c.more + "00"
				rows = append(rows, r)
			}
			got := n.owners(t, resultsText(t, nightHead, rows), c.plan)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %+v, want %+v", name, got, c.want)
			}
			if len(got) > 0 && !strings.Contains(got[0].Say(report.EN, "unbind"), c.says) {
				t.Errorf("%s: %s", name, got[0].Say(report.EN, "unbind"))
			}
		})
	}
}

// TestUnbindMayBeRenewed: what a later batch may have renewed is left alone, and the
// command that settles it names that batch's results and its pool.
func TestUnbindMayBeRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.results = night1
		first, _, _ := n.run(t, t.Context(), nightInput(0, 2, "2099-01-31 23:59:59", "13900000001"))
		n.results, n.whenBound = night2, plan.RenewWhenBound
		n.stopped(t, "system-error@UpdateSubscription=1", nightInput(0, 2, "2099-12-31 23:59:59", "13900000001"))
		records, made := n.mustRelease(t, release{job: night1, input: resultsText(t, nightHead, first)})
		const command = "axgbind bind " + night2 + " --pool-key " + simulator.PoolKey
		for _, r := range records {
			if r.Status != report.Held || !strings.Contains(r.Action, command) {
				t.Errorf("%s %s: %s, want %s", r.Status, r.Code, r.Action, command)
			}
		}
		if made.ToSend != 0 || len(made.Owners()) != 1 || made.Owners()[0].Again != command {
			t.Errorf("%d to release; owners %+v", made.ToSend, made.Owners())
		}
	})
}

// TestUnbindSecondOfEqual: of two equal rows the first left the batch's bindings, and its
// results name that of the second for both: it is released once, for the row that has it.
func TestUnbindSecondOfEqual(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 10})
		defer n.close()
		n.results, n.twice = night1, true
		row := strings.TrimPrefix(nightInput(0, 1, "2099-01-31 23:59:59", "13900000001"), nightHead+"\n")
		rows, _, _ := n.run(t, t.Context(), nightHead+"\n"+row+row)
		stands(t, rows, "BOUND OK "+rows[0].SubsID, "BOUND OK "+rows[1].SubsID)
		records, _ := n.mustRelease(t, release{job: night1, input: resultsText(t, nightHead, rows[1:])})
		stands(t, records, "RELEASED OK "+rows[1].SubsID)
		if live := n.live(); len(live) != 1 || !strings.Contains(live[0], rows[0].SubsID) {
			t.Errorf("live are %v, want %s", live, rows[0].SubsID)
		}
	})
}
