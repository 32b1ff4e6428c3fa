package aliyun_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
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

func TestStaticWithoutSecret(t *testing.T) {
	if _, err := aliyun.Static(aliyun.Credential{AccessKeyID: "only"}).Credential(context.Background()); !errors.Is(err, aliyun.ErrNoCredentials) {
		t.Errorf("%v", err)
	}
}

// renewed has another token once one was called expired.
type renewed struct{ expired atomic.Int32 }

func (r *renewed) Credential(context.Context) (aliyun.Credential, error) {
	return aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "testsecret", SecurityToken: fmt.Sprint("token", 1+r.expired.Load())}, nil
}

func (r *renewed) Invalidate(aliyun.Credential) { r.expired.Add(1) }

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
	c := newClient(t, aliyun.Options{Endpoint: s.URL, Credentials: &renewed{}})
	result, err := c.BindAxg(context.Background(), fullRequest())
	wantError(t, result, err, "InvalidSecurityToken.Expired", aliyun.Stale, true)
	if _, err := c.BindAxg(context.Background(), fullRequest()); err != nil {
		t.Error(err)
	}
}

// silent never has a key.
type silent struct{}

func (silent) Credential(ctx context.Context) (aliyun.Credential, error) {
	<-ctx.Done()
	return aliyun.Credential{}, ctx.Err()
}

func (silent) Invalidate(aliyun.Credential) {}

// TestNoKeyInTime: a call that waits for its key ends with its own time, unsent.
func TestNoKeyInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newClient(t, aliyun.Options{Credentials: silent{}, Endpoint: "http://127.0.0.1:1", Timeout: 3 * time.Second})
		result, err := client.BindAxg(context.Background(), fullRequest())
		wantError(t, result, err, "client.NotSent", aliyun.NotSent, false)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}
