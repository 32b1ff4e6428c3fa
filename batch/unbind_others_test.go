package batch_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
	"axgbind/batch/input"
	"axgbind/batch/plan"
	"axgbind/report"
)

// The results of two nights that have one name, in folders of their own. They are the
// ids of their batches, too.
const night1, night2 = "d1/in.results.csv", "d2/in.results.csv"

// twoNights binds rows in a first night and gives them, with another Expiration, to a
// second one.
func twoNights(t *testing.T, rows int, when plan.WhenBound) (n *night, first, second []report.Record) {
	t.Helper()
	n = newNight(t, simulator.Options{Numbers: 50})
	n.results = night1
	first, _, _ = n.run(t, t.Context(), nightInput(0, rows, "2099-01-31 23:59:59", "13900000001"))
	n.results, n.whenBound = night2, when
	second, _, _ = n.run(t, t.Context(), nightInput(0, rows, "2099-12-31 23:59:59", "13900000001"))
	if !slices.Equal(subsIDs(second), subsIDs(first)) || count(second)[report.Bound] != rows {
		t.Fatalf("the second night: %v", second)
	}
	return n, first, second
}

// TestUnbindOthers: a selected row whose binding is another batch's is HELD, and names
// the batch and the command that releases it; what nobody selected is left out.
func TestUnbindOthers(t *testing.T) {
	const rows = 4
	for name, test := range map[string]struct {
		when    plan.WhenBound
		of      string
		opt     plan.Release
		blank   bool // the ids of the rows
		command string
		reason  string
	}{
		"undo of a night that the next renewed":        {when: plan.RenewWhenBound, of: night1, command: "axgbind unbind " + night2 + " --only SubsId=%s --renewed --yes", reason: night2},
		"and whose ids are gone":                       {when: plan.RenewWhenBound, of: night1, blank: true, command: "axgbind unbind " + night2 + " --only SubsId=%s --renewed --yes", reason: night2},
		"that says --renewed itself":                   {when: plan.RenewWhenBound, of: night1, opt: plan.Release{Renewed: true}, command: "axgbind unbind " + night2, reason: night2},
		"that says --foreign":                          {when: plan.RenewWhenBound, of: night1, opt: plan.Release{Foreign: true}, command: "axgbind unbind " + night2, reason: night2},
		"undo of the night that renewed":               {when: plan.RenewWhenBound, of: night2, command: "--renewed", reason: night1},
		"undo of a night that took what was there":     {when: plan.SkipWhenBound, of: night2, command: "axgbind unbind " + night1 + " --only SubsId=%s --yes", reason: night1},
		"which says --renewed, though it renewed none": {when: plan.SkipWhenBound, of: night2, opt: plan.Release{Renewed: true}, command: "axgbind unbind " + night1, reason: night1},
	} {
		synctest.Test(t, func(t *testing.T) {
			n, first, second := twoNights(t, rows, test.when)
			defer n.close()
			results := map[string][]report.Record{night1: first, night2: second}[test.of]
			var ids []string
			for i := range results {
				if ids = append(ids, results[i].SubsID); test.blank {
					results[i].SubsID, results[i].SecretNo = "", ""
				}
			}
			test.opt.Select = lines(t, "2-4")
			got, plan := n.mustRelease(t, release{job: test.of, input: resultsText(t, nightHead, results), opt: test.opt})
			if plan.Rows != 3 || plan.Left != 1 || plan.ToSend != 0 || len(n.live()) != rows {
				t.Fatalf("%s: %d rows, %d left, %d to send, %d live", name, plan.Rows, plan.Left, plan.ToSend, len(n.live()))
			}
			for i, r := range got {
				want := test.command
				if strings.Contains(want, "%s") {
					want = fmt.Sprintf(want, ids[i])
				}
				if r.Status != report.Held || r.Code != aliyun.CodeOtherBatch || r.SubsID != ids[i] || r.SecretNo == "" ||
					!strings.Contains(r.Action, want) || !strings.Contains(r.Reason, test.reason) || !strings.Contains(r.Reason, r.SubsID) {
					t.Errorf("%s: %+v", name, r)
				}
			}
		})
	}
}

