package keychain_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/keychain"
)

func TestDefaultEnvironment(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAI5tEnvironment\n")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", " secret\r\n")
	t.Setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "token\n")
	want := aliyun.Credential{AccessKeyID: "LTAI5tEnvironment", AccessKeySecret: "secret", SecurityToken: "token"}
	if got, err := keychain.Default().Credential(context.Background()); got != want || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

// TestDefaultFiles: both files are found, and a key that appears after a
// failure is found too, which the library by itself would not do.
func TestDefaultFiles(t *testing.T) {
	for _, v := range []struct{ folder, name, text string }{
		{".aliyun", "config.json", `{"current":"p","profiles":[{"name":"p","mode":"AK","access_key_id":"LTAIprofile","access_key_secret":"s"}]}`},
		{".alibabacloud", "credentials", "[default]\ntype = access_key\naccess_key_id = LTAIfile\naccess_key_secret = s\n"},
	} {
		t.Run(v.name, func(t *testing.T) {
			home := t.TempDir()
			t.Setenv("HOME", home)
			t.Setenv("USERPROFILE", home)
			chain := keychain.Default()
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

	_, err := keychain.Default().Credential(context.Background())
	if !errors.Is(err, aliyun.ErrNoCredentials) {
		t.Fatal(err)
	}
	for _, want := range []string{
		"environment (ALIBABA_CLOUD_ACCESS_KEY_SECRET not set)",
		"OIDC (ALIBABA_CLOUD_OIDC_TOKEN_FILE, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_ROLE_ARN not set)",
		"CLI profile (~/.aliyun/config.json: the file is broken JSON: it ends too soon, after 48 bytes)",
		"credentials file (~/.alibabacloud/credentials does not exist)",
		"ECS role (switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED)",
		"URI (server named in ALIBABA_CLOUD_CREDENTIALS_URI: the answer holds no key)",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), home) || strings.Contains(err.Error(), "://") {
		t.Errorf("says too much: %v", err)
	}
}

// TestSourceFaults: a source that was set up and gives no key tells the cause, and
// nothing of what it holds.
func TestSourceFaults(t *testing.T) {
	const good = `"mode":"AK","access_key_id":"LTAIhush","access_key_secret":"hush"`
	profile := func(settings string) string { return `{"current":"p","profiles":[{"name":"p",` + settings + `}]}` }
	const ofP = `profile "p" of ~/.aliyun/config.json: `
	const ofDefault = `section "default" of ~/.alibabacloud/credentials: `
	for _, c := range []struct {
		name, config, ini string
		vars              []string
		want, zh          string // of the first fault; zh: a part of it in Chinese
		form              bool
	}{
		{name: "other profile", config: `{"current":"p","profiles":[{"name":"p",` + good + `},null,{"name":"day"}]}`, vars: []string{"ALIBABA_CLOUD_PROFILE", "night"},
			want: `profile "night" of ~/.aliyun/config.json: there is no such profile; in the file are "p", "day"`, zh: `~/.aliyun/config.json的配置 "night"：没有这个配置；文件中有 "p"`},
		{name: "no current profile", config: `{"profiles":[{"name":"p",` + good + `}]}`, want: "~/.aliyun/config.json: it names no profile as current, and ALIBABA_CLOUD_PROFILE is not set", zh: "没有指定当前配置"},
		{name: "broken in the middle", config: "{\n \"current\": \"p\",\n hush\n}", want: "~/.aliyun/config.json: the file is broken JSON at byte 21, in line 3", zh: "第 21 字节（第 3 行）"},
		{name: "cut off", config: `{"current":"p","profiles":[{"access_key_secret":"hush`, want: "~/.aliyun/config.json: the file is broken JSON: it ends too soon, after 53 bytes", zh: "第 53 字节之后中断"},
		{name: "BOM", config: "\ufeff" + profile(good), want: "~/.aliyun/config.json: the file begins with a byte order mark (BOM), which JSON has not: save it as UTF-8 without BOM", zh: "BOM"},
		{name: "UTF-16", config: "\xff\xfe{\x00", want: "~/.aliyun/config.json: the file is UTF-16: save it as UTF-8 without BOM", zh: "UTF-16"},
		{name: "another kind of value", config: profile(`"expired_seconds":"hush"`), want: "~/.aliyun/config.json: the file has another kind of value in profiles.expired_seconds than the vendor's CLI writes, at byte 63", zh: "类型"},
		{name: "no profiles", config: "null", want: "~/.aliyun/config.json: the file has no profiles", zh: "没有任何配置"},
		{name: "empty file", config: " \n", want: "~/.aliyun/config.json: the file is empty", zh: "空的"},
		{name: "named file that is not there", vars: []string{"ALIBABA_CLOUD_CONFIG_FILE", "/nowhere/hush.json"}, want: "the file named in ALIBABA_CLOUD_CONFIG_FILE: the file does not exist", zh: "不存在"},
		{name: "named file that is a folder", vars: []string{"ALIBABA_CLOUD_CONFIG_FILE", "$HOME"}, want: "the file named in ALIBABA_CLOUD_CONFIG_FILE: the file is a folder", zh: "文件夹"},
		{name: "below a file", config: " ", vars: []string{"ALIBABA_CLOUD_CONFIG_FILE", "$HOME/.aliyun/config.json/hush"}, want: "the file named in ALIBABA_CLOUD_CONFIG_FILE: the file cannot be read", zh: "无法读取"},
		{name: "no mode", config: profile(`"x":1`), want: ofP + "mode is missing or empty", zh: "mode 缺失或为空"},
		{name: "other mode", config: profile(`"mode":"hush"`), want: ofP + "its mode is none of AK, StsToken, RamRoleArn, EcsRamRole, OIDC, ChainableRamRoleArn, CloudSSO, OAuth, External", zh: "mode 不是"},
		{name: "nothing in it", config: profile(`"mode":"AK","access_key_id":" "`), want: ofP + "access_key_id, access_key_secret are missing or empty", zh: "access_key_id, access_key_secret 缺失"},
		{name: "no token", config: profile(`"mode":"StsToken","access_key_id":"hush","access_key_secret":"hush"`), want: ofP + "sts_token is missing or empty", zh: "sts_token"},
		{name: "no role", config: profile(`"mode":"RamRoleArn","access_key_id":"hush","access_key_secret":"hush"`), want: ofP + "ram_role_arn is missing or empty", zh: "ram_role_arn"},
		{name: "short role", config: profile(`"mode":"RamRoleArn","access_key_id":"hush","access_key_secret":"hush","ram_role_arn":"hush","expired_seconds":60`), want: ofP + "its expired_seconds is under 900", zh: "900"},
		{name: "no source", config: profile(`"mode":"ChainableRamRoleArn"`), want: ofP + "source_profile is missing or empty", zh: "source_profile"},
		{name: "other source", config: profile(`"mode":"ChainableRamRoleArn","source_profile":"hush"`), want: ofP + "there is no profile of the name of its source_profile", zh: "source_profile"},
		{name: "circle", config: profile(`"mode":"ChainableRamRoleArn","source_profile":"p"`), want: ofP + "its source_profile leads back to itself", zh: "循环"},
		{name: "no token file", config: profile(`"mode":"OIDC","oidc_provider_arn":"hush","ram_role_arn":"hush"`), want: ofP + "oidc_token_file is missing or empty", zh: "oidc_token_file"},
		{name: "token file is not there", config: profile(`"mode":"OIDC","oidc_token_file":"/nowhere/hush"`), want: ofP + "its oidc_token_file does not exist", zh: "不存在"},
		{name: "token file without provider", config: profile(`"mode":"OIDC","oidc_token_file":"$HOME/token"`), want: ofP + "oidc_provider_arn, ram_role_arn are missing or empty", zh: "缺失"},
		{name: "login over", config: profile(`"mode":"CloudSSO","cloud_sso_sign_in_url":"hush","cloud_sso_account_id":"hush","cloud_sso_access_config":"hush","access_token":"hush","cloud_sso_access_token_expire":1`), want: ofP + "its login has ended: log in again with the vendor's CLI", zh: "重新登录"},
		{name: "no login", config: profile(`"mode":"OAuth","oauth_site_type":"CN"`), want: ofP + "it has no login: log in with the vendor's CLI", zh: "登录"},
		{name: "role switched off", config: profile(`"mode":"EcsRamRole"`), want: ofP + "the ECS role it wants is switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED", zh: "关闭"},
		{name: "half an environment", vars: []string{"ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hush"}, want: "environment: ALIBABA_CLOUD_ACCESS_KEY_ID not set", zh: "没有设置 ALIBABA_CLOUD_ACCESS_KEY_ID"},
		{name: "pod without role", vars: []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/nowhere/hush"}, want: "OIDC: ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_ROLE_ARN not set", zh: "没有设置"},
		{name: "pod without token file", vars: []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/nowhere/hush", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "hush", "ALIBABA_CLOUD_ROLE_ARN", "hush"}, want: "OIDC: the file named in ALIBABA_CLOUD_OIDC_TOKEN_FILE does not exist", zh: "不存在"},
		{name: "pod with a folder as token file", vars: []string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "$HOME", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "hush", "ALIBABA_CLOUD_ROLE_ARN", "hush"}, want: "OIDC: the file named in ALIBABA_CLOUD_OIDC_TOKEN_FILE is a folder", zh: "文件夹"},
		{name: "other section", ini: "[default]\ntype=access_key\naccess_key_id=hush\naccess_key_secret=hush\n", vars: []string{"ALIBABA_CLOUD_PROFILE", "night"}, want: `section "night" of ~/.alibabacloud/credentials: there is no such section`, zh: "没有这个小节"},
		{name: "no type", ini: "[default]\naccess_key_id=hush\n", want: ofDefault + "type is missing or empty", zh: "type"},
		{name: "other type", ini: "[default]\ntype=hush\n", want: ofDefault + "its type is none of access_key, ecs_ram_role, ram_role_arn", zh: "type"},
		{name: "no secret", ini: "[default]\ntype=access_key\naccess_key_id=hush\naccess_key_secret=\n", want: ofDefault + "access_key_secret is missing or empty", zh: "access_key_secret"},
		{name: "no session", ini: "[default]\ntype=ram_role_arn\naccess_key_id=hush\naccess_key_secret=hush\nrole_arn=hush\n", want: ofDefault + "role_session_name is missing or empty", zh: "role_session_name"},
		{name: "no line of a section", ini: "# hush\n[default]\ntype = access_key\n\nhush-secret\n", want: ofDefault + "line 5 of the file is neither a [section] nor a name = value", zh: "第 5 行"},
		{name: "section without end", ini: "[default\ntype = access_key\n", want: ofDefault + "line 1 of the file is neither a [section] nor a name = value", zh: "第 1 行"},
		{name: "empty credentials file", ini: "\n", want: ofDefault + "the file is empty", zh: "空的"},
		{name: "named credentials file that is not there", vars: []string{"ALIBABA_CLOUD_CREDENTIALS_FILE", "/nowhere/hush"}, want: `section "default" of the file named in ALIBABA_CLOUD_CREDENTIALS_FILE: the file does not exist`, zh: "不存在"},
		{name: "server that is away", vars: []string{"ALIBABA_CLOUD_CREDENTIALS_URI", "http://127.0.0.1:1/hush"}, want: "server named in ALIBABA_CLOUD_CREDENTIALS_URI: the server that gives the key was not reached", zh: "无法连接"},

		{name: "id in quotation marks", vars: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", `"hush"`, "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hush"},
			want: "environment: ALIBABA_CLOUD_ACCESS_KEY_ID begins with a quotation mark (U+0022)", zh: "以引号（U+0022）开头", form: true},
		{name: "mark at the end only", vars: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "hush", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hush’\n"},
			want: "environment: ALIBABA_CLOUD_ACCESS_KEY_SECRET ends with a quotation mark (U+2019)", zh: "结尾", form: true},
		{name: "BOM before a secret", vars: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "hush", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "\ufeffhush"},
			want: "environment: ALIBABA_CLOUD_ACCESS_KEY_SECRET begins with a byte order mark (U+FEFF)", zh: "BOM", form: true},
		{name: "token with a blank of no width", vars: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", "hush", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hush", "ALIBABA_CLOUD_SECURITY_TOKEN", "hu\u200bsh"},
			want: "environment: ALIBABA_CLOUD_SECURITY_TOKEN has a blank of no width (U+200B) as its character 3", zh: "第 3 个字符是零宽空白", form: true},
		{name: "nothing but blanks", vars: []string{"ALIBABA_CLOUD_ACCESS_KEY_ID", " \r\n", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "hush"},
			want: "environment: ALIBABA_CLOUD_ACCESS_KEY_ID is blank", zh: "是空白", form: true},
		{name: "two lines as an id", config: profile(`"mode":"StsToken","access_key_id":"hush\nhush","access_key_secret":"hush","sts_token":"hush"`), want: ofP + "access_key_id has a line break (U+000A) as its character 5", zh: "换行符", form: true},
		{name: "blank in a secret", ini: "[default]\ntype=access_key\naccess_key_id=hush\naccess_key_secret=hush hush\n", want: ofDefault + "access_key_secret has a blank (U+0020) as its character 5", zh: "空白", form: true},
		{name: "letter of another width", config: profile(`"mode":"AK","access_key_id":"Ａhush","access_key_secret":"hush"`), want: ofP + "access_key_id begins with a character that no key has (U+FF21)", zh: "不会出现", form: true},
		{name: "mark in the key of a role", config: profile(`"mode":"RamRoleArn","access_key_id":"hush","access_key_secret":"'hush'","ram_role_arn":"hush"`), want: ofP + "access_key_secret begins with a quotation mark (U+0027)", zh: "引号", form: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			home := t.TempDir()
			write(t, filepath.Join(home, "token"), "hush-token")
			t.Setenv("HOME", home)
			t.Setenv("USERPROFILE", home)
			if c.config != "" {
				write(t, filepath.Join(home, ".aliyun", "config.json"), strings.ReplaceAll(c.config, "$HOME", filepath.ToSlash(home)))
			}
			if c.ini != "" {
				write(t, filepath.Join(home, ".alibabacloud", "credentials"), c.ini)
			}
			for i := 0; i < len(c.vars); i += 2 {
				t.Setenv(c.vars[i], strings.ReplaceAll(c.vars[i+1], "$HOME", home))
			}
			key, err := keychain.Default().Credential(context.Background())
			faults := keychain.Faults(err)
			if key != (aliyun.Credential{}) || !errors.Is(err, aliyun.ErrNoCredentials) || len(faults) == 0 {
				t.Fatalf("%v, %v, faults %v", key, err, faults)
			}
			if errors.Is(err, aliyun.ErrKeyForm) != c.form {
				t.Errorf("a key of a wrong form: %v, wants %v", !c.form, c.form)
			}
			of := faults[0]
			if got := of.Source.EN + ": " + of.Why.EN; got != c.want {
				t.Errorf("says  %s\nwants %s", got, c.want)
			}
			if got := of.Source.ZH + "：" + of.Why.ZH; !strings.Contains(got, c.zh) {
				t.Errorf("says %s, wants %s", got, c.zh)
			}
			if !strings.Contains(err.Error(), of.Why.EN) || strings.Contains(fmt.Sprint(err, faults), "hush") || strings.Contains(err.Error(), home) {
				t.Errorf("says too little or too much: %v", err)
			}
		})
	}
}

