package aliyun_test

import (
	"net/url"
	"reflect"
	"sort"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestSign holds the signature against the one vector the vendor publishes
// for version 3, and against derived ones that two other implementations
// agree on.
func TestSign(t *testing.T) {
	derived := time.Date(2026, 11, 23, 3, 4, 5, 0, time.UTC)
	for _, v := range []struct {
		name, host, action, version, query, nonce string
		at                                        time.Time
		key                                       aliyun.Credential
		hash, signature                           string
	}{
		{
			name: "published RunInstances", host: "ecs.cn-shanghai.aliyuncs.com", action: "RunInstances", version: "2014-05-26",
			query: "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai",
			nonce: "3156853299f313e23d1673dc12e1703d", at: time.Date(2023, 10, 26, 18, 22, 32, 0, time.FixedZone("", 8*3600)),
			key:       aliyun.Credential{AccessKeyID: "YourAccessKeyId", AccessKeySecret: "YourAccessKeySecret"},
			hash:      "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259",
			signature: "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
		},
		{
			name: "derived BindAxg", host: "dyplsapi.aliyuncs.com", action: "BindAxg", version: "2017-05-25",
			query: derivedQuery, nonce: "0f3c2b1a000040008000000000000001", at: derived, key: testKey,
			hash:      "875270bc057723021e1e49f3234c4266734127b1a31b31fe44d204f9a48364b7",
			signature: "d66731a4a47fe65ff3e77a68b93801729c07e09b55386dd1c7d12a1ac7e341d0",
		},
		{
			name: "derived BindAxg, STS", host: "dyplsapi.aliyuncs.com", action: "BindAxg", version: "2017-05-25",
			query: derivedQuery, nonce: "0f3c2b1a000040008000000000000001", at: derived,
			key:       aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "testsecret", SecurityToken: "sts/token+1=="},
			hash:      "1532d5d7abe3794e08bde5c3cc7889e1077968c27fad63f3e91c71d02ee46147",
			signature: "b93d84996f72d38086bb197976c0736694b687db3c7cc8315c68f1d3b31a2d88",
		},
	} {
		t.Run(v.name, func(t *testing.T) {
			hash, signature := aliyun.SignQuery(v.host, v.action, v.version, v.query, v.nonce, v.at, v.key)
			if hash != v.hash {
				t.Errorf("canonical request's hash %s, want %s", hash, v.hash)
			}
			if signature != v.signature {
				t.Errorf("signature %s, want %s", signature, v.signature)
			}
		})
	}
}

func TestQuery(t *testing.T) {
	yes, no := true, false
	for _, v := range []struct {
		name string
		r    *aliyun.BindAxgRequest
		want string
	}{
		{"derived", fullRequest(), derivedQuery},
		{"nothing", &aliyun.BindAxgRequest{}, ""},
		{"everything", &aliyun.BindAxgRequest{
			PoolKey: "FC1", PhoneNoA: "1", PhoneNoB: "2", PhoneNoX: "3", GroupID: 4,
			Expiration: time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("west", -7*3600)),
			ExpectCity: "上海", IsRecordingEnabled: &yes, OutID: "a b+c", OutOrderID: "é", CallDisplayType: 1,
			CallRestrict: "CONTROL_AX_DISABLE", ASRStatus: &no, ASRModelID: "m", RingConfig: `{"AXGRing_AB":"100000001"}`,
		}, "ASRModelId=m&ASRStatus=false&CallDisplayType=1&CallRestrict=CONTROL_AX_DISABLE&ExpectCity=%E4%B8%8A%E6%B5%B7" +
			"&Expiration=2026-01-01%2015%3A00%3A00&GroupId=4&IsRecordingEnabled=true&OutId=a%20b%2Bc&OutOrderId=%C3%A9" +
			"&PhoneNoA=1&PhoneNoB=2&PhoneNoX=3&PoolKey=FC1&RingConfig=%7B%22AXGRing_AB%22%3A%22100000001%22%7D"},
	} {
		t.Run(v.name, func(t *testing.T) {
			if diff := cmp.Diff(v.want, aliyun.Query(v.r)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if n := reflect.TypeFor[aliyun.BindAxgRequest]().NumField(); n != 15+1 {
		t.Errorf("a request has %d fields, the query 15, and an Intent is not sent: send the new one and count it here", n)
	}
}

// TestQueryReadsBack: whatever the values, the query is sorted, holds only
// what the signature rules leave as it is, and reads back to the values.
func TestQueryReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		r := &aliyun.BindAxgRequest{
			PoolKey: text.Draw(t, "pool"), PhoneNoA: text.Draw(t, "a"), PhoneNoX: text.Draw(t, "x"),
			GroupID: rapid.Int64().Draw(t, "group"), OutID: text.Draw(t, "out"), RingConfig: text.Draw(t, "ring"),
			Expiration: time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "expiration"), 0),
		}
		q := aliyun.Query(r)
		if i := strings.IndexFunc(q, func(r rune) bool {
			return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~%=&", r)
		}); i >= 0 {
			t.Fatalf("query holds %q", q[i])
		}
		parts := strings.Split(q, "&")
		if !sort.StringsAreSorted(parts) {
			t.Fatalf("not sorted: %s", q)
		}
		got, err := url.ParseQuery(q)
		if err != nil {
			t.Fatal(err)
		}
		beijing := time.FixedZone("", 8*3600)
		back, err := time.ParseInLocation(time.DateTime, got.Get("Expiration"), beijing)
		if err != nil || !back.Equal(r.Expiration) {
			t.Fatalf("expiration %v, want %v (%v)", back, r.Expiration, err)
		}
		for name, want := range map[string]string{
			"PoolKey": r.PoolKey, "PhoneNoA": r.PhoneNoA, "PhoneNoX": r.PhoneNoX, "OutId": r.OutID, "RingConfig": r.RingConfig,
		} {
			if got.Get(name) != want || got.Has(name) != (want != "") {
				t.Fatalf("%s reads back as %q, want %q", name, got.Get(name), want)
			}
		}
	})
}
