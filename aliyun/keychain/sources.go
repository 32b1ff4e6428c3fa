package keychain

import (
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"

	"axgbind/aliyun"
)

// Variables of the vendor's chain.
const (
	envID         = "ALIBABA_CLOUD_ACCESS_KEY_ID"
	envSecret     = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"
	envToken      = "ALIBABA_CLOUD_SECURITY_TOKEN"
	envTokenFile  = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
	envOIDC       = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
	envRole       = "ALIBABA_CLOUD_ROLE_ARN"
	envProfile    = "ALIBABA_CLOUD_PROFILE"
	envConfigFile = "ALIBABA_CLOUD_CONFIG_FILE"
	envNoProfile  = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"
	envKeyFile    = "ALIBABA_CLOUD_CREDENTIALS_FILE"
	envNoRole     = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	envRoleName   = "ALIBABA_CLOUD_ECS_METADATA"
	envURI        = "ALIBABA_CLOUD_CREDENTIALS_URI"
)

// keySource is one place of the chain.
type keySource interface {
	// GetCredentials returns the key. Its errors are errWhy, or the library's, which
	// may hold anything.
	GetCredentials() (*providers.Credentials, error)
	// source is what the place is called if somebody set it up, and blank if nobody did.
	source() aliyun.Text
}

// placed is a source in the chain.
type placed struct {
	keySource
	place string    // in the list of where was looked
	names [3]string // of id, secret and token there
}

// sources asks the places of the vendor's default chain for a key, in its order.
// The first that has one is asked from then on; after a failure of it the chain
// is made anew.
type sources struct {
	list []placed
	used *placed
}

func newSources(life *life) *sources {
	written := [3]string{"access_key_id", "access_key_secret", "sts_token"}
	answered := [3]string{"AccessKeyId", "AccessKeySecret", "SecurityToken"}
	s := &sources{}
	add := func(place string, of keySource, names [3]string) { s.list = append(s.list, placed{of, place, names}) }
	add("environment", variables{}, [3]string{envID, envSecret, envToken})
	if debugged() {
		return s
	}
	add("OIDC", &tokenSource{}, answered)
	if !enabled(envNoProfile) {
		add("CLI profile", &cliProfile{life: life}, written)
	}
	add("credentials file", &keyFile{}, written)
	add("ECS role", &roleSource{}, answered)
	add("URI", &uriSource{}, answered)
	return s
}

// debugged reports whether the vendor's library writes the headers of its requests,
// tokens among them, to standard output. It decides that when the process starts,
// and nothing can stop it then but not to let it make requests.
func debugged() bool { return slices.Contains(strings.Split(os.Getenv("DEBUG"), ","), "credential") }

// enabled reads a switch as the library does.
func enabled(variable string) bool { return strings.EqualFold(os.Getenv(variable), "true") }

// key implements provider.
func (s *sources) key() (aliyun.Credential, error) {
	none := &aliyun.NoKeyError{}
	list := s.list
	if s.used != nil {
		list = []placed{*s.used}
	}
	for _, of := range list {
		key, err := of.key()
		if err == nil {
			s.used = &of
			return key, nil
		}
		if _, none.Form = errors.AsType[*badForm](err); none.Form {
			none.Looked, none.Faults = "", nil // what was asked before was rightly passed over
		}
		note(none, of, err)
		if none.Form {
			return aliyun.Credential{}, none
		}
	}
	if enabled(envNoProfile) {
		none.Looked += "; the CLI profile is switched off by " + envNoProfile
	}
	if debugged() {
		none.Looked += "; nothing else was asked, since with DEBUG=credential the vendor's library prints tokens: unset DEBUG"
	}
	return aliyun.Credential{}, none
}

// key asks the source and takes a crash of it for a failure: the library's crash on
// answers that lack a member.
func (p *placed) key() (key aliyun.Credential, err error) {
	defer func() {
		if recover() != nil {
			key, err = aliyun.Credential{}, errNoKey
		}
	}()
	got, err := p.GetCredentials()
	if err != nil {
		return aliyun.Credential{}, err
	}
	return trimmed(aliyun.Credential{AccessKeyID: got.AccessKeyId, AccessKeySecret: got.AccessKeySecret, SecurityToken: got.SecurityToken}, p.names)
}

