package aliyun_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
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

// TestQuerySubsID: only OK with SubsId as the empty text says that X is free, and
// only ids that are digits say that it is not. Whatever else comes says nothing.
func TestQuerySubsID(t *testing.T) {
	const bad = aliyun.CodeBadAnswer
	for body, want := range map[string]struct {
		ids  string
		code string
	}{
		`{"Code":"OK","SubsId":""}`:                          {},
		`{"SubsId":"","Message":"OK","Code":"OK","What":{}}`: {},
		`{"Code":"OK","SubsId":"1000000000000001"}`:          {ids: "1000000000000001"},
		`{"Code":"OK","\u0053ubsId":"1000000000000001"}`:     {ids: "1000000000000001"},
		`{"Code":"OK","SubsId":1000000000000001}`:            {ids: "1000000000000001"},
		`{"Code":"OK","SubsId":"1,2"}`:                       {ids: "1 2"},
		`{"Code":"OK","SubsId":"1, 2"}`:                      {ids: "1 2"},
		`{"Code":"isv.NO_NOT_EXIST","Message":"x"}`:          {code: "isv.NO_NOT_EXIST"},
		`<html>`:                                                   {code: bad},
		``:                                                         {code: bad},
		`{"Code":"OK"}`:                                            {code: bad},
		`{"Code":"OK","SubsId":null}`:                              {code: bad},
		`{"Code":"OK","SubsId":{}}`:                                {code: bad},
		`{"Code":"OK","SubsId":[]}`:                                {code: bad},
		`{"Code":"OK","SubsId":[""]}`:                              {code: bad},
		`{"Code":"OK","SubsId":true}`:                              {code: bad},
		`{"Code":"OK","SubsId":false}`:                             {code: bad},
		`{"Code":"OK","SubsId":" "}`:                               {code: bad},
		`{"Code":"OK","SubsId":","}`:                               {code: bad},
		`{"Code":"OK","SubsId":"1,"}`:                              {code: bad},
		`{"Code":"OK","SubsId":"1 2"}`:                             {code: bad},
		`{"Code":"OK","SubsId":"null"}`:                            {code: bad},
		`{"Code":"OK","SubsId":"-1"}`:                              {code: bad},
		`{"Code":"OK","SubsId":-1}`:                                {code: bad},
		`{"Code":"OK","SubsId":1.0}`:                               {code: bad},
		`{"Code":"OK","SubsId":1e15}`:                              {code: bad},
		`{"Code":"OK","SubsId":10000000000000001}`:                 {code: bad}, // may have been rounded
		`{"Code":"OK","subsid":""}`:                                {code: bad},
		`{"Code":"OK","SubsID":""}`:                                {code: bad},
		`{"Code":"OK","subs_id":""}`:                               {code: bad},
		`{"Code":"OK","ſubsId":""}`:                                {code: bad},
		`{"Code":"OK","SubsId":"","SubsID":"1"}`:                   {code: bad},
		`{"Code":"OK","SubsId":"1","SubsId":""}`:                   {code: bad},
		`{"Code":"OK","SubsId":"","SubsId":""}`:                    {code: bad},
		`{"Code":"OK","code":"OK","SubsId":""}`:                    {code: bad},
		`{"code":"OK","SubsId":""}`:                                {code: bad},
		`{"Code":"OK","Code":"OK","SubsId":""}`:                    {code: bad},
		`{"Code":"O K","SubsId":""}`:                               {code: bad},
		`{"Code":["OK"],"SubsId":""}`:                              {code: bad},
		`[{"Code":"OK","SubsId":""}]`:                              {code: bad},
		`{"Data":{"Code":"OK","SubsId":""}}`:                       {code: bad},
		`{"Code":"OK","Data":{"SubsId":""}}`:                       {code: bad},
		`{"Code":"OK","SubsId":"","Data":{"SubsId":"1"}}`:          {code: bad},
		`{"Code":"OK","SubsId":"","Data":[{"subs_id":1}]}`:         {code: bad},
		`{"Code":"OK","SubsId":"","SecretBindDTO":{"SubsId":"1"}}`: {code: bad},
		`{"Code":"isv.NO_NOT_EXIST","SubsId":"1"}`:                 {code: bad},
		`{"Code":"Throttling.User","SubsId":""}`:                   {code: bad}, // under HTTP 200
		`{"Code":"client.AlreadyBound","SubsId":""}`:               {code: bad},
		`{"Code":"","SubsId":""}`:                                  {code: bad},
	} {
		c, last := lookups(t, body)
		got, err := c.QuerySubsID(t.Context(), "FC100000000000001", "17100000000")
		e, _ := errors.AsType[*aliyun.Error](err)
		if (e == nil) != (want.code == "") || e != nil && e.Code != want.code {
			t.Errorf("%s: error %v, want code %q", body, err, want.code)
		}
		if free := err == nil && want.ids == ""; got.Free() != free || strings.Join(got.IDs(), " ") != want.ids {
			t.Errorf("%s: %+v, want %q", body, got, want.ids)
		}
		if q := last.URL.RawQuery; q != "PhoneNoX=17100000000&PoolKey=FC100000000000001" || last.Header.Get("X-Acs-Action") != "QuerySubsId" {
			t.Errorf("sent %s %s", last.Header.Get("X-Acs-Action"), q)
		}
	}
	if (aliyun.Held{}).Free() {
		t.Error("no answer says that X is free")
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
		Live: true, Recording: true, RequestID: "R", Hidden: []string{"CallRestrict", "ASRStatus", "ASRModelId"},
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

// TestQuerySubscriptionDetailUnreadable: a detail that does not say whose binding
// it is, or of another binding, says nothing.
func TestQuerySubscriptionDetailUnreadable(t *testing.T) {
	const whole = `"SubsId":"1","PhoneNoA":"13800138000","PhoneNoX":"17100000000","GroupId":2,"ExpireDate":"2099-01-31 23:59:59",` +
		`"GmtCreate":"2026-11-23 11:00:00","Status":1,"NeedRecord":false,"CallRestrict":"CONTROL_AX_DISABLE","ASRStatus":"true","ASRModelId":"m"`
	detail := func(old, now string) string {
		body := `{"Code":"OK","SecretBindDetailDTO":{` + strings.Replace(whole, old, now, 1) + `}}`
		if old != "" && body == `{"Code":"OK","SecretBindDetailDTO":{`+whole+`}}` {
			t.Fatalf("%s is not in it", old)
		}
		return body
	}
	ask := func(body string) (*aliyun.Subscription, error) {
		c, _ := lookups(t, body)
		return c.QuerySubscriptionDetail(t.Context(), "FC100000000000001", "1", "17100000000")
	}
	s, err := ask(detail("", ""))
	if err != nil || s.CallRestrict != "CONTROL_AX_DISABLE" || !s.ASRStatus || s.ASRModelID != "m" || len(s.Hidden) != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	for _, body := range []string{
		`{"Code":"OK"}`, `{"Code":"OK","SecretBindDetailDTO":null}`, `{"Code":"OK","SecretBindDetailDTO":{}}`,
		`{"Code":"OK","SecretBindDetailDTO":[]}`, `{"Code":"OK","SecretBindDetailDTO":"x"}`, `{"Code":"OK","secretBindDetailDTO":{` + whole + `}}`,
		`{"Code":"OK",` + whole + `}`, `{"Code":"OK","Data":{"SecretBindDetailDTO":{` + whole + `}}}`,
		`{"Code":"isv.SUBS_NOT_EXIST","SecretBindDetailDTO":{` + whole + `}}`,
		`{"Code":"OK","SecretBindDetailDTO":{` + whole + `},"SecretBindDetailDTO":{` + whole + `}}`,
		detail(`"SubsId":"1",`, ``), detail(`"SubsId":"1"`, `"SubsId":"2"`), detail(`"SubsId":"1"`, `"SubsId":null`), detail(`"SubsId":"1"`, `"SubsId":"1","SubsId":"1"`),
		detail(`"PhoneNoX":"17100000000"`, `"PhoneNoX":"17100000001"`), detail(`"PhoneNoX":"17100000000"`, `"PhoneNoX":{}`),
		detail(`"PhoneNoA":"13800138000",`, ``), detail(`"13800138000"`, `"138-0013-8000"`), detail(`"13800138000"`, `"138xxxx8000"`), detail(`"13800138000"`, `""`), detail(`"PhoneNoA"`, `"phoneNoA"`),
		detail(`"GroupId":2,`, ``), detail(`"GroupId":2`, `"GroupId":2.0`), detail(`"GroupId":2`, `"GroupId":null`), detail(`"GroupId":2`, `"GroupID":2`),
		detail(`"Status":1`, `"Status":2`), detail(`"Status":1`, `"Status":true`), detail(`"Status":1,`, ``), detail(`"Status":1`, `"Status":"live"`),
		detail(`"2099-01-31 23:59:59"`, `"31/01/2099"`), detail(`"2026-11-23 11:00:00"`, `1763866800000`),
		detail(`"NeedRecord":false`, `"NeedRecord":"no"`), detail(`"ASRStatus":"true"`, `"ASRStatus":[]`), detail(`"CONTROL_AX_DISABLE"`, `{}`),
	} {
		s, err := ask(body)
		if e, ok := errors.AsType[*aliyun.Error](err); !ok || e.Code != aliyun.CodeBadAnswer || s != nil {
			t.Errorf("%s: %+v, error %v, want %s", body, s, err, aliyun.CodeBadAnswer)
		}
	}
}