// TestUnbindOthersCommand: what the HELD rows name does release their bindings.
func TestUnbindOthersCommand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _, second := twoNights(t, 3, plan.RenewWhenBound)
		defer n.close()
		only := func(row *input.Row) bool { return row.Verdict.SubsID == second[1].SubsID }
		got, _ := n.mustRelease(t, release{job: night2, input: resultsText(t, nightHead, second), opt: plan.Release{Renewed: true, Select: only}})
		stands(t, got, "RELEASED OK "+second[1].SubsID)
		if slices.Contains(n.live(), second[1].SubsID) || len(n.live()) != 2 {
			t.Errorf("live %v", n.live())
		}
		// The night that made it: what is released is, whoever did it.
		n.results, n.whenBound = night1, plan.RefuseWhenBound
		first, _, _ := n.run(t, t.Context(), nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"))
		for i := range first {
			first[i].Status, first[i].Code, first[i].SubsID, first[i].SecretNo = report.Bound, "OK", second[i].SubsID, second[i].SecretNo
		}
		got, _ = n.mustRelease(t, release{job: night1, batch: "u1.csv", input: resultsText(t, nightHead, first)})
		stands(t, got, "HELD client.OtherBatch "+second[0].SubsID, "RELEASED client.Released "+second[1].SubsID, "HELD client.OtherBatch "+second[2].SubsID)
	})
}

// TestUnbindTwoReleases: what one unbind began and another finished is released for both.
func TestUnbindTwoReleases(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		bound, _, _ := n.run(t, t.Context(), nightInput(0, 2, "2099-01-31 23:59:59", "13900000001"))
		file := resultsText(t, nightHead, bound)
		n.halfReleased(t, "drop-before@UnbindSubscription=1", release{job: "r.csv", batch: "u1.csv", input: file})
		got, _ := n.mustRelease(t, release{job: "r.csv", batch: "u2.csv", input: file})
		stands(t, got, "RELEASED OK "+bound[0].SubsID, "RELEASED OK "+bound[1].SubsID)
		calls := n.service.Stats().Actions["UnbindSubscription"]
		got, made := n.mustRelease(t, release{job: "r.csv", batch: "u1.csv", input: file})
		stands(t, got, "RELEASED client.Released "+bound[0].SubsID, "RELEASED client.Released "+bound[1].SubsID)
		if made.Settled != 2 || n.service.Stats().Actions["UnbindSubscription"] != calls {
			t.Errorf("%d settled", made.Settled)
		}
		if got, made = n.mustRelease(t, release{job: "r.csv", batch: "u3.csv", input: file, opt: plan.Release{Select: lines(t, "3")}}); len(got) != 1 || made.Left != 1 {
			t.Errorf("of a third, which selects one: %+v", got)
		}
	})
}

// TestUnbindTakenByList: rows of results that no batch of the journal wrote, and that
// took what was there, are not released without a word.
func TestUnbindTakenByList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _, second := twoNights(t, 2, plan.SkipWhenBound)
		defer n.close()
		file := resultsText(t, nightHead, second)
		got, _ := n.mustRelease(t, release{input: file})
		stands(t, got, "HELD client.OtherBatch "+second[0].SubsID, "HELD client.OtherBatch "+second[1].SubsID)
		if !strings.Contains(got[0].Action, "--foreign") || len(n.live()) != 2 {
			t.Errorf("%+v, live %v", got[0], n.live())
		}
		asked := n.service.Stats().Actions["QuerySubscriptionDetail"]
		got, _ = n.mustRelease(t, release{input: file, opt: plan.Release{Foreign: true}})
		if count(got)[report.Released] != 2 || len(n.live()) != 0 || n.service.Stats().Actions["QuerySubscriptionDetail"] != asked {
			t.Errorf("%v, live %v", count(got), n.live())
		}
	})
}

// TestUnbindForeign: a binding that no batch is known to have made is released if a
// person says so and the service shows that it is the row's.
func TestUnbindForeign(t *testing.T) {
	for _, carried := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 50})
			defer n.close()
			bound, _, _ := n.run(t, t.Context(), nightInput(0, 4, "2099-01-31 23:59:59", "13900000001"))
			n.journal.Set(nil) // another machine
			hurt := slices.Clone(bound)
			hurt[1].SubsID, hurt[1].SecretNo = bound[3].SubsID, bound[3].SecretNo // another's
			file := resultsText(t, nightHead, hurt[:3])
			if carried {
				n.run(t, t.Context(), file)
			}
			n.unbind(t, bound[2].SubsID, bound[2].SecretNo)
			for _, of := range []string{"r.csv", ""} {
				got, plan := n.mustRelease(t, release{job: of, batch: "u" + of, input: file})
				if count(got)[report.Held] != 3 || plan.ToSend != 0 || len(n.live()) != 3 {
					t.Fatalf("carried %v, of %q: %v", carried, of, got)
				}
				for i, r := range got {
					if r.Code != aliyun.CodeOtherBatch || !strings.Contains(r.Action, "--foreign") || r.SubsID != hurt[i].SubsID {
						t.Errorf("carried %v, of %q: %+v", carried, of, r)
					}
				}
			}
			asked := n.service.Stats().Actions["QuerySubscriptionDetail"]
			got, _ := n.mustRelease(t, release{job: "r.csv", input: file, opt: plan.Release{Foreign: true}})
			stands(t, got, "RELEASED OK "+bound[0].SubsID, "INVALID client.OtherBinding "+bound[3].SubsID, "RELEASED isv.SUBS_NOT_EXIST "+bound[2].SubsID)
			left := []string{bound[1].SubsID, bound[3].SubsID}
			slices.Sort(left) // rows under way at a time get their ids in any order
			if live := n.live(); !slices.Equal(live, left) {
				t.Errorf("carried %v: live %v", carried, live)
			}
			if n.service.Stats().Actions["QuerySubscriptionDetail"] < asked+3 {
				t.Errorf("carried %v: not all were asked about", carried)
			}
		})
	}
}