// TestStrangeKeyIsFinal: a key of a wrong form is told, and no other source is taken
// in its place; one that gives none is passed over.
func TestStrangeKeyIsFinal(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	write(t, filepath.Join(home, ".alibabacloud", "credentials"), "[default]\ntype = access_key\naccess_key_id = LTAIfile\naccess_key_secret = s\n")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "hush")
	write(t, filepath.Join(home, ".aliyun", "config.json"), `{"current":"p","profiles":[{"name":"p","mode":"AK"}]}`)
	if got, err := keychain.Default().Credential(context.Background()); got.AccessKeyID != "LTAIfile" || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	write(t, filepath.Join(home, ".aliyun", "config.json"), `{"current":"p","profiles":[{"name":"p","mode":"AK","access_key_id":"'hush'","access_key_secret":"s"}]}`)
	got, err := keychain.Default().Credential(context.Background())
	if faults := keychain.Faults(err); got != (aliyun.Credential{}) || !errors.Is(err, aliyun.ErrKeyForm) || len(faults) != 1 || !strings.HasPrefix(faults[0].Source.EN, "profile") {
		t.Errorf("%v, %v, faults %v", got, err, faults)
	}
}

// TestChainAsking: how often the source is asked and when callers wait for it.
func TestChainAsking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked, built atomic.Int32
		var down atomic.Bool
		c := keychain.Chain(func() func() (aliyun.Credential, error) {
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
		c := keychain.Chain(func() func() (aliyun.Credential, error) {
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
		c := keychain.Chain(func() func() (aliyun.Credential, error) {
			return func() (aliyun.Credential, error) { time.Sleep(time.Minute); return testKey, nil }
		})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		_, err := c.Credential(ctx)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		time.Sleep(time.Minute)
	})
}

// TestDefaultConcurrently is for the race detector: the library's chain
// by itself fails it.
func TestDefaultConcurrently(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	write(t, filepath.Join(home, ".aliyun", "config.json"),
		`{"current":"p","profiles":[{"name":"p","mode":"StsToken","access_key_id":"LTAIprofile","access_key_secret":"s","sts_token":"t"}]}`)
	chain := keychain.Default()
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

func serve(t testing.TB, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

var testKey = aliyun.Credential{AccessKeyID: "testid", AccessKeySecret: "testsecret"}
