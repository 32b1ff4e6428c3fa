package keychain

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"

	"axgbind/aliyun"
)

// cliProfile asks the current profile of the vendor's CLI for a key. It reads the
// file itself and makes the library's provider for the profile's mode. The
// library's own reader would copy what an External command printed to standard
// output, writes there when it cannot renew its file, drops from that file the
// settings it does not know, and crashes on profiles that are null or name one
// another in a circle.
type cliProfile struct {
	life  *life
	inner providers.CredentialsProvider // nil: not read yet
	name  string
}

// source implements keySource.
func (p *cliProfile) source() aliyun.Text {
	file, path := homeFile(envConfigFile, ".aliyun", "config.json")
	asked := strings.TrimSpace(os.Getenv(envProfile))
	_, err := os.Stat(path)
	switch absent := path == "" || errors.Is(err, fs.ErrNotExist); {
	case absent && os.Getenv(envConfigFile) == "":
		return aliyun.Text{}
	case p.name == "" && asked == "" || absent:
		return file
	}
	name := quoted(cmp.Or(p.name, asked))
	return aliyun.Text{EN: "profile " + name + " of " + file.EN, ZH: file.ZH + "的配置 " + name}
}

// GetCredentials implements keySource.
func (p *cliProfile) GetCredentials() (*providers.Credentials, error) {
	if p.inner == nil {
		shown, path := homeFile(envConfigFile, ".aliyun", "config.json")
		text, why := readKeys(path)
		if why != nil && p.source() == (aliyun.Text{}) {
			return nil, errWhy{shown.EN + " " + why.EN, shown.ZH + why.ZH}
		}
		if why != nil {
			return nil, errWhy{"the file " + why.EN, "该文件" + why.ZH}
		}
		config, why := readProfiles(text)
		if why != nil {
			return nil, errWhy{"the file " + why.EN, "该文件" + why.ZH}
		}
		config.path = path
		if p.name = strings.TrimSpace(os.Getenv(envProfile)); p.name == "" {
			p.name = config.Current
		}
		var err error
		if p.inner, err = config.provider(p.name, p.life, nil); err != nil {
			return nil, err
		}
	}
	return p.inner.GetCredentials()
}

// profiles is the CLI's file, as far as keys are concerned.
type profiles struct {
	Current  string     `json:"current"`
	Profiles []*profile `json:"profiles"`
	path     string
}

type profile struct {
	Name               string `json:"name"`
	Mode               string `json:"mode"`
	AccessKeyID        string `json:"access_key_id"`
	AccessKeySecret    string `json:"access_key_secret"`
	SecurityToken      string `json:"sts_token"`
	RoleARN            string `json:"ram_role_arn"`
	RoleSession        string `json:"ram_session_name"`
	Seconds            int    `json:"expired_seconds"`
	STSRegion          string `json:"sts_region"`
	VPC                bool   `json:"enable_vpc"`
	SourceProfile      string `json:"source_profile"`
	RoleName           string `json:"ram_role_name"`
	OIDCTokenFile      string `json:"oidc_token_file"`
	OIDCToken          string `json:"oidc_token"`
	OIDCProvider       string `json:"oidc_provider_arn"`
	Policy             string `json:"policy"`
	ExternalID         string `json:"external_id"`
	SignInURL          string `json:"cloud_sso_sign_in_url"`
	AccountID          string `json:"cloud_sso_account_id"`
	AccessConfig       string `json:"cloud_sso_access_config"`
	AccessToken        string `json:"access_token"`
	AccessTokenExpire  int64  `json:"cloud_sso_access_token_expire"`
	OAuthSite          string `json:"oauth_site_type"`
	OAuthRefreshToken  string `json:"oauth_refresh_token"`
	OAuthAccessToken   string `json:"oauth_access_token"`
	OAuthAccessExpires int64  `json:"oauth_access_token_expire"`
	ProcessCommand     string `json:"process_command"`
}