// places is a list that names bindings by A and group.
func places(head, rest string, rows ...report.Record) string {
	text := "PhoneNoA,GroupId" + head + "\n"
	for _, r := range rows {
		text += r.Input[0] + "," + r.Input[1] + rest + "\n"
	}
	return text
}

// TestListPlaces: a list may name a binding by A and group where exactly one lives, and
// nothing is in doubt. A further run comes to the same.
func TestListPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 50})
		defer n.close()
		n.twice = true
		one := nightInput(0, 3, "2099-01-31 23:59:59", "13900000001")
		bound, _, _ := n.run(t, t.Context(), one+"13800138000,1,2099-01-31 23:59:59,13900000001\n13800138000,1,2099-01-31 23:59:59,13900000002\n")
		n.results = "2.csv"
		n.service.SetFaults(faults(t, "drop-before@BindAxg=1"))
		doubtful, _, _ := n.run(t, t.Context(), nightHead+"\n13800138001,1,2099-01-31 23:59:59,\n")
		n.service.SetFaults(nil)
		none := report.Record{Input: []string{"13800138002", "1"}}
		elsewhere := report.Record{Input: []string{bound[0].Input[0], "77"}}
		rows := []report.Record{bound[0], bound[3], doubtful[0], none, elsewhere}
		words := []string{"", "known 2, in doubt 0", "known 0, in doubt 1", "known 0, in doubt 0", "known 0, in doubt 0"}
		check := func(name string, got []report.Record, first string) {
			t.Helper()
			stands(t, got, first+" OK "+bound[0].SubsID, "INVALID client.NoBinding", "INVALID client.NoBinding", "INVALID client.NoBinding", "INVALID client.NoBinding")
			for i, r := range got {
				if !strings.Contains(r.Reason, words[i]) || i > 0 && !strings.Contains(r.Action, "SubsId") {
					t.Errorf("%s, row %d: %s; %s", name, i, r.Reason, r.Action)
				}
			}
		}
		list := places(",Expiration", ",2099-06-30 23:59:59", rows...)
		for range 2 {
			d := &disk{text: n.journal.Text(), durable: n.journal.Len()}
			calls := n.service.Stats().Actions["UpdateSubscription"]
			got, err := n.change(t, t.Context(), d, change{input: list, fields: []string{"Expiration"}})
			if err != nil {
				t.Fatal(err)
			}
			check("update", got, "BOUND")
			if got[0].SecretNo != bound[0].SecretNo {
				t.Errorf("X is %q", got[0].SecretNo)
			}
			if made := n.service.Stats().Actions["UpdateSubscription"] - calls; made != 1 && n.journal.Len() == len(d.text) {
				t.Errorf("%d calls", made)
			}
			n.journal.Set(d.text)
		}
		for _, b := range n.service.Bindings() {
			if (b.Expiration == "2099-06-30 23:59:59") != (b.SubsId == bound[0].SubsID) {
				t.Errorf("%+v", b)
			}
		}
		for range 2 {
			got, _ := n.mustRelease(t, release{input: places("", "", rows...)})
			check("unbind", got, "RELEASED")
		}
		if len(n.live()) != 4 || slices.Contains(n.live(), bound[0].SubsID) {
			t.Errorf("live %v", n.live())
		}

		// The place has another binding since.
		n.results, n.twice, n.resend = "r.csv", false, plan.Resend{Released: true}
		n.run(t, t.Context(), one)
		live := n.live()
		if got, _ := n.mustRelease(t, release{batch: "another.csv", input: places(",SecretNo", ","+bound[1].SecretNo, bound[0])}); got[0].Code != aliyun.CodeOtherBinding {
			t.Errorf("with the X of another: %+v", got)
		}
		if got, _ := n.mustRelease(t, release{batch: "another.csv", input: places("", "", bound[0], bound[0])}); count(got)[report.Released] != 2 || len(n.live()) != len(live)-1 {
			t.Errorf("another list: %+v, live %v", got, n.live())
		}
	})
}

