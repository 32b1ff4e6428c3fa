package aliyun

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/aliyun/credentials-go/credentials/providers"
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

// GetProviderName is part of what the library wants of a provider.
func (*cliProfile) GetProviderName() string { return "cli_profile" }

// GetCredentials implements the library's interface. Its errors are *profileError.
func (p *cliProfile) GetCredentials() (*providers.Credentials, error) {
	if p.inner == nil {
		path, err := profilePath()
		if err != nil {
			return nil, &profileError{why: errWhy{"is nowhere: there is no home directory", "无处可寻：没有用户主目录"}}
		}
		config, err := readProfiles(path)
		if err != nil {
			return nil, p.failed(err)
		}
		if p.name = strings.TrimSpace(os.Getenv("ALIBABA_CLOUD_PROFILE")); p.name == "" {
			p.name = config.Current
		}
		if p.inner, err = config.provider(p.name, p.life, nil); err != nil {
			return nil, p.failed(err)
		}
	}
	key, err := p.inner.GetCredentials()
	if err != nil {
		return nil, p.failed(err)
	}
	return key, nil
}

// failed keeps our own words of an error. What the library says may hold anything.
func (p *cliProfile) failed(err error) error {
	why, ours := errors.AsType[errWhy](err)
	if !ours {
		why = errWhy{"it gave no key", "没有给出密钥"}
	}
	return &profileError{p.name, why}
}

// errWhy is why a profile gave no key, in words that hold nothing of file, command
// or answer.
type errWhy Text

func (e errWhy) Error() string { return e.EN }

// profileError says which profile gave no key, and why. Without a name it is the
// file that is at fault.
type profileError struct {
	profile string
	why     errWhy
}

func (e *profileError) Error() string {
	if e.profile == "" {
		return e.why.EN
	}
	return "profile " + e.name() + ": " + e.why.EN
}

// name is the profile's name as it is shown.
func (e *profileError) name() string {
	name := []rune(e.profile)
	if len(name) > 40 {
		name = append(name[:40], '…')
	}
	return strconv.Quote(string(name))
}

// ProfileFault returns which profile of the vendor's CLI gave no key, quoted, and
// why, if that is in an error of a chain.
func ProfileFault(err error) (profile string, why Text, ok bool) {
	none, ok := errors.AsType[*noCredentials](err)
	if !ok || none.profile == nil || none.profile.profile == "" {
		return "", Text{}, false
	}
	return none.profile.name(), Text(none.profile.why), true
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

func profilePath() (string, error) {
	if path := strings.TrimSpace(os.Getenv("ALIBABA_CLOUD_CONFIG_FILE")); path != "" {
		return path, nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".aliyun", "config.json"), err
}

// readProfiles reads the CLI's file. Its errors are errWhy.
func readProfiles(path string) (*profiles, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errWhy{"does not exist", "不存在"}
	case err != nil:
		return nil, errWhy{"cannot be read", "无法读取"}
	}
	config := &profiles{path: path}
	if json.Unmarshal(text, config) != nil {
		return nil, errWhy{"is not the JSON of profiles", "不是配置的 JSON"}
	}
	return config, nil
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
		return nil, errWhy{"there is no such profile", "没有这个配置"}
	case p == nil:
		return nil, errWhy{"there is no profile of the name of its source_profile", "source_profile 指定的配置不存在"}
	}
	switch p.Mode {
	case "AK":
		return p.static()
	case "StsToken":
		return made(providers.NewStaticSTSCredentialsProviderBuilder().
			WithAccessKeyId(p.AccessKeyID).WithAccessKeySecret(p.AccessKeySecret).WithSecurityToken(p.SecurityToken).Build())
	case "RamRoleArn":
		source, err := p.static()
		if err != nil {
			return nil, err
		}
		return p.role(source)
	case "ChainableRamRoleArn":
		source, err := c.provider(p.SourceProfile, life, append(above, name))
		if err != nil {
			return nil, err
		}
		return p.role(source)
	case "EcsRamRole":
		return made(providers.NewECSRAMRoleCredentialsProviderBuilder().WithRoleName(p.RoleName).Build())
	case "OIDC":
		return made(providers.NewOIDCCredentialsProviderBuilder().
			WithOIDCToken(p.OIDCToken).WithOIDCTokenFilePath(p.OIDCTokenFile).WithOIDCProviderARN(p.OIDCProvider).
			WithRoleArn(p.RoleARN).WithRoleSessionName(p.RoleSession).WithDurationSeconds(p.Seconds).WithPolicy(p.Policy).
			WithStsRegionId(p.STSRegion).WithEnableVpc(p.VPC).Build())
	case "CloudSSO":
		return made(providers.NewCloudSSOCredentialsProviderBuilder().
			WithSignInUrl(p.SignInURL).WithAccountId(p.AccountID).WithAccessConfig(p.AccessConfig).
			WithAccessToken(p.AccessToken).WithAccessTokenExpire(p.AccessTokenExpire).Build())
	case "OAuth":
		return p.oauth(c.path)
	case "External":
		return &external{command: p.ProcessCommand, life: life, within: externalWithin}, nil
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

func (p *profile) static() (providers.CredentialsProvider, error) {
	return made(providers.NewStaticAKCredentialsProviderBuilder().WithAccessKeyId(p.AccessKeyID).WithAccessKeySecret(p.AccessKeySecret).Build())
}

// role makes what assumes the profile's role with the key of another provider.
func (p *profile) role(source providers.CredentialsProvider) (providers.CredentialsProvider, error) {
	return made(providers.NewRAMRoleARNCredentialsProviderBuilder().
		WithCredentialsProvider(source).WithRoleArn(p.RoleARN).WithRoleSessionName(p.RoleSession).WithDurationSeconds(p.Seconds).
		WithPolicy(p.Policy).WithExternalId(p.ExternalID).WithStsRegionId(p.STSRegion).WithEnableVpc(p.VPC).Build())
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
