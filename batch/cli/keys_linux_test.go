package cli_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"axgbind/aliyun/simulator"
)

// cloud plays whatever the vendor's chain asks over the network: STS, OAuth,
// CloudSSO, the metadata service and a credentials URI, all of it through a proxy.
type cloud struct {
	proxy *httptest.Server
	root  string       // certificate to trust
	fails atomic.Value // "": it gives keys; "refuses": errors that quote what was sent; "lacks": answers without an end
}

// marked are the secrets that the cloud and the files of these tests hold.
var marked = []string{"hush", testSecret, simulator.SecurityToken}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	hosts := []string{"sts.aliyuncs.com", "oauth.aliyun.com", "sso.example.com"}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: hosts, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	c := &cloud{root: write(t, filepath.Join(newFolder(t), "root.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))}
	inner := httptest.NewUnstartedServer(http.HandlerFunc(c.answer))
	inner.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	inner.StartTLS()
	t.Cleanup(inner.Close)
	c.proxy = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			c.answer(w, r)
			return
		}
		there, err := net.Dial("tcp", inner.Listener.Addr().String())
		if err != nil {
			return
		}
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { io.Copy(there, here); there.Close() }()
		io.Copy(here, there)
		here.Close()
	}))
	t.Cleanup(c.proxy.Close)
	return c
}

func (c *cloud) answer(w http.ResponseWriter, r *http.Request) {
	end := time.Now().UTC().Add(time.Hour).Format("2006-01-02T15:04:05Z")
	body, _ := io.ReadAll(r.Body)
	if c.fails.Load() == "refuses" {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "hush-answer %s %s %v %s", simulator.AccessKeySecret, r.URL, r.Header, body)
		return
	}
	key := map[string]any{
		"AccessKeyId": simulator.STSAccessKeyID, "AccessKeySecret": simulator.AccessKeySecret, "SecurityToken": simulator.SecurityToken,
	}
	if c.fails.Load() != "lacks" {
		key["Expiration"], key["Code"] = end, "Success"
	}
	send := func(v any) { json.NewEncoder(w).Encode(v) }
	switch r.URL.Path {
	case "/latest/api/token":
		io.WriteString(w, "hush-metadata-token")
	case "/latest/meta-data/ram/security-credentials/":
		io.WriteString(w, "hush-role")
	case "/v1/token":
		send(map[string]any{"access_token": "hush-access-2", "refresh_token": "hush-refresh-2", "expires_in": 3600})
	case "/v1/exchange":
		send(map[string]any{
			"accessKeyId": key["AccessKeyId"], "accessKeySecret": key["AccessKeySecret"], "securityToken": key["SecurityToken"], "expiration": key["Expiration"],
		})
	case "/cloud-credentials":
		send(map[string]any{"CloudCredential": key})
	case "/": // STS
		send(map[string]any{"Credentials": key})
	default: // the metadata service's key, and that of a URI
		send(key)
	}
}

// vars are the variables of a process that knows no key but by this cloud.
func (c *cloud) vars(home string, more ...string) map[string]string {
	m := map[string]string{
		"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "HOME": home,
		"HTTPS_PROXY": c.proxy.URL, "HTTP_PROXY": c.proxy.URL, "SSL_CERT_FILE": c.root, "SSL_CERT_DIR": "/nowhere",
	}
	for i := 0; i+1 < len(more); i += 2 {
		m[more[i]] = more[i+1]
	}
	return m
}

// searched fails if anything of a secret was printed, logged or written.
func searched(t *testing.T, what string, got outcome, dir string, also ...string) {
	t.Helper()
	texts := map[string]string{"standard output": got.stdout, "standard error": got.stderr}
	for _, name := range files(t, dir) {
		if name != "config.json" && name != "credentials" && name != "oidc" && name != "helper" {
			texts[name] = read(t, filepath.Join(dir, name))
		}
	}
	for where, text := range texts {
		for _, secret := range append(marked, also...) {
			if strings.Contains(text, secret) {
				t.Errorf("%s: %s shows %q:\n%s", what, where, secret, text)
			}
		}
	}
	if got.stdout != "" {
		t.Errorf("%s: standard output has %q", what, got.stdout)
	}
}

// script writes a command of a profile.
func script(t *testing.T, dir, body string) string {
	t.Helper()
	path := filepath.Join(dir, "helper")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n# hush-script\n"+body), 0o700); err != nil {
		t.Fatal(err)
	}
	return path + " --secret hush-argument"
}

const externalKey = `{"mode":"AK","access_key_id":"` + testKey + `","access_key_secret":"` + testSecret + `"}`