// note notes that a place gave no key, in our own words.
func note(e *aliyun.NoKeyError, of placed, err error) {
	why := whyNot(err)
	said := why.EN
	if source := of.source(); source != (aliyun.Text{}) {
		e.Faults = append(e.Faults, aliyun.SourceFault{Source: source, Why: aliyun.Text(why)})
		if source.EN != of.place {
			said = source.EN + ": " + said
		}
	}
	if e.Looked != "" {
		e.Looked += "; "
	}
	e.Looked += of.place + " (" + said + ")"
}

// unset are the variables that are not set, or empty.
func unset(names ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return os.Getenv(name) != "" })
}

// notSet says so of variables.
func notSet(names []string) errWhy {
	list := strings.Join(names, ", ")
	return errWhy{list + " not set", "没有设置 " + list}
}

// variables is the environment as a source.
type variables struct{}

func (variables) source() aliyun.Text {
	if len(unset(envID, envSecret)) == 2 {
		return aliyun.Text{}
	}
	return aliyun.Text{EN: "environment", ZH: "环境变量"}
}

func (variables) GetCredentials() (*providers.Credentials, error) {
	if missing := unset(envID, envSecret); len(missing) > 0 {
		return nil, notSet(missing)
	}
	return &providers.Credentials{AccessKeyId: os.Getenv(envID), AccessKeySecret: os.Getenv(envSecret), SecurityToken: os.Getenv(envToken)}, nil
}

// tokenSource is a role that is assumed with the token in a file, as pods have one.
type tokenSource struct{ inner providers.CredentialsProvider }

func (*tokenSource) source() aliyun.Text {
	if len(unset(envTokenFile, envOIDC)) == 2 { // a role alone can be meant for others
		return aliyun.Text{}
	}
	return aliyun.Text{EN: "OIDC", ZH: "OIDC"}
}

func (s *tokenSource) GetCredentials() (*providers.Credentials, error) {
	if s.inner == nil {
		var err error
		if s.inner, err = made(providers.NewOIDCCredentialsProviderBuilder().Build()); err != nil {
			return nil, notSet(unset(envTokenFile, envOIDC, envRole))
		}
	}
	if path := os.Getenv(envTokenFile); path != "" {
		if _, why := readKeys(path); why != nil {
			return nil, errWhy{"the file named in " + envTokenFile + " " + why.EN, envTokenFile + " 指定的文件" + why.ZH}
		}
	}
	return s.inner.GetCredentials()
}

// roleSource is the role of the ECS instance.
type roleSource struct{ inner providers.CredentialsProvider }

func (*roleSource) source() aliyun.Text {
	if os.Getenv(envRoleName) == "" {
		return aliyun.Text{} // asked whether there is one or not
	}
	return aliyun.Text{EN: "ECS role named in " + envRoleName, ZH: envRoleName + " 指定的 ECS 实例角色"}
}

func (s *roleSource) GetCredentials() (*providers.Credentials, error) {
	if s.inner == nil {
		var err error
		if s.inner, err = made(providers.NewECSRAMRoleCredentialsProviderBuilder().Build()); err != nil {
			return nil, errWhy{"switched off by " + envNoRole, "已由 " + envNoRole + " 关闭"}
		}
	}
	return s.inner.GetCredentials()
}

// uriSource is a server that gives keys.
type uriSource struct{ inner providers.CredentialsProvider }

func (*uriSource) source() aliyun.Text {
	if os.Getenv(envURI) == "" {
		return aliyun.Text{}
	}
	return aliyun.Text{EN: "server named in " + envURI, ZH: envURI + " 指定的服务器"}
}

func (s *uriSource) GetCredentials() (*providers.Credentials, error) {
	if s.inner == nil {
		var err error
		if s.inner, err = made(providers.NewURLCredentialsProviderBuilder().Build()); err != nil {
			return nil, notSet([]string{envURI})
		}
	}
	return s.inner.GetCredentials()
}

// Faults returns the faults of the sources that an error of the chain tells of, in the order
// in which they were asked; none if nobody set any up.
func Faults(err error) []aliyun.SourceFault {
	none, _ := errors.AsType[*aliyun.NoKeyError](err)
	if none == nil {
		return nil
	}
	return none.Faults
}
