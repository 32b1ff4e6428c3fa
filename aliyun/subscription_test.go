package aliyun_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"axgbind/aliyun"
)

// lookups answers every call with one body and remembers the last query.
func lookups(t *testing.T, body string) (*aliyun.Client, *http.Request) {
	t.Helper()
	last := new(http.Request)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*last = *r
		w.Header().Set("Date", time.Now().Add(90*time.Second).UTC().Format(http.TimeFormat))
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	c, err := aliyun.New(aliyun.Options{
		Endpoint:    server.URL,
		Credentials: aliyun.Static(aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "testsecret"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, last
}

func TestQuerySubsID(t *testing.T) {
	for _, test := range []struct {
		name, body string
		want       []string
		code       string
	}{
		{"bound", `{"Code":"OK","SubsId":"1000000000000001"}`, []string{"1000000000000001"}, ""},
		{"number", `{"Code":"OK","SubsId":1000000000000001}`, []string{"1000000000000001"}, ""},
		{"two", `{"Code":"OK","SubsId":"1, 2"}`, []string{"1", "2"}, ""},
		{"free", `{"Code":"OK","SubsId":""}`, nil, ""},
		{"free, field absent", `{"Code":"OK"}`, nil, ""},
		{"refused", `{"Code":"isv.NO_NOT_EXIST","Message":"x"}`, nil, "isv.NO_NOT_EXIST"},
		{"no answer", `<html>`, nil, aliyun.CodeBadAnswer},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, last := lookups(t, test.body)
			got, err := c.QuerySubsID(t.Context(), "FC100000000000001", "17100000000")
			if test.code != "" {
				e, ok := errors.AsType[*aliyun.Error](err)
				if !ok || e.Code != test.code {
					t.Fatalf("error %v, want code %s", err, test.code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
			if q := last.URL.RawQuery; q != "PhoneNoX=17100000000&PoolKey=FC100000000000001" || last.Header.Get("X-Acs-Action") != "QuerySubsId" {
				t.Errorf("sent %s %s", last.Header.Get("X-Acs-Action"), q)
			}
		})
	}
}

func TestQuerySubscriptionDetail(t *testing.T) {
	c, last := lookups(t, `{"Code":"OK","RequestId":"R","SecretBindDetailDTO":{"SubsId":"1","PhoneNoA":"13800138000","PhoneNoB":"13900001111",
		"PhoneNoX":"17100000000","GroupId":2000000000001,"ExpireDate":"2099-01-31 23:59:59","GmtCreate":"2026-11-23 11:00:00","Status":1,"NeedRecord":true}}`)
	got, err := c.QuerySubscriptionDetail(t.Context(), "FC100000000000001", "1", "17100000000")
	if err != nil {
		t.Fatal(err)
	}
	ahead := got.Ahead
	got.Ahead = 0
	want := &aliyun.Subscription{
		SubsID: "1", PhoneNoA: "13800138000", PhoneNoB: "13900001111", PhoneNoX: "17100000000", GroupID: "2000000000001",
		Expiration: time.Date(2099, 1, 31, 15, 59, 59, 0, time.UTC), Created: time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC),
		Live: true, Recording: true, RequestID: "R",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if ahead < 85*time.Second || ahead > 91*time.Second {
		t.Errorf("the service's clock is %v ahead, want about 90 s", ahead)
	}
	if q := last.URL.RawQuery; q != "PhoneNoX=17100000000&PoolKey=FC100000000000001&SubsId=1" {
		t.Errorf("sent %s", q)
	}
}

func TestQuerySubscriptionDetailIncomplete(t *testing.T) {
	for _, body := range []string{
		`{"Code":"OK"}`,
		`{"Code":"OK","SecretBindDetailDTO":{}}`,
		`{"Code":"OK","SecretBindDetailDTO":{"SubsId":"1","PhoneNoA":"13800138000"}}`,
		`{"Code":"OK","SecretBindDetailDTO":[]}`,
	} {
		c, _ := lookups(t, body)
		_, err := c.QuerySubscriptionDetail(t.Context(), "FC100000000000001", "1", "17100000000")
		if e, ok := errors.AsType[*aliyun.Error](err); !ok || e.Code != aliyun.CodeBadAnswer {
			t.Errorf("%s: error %v, want %s", body, err, aliyun.CodeBadAnswer)
		}
	}
}