// TestUpdateNights: an old night's update does not take back what a later one renewed;
// that one's may make it end earlier; a list makes it nobody else's.
func TestUpdateNights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, first, second := twoNights(t, 3, plan.RenewWhenBound)
		defer n.close()
		update := func(of, input string) []report.Record {
			t.Helper()
			d := &disk{text: n.journal.Text(), durable: n.journal.Len()}
			got, err := n.change(t, t.Context(), d, change{of: of, input: input, fields: []string{"Expiration"}})
			if err != nil {
				t.Fatal(err)
			}
			n.journal.Set(d.text)
			return got
		}
		ends := func(want string) {
			t.Helper()
			for _, b := range n.service.Bindings() {
				if b.Expiration != want {
					t.Errorf("%s ends %s, want %s", b.SubsId, b.Expiration, want)
				}
			}
		}
		held := []string{"HELD client.OtherBatch " + first[0].SubsID, "HELD client.OtherBatch " + first[1].SubsID, "HELD client.OtherBatch " + first[2].SubsID}
		done := []string{"BOUND OK " + first[0].SubsID, "BOUND OK " + first[1].SubsID, "BOUND OK " + first[2].SubsID}
		got := update(night1, resultsText(t, nightHead, first))
		stands(t, got, held...)
		if r := got[0]; !strings.Contains(r.Reason, night2) || r.Action == "" || r.SecretNo != first[0].SecretNo {
			t.Errorf("%+v", r)
		}
		ends("2099-12-31 23:59:59")
		for i := range second {
			second[i].Input[2] = "2099-06-30 23:59:59"
		}
		stands(t, update(night2, resultsText(t, nightHead, second)), done...)
		ends("2099-06-30 23:59:59")
		list := "SubsId,Expiration\n"
		for _, r := range first {
			list += r.SubsID + ",2099-07-31 23:59:59\n"
		}
		stands(t, update("", list), done...)
		ends("2099-07-31 23:59:59")
		stands(t, update(night1, resultsText(t, nightHead, first)), held...) // it still holds none
		for i := range second {                                              // an older file would be taken for one from before a renewal
			second[i].Input[2] = "2099-07-31 23:59:59"
		}
		got, _ = n.mustRelease(t, release{job: night2, input: resultsText(t, nightHead, second)})
		stands(t, got, held...) // it made none
		got, _ = n.mustRelease(t, release{job: night2, input: resultsText(t, nightHead, second), opt: plan.Release{Renewed: true}})
		if count(got)[report.Released] != 3 {
			t.Errorf("%v", got)
		}
	})
}

// TestUpdateSwapped: an id that stands in another row's line changes nothing, and
// neither does one that the journal does not know, without a word and a look-up.
func TestUpdateSwapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 50})
		defer n.close()
		b, _, _ := n.run(t, t.Context(), nightInput(0, 3, "2099-01-31 23:59:59", "13900000001"))
		a, group := b[0].Input[0], b[0].Input[1]
		const head = "PhoneNoA,GroupId,SecretNo,SubsId,PoolKey,Expiration\n"
		row := func(cells ...string) string { return strings.Join(cells, ",") + ",2099-12-31 23:59:59\n" }
		pool := simulator.PoolKey
		input := head + row(a, group, b[1].SecretNo, b[1].SubsID, pool) + row(b[2].Input[0], "77", b[2].SecretNo, b[2].SubsID, pool) +
			row("", "", b[1].SecretNo, b[0].SubsID, pool) + row("", "", "", b[0].SubsID, "FC9") + row("", "", "", "4711", pool)
		other := "INVALID client.OtherBinding "
		want := []string{other + b[1].SubsID, other + b[2].SubsID, other + b[0].SubsID, other + b[0].SubsID, "INVALID client.NoBinding 4711"}
		for _, foreign := range []bool{false, true} {
			d := &disk{text: n.journal.Text(), durable: n.journal.Len()}
			got, err := n.change(t, t.Context(), d, change{input: input, fields: []string{"Expiration"}, foreign: foreign})
			if err != nil {
				t.Fatal(err)
			}
			stands(t, got, want...)
		}
		// A journal that knows none of them.
		input = head + row(a, group, b[1].SecretNo, b[1].SubsID, pool) + row(b[2].Input[0], b[2].Input[1], b[2].SecretNo, b[2].SubsID, pool)
		for _, foreign := range []bool{false, true} {
			got, err := n.change(t, t.Context(), &disk{}, change{input: input, fields: []string{"Expiration"}, foreign: foreign})
			if err != nil {
				t.Fatal(err)
			}
			if !foreign {
				stands(t, got, "HELD client.OtherBatch "+b[1].SubsID, "HELD client.OtherBatch "+b[2].SubsID)
				if !strings.Contains(got[0].Action, "--foreign") {
					t.Errorf("%+v", got[0])
				}
				continue
			}
			stands(t, got, other+b[1].SubsID, "BOUND OK "+b[2].SubsID)
		}
		for _, l := range n.service.Bindings() {
			if (l.Expiration == "2099-12-31 23:59:59") != (l.SubsId == b[2].SubsID) {
				t.Errorf("%+v", l)
			}
		}
	})
}