// readProfiles reads the CLI's file. It says where it is wrong,
// but nothing of what stands there.
func readProfiles(text []byte) (*profiles, *errWhy) {
	config := &profiles{}
	err := json.Unmarshal(text, config)
	syntax, broken := errors.AsType[*json.SyntaxError](err)
	kind, other := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return nil, &errWhy{"begins with a byte order mark (BOM), which JSON has not: save it as UTF-8 without BOM", "以字节顺序标记（BOM）开头，不是合法的 JSON：请另存为不带 BOM 的 UTF-8"}
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return nil, &errWhy{"is UTF-16: save it as UTF-8 without BOM", "是 UTF-16 编码：请另存为不带 BOM 的 UTF-8"}
	case broken && syntax.Offset >= int64(len(text)):
		return nil, &errWhy{fmt.Sprintf("is broken JSON: it ends too soon, after %d bytes", len(text)), fmt.Sprintf("JSON 不完整：在第 %d 字节之后中断", len(text))}
	case broken:
		line := 1 + bytes.Count(text[:syntax.Offset-1], []byte("\n"))
		return nil, &errWhy{fmt.Sprintf("is broken JSON at byte %d, in line %d", syntax.Offset, line), fmt.Sprintf("JSON 在第 %d 字节（第 %d 行）处有误", syntax.Offset, line)}
	case other && kind.Field != "":
		return nil, &errWhy{fmt.Sprintf("has another kind of value in %s than the vendor's CLI writes, at byte %d", kind.Field, kind.Offset), fmt.Sprintf("第 %[2]d 字节处 %[1]s 的值类型不对", kind.Field, kind.Offset)}
	case err != nil, len(config.Profiles) == 0:
		return nil, &errWhy{"has no profiles", "没有任何配置"}
	}
	return config, nil
}

// missing says that a profile is not in the file, and which are.
func (c *profiles) missing(name string) errWhy {
	if name == "" {
		return errWhy{"it names no profile as current, and " + envProfile + " is not set", "没有指定当前配置（current），也没有设置 " + envProfile}
	}
	const most = 5
	var names []string
	for _, p := range c.Profiles {
		if p != nil && len(names) < most {
			names = append(names, quoted(p.Name))
		}
	}
	list := strings.Join(names, ", ")
	return errWhy{"there is no such profile; in the file are " + list, "没有这个配置；文件中有 " + list}
}

// provider makes what asks for the key of a profile. above are the profiles that
// have this one as their source.
func (c *profiles) provider(name string, life *life, above []string) (providers.CredentialsProvider, error) {
	var p *profile
	for _, one := range c.Profiles {
		if one != nil && one.Name == name {
			p = one
			break
		}
	}
	for _, other := range above {
		if other == name {
			return nil, errWhy{"its source_profile leads back to itself", "source_profile 循环指向自身"}
		}
	}
	switch {
	case p == nil && above == nil:
		return nil, c.missing(name)
	case p == nil:
		return nil, errWhy{"there is no profile of the name of its source_profile", "source_profile 指定的配置不存在"}
	}
	switch p.Mode {
	case "AK":
		return p.static()
	case "StsToken":
		return p.temporary()
	case "RamRoleArn":
		source, err := p.static()
		if err != nil {
			return nil, err
		}
		return p.role(source)
	case "ChainableRamRoleArn":
		if err := wanted("source_profile", p.SourceProfile); err != nil {
			return nil, err
		}
		source, err := c.provider(p.SourceProfile, life, append(above, name))
		if err != nil {
			return nil, err
		}
		return p.role(source)
	case "EcsRamRole":
		return p.instance()
	case "OIDC":
		return p.oidc()
	case "CloudSSO":
		return p.cloudSSO()
	case "OAuth":
		return p.oauth(c.path)
	case "External":
		return &external{command: p.ProcessCommand, life: life, within: externalWithin}, nil
	case "":
		return nil, wanted("mode", "")
	}
	return nil, errWhy{"its mode is none of AK, StsToken, RamRoleArn, EcsRamRole, OIDC, ChainableRamRoleArn, CloudSSO, OAuth, External", "mode 不是 AK、StsToken、RamRoleArn、EcsRamRole、OIDC、ChainableRamRoleArn、CloudSSO、OAuth、External 之一"}
}

