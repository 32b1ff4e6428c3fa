package aliyun_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
)

func TestCredentialHidesItself(t *testing.T) {
	for _, v := range []struct {
		key  aliyun.Credential
		want string
	}{
		{aliyun.Credential{AccessKeyID: "LTAI5tExampleKey1234", AccessKeySecret: "hush-hush"}, "LTA***1234"},
		{aliyun.Credential{AccessKeyID: "STS.NExampleKey5678", AccessKeySecret: "hush-hush", SecurityToken: "hush-token"}, "STS***5678 (temporary)"},
		{aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "hush-hush"}, "***(6)"},
		{aliyun.Credential{}, "***(0)"},
	} {
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("key", "key", v.key)
		js, err := json.Marshal(v.key)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{
			v.key.String(), fmt.Sprintf("%v", v.key), fmt.Sprintf("%+v", &v.key), fmt.Sprintf("%#v", v.key),
			fmt.Sprintf("%s %q", v.key, v.key), fmt.Sprintf("%v", struct{ K aliyun.Credential }{v.key}), log.String(), string(js),
		} {
			if !strings.Contains(text, v.want) {
				t.Errorf("%q does not show %q", text, v.want)
			}
			if strings.Contains(text, "hush") || strings.Contains(text, "Example") || strings.Contains(text, "testid") {
				t.Errorf("%q shows too much", text)
			}
		}
	}
}

func TestDefaultChainEnvironment(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tEnvironment\n")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", " secret\r\n")
	t.Setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "token\n")
	want := aliyun.Credential{AccessKeyID: "LTAI5tEnvironment", AccessKeySecret: "secret", SecurityToken: "token"}
	if got, err := aliyun.DefaultChain().Credential(context.Background()); got != want || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

// TestDefaultChainFiles: both files are found, and a key that appears after a
// failure is found too, which the library by itself would not do.
func TestDefaultChainFiles(t *testing.T) {
	for _, v := range []struct{ folder, name, text string }{
		{".aliyun", "config.json", `{"current":"p","profiles":[{"name":"p","mode":"AK","access_key_id":"LTAIprofile","access_key_secret":"s"}]}`},
		{".alibabacloud", "credentials", "[default]\ntype = access_key\naccess_key_id = LTAIfile\naccess_key_secret = s\n"},
	} {
		t.Run(v.name, func(t *testing.T) {
			home := t.TempDir()
			t.Setenv("HOME", home)
			t.Setenv("USERPROFILE", home)
			chain := aliyun.DefaultChain()
			if _, err := chain.Credential(context.Background()); !errors.Is(err, aliyun.ErrNoCredentials) {
				t.Fatalf("%v", err)
			}
			write(t, filepath.Join(home, v.folder, v.name), v.text)
			if got, err := chain.Credential(context.Background()); !strings.Contains(v.text, got.AccessKeyID) || err != nil {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestNoCredentials: the error names every place looked at and no value found
// there. The library's own text quotes the whole broken file.
func TestNoCredentials(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	write(t, filepath.Join(home, ".aliyun", "config.json"), `{"profiles":[{"access_key_secret":"hush-profile"`)
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIhushhush")
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, `{"AccessKeySecret":"hush-uri"}`) })
	t.Setenv("ALIBABA_CLOUD_CREDENTIALS_URI", s.URL+"/?token=hush")

	_, err := aliyun.DefaultChain().Credential(context.Background())
	if !errors.Is(err, aliyun.ErrNoCredentials) {
		t.Fatal(err)
	}
	for _, want := range []string{
		"environment (ALIBABA_CLOUD_ACCESS_KEY_SECRET not set)",
		"OIDC (ALIBABA_CLOUD_OIDC_TOKEN_FILE, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_ROLE_ARN not set)",
		"CLI profile (~/.aliyun/config.json is not the JSON of profiles)",
		"credentials file (~/.alibabacloud/credentials does not exist)",
		"ECS role (switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED)",
		"URI (set, but gave no key)",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), home) || strings.Contains(err.Error(), "://") {
		t.Errorf("says too much: %v", err)
	}
	if _, err := aliyun.Static(aliyun.Credential{AccessKeyID: "only"}).Credential(context.Background()); !errors.Is(err, aliyun.ErrNoCredentials) {
		t.Errorf("static without secret: %v", err)
	}
}

// TestChainAsking: how often the source is asked and when callers wait for it.
func TestChainAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked, built atomic.Int32
		var down atomic.Bool
		c := aliyun.Chain(func() func() (aliyun.Credential, error) {
			built.Add(1)
			return func() (aliyun.Credential, error) {
				n := asked.Add(1)
				time.Sleep(time.Second)
				if down.Load() {
					return aliyun.Credential{}, errors.New("hush")
				}
				return aliyun.Credential{AccessKeyID: fmt.Sprint("id", n), AccessKeySecret: "s"}, nil
			}
		})
		get := func(want string, takes time.Duration) {
			t.Helper()
			start := time.Now()
			key, err := c.Credential(context.Background())
			if key.AccessKeyID != want || err != nil || time.Since(start) != takes {
				t.Errorf("after %v: %q, %v in %v; want %q in %v", start, key.AccessKeyID, err, time.Since(start), want, takes)
			}
		}

		var all sync.WaitGroup // many at once: one asks, all wait
		for range 100 {
			all.Go(func() { get("id1", time.Second) })
		}
		all.Wait()
		time.Sleep(59 * time.Second)
		get("id1", 0)
		time.Sleep(2 * time.Second) // over a minute: asked behind the callers' back
		get("id1", 0)
		get("id1", 0)
		time.Sleep(2 * time.Second)
		get("id2", 0)
		time.Sleep(3 * time.Minute) // perhaps dead: waited for
		get("id3", time.Second)

		down.Store(true) // the old key serves on
		time.Sleep(61 * time.Second)
		get("id3", 0)
		time.Sleep(3 * time.Minute)
		get("id3", time.Second)
		down.Store(false)
		time.Sleep(time.Second)
		get("id6", time.Second)
		if built.Load() != 3 { // once, and once after each failure
			t.Errorf("built %d times", built.Load())
		}

		old, _ := c.Credential(context.Background())
		for range 100 { // reports of one expiry
			c.Invalidate(old)
		}
		get("id7", time.Second)
		now, _ := c.Credential(context.Background())
		c.Invalidate(now) // at once: the source gives dead keys
		get("id7", 0)
		time.Sleep(10 * time.Second)
		c.Invalidate(old) // a late report, of a call that left before
		get("id7", 0)
		c.Invalidate(now)
		get("id8", time.Second)
		if built.Load() != 5 {
			t.Errorf("built %d times", built.Load())
		}
	})
}

