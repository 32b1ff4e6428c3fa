package batch_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun/simulator"
	"axgbind/batch/books"
	"axgbind/batch/books/bookstest"
)

// TestLiveBindingsAsInput: what was bound is listed as the service has it.
func TestLiveBindingsAsInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := newNight(t, simulator.Options{Numbers: 20})
		defer n.close()
		n.run(t, t.Context(), nightInput(0, 5, "2099-01-31 23:59:59", "13900000001"))
		there := map[string]books.LiveBinding{}
		for _, b := range n.service.Bindings() {
			there[b.SubsId] = books.LiveBinding{PhoneNoA: b.PhoneNoA, PhoneNoB: b.PhoneNoB, SecretNo: b.SecretNo, Expiration: b.Expiration, GroupID: b.GroupId}
		}
		all := bookstest.Live(t, bookstest.Read(t, n.journal.Text()), "", time.Now())
		for _, b := range all {
			got := books.LiveBinding{PhoneNoA: b.PhoneNoA, PhoneNoB: b.PhoneNoB, SecretNo: b.SecretNo, Expiration: b.Expiration, GroupID: b.GroupID}
			if diff := cmp.Diff(there[b.SubsID], got); diff != "" || b.PoolKey != simulator.PoolKey || b.Batch == "" {
				t.Errorf("%+v (-there +listed):\n%s", b, diff)
			}
		}
		if len(all) != 5 || len(there) != 5 {
			t.Errorf("%d listed, %d there", len(all), len(there))
		}
	})
}
