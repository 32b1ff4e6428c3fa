package batch_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun"
	"axgbind/aliyun/simulator"
	"axgbind/batch"
	"axgbind/batch/books"
	"axgbind/batch/pace"
	"axgbind/batch/plan"
	"axgbind/report"
)

// unpinned makes an input of n rows that name no X.
func unpinned(n int) string {
	b := &strings.Builder{}
	fmt.Fprintln(b, "PhoneNoA,GroupId,Expiration,ExpectCity")
	for i := range n {
		fmt.Fprintf(b, "1380013%04d,2000000000001,2099-01-31 23:59:59,\n", i)
	}
	return b.String()
}

// listOf is a list of the simulator's first n numbers.
func listOf(n int) (list []batch.Number) {
	for i := range n {
		list = append(list, batch.Number{SecretNo: fmt.Sprintf("1710000%04d", i), PoolKey: simulator.PoolKey})
	}
	return list
}

// choosing makes one run of a job with a list and returns what came of it.
func (n *night) choosing(t *testing.T, content string, list []batch.Number, client batch.Binder) (records []report.Record, free *batch.FreeNumbers) {
	t.Helper()
	d := &disk{}
	s := session{place: placed(d), text: d.kept, input: content, start: books.RunStart{Run: "r", Batch: "r.csv"}}
	records, _, err := s.do(t, func(_ *books.Journal, made *plan.Plan) (_ books.Stop, err error) {
		asker, err := batch.NewAsker(pace.MaxRate)
		if err != nil {
			return books.StopNone, err
		}
		if free, err = batch.FindFree(t.Context(), made, n.client, asker, list); err != nil {
			return books.StopNone, err
		}
		run, err := batch.NewRun(made, batch.Bind{Client: client}, batch.Options{Rate: 100, Numbers: free.Numbers})
		if err == nil {
			_, err = run.Do(t.Context())
		}
		return books.StopNone, err
	})
	if err != nil {
		t.Fatal(err)
	}
	return records, free
}

// TestChosenNumbers: rows that name no X get free ones of the list, of their
// city if they name one, and none else; a shortage is told before the first
// call, and leaves rows PENDING.
func TestChosenNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cities, err := simulator.ParseCities("北京=4,上海=4")
		if err != nil {
			t.Fatal(err)
		}
		n := newNight(t, simulator.Options{Cities: cities})
		defer n.close()
		cityOf := map[string]string{}
		var list []batch.Number
		for _, x := range n.service.Numbers() {
			cityOf[x.SecretNo] = x.City
			list = append(list, batch.Number{SecretNo: x.SecretNo, PoolKey: simulator.PoolKey})
		}
		for _, x := range []string{list[0].SecretNo, list[5].SecretNo} { // taken by others
			_, err := n.client.BindAxg(t.Context(), &aliyun.BindAxgRequest{
				PoolKey: simulator.PoolKey, PhoneNoA: "13900009999", PhoneNoX: x, GroupID: 5, Expiration: time.Now().Add(time.Hour),
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		input := "PhoneNoA,GroupId,Expiration,ExpectCity\n"
		for i, city := range []string{"北京", "北京", "北京", "北京", "上海", "", "", "广州"} {
			input += fmt.Sprintf("1380013%04d,1,2099-01-31 23:59:59,%s\n", i, city)
		}
		records, free := n.choosing(t, input, list, n.client)
		short := []batch.Shortage{
			{PoolKey: simulator.PoolKey, City: "北京", Rows: 4, Free: 3},
			{PoolKey: simulator.PoolKey, City: "广州", Rows: 1, Free: 0},
		}
		if diff := cmp.Diff(short, free.Short); diff != "" || free.Wanted != 8 {
			t.Errorf("%d wanted, shortages %s", free.Wanted, diff)
		}
		for i, want := range []string{"北京", "北京", "北京", "", "上海", "上海", "上海", ""} {
			r := records[i]
			if want == "" && (r.Status != report.Pending || r.Code != "client.NoFreeNumber" || r.Attempts != 0) ||
				want != "" && (r.Status != report.Bound || cityOf[r.SecretNo] != want) {
				t.Errorf("row %d is %s %s on a number of %s, want %s", i, r.Status, r.Code, cityOf[r.SecretNo], want)
			}
		}
	})
}

// thief binds the X of its first calls to somebody else just before them.
type thief struct {
	*aliyun.Client
	steal int
}

func (s *thief) BindAxg(ctx context.Context, r *aliyun.BindAxgRequest) (*aliyun.BindAxgResult, error) {
	if s.steal--; s.steal >= 0 {
		stolen := *r
		stolen.PhoneNoA, stolen.GroupID = "13900009999", 5
		if _, err := s.Client.BindAxg(ctx, &stolen); err != nil {
			return nil, err
		}
	}
	return s.Client.BindAxg(ctx, r)
}

// TestChosenNumberTaken: a number that was free when it was asked about, and
// is not when it is used, is replaced; but not for ever.
func TestChosenNumberTaken(t *testing.T) {
	for _, test := range []struct {
		steal    int
		status   report.Status
		code     string
		attempts int
	}{
		{0, report.Bound, "OK", 1}, {1, report.Bound, "OK", 2}, {3, report.Bound, "OK", 4}, {4, report.Failed, aliyun.CodeBindConflict, 4},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := newNight(t, simulator.Options{Numbers: 20})
			defer n.close()
			records, _ := n.choosing(t, unpinned(1), listOf(20), &thief{n.client, test.steal})
			if r := records[0]; r.Status != test.status || r.Code != test.code || r.Attempts != test.attempts {
				t.Errorf("%d numbers stolen: %s %s after %d calls", test.steal, r.Status, r.Code, r.Attempts)
			}
		})
	}
}