// made turns what a builder of the library returns into an interface that is nil
// on an error.
func made[P providers.CredentialsProvider](p P, err error) (providers.CredentialsProvider, error) {
	if err != nil {
		return nil, errWhy{"its settings are not complete, or have expired", "配置不完整，或已过期"}
	}
	return p, nil
}

// static makes what gives the key that is written in the profile. The library takes
// from the environment what is blank there.
func (p *profile) static() (providers.CredentialsProvider, error) {
	if err := wanted("access_key_id", p.AccessKeyID, "access_key_secret", p.AccessKeySecret); err != nil {
		return nil, err
	}
	key, err := trimmed(aliyun.Credential{AccessKeyID: p.AccessKeyID, AccessKeySecret: p.AccessKeySecret, SecurityToken: ""}, [3]string{"access_key_id", "access_key_secret", ""})
	if err != nil {
		return nil, err
	}
	return made(providers.NewStaticAKCredentialsProviderBuilder().WithAccessKeyId(key.AccessKeyID).WithAccessKeySecret(key.AccessKeySecret).Build())
}

func (p *profile) temporary() (providers.CredentialsProvider, error) {
	if err := wanted("access_key_id", p.AccessKeyID, "access_key_secret", p.AccessKeySecret, "sts_token", p.SecurityToken); err != nil {
		return nil, err
	}
	return made(providers.NewStaticSTSCredentialsProviderBuilder().
		WithAccessKeyId(p.AccessKeyID).WithAccessKeySecret(p.AccessKeySecret).WithSecurityToken(p.SecurityToken).Build())
}

func (p *profile) instance() (providers.CredentialsProvider, error) {
	if enabled(envNoRole) {
		return nil, errWhy{"the ECS role it wants is switched off by " + envNoRole, "所需的 ECS 实例角色已由 " + envNoRole + " 关闭"}
	}
	return made(providers.NewECSRAMRoleCredentialsProviderBuilder().WithRoleName(p.RoleName).Build())
}

// role makes what assumes the profile's role with the key of another provider.
func (p *profile) role(source providers.CredentialsProvider) (providers.CredentialsProvider, error) {
	if err := wanted("ram_role_arn", cmp.Or(p.RoleARN, os.Getenv(envRole))); err != nil {
		return nil, err
	}
	if err := p.lasting(); err != nil {
		return nil, err
	}
	return made(providers.NewRAMRoleARNCredentialsProviderBuilder().
		WithCredentialsProvider(source).WithRoleArn(p.RoleARN).WithRoleSessionName(p.RoleSession).WithDurationSeconds(p.Seconds).
		WithPolicy(p.Policy).WithExternalId(p.ExternalID).WithStsRegionId(p.STSRegion).WithEnableVpc(p.VPC).Build())
}

// lasting says whether a role may be had for as short as the profile wants it.
func (p *profile) lasting() error {
	if p.Seconds != 0 && p.Seconds < 900 {
		return errWhy{"its expired_seconds is under 900", "expired_seconds 小于 900"}
	}
	return nil
}

func (p *profile) oidc() (providers.CredentialsProvider, error) {
	file := cmp.Or(p.OIDCTokenFile, os.Getenv(envTokenFile))
	if p.OIDCToken == "" && os.Getenv("ALIBABA_CLOUD_OIDC_TOKEN") == "" {
		if err := wanted("oidc_token_file", file); err != nil {
			return nil, err
		}
		if _, why := readKeys(file); why != nil {
			return nil, errWhy{"its oidc_token_file " + why.EN, "oidc_token_file 指定的文件" + why.ZH}
		}
	}
	if err := wanted("oidc_provider_arn", cmp.Or(p.OIDCProvider, os.Getenv(envOIDC)), "ram_role_arn", cmp.Or(p.RoleARN, os.Getenv(envRole))); err != nil {
		return nil, err
	}
	if err := p.lasting(); err != nil {
		return nil, err
	}
	return made(providers.NewOIDCCredentialsProviderBuilder().
		WithOIDCToken(p.OIDCToken).WithOIDCTokenFilePath(p.OIDCTokenFile).WithOIDCProviderARN(p.OIDCProvider).
		WithRoleArn(p.RoleARN).WithRoleSessionName(p.RoleSession).WithDurationSeconds(p.Seconds).WithPolicy(p.Policy).
		WithStsRegionId(p.STSRegion).WithEnableVpc(p.VPC).Build())
}

