package books_test

import (
	"fmt"
	"strings"
	"testing"

	"axgbind/batch/books"
	"axgbind/batch/input"
)

func TestUpdateInput(t *testing.T) {
	for _, test := range []struct{ input, field, refusal string }{
		{"PoolKey,SubsId,Expiration\nFC1,1,2099-01-31 23:59:59\n", "Expiration", ""}, // X comes from the journal
		{"PoolKey,A,GroupId,Expiration\nFC1,13800138000,1,2099-01-31 23:59:59\n", "Expiration", ""},
		{"PoolKey,A,GroupId\nFC1,13800138000,1\n", "GroupId", "no-binding"},
		{"PoolKey,A,Expiration\nFC1,13800138000,2099-01-31 23:59:59\n", "Expiration", "no-binding"},
		{"PoolKey,SecretNo,Expiration\nFC1,1,2099-01-31 23:59:59\n", "Expiration", "no-binding"},
		{"PoolKey,SecretNo,SubsId,PhoneNoB\nFC1,1,1,13900000001\n", "Expiration", "missing-columns"},
		{"PoolKey,X,SubsId,PhoneNoB\nFC1,1,1,13900000001\n", "PhoneNoB", ""},
		{"PoolKey,中间号,SubsId,过期时间\nFC1,1,1,2099-01-31 23:59:59\n", "Expiration", ""},
	} {
		_, required, err := books.ParseChanges([]string{test.field})
		if err != nil {
			t.Fatal(err)
		}
		_, err = input.Open(strings.NewReader(test.input), int64(len(test.input)), input.Options{Bindings: true, Required: required})
		refused, _ := err.(*input.Error)
		if (refused == nil) != (test.refusal == "") || refused != nil && refused.Kind != test.refusal {
			t.Errorf("%q: %v, want %q", test.input, err, test.refusal)
		}
	}
	for _, bad := range []string{"PhoneNoA", "PoolKey", "nonsense"} {
		if _, _, err := books.ParseChanges([]string{bad}); err == nil || !strings.Contains(fmt.Sprint(err), "Expiration") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
