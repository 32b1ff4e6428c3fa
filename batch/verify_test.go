package batch_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// verify compares a job's BOUND rows with the service.
func (n *night) verify(t *testing.T, input string) (got batch.Verified, found []string) {
	t.Helper()
	s := n.session(input, cmp.Or(n.results, "r.csv"))
	s.plan.LookOnly, s.plan.AsSent = true, true
	_, _, err := s.do(t, func(_ *books.Journal, made *plan.Plan) (books.Stop, error) {
		asker, err := batch.NewAsker(pace.MaxRate)
		if err != nil {
			return books.StopNone, err
		}
		v := batch.Verify{Client: n.client, Asker: asker, Differs: func(d batch.Difference) {
			if d.SubsID == "" || !strings.Contains(d.SecretNo, "****") {
				t.Errorf("%+v", d)
			}
			found = append(found, fmt.Sprintf("%d %s %s %s", d.Line, d.Field, d.Want, d.Have))
		}}
		got, err = v.Do(t.Context(), made)
		return books.StopNone, err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(found)
	return got, found
}

func TestVerify(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30, Latency: 10 * time.Millisecond})
		defer n.close()
		input := "PhoneNoA,GroupId,Expiration,PhoneNoB,IsRecordingEnabled\n"
		for i := range 8 {
			input += fmt.Sprintf("1380013800%d,1,2099-01-31 23:59:59,13900001111,true\n", i)
		}
		records, _, _ := n.run(t, t.Context(), input)
		if got, found := n.verify(t, input); got != (batch.Verified{Rows: 8, Equal: 8}) {
			t.Fatalf("%+v %v", got, found)
		}
		// Lost answers are asked for again.
		n.service.SetFaults(faults(t, "http-503@*=0.2", "drop-after@*=0.2", "flow-limit@*=0.1"))
		if got, found := n.verify(t, input); got != (batch.Verified{Rows: 8, Equal: 8}) {
			t.Fatalf("under faults %+v %v", got, found)
		}
		n.service.SetFaults(nil)
		time.Sleep(time.Hour) // look-ups lag no more
		for i, change := range []aliyun.UpdateRequest{
			{Operate: aliyun.UpdateExpire, Expiration: time.Date(2099, 1, 31, 16, 0, 0, 0, time.UTC)},
			{Operate: aliyun.UpdateNoB, PhoneNoB: "13900002222"},
			{Operate: aliyun.UpdateGroup, GroupID: 2},
			{Operate: aliyun.UpdateRecording},
		} {
			change.PoolKey, change.SubsID, change.PhoneNoX = simulator.PoolKey, records[i].SubsID, records[i].SecretNo
			if _, err := n.client.UpdateSubscription(t.Context(), &change); err != nil {
				t.Fatal(err)
			}
		}
		n.unbind(t, records[4].SubsID, records[4].SecretNo)
		got, found := n.verify(t, input)
		want := []string{
			"2 Expiration 2099-01-31 23:59:59 2099-02-01 00:00:00", "3 PhoneNoB 139****1111 139****2222", "4 GroupId 1 2",
			"5 IsRecordingEnabled true false", "6 SubsId " + records[4].SubsID + " Status 0",
		}
		if got != (batch.Verified{Rows: 8, Equal: 3, Differ: 5}) || !slices.Equal(found, want) {
			t.Errorf("%+v %q", got, found)
		}
		n.service.SetFaults(faults(t, "http-503@QuerySubscriptionDetail=1"))
		if got, _ := n.verify(t, input); got != (batch.Verified{Rows: 8, Lost: 8}) {
			t.Errorf("without answers %+v", got)
		}
	})
}

// TestVerifyRenewed: after a night that renewed, verify agrees.
func TestVerifyRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 100})
		defer n.close()
		n.whenBound = plan.RenewWhenBound
		n.run(t, t.Context(), nightInput(0, 10, "2099-01-31 23:59:59", "13900000001"))
		later := nightInput(0, 12, "2099-12-31 23:59:59", "13900000002")
		n.run(t, t.Context(), later)
		if got, found := n.verify(t, later); got != (batch.Verified{Rows: 12, Equal: 12}) {
			t.Errorf("%+v %v", got, found)
		}
	})
}

// TestVerifyLapsed: rows whose Expiration has passed are no differences, and
// nobody is asked about them.
func TestVerifyLapsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 30})
		defer n.close()
		end := time.Now().Add(time.Hour).In(report.Beijing).Format(time.DateTime)
		input := "PhoneNoA,GroupId,Expiration\n"
		for i := range 8 {
			input += fmt.Sprintf("1380013800%d,1,%s\n", i, []string{end, "2099-01-31 23:59:59"}[i%2])
		}
		records, _, _ := n.run(t, t.Context(), input)
		if got, found := n.verify(t, input); got != (batch.Verified{Rows: 8, Equal: 8}) {
			t.Fatalf("%+v %v", got, found)
		}
		time.Sleep(time.Hour)
		n.unbind(t, records[1].SubsID, records[1].SecretNo)
		before := n.service.Stats().Actions["QuerySubscriptionDetail"]
		got, found := n.verify(t, input)
		if want := (batch.Verified{Rows: 8, Lapsed: 4, Equal: 3, Differ: 1}); got != want || len(found) != 1 {
			t.Errorf("%+v, want %+v: %q", got, want, found)
		}
		if asked := n.service.Stats().Actions["QuerySubscriptionDetail"] - before; asked < 4 || asked > 7 { // three of controls
			t.Errorf("%d requests, want 4 and those of controls", asked)
		}
	})
}