func (p *profile) cloudSSO() (providers.CredentialsProvider, error) {
	if err := wanted("cloud_sso_sign_in_url", p.SignInURL, "cloud_sso_account_id", p.AccountID, "cloud_sso_access_config", p.AccessConfig); err != nil {
		return nil, err
	}
	if p.AccessToken == "" || p.AccessTokenExpire <= time.Now().Unix() {
		return nil, errWhy{"its login has ended: log in again with the vendor's CLI", "登录已失效：请用阿里云命令行工具重新登录"}
	}
	return made(providers.NewCloudSSOCredentialsProviderBuilder().
		WithSignInUrl(p.SignInURL).WithAccountId(p.AccountID).WithAccessConfig(p.AccessConfig).
		WithAccessToken(p.AccessToken).WithAccessTokenExpire(p.AccessTokenExpire).Build())
}

// oauth makes what exchanges the tokens of a login. A refresh token is good for
// one use, so the next one goes back into the file of profiles.
func (p *profile) oauth(path string) (providers.CredentialsProvider, error) {
	site, ok := map[string][2]string{
		"CN":   {"https://oauth.aliyun.com", "4038181954557748008"},
		"INTL": {"https://oauth.alibabacloud.com", "4103531455503354461"},
	}[strings.ToUpper(p.OAuthSite)]
	if !ok {
		return nil, errWhy{"its oauth_site_type is neither CN nor INTL", "oauth_site_type 不是 CN 或 INTL"}
	}
	if p.OAuthRefreshToken == "" {
		return nil, errWhy{"it has no login: log in with the vendor's CLI", "还没有登录：请用阿里云命令行工具登录"}
	}
	return made(providers.NewOAuthCredentialsProviderBuilder().
		WithSignInUrl(site[0]).WithClientId(site[1]).
		WithRefreshToken(p.OAuthRefreshToken).WithAccessToken(p.OAuthAccessToken).WithAccessTokenExpire(p.OAuthAccessExpires).
		WithTokenUpdateCallback(func(refresh, access, id, secret, token string, accessExpires, expires int64) error {
			_ = keepTokens(path, p.Name, map[string]any{
				"oauth_refresh_token": refresh, "oauth_access_token": access, "oauth_access_token_expire": accessExpires,
				"access_key_id": id, "access_key_secret": secret, "sts_token": token, "sts_expiration": expires,
			})
			return nil // of an error the library would write on standard output; what is lost is the login, not the key
		}).Build())
}

// keepTokens puts values into a profile of the CLI's file and leaves all else in it
// as it is.
func keepTokens(path, name string, values map[string]any) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var file map[string]json.RawMessage
	var list []map[string]json.RawMessage
	if err := json.Unmarshal(text, &file); err != nil {
		return err
	}
	if err := json.Unmarshal(file["profiles"], &list); err != nil {
		return err
	}
	for _, p := range list {
		var called string
		if json.Unmarshal(p["name"], &called) != nil || called != name {
			continue
		}
		for key, value := range values {
			if p[key], err = json.Marshal(value); err != nil {
				return err
			}
		}
		break
	}
	if file["profiles"], err = json.Marshal(list); err != nil {
		return err
	}
	if text, err = json.MarshalIndent(file, "", "\t"); err != nil {
		return err
	}
	beside, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".tmp-"+strconv.FormatInt(time.Now().Unix(), 10)+"-*")
	if err != nil {
		return err
	}
	_, err = beside.Write(append(text, '\n'))
	err = errors.Join(err, beside.Chmod(info.Mode().Perm()), beside.Sync(), beside.Close())
	if err == nil {
		err = os.Rename(beside.Name(), path)
	}
	if err != nil {
		_ = os.Remove(beside.Name())
	}
	return err
}