// TestUnbindSurplus: of what a list of surplus names, nothing that a row has is released,
// nor what the journal did not name, and a release that was begun goes on. Without its
// column the list is any other.
func TestUnbindSurplus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30, Faults: faults(t, "drop-after@BindAxg=1")})
		defer n.close()
		n.results = "r.csv"
		input := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n13800138001,1,2099-01-31 23:59:59\n"
		n.run(t, t.Context(), input)
		n.service.SetFaults(nil)
		binds := func(a string) *aliyun.BindAxgResult {
			t.Helper()
			at := time.Date(2099, 1, 31, 15, 59, 59, 0, time.UTC)
			b, err := n.client.BindAxg(t.Context(), &aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: a, GroupID: 1, Expiration: at})
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		more := binds("13800138000")
		_, b, _ := n.sweep(t, input, n.everyNumber(), false)
		stranger := binds("13800138077")
		text := "PhoneNoA,GroupId,SecretNo,SubsId,BesideSubsId\n13800138000,1," + more.SecretNo + "," + more.SubsID + ",\n"
		got, _ := n.mustRelease(t, release{input: strings.Replace(text, "BesideSubsId", "Note", 1), batch: "list.csv"})
		stands(t, got, "HELD client.OtherBatch "+more.SubsID)
		text += "13800138000,1," + b[0].SecretNo + "," + b[0].SubsID + ",\n13800138077,1," + stranger.SecretNo + "," + stranger.SubsID + ",\n"
		got = n.halfReleased(t, "drop-before@UnbindSubscription=1", release{input: text})
		if len(got) != 2 || got[0].Status != report.Pending || got[1].Status != report.Held || got[1].Code != aliyun.CodeOtherBatch {
			t.Fatalf("%+v", got)
		}
		got, plan := n.mustRelease(t, release{input: text, opt: plan.Release{Renewed: true}})
		stands(t, got, "RELEASED OK "+more.SubsID, "HELD client.OtherBatch "+stranger.SubsID)
		live := append(subsIDs(b), stranger.SubsID)
		slices.Sort(live)
		if plan.Left != 1 || !slices.Equal(n.live(), live) {
			t.Errorf("%d left, live %v", plan.Left, n.live())
		}
	})
}

// TestListPlacesMoving: a binding that may have been moved is at neither place for sure.
func TestListPlacesMoving(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		b, _, _ := n.run(t, t.Context(), nightInput(0, 1, "2099-01-31 23:59:59", "13900000001"))
		n.service.SetFaults(faults(t, "drop-after@UpdateSubscription=1"))
		n.paperUpdate(t, "SubsId,GroupId\n"+b[0].SubsID+",7\n", "GroupId")
		n.service.SetFaults(nil)
		moved := report.Record{Input: []string{b[0].Input[0], "7"}}
		got, _ := n.mustRelease(t, release{input: places("", "", b[0], moved)})
		stands(t, got, "INVALID client.NoBinding", "INVALID client.NoBinding")
		for _, r := range got {
			if !strings.Contains(r.Reason, "known 1, in doubt 1") {
				t.Error(r.Reason)
			}
		}
		if got, _ = n.mustRelease(t, release{input: "SubsId\n" + b[0].SubsID + "\n"}); got[0].Status != report.Released || len(n.live()) != 0 {
			t.Errorf("by its SubsId: %+v", got)
		}
	})
}