// TestKeysNeverShown takes every source of the vendor's chain, with secrets that
// are marked, in a real process that says and logs all it can.
func TestKeysNeverShown(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	s := simulate(t)
	later := strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10)
	static := `"access_key_id":"` + testKey + `","access_key_secret":"` + testSecret + `"`
	role := `"ram_role_arn":"acs:ram::1:role/hush-role","ram_session_name":"hush-session"`
	sources := []struct {
		name    string
		profile string // what a profile holds besides its name
		ini     string
		script  string // of process_command
		vars    []string
		status  int // where the cloud gives keys
	}{
		{name: "AK", profile: `"mode":"AK",` + static},
		{name: "StsToken", profile: `"mode":"StsToken","access_key_id":"` + simulator.STSAccessKeyID + `","access_key_secret":"` + simulator.AccessKeySecret + `","sts_token":"` + simulator.SecurityToken + `"`},
		{name: "RamRoleArn", profile: `"mode":"RamRoleArn",` + static + "," + role},
		{name: "EcsRamRole", profile: `"mode":"EcsRamRole","ram_role_name":"hush-role"`, vars: []string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED", ""}},
		{name: "ECS", vars: []string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED", ""}},
		{name: "OIDC", profile: `"mode":"OIDC","oidc_token_file":"$HOME/oidc","oidc_provider_arn":"hush-provider",` + role},
		{name: "OIDC by variables", vars: []string{
			"ALIBABA_CLOUD_OIDC_TOKEN_FILE", "$HOME/oidc", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "hush-provider", "ALIBABA_CLOUD_ROLE_ARN", "hush-role"}},
		{name: "ChainableRamRoleArn", profile: `"mode":"ChainableRamRoleArn","source_profile":"source",` + role},
		{name: "CloudSSO", profile: `"mode":"CloudSSO","cloud_sso_sign_in_url":"https://sso.example.com/hush","cloud_sso_account_id":"hush-account","cloud_sso_access_config":"hush-config","access_token":"hush-access","cloud_sso_access_token_expire":` + later},
		{name: "OAuth", profile: `"mode":"OAuth","oauth_site_type":"CN","oauth_refresh_token":"hush-refresh","oauth_access_token":"hush-access","oauth_access_token_expire":1`},
		{name: "External", profile: `"mode":"External","process_command":"$COMMAND"`, script: "echo 'hush-stderr' >&2; echo '" + externalKey + "'"},
		{name: "External of a role", profile: `"mode":"ChainableRamRoleArn","source_profile":"outside",` + role, script: "echo '" + externalKey + "'"},
		{name: "External that prints a line first", profile: `"mode":"External","process_command":"$COMMAND"`, script: "echo hush-line; echo '" + externalKey + "'", status: 10},
		{name: "External that prints one, of a role", profile: `"mode":"ChainableRamRoleArn","source_profile":"outside",` + role, script: "echo hush-line; echo '" + externalKey + "'", status: 10},
		{name: "External that fails", profile: `"mode":"External","process_command":"$COMMAND"`, script: "echo '" + externalKey + "'; echo hush-stderr >&2; exit 3", status: 10},
		{name: "External that is not there", profile: `"mode":"External","process_command":"/nowhere/hush-command"`, status: 10},
		{name: "External that lacks a secret", profile: `"mode":"External","process_command":"$COMMAND"`, script: `echo '{"access_key_id":"hush"}'`, status: 10},
		{name: "External that prints without end", profile: `"mode":"External","process_command":"$COMMAND"`, script: "trap '' PIPE; while :; do echo hush-hush-hush-hush-hush-hush-hush; done", status: 10},
		{name: "line break in an id", profile: `"mode":"AK","access_key_id":"hush\nid","access_key_secret":"` + testSecret + `"`, status: 10},
		{name: "line break in a token", profile: `"mode":"StsToken","access_key_id":"` + simulator.STSAccessKeyID + `","access_key_secret":"` + simulator.AccessKeySecret + `","sts_token":"hush\nhush"`, status: 10},
		{name: "secret of a command with a line break", profile: `"mode":"External","process_command":"$COMMAND"`, script: `printf %s '{"access_key_id":"` + testKey + `","access_key_secret":"hush\n` + testSecret + `"}'`, status: 10},
		{name: "no such mode", profile: `"mode":"hush"`, status: 10},
		{name: "circle", profile: `"mode":"ChainableRamRoleArn","source_profile":"it",` + role, status: 10},
		{name: "null", profile: `"mode":"AK"}, null, {"name":"other","mode":"AK"`, status: 10},
		{name: "file", ini: "[default]\ntype = access_key\naccess_key_id = " + testKey + "\naccess_key_secret = " + testSecret + "\n"},
		{name: "file of a role", ini: "[default]\ntype = ram_role_arn\naccess_key_id = " + testKey + "\naccess_key_secret = " + testSecret + "\nrole_arn = hush-role\nrole_session_name = hush\n"},
		{name: "file of an instance", ini: "[default]\ntype = ecs_ram_role\nrole_name = hush-role\n", vars: []string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED", ""}},
		{name: "file without sense", ini: "hush\n[default\n", status: 10},
		{name: "URI", vars: []string{"ALIBABA_CLOUD_CREDENTIALS_URI", "http://uri.example.com/hush-path?token=hush"}},
	}
	for _, of := range sources {
		for _, weather := range []string{"", "refuses", "lacks", "debug"} {
			what := of.name + " " + weather
			home, dir := newFolder(t), newFolder(t)
			c.fails.Store(strings.TrimPrefix(weather, "debug"))
			for _, folder := range []string{".aliyun", ".alibabacloud"} {
				if err := os.Mkdir(filepath.Join(home, folder), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			write(t, filepath.Join(home, "oidc"), "hush-oidc-token")
			command := script(t, home, of.script)
			fill := strings.NewReplacer("$HOME", home, "$COMMAND", command)
			if of.profile != "" {
				write(t, filepath.Join(home, ".aliyun", "config.json"), fill.Replace(`{"current":"it","hush":1,"profiles":[{"name":"it","unknown":{"kept":1},`+of.profile+`},
					{"name":"source","mode":"AK",`+static+`},{"name":"outside","mode":"External","process_command":"$COMMAND"}],"meta":"kept"}`))
			}
			if of.ini != "" {
				write(t, filepath.Join(home, ".alibabacloud", "credentials"), of.ini)
			}
			vars := c.vars(home)
			for i := 0; i+1 < len(of.vars); i += 2 {
				vars[of.vars[i]] = fill.Replace(of.vars[i+1])
			}
			if weather == "debug" {
				vars["DEBUG"] = "sdk,credential"
			}
			if weather == "refuses" {
				vars["AXGBIND_LANG"] = "zh"
			}
			in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
			got := spawnWith(t, dir, vars, nil, s.bind(in, "-v", "--log", filepath.Join(dir, "run.log"), "--summary", filepath.Join(dir, "sum.json"), "--yes")...).wait()
			searched(t, what, got, dir)
			static := of.name == "AK" || of.name == "StsToken" || of.name == "External" || of.name == "file"
			switch want := of.status; {
			case weather == "debug":
				got.want(t, 10)
				if !strings.Contains(got.stderr, "DEBUG=credential") {
					t.Errorf("%s: the cure is not told\n%s", what, got)
				}
			case weather == "" || static:
				got.want(t, want)
			default:
				got.want(t, 10)
			}
			if strings.HasPrefix(of.name, "External that") && weather == "" && !strings.Contains(got.stderr, `"it"`) && !strings.Contains(got.stderr, `"outside"`) {
				t.Errorf("%s: the profile is not named\n%s", what, got)
			}
			if of.name == "OAuth" && weather == "" {
				file := read(t, filepath.Join(home, ".aliyun", "config.json"))
				for _, kept := range []string{`"kept"`, `"meta"`, "hush-refresh-2", `"outside"`} {
					if !strings.Contains(file, kept) {
						t.Errorf("the file of profiles has lost %s:\n%s", kept, file)
					}
				}
			} else if of.profile != "" && strings.Contains(of.name, "External") {
				if file := read(t, filepath.Join(home, ".aliyun", "config.json")); !strings.Contains(file, `"hush":1`) {
					t.Errorf("%s: the file of profiles was rewritten\n%s", what, file)
				}
			}
		}
	}
}

// TestKeyCommandEnds: a command that asks at a terminal, or hangs, holds nothing up
// longer than it is wanted, and nothing of it is left.
func TestKeyCommandEnds(t *testing.T) {
	t.Parallel()
	s := simulate(t)
	for _, c := range []struct {
		name   string
		signal syscall.Signal
		status int
	}{{"interrupt", syscall.SIGINT, 130}, {"terminate", syscall.SIGTERM, 143}} {
		home, dir := newFolder(t), newFolder(t)
		pids := filepath.Join(home, "pids")
		command := script(t, home, "read line </dev/tty && exit 1; read line && exit 1; sleep 1000 & echo $$ $! >"+pids+".tmp; mv "+pids+".tmp "+pids+"; wait")
		write(t, filepath.Join(home, "config.json"), `{"current":"it","profiles":[{"name":"it","mode":"External","process_command":"`+command+`"}]}`)
		vars := map[string]string{
			"ALIBABA_CLOUD_ACCESS_KEY_ID": "", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "", "HOME": home, "ALIBABA_CLOUD_CONFIG_FILE": filepath.Join(home, "config.json") + "\r",
		}
		in := write(t, filepath.Join(dir, "in.csv"), content(0, 1).String())
		p := spawnWith(t, dir, vars, strings.NewReader("hush\n"), s.bind(in, "--yes")...)
		p.eventually("its command ran", func() bool { _, err := os.Stat(pids); return err == nil })
		if err := p.cmd.Process.Signal(c.signal); err != nil {
			t.Fatal(err)
		}
		got := p.wait()
		searched(t, c.name, got, dir)
		if got.status != c.status || !strings.Contains(got.stderr, "nothing was sent") {
			t.Errorf("%s: %s", c.name, got)
		}
		for pid := range strings.FieldsSeq(read(t, pids)) {
			n, _ := strconv.Atoi(pid)
			p.gone(n)
		}
		if list := files(t, dir); len(list) != 1 {
			t.Errorf("%s: files %q", c.name, list)
		}
	}
}

// gone waits until a process is no more than a zombie that nobody has buried.
func (p *process) gone(pid int) {
	p.t.Helper()
	for late := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if _, state, _ := strings.Cut(string(stat), ") "); err != nil || strings.HasPrefix(state, "Z") {
			return
		}
		if time.Now().After(late) {
			p.t.Fatalf("process %d is still there", pid)
		}
	}
}