// TestChainInvalidatedWhileAsking: a key asked for before the invalidation is
// not kept after it, and the source is never asked twice at once.
func TestChainInvalidatedWhileAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked, busy atomic.Int32
		c := aliyun.Chain(func() func() (aliyun.Credential, error) {
			return func() (aliyun.Credential, error) {
				if busy.Add(1) != 1 {
					t.Error("asked twice at once")
				}
				defer busy.Add(-1)
				n := asked.Add(1)
				time.Sleep(time.Second)
				return aliyun.Credential{AccessKeyID: fmt.Sprint("id", n), AccessKeySecret: "s"}, nil
			}
		})
		first, _ := c.Credential(context.Background())
		time.Sleep(61 * time.Second)
		c.Credential(context.Background()) // asks behind the caller's back
		synctest.Wait()
		c.Invalidate(first)
		if key, err := c.Credential(context.Background()); key.AccessKeyID != "id3" || err != nil {
			t.Errorf("%v, %v", key.AccessKeyID, err)
		}
		if key, _ := c.Credential(context.Background()); key.AccessKeyID != "id3" {
			t.Errorf("kept %v", key.AccessKeyID)
		}
	})
}

// TestChainObeysContext: a source that hangs holds no caller back.
func TestChainObeysContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := aliyun.Chain(func() func() (aliyun.Credential, error) {
			return func() (aliyun.Credential, error) { time.Sleep(time.Minute); return testKey, nil }
		})
		client := newClient(t, aliyun.Options{Credentials: c, Endpoint: "http://127.0.0.1:1", Timeout: 3 * time.Second})
		result, err := client.BindAxg(context.Background(), fullRequest())
		wantError(t, result, err, "client.NotSent", aliyun.NotSent, false)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		time.Sleep(time.Minute)
	})
}

// TestDefaultChainConcurrently is for the race detector: the library's chain
// by itself fails it.
func TestDefaultChainConcurrently(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	write(t, filepath.Join(home, ".aliyun", "config.json"),
		`{"current":"p","profiles":[{"name":"p","mode":"StsToken","access_key_id":"LTAIprofile","access_key_secret":"s","sts_token":"t"}]}`)
	chain := aliyun.DefaultChain()
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for i := range 50 {
				key, err := chain.Credential(context.Background())
				if err != nil || key.SecurityToken != "t" {
					t.Errorf("%v, %v", key, err)
				}
				if i%10 == 0 {
					chain.Invalidate(key)
				}
			}
		})
	}
	all.Wait()
}

// TestExpiredToken: the call ends stale, and the next one brings a new key.
func TestExpiredToken(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Acs-Security-Token") == "token1" {
			w.WriteHeader(400)
			io.WriteString(w, `{"Code":"InvalidSecurityToken.Expired","Message":"Specified SecurityToken is expired."}`)
			return
		}
		io.WriteString(w, bound)
	})
	var built atomic.Int32
	c := newClient(t, aliyun.Options{Endpoint: s.URL, Credentials: aliyun.Chain(func() func() (aliyun.Credential, error) {
		token := fmt.Sprint("token", built.Add(1))
		return func() (aliyun.Credential, error) {
			return aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "testsecret", SecurityToken: token}, nil
		}
	})})
	result, err := c.BindAxg(context.Background(), fullRequest())
	wantError(t, result, err, "InvalidSecurityToken.Expired", aliyun.Stale, true)
	if _, err := c.BindAxg(context.Background(), fullRequest()); err != nil {
		t.Error(err)
	}
}