// TestUnbindDuplicatesHeld: what reconcile named as one too many, and a row came to have
// since, is no duplicate any more.
func TestUnbindDuplicatesHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30, Faults: faults(t, "drop-after@BindAxg=1")})
		defer n.close()
		input := "PhoneNoA,GroupId,Expiration\n13800138000,1,2099-01-31 23:59:59\n"
		n.run(t, t.Context(), input)
		n.service.SetFaults(nil)
		at := time.Date(2099, 1, 31, 15, 59, 59, 0, time.UTC)
		if _, err := n.client.BindAxg(t.Context(), &aliyun.BindAxgRequest{PoolKey: simulator.PoolKey, PhoneNoA: "13800138000", GroupID: 1, Expiration: at}); err != nil {
			t.Fatal(err)
		}
		_, after, _ := n.sweep(t, input, n.everyNumber(), false)
		named := func() []books.Duplicate {
			t.Helper()
			j, err := books.Read(&n.journal, int64(n.journal.Len()), nil)
			if err != nil {
				t.Fatal(err)
			}
			list, err := j.Duplicates("r.csv")
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		list := named()
		if len(list) != 1 {
			t.Fatalf("%+v", list)
		}
		more := list[0]
		n.results = "others.csv"
		carried := after[0]
		carried.RequestID = "8A1D3B5C-0000-4000-8000-000000000001" // of a call of their own
		carried.SubsID, carried.SecretNo, carried.Input = more.SubsID, more.SecretNo, []string{"13800138000", "1", "2099-02-28 23:59:59"}
		if rows, _, calls := n.run(t, t.Context(), resultsText(t, "PhoneNoA,GroupId,Expiration", []report.Record{carried})); calls != 0 || rows[0].Status != report.Bound {
			t.Fatalf("%+v", rows)
		}
		if list := named(); len(list) != 0 {
			t.Errorf("%+v", list)
		}
		text := "PhoneNoA,GroupId,SecretNo,SubsId,BesideSubsId\n13800138000,1," + more.SecretNo + "," + more.SubsID + ",\n"
		if _, plan := n.mustRelease(t, release{input: text}); plan.Left != 1 || len(n.live()) != 2 {
			t.Errorf("%d left, live %v", plan.Left, n.live())
		}
	})
}

// TestListPlacesBegun: a change that was begun by pool, A and group goes on, though
// another binding has come there since. Once it is done, the row means neither.
func TestListPlacesBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		input := nightInput(0, 1, "2099-01-31 23:59:59", "13900000001")
		b, _, _ := n.run(t, t.Context(), input)
		list := places(",Expiration", ",2099-06-30 23:59:59", b[0])
		n.service.SetFaults(faults(t, "drop-before@UpdateSubscription=1"))
		if got := n.paperUpdate(t, list, "Expiration"); got[0].Status != report.Pending {
			t.Fatalf("%+v", got)
		}
		n.service.SetFaults(nil)
		n.twice = true
		second := b[0].Input[0] + "," + b[0].Input[1] + ",2099-01-31 23:59:59,13900000002\n"
		if rows, _, calls := n.run(t, t.Context(), input+second); calls != 1 {
			t.Fatalf("%+v", rows)
		}
		stands(t, n.paperUpdate(t, list, "Expiration"), "BOUND OK "+b[0].SubsID)
		for _, l := range n.service.Bindings() {
			if (l.Expiration == "2099-06-30 23:59:59") != (l.SubsId == b[0].SubsID) {
				t.Errorf("%+v", l)
			}
		}
		got := n.paperUpdate(t, list, "Expiration")
		if stands(t, got, "INVALID client.NoBinding"); !strings.Contains(got[0].Reason, "known 2, in doubt 0") {
			t.Errorf("done, and another is there: %s", got[0].Reason)
		}
	})
}

// anew binds what an input says in a batch of its own, as a later night does.
func (n *night) anew(t *testing.T, results, end, b string) report.Record {
	t.Helper()
	n.results = results
	rows, _, calls := n.run(t, t.Context(), nightInput(0, 1, end, b))
	if calls != 1 || rows[0].Status != report.Bound {
		t.Fatalf("%s: %+v after %d calls", results, rows[0], calls)
	}
	return rows[0]
}

