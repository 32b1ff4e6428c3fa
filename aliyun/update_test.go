package aliyun_test

import (
	"errors"
	"testing"
	"time"

	"axgbind/aliyun"
)

func TestUpdateSubscription(t *testing.T) {
	all := aliyun.UpdateRequest{
		PoolKey: "FC100000000000001", SubsID: "1000000000000001", PhoneNoX: "17100000000",
		Expiration: time.Date(2027, 1, 31, 15, 59, 59, 0, time.UTC), PhoneNoB: "057188992688", GroupID: 7,
		CallRestrict: "CONTROL_CLEAR_DISABLE", OutID: "a b",
	}
	const same = "PhoneNoX=17100000000&PoolKey=FC100000000000001&SubsId=1000000000000001"
	for operate, want := range map[aliyun.Operate]string{
		aliyun.UpdateExpire:       "Expiration=2027-01-31%2023%3A59%3A59&OperateType=updateExpire&" + same,
		aliyun.UpdateNoB:          "OperateType=updateNoB&PhoneNoB=057188992688&" + same,
		aliyun.UpdateGroup:        "GroupId=7&OperateType=updateAxgGroup&" + same,
		aliyun.UpdateCallRestrict: "CallRestrict=CONTROL_CLEAR_DISABLE&OperateType=updateCallRestrict&" + same,
		aliyun.UpdateRecording:    "IsRecordingEnabled=false&OperateType=updateIsRecordingEnabled&" + same,
		aliyun.UpdateOutID:        "OperateType=updateOutId&OutId=a%20b&" + same,
	} {
		c, last := lookups(t, `{"Code":"OK","Message":"OK","RequestId":"R","ChargeId":""}`)
		r := all
		r.Operate = operate
		got, err := c.UpdateSubscription(t.Context(), &r)
		if err != nil || got.RequestID != "R" || got.Message != "OK" {
			t.Errorf("%s: %+v, %v", operate, got, err)
		}
		if last.URL.RawQuery != want || last.Header.Get("X-Acs-Action") != "UpdateSubscription" {
			t.Errorf("%s sent %s, want %s", operate, last.URL.RawQuery, want)
		}
	}
	c, _ := lookups(t, `{"Code":"isv.SUBS_NOT_EXIST","Message":"x"}`)
	if e, ok := errors.AsType[*aliyun.Error](second(c.UpdateSubscription(t.Context(), &all))); !ok || e.Code != "isv.SUBS_NOT_EXIST" {
		t.Errorf("error %v", e)
	}
}

// TestOtherAnswer: an OK that names another binding is the answer to another call.
func TestOtherAnswer(t *testing.T) {
	for body, ok := range map[string]bool{
		bound:                            false,
		`{"Code":"OK","SubsId":"5"}`:     false,
		`{"Code":"OK","SubsId":"7"}`:     true,
		`{"Code":"OK","SubsId":""}`:      true,
		`{"Code":"OK","SubsId":["7"]}`:   false,
		`{"Code":"OK","Code":"OK"}`:      false,
		`{"Code":"OK","RequestId":null}`: true,
	} {
		c, _ := lookups(t, body)
		for name, err := range map[string]error{
			"update": second(c.UpdateSubscription(t.Context(), &aliyun.UpdateRequest{SubsID: "7", Operate: aliyun.UpdateOutID})),
			"unbind": second(c.UnbindSubscription(t.Context(), &aliyun.UnbindRequest{SubsID: "7"})),
		} {
			e, is := errors.AsType[*aliyun.Error](err)
			if (err == nil) != ok || is && e.Code != aliyun.CodeBadAnswer {
				t.Errorf("%s: %s: %v", name, body, err)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestQuerySecretNoDetail(t *testing.T) {
	for _, test := range []struct {
		body string
		want aliyun.Number
		code string
	}{
		{`{"Code":"OK","SecretNoInfoDTO":{"SecretStatus":0,"City":"杭州"}}`, aliyun.Number{SecretNo: "17100000000", State: aliyun.NumberFree, City: "杭州"}, ""},
		{`{"Code":"OK","SecretNoInfoDTO":{"SecretStatus":"1"}}`, aliyun.Number{SecretNo: "17100000000", State: aliyun.NumberBound}, ""},
		{`{"Code":"OK","SecretNoInfoDTO":{"SecretStatus":2,"City":"北京"}}`, aliyun.Number{SecretNo: "17100000000", State: aliyun.NumberLocked, City: "北京"}, ""},
		{`{"Code":"OK"}`, aliyun.Number{}, aliyun.CodeBadAnswer},
		{`{"Code":"FlowLimited"}`, aliyun.Number{}, "FlowLimited"},
	} {
		c, last := lookups(t, test.body)
		got, err := c.QuerySecretNoDetail(t.Context(), "FC100000000000001", "17100000000")
		if test.code != "" {
			if e, ok := errors.AsType[*aliyun.Error](err); !ok || e.Code != test.code {
				t.Errorf("%s: error %v", test.body, err)
			}
			continue
		}
		if err != nil || *got != test.want {
			t.Errorf("%s: %+v, %v", test.body, got, err)
		}
		if q := last.URL.RawQuery; q != "PoolKey=FC100000000000001&SecretNo=17100000000" {
			t.Errorf("sent %s", q)
		}
	}
}
