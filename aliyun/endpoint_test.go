package aliyun_test

import (
	"strings"
	"testing"

	"axgbind/aliyun"
)

func TestParseEndpoint(t *testing.T) {
	for in, want := range map[string]string{ // empty: refused
		"":                                          aliyun.DefaultEndpoint,
		"https://dyplsapi.aliyuncs.com":             "https://dyplsapi.aliyuncs.com",
		"https://dyplsapi.aliyuncs.com/":            "https://dyplsapi.aliyuncs.com",
		"HTTPS://DyplsApi.AliyunCS.com:443":         "https://dyplsapi.aliyuncs.com",
		"https://dyplsapi.aliyuncs.com:0443":        "https://dyplsapi.aliyuncs.com",
		"https://dyplsapi.aliyuncs.com:8443":        "https://dyplsapi.aliyuncs.com:8443",
		"https://10.0.0.1:8443":                     "https://10.0.0.1:8443",
		"http://127.0.0.1:8080":                     "http://127.0.0.1:8080",
		"http://127.9.9.9:80":                       "http://127.9.9.9",
		"http://LOCALHOST:1":                        "http://localhost:1",
		"http://[::1]:9":                            "http://[::1]:9",
		"http://[::1]:80":                           "http://[::1]",
		"http://dyplsapi.aliyuncs.com":              "",
		"http://10.0.0.1:8080":                      "",
		"http://localhost.example.com":              "",
		"http://127.0.0.1.example.com":              "",
		"dyplsapi.aliyuncs.com":                     "",
		"dyplsapi.aliyuncs.com:443":                 "",
		"ftp://dyplsapi.aliyuncs.com":               "",
		"https://":                                  "",
		"https://:443":                              "",
		"https:dyplsapi.aliyuncs.com":               "",
		"https://user:hush@dyplsapi.aliyuncs.com":   "",
		"https://dyplsapi.aliyuncs.com/rpc":         "",
		"https://dyplsapi.aliyuncs.com//":           "",
		"https://dyplsapi.aliyuncs.com?hush=b":      "",
		"https://dyplsapi.aliyuncs.com?":            "",
		"https://dyplsapi.aliyuncs.com#":            "",
		"https://dyplsapi.aliyuncs.com#x":           "",
		"https://dyplsapi.aliyuncs.com:":            "",
		"https://dyplsapi.aliyuncs.com:0":           "",
		"https://dyplsapi.aliyuncs.com:65536":       "",
		"https://dyplsapi.aliyuncs.com:99999999999": "",
		"https://接口.example.com":                    "",
		"https://a%20b":                             "",
		"https://[fe80::1%25eth0]":                  "",
		" https://dyplsapi.aliyuncs.com":            "",
	} {
		got, err := aliyun.ParseEndpoint(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: the error repeats the password: %v", in, err)
		}
		if want != "" {
			if again, err := aliyun.ParseEndpoint(got); err != nil || again != got {
				t.Errorf("%q: parsed again %q, %v", got, again, err)
			}
		}
	}
}

func TestNewRefuses(t *testing.T) {
	key := aliyun.Static(testKey)
	for name, o := range map[string]aliyun.Options{
		"no credentials": {},
		"endpoint":       {Credentials: key, Endpoint: "http://example.com"},
		"timeout":        {Credentials: key, Timeout: -1},
		"connections":    {Credentials: key, MaxConns: -1},
		"user agent":     {Credentials: key, UserAgent: "a\r\nX-Evil: 1"},
	} {
		if c, err := aliyun.New(o); err == nil || c != nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
