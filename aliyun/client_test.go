package aliyun_test

import (
	"io"
	"log"
	"os"
	"strings"
	"testing"
	"time"

	"axgbind/aliyun"

	"go.uber.org/goleak"
)

// TestMain keeps the tests away from this machine's proxies: no test asks a network but
// loopback.
func TestMain(m *testing.M) {
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); strings.HasSuffix(strings.ToUpper(name), "_PROXY") {
			os.Unsetenv(name)
		}
	}
	goleak.VerifyTestMain(m)
}

const derivedQuery = "ExpectCity=%E5%8C%97%E4%BA%AC&Expiration=2026-12-31%2023%3A59%3A59&GroupId=2000000000001&OutId=row-1%2A~%28a%29&PhoneNoA=13900001111&PhoneNoB=057188992688&PoolKey=FC100000000000001"

var testKey = aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "testsecret"}

// fullRequest is the request of the derived vectors.
func fullRequest() *aliyun.BindAxgRequest {
	return &aliyun.BindAxgRequest{
		PoolKey: "FC100000000000001", PhoneNoA: "13900001111", GroupID: 2000000000001, PhoneNoB: "057188992688",
		Expiration: time.Date(2026, 12, 31, 15, 59, 59, 999, time.UTC), ExpectCity: "北京", OutID: "row-1*~(a)",
	}
}

func newClient(t testing.TB, o aliyun.Options) *aliyun.Client {
	t.Helper()
	if o.Credentials == nil {
		o.Credentials = aliyun.Static(testKey)
	}
	c, err := aliyun.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// quiet swallows what a server logs about connections that tests break.
func quiet() *log.Logger { return log.New(io.Discard, "", 0) }