// TestUnbindListNights: the unbind of one list by A and group releases, night after
// night, the binding that is there; a further run comes to the same.
func TestUnbindListNights(t *testing.T) {
	for _, squeeze := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 30})
			defer n.close()
			unbind := func(list string, calls int64, want ...string) {
				t.Helper()
				if squeeze {
					shorter, _ := bookstest.Compacted(t, n.journal.Text(), time.Now().Add(-bookstest.Month))
					n.journal.Set(shorter)
				}
				before := n.service.Stats().Actions["UnbindSubscription"]
				got, _ := n.mustRelease(t, release{input: list})
				stands(t, got, want...)
				if made := n.service.Stats().Actions["UnbindSubscription"] - before; made != calls {
					t.Errorf("%d calls, want %d", made, calls)
				}
			}
			for i, end := range []string{"2099-01-31 23:59:59", "2099-02-28 23:59:59", "2099-03-31 23:59:59"} {
				b := n.anew(t, fmt.Sprintf("d%d/in.results.csv", i), end, "13900000001")
				unbind(places("", "", b), 1, "RELEASED OK "+b.SubsID)
				unbind(places("", "", b), 0, "RELEASED OK "+b.SubsID)
			}

			// One of which nobody knows whether it is there.
			n.results = "doubt.csv"
			n.service.SetFaults(faults(t, "drop-before@BindAxg=1"))
			doubtful, _, _ := n.run(t, t.Context(), nightInput(0, 1, "2099-04-30 23:59:59", "13900000001"))
			n.service.SetFaults(nil)
			unbind(places("", "", doubtful[0]), 0, "INVALID client.NoBinding")

			// Two that one run released by their SubsIds: a row by place says of neither.
			n.twice = true
			rows, _, _ := n.run(t, t.Context(), nightHead+"\n13800138000,1,2099-01-31 23:59:59,13900000001\n13800138000,1,2099-01-31 23:59:59,13900000002\n")
			list := "PhoneNoA,GroupId,SubsId\n,," + rows[0].SubsID + "\n,," + rows[1].SubsID + "\n13800138000,1,\n"
			for _, calls := range []int64{2, 0} {
				unbind(list, calls, "RELEASED OK "+rows[0].SubsID, "RELEASED OK "+rows[1].SubsID, "INVALID client.NoBinding")
			}
		})
	}
}

// TestUnbindEvidence: what stood in the way of a row is not the row's to release, by the
// batch nor by a list; the results of an unbind are a list of what it has not done.
func TestUnbindEvidence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		b, _, _ := n.run(t, t.Context(), nightInput(0, 1, "2099-01-31 23:59:59", "13900000001"))
		file := func(status report.Status, code string) string {
			r := b[0]
			r.Status, r.Code, r.Input = status, code, slices.Clone(r.Input)
			r.Input[2] = "2099-12-31 23:59:59" // another row
			return resultsText(t, nightHead, []report.Record{r})
		}
		n.results = "2.csv"
		n.run(t, t.Context(), nightInput(5, 6, "2099-01-31 23:59:59", "13900000001"))
		live := n.live()
		for _, of := range []string{"r.csv", "2.csv", ""} {
			if got, plan := n.mustRelease(t, release{job: of, input: file(report.Failed, aliyun.CodeBindConflict)}); len(got) != 0 || plan.Left != 1 {
				t.Errorf("of %q: %+v", of, got)
			}
		}
		if got, plan := n.mustRelease(t, release{job: "2.csv", input: file(report.Held, aliyun.CodeStillBound)}); len(got) != 0 || plan.Left != 1 {
			t.Errorf("held: %+v", got)
		}
		if !slices.Equal(n.live(), live) {
			t.Errorf("live %v", n.live())
		}
		got, _ := n.mustRelease(t, release{input: file(report.Pending, "")})
		stands(t, got, "RELEASED OK "+b[0].SubsID)
	})
}

// TestUnbindOthersForeign: of a binding that no batch made and another holds, the
// command says --foreign.
func TestUnbindOthersForeign(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		b, _, _ := n.run(t, t.Context(), nightInput(0, 1, "2099-01-31 23:59:59", "13900000001"))
		n.journal.Set(nil) // another machine
		n.results = night1
		n.run(t, t.Context(), resultsText(t, nightHead, b))
		n.results, n.whenBound = night2, plan.SkipWhenBound
		second, _, _ := n.run(t, t.Context(), nightInput(0, 1, "2099-12-31 23:59:59", "13900000001"))
		got, _ := n.mustRelease(t, release{job: night2, input: resultsText(t, nightHead, second), opt: plan.Release{Foreign: true}})
		stands(t, got, "HELD client.OtherBatch "+b[0].SubsID)
		if want := "axgbind unbind " + night1 + " --only SubsId=" + b[0].SubsID + " --foreign --yes"; !strings.Contains(got[0].Action, want) {
			t.Errorf("%s\nwant %s", got[0].Action, want)
		}
	})
}

