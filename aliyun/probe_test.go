package aliyun_test

import (
	"errors"
	"testing"
	"time"

	"axgbind/aliyun"
)

func TestProbe(t *testing.T) {
	for body, code := range map[string]string{
		`{"Code":"OK","SubsId":""}`:           "",
		`{"Code":"isv.NO_NOT_EXIST"}`:         "isv.NO_NOT_EXIST",
		`{"Code":"POOLKEY_NOT_EXIST"}`:        "POOLKEY_NOT_EXIST",
		`{"Code":"InvalidTimeStamp.Expired"}`: "client.BadAnswer", // a gateway's code under HTTP 200
	} {
		c, last := lookups(t, body)
		got, err := c.Probe(t.Context(), "FC100000000000001", "17000000000")
		e, _ := errors.AsType[*aliyun.Error](err)
		if (e == nil) != (code == "") || e != nil && e.Code != code {
			t.Errorf("%s: error %v", body, err)
		}
		if !got.Dated || got.Ahead < 85*time.Second || got.Ahead > 91*time.Second {
			t.Errorf("%s: %+v, want about 90 s", body, got)
		}
		if last.Header.Get("X-Acs-Action") != "QuerySubsId" || last.URL.RawQuery != "PhoneNoX=17000000000&PoolKey=FC100000000000001" {
			t.Errorf("sent %s", last.URL.RawQuery)
		}
	}
}