// TestUpdateEvidence: the SubsId of a row that X was refused is another's, and not to
// be changed by the row.
func TestUpdateEvidence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		b, _, _ := n.run(t, t.Context(), nightInput(0, 1, "2099-01-31 23:59:59", "13900000001"))
		refused := b[0]
		refused.Status, refused.Code = report.Failed, aliyun.CodeBindConflict
		refused.Input = slices.Clone(refused.Input)
		refused.Input[2] = "2099-12-31 23:59:59"
		for _, of := range []string{"r.csv", ""} {
			d := &disk{text: n.journal.Text(), durable: n.journal.Len()}
			got, err := n.change(t, t.Context(), d, change{of: of, input: resultsText(t, nightHead, []report.Record{refused}), fields: []string{"Expiration"}})
			if err != nil {
				t.Fatal(err)
			}
			stands(t, got, "INVALID client.NoBinding "+b[0].SubsID)
		}
	})
}

// TestUnbindOvertaken: results that a batch wrote before it renewed its bindings release
// none of them; they name the batch's own command. What changed otherwise since is
// released by them.
func TestUnbindOvertaken(t *testing.T) {
	const early, late = "2099-01-31 23:59:59", "2099-12-31 23:59:59"
	for name, c := range map[string]struct {
		end, b string // of the later run; blank: there is none
		update bool   // a list made them end later
		of     string
		opt    plan.Release
		held   bool
		left   int
	}{
		"renewed since":                    {end: late, b: "13900000001", of: "r.csv", held: true},
		"with --renewed, too":              {end: late, b: "13900000001", of: "r.csv", opt: plan.Release{Renewed: true, Foreign: true}, held: true},
		"a part of them":                   {end: late, b: "13900000001", of: "r.csv", opt: plan.Release{Select: lines(t, "3")}, held: true, left: 2},
		"another B since, ending no later": {end: early, b: "13900000002", of: "r.csv"},
		"as a list":                        {end: late, b: "13900000001"},
		"prolonged by a list":              {update: true, of: "r.csv"},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 30})
			defer n.close()
			first, _, _ := n.run(t, t.Context(), nightInput(0, 3, early, "13900000001"))
			last := first
			if c.end != "" {
				n.whenBound = plan.RenewWhenBound
				last, _, _ = n.run(t, t.Context(), nightInput(0, 3, c.end, c.b))
			}
			if c.update {
				list := "SubsId,Expiration\n"
				for _, r := range first {
					list += r.SubsID + "," + late + "\n"
				}
				n.paperUpdate(t, list, "Expiration")
			}
			if want := subsIDs(first); count(last)[report.Bound] != 3 || !slices.Equal(subsIDs(last), want) || !slices.Equal(n.live(), want) {
				t.Fatalf("%s: %v", name, last)
			}
			got, made := n.mustRelease(t, release{job: c.of, input: resultsText(t, nightHead, first), opt: c.opt})
			if made.Left != c.left || len(got) != 3-c.left {
				t.Fatalf("%s: %d left, %v", name, made.Left, got)
			}
			if !c.held {
				if count(got)[report.Released] != 3 || len(n.live()) != 0 {
					t.Errorf("%s: %v", name, got)
				}
				return
			}
			for _, r := range got {
				if r.Status != report.Held || r.Code != aliyun.CodeOtherBatch || !strings.Contains(r.Reason, "batch r.csv") || !strings.Contains(r.Action, "axgbind unbind /night/r.csv --only SubsId="+r.SubsID+" --yes") {
					t.Errorf("%s: %+v", name, r)
				}
			}
			if owners := made.Owners(); len(owners) != 1 || owners[0] != (plan.Owner{Batch: "r.csv", Results: "/night/r.csv", Rows: len(got)}) {
				t.Errorf("%s: %+v", name, owners)
			}
			if len(n.live()) != 3 {
				t.Errorf("%s: live %v", name, n.live())
			}
			if got, _ = n.mustRelease(t, release{job: c.of, batch: "last.csv", input: resultsText(t, nightHead, last)}); count(got)[report.Released] != 3 {
				t.Errorf("%s: by the last results %v", name, got)
			}
		})
	}
}

// TestUnbindEndUnsaid: a row that does not say its Expiration, since it counted from when
// it was sent, releases its binding, whatever its row says since.
func TestUnbindEndUnsaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		const head = "PhoneNoA,GroupId,PhoneNoB"
		n.ahead, n.whenBound = bookstest.Month, plan.RenewWhenBound
		first, _, _ := n.run(t, t.Context(), head+"\n13800138000,1,13900000001\n")
		time.Sleep(24 * time.Hour)
		last, _, _ := n.run(t, t.Context(), head+"\n13800138000,1,13900000002\n")
		if !slices.Equal(subsIDs(first), subsIDs(last)) {
			t.Fatalf("%v, then %v", first, last)
		}
		got, _ := n.mustRelease(t, release{job: "r.csv", input: resultsText(t, head, first)})
		stands(t, got, "RELEASED OK "+first[0].SubsID)
	})
}
