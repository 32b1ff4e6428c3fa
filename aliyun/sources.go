package aliyun

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
)

// sources asks the places of the vendor's default chain for a key, in its order.
// The first that has one is asked from then on; after a failure of it the chain
// is made anew.
type sources struct {
	list []providers.CredentialsProvider
	used providers.CredentialsProvider
}

func newSources(life *life) *sources {
	s := &sources{}
	add := func(p providers.CredentialsProvider, err error) {
		if err == nil { // else it is switched off, or lacks its settings
			s.list = append(s.list, p)
		}
	}
	add(made(providers.NewEnvironmentVariableCredentialsProviderBuilder().Build()))
	if debugged() {
		return s
	}
	add(made(providers.NewOIDCCredentialsProviderBuilder().Build()))
	if !enabled("ALIBABA_CLOUD_CLI_PROFILE_DISABLED") {
		add(&cliProfile{life: life}, nil)
	}
	add(made(providers.NewProfileCredentialsProviderBuilder().WithProfileName(strings.TrimSpace(os.Getenv("ALIBABA_CLOUD_PROFILE"))).Build()))
	add(made(providers.NewECSRAMRoleCredentialsProviderBuilder().Build()))
	add(made(providers.NewURLCredentialsProviderBuilder().Build()))
	return s
}

// debugged reports whether the vendor's library writes the headers of its requests,
// tokens among them, to standard output. It decides that when the process starts,
// and nothing can stop it then but not to let it make requests.
func debugged() bool { return slices.Contains(strings.Split(os.Getenv("DEBUG"), ","), "credential") }

// GetCredentials implements provider. Its error holds that of the CLI profile if
// that had one; what others say may hold anything and is dropped.
func (s *sources) GetCredentials() (*providers.Credentials, error) {
	if s.used != nil {
		return guarded(s.used)
	}
	failed := errors.New("no source has a key")
	for _, p := range s.list {
		key, err := guarded(p)
		if err == nil && key != nil {
			s.used = p
			return key, nil
		}
		if of, ok := errors.AsType[*profileError](err); ok {
			failed = of
		}
	}
	return nil, failed
}

// guarded asks a provider and takes a crash of it for a failure: the library's
// crash on answers that lack a member.
func guarded(p providers.CredentialsProvider) (key *providers.Credentials, err error) {
	defer func() {
		if recover() != nil {
			key, err = nil, errors.New("crashed")
		}
	}()
	return p.GetCredentials()
}

// CredentialFiles are the files in which DefaultChain may find a key or a token,
// whether they exist or not: nothing may be written there.
func CredentialFiles() (paths []string) {
	for _, variable := range []string{"ALIBABA_CLOUD_CONFIG_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALIBABA_CLOUD_OIDC_TOKEN_FILE"} {
		if path := os.Getenv(variable); path != "" {
			paths = append(paths, path)
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, filepath.Join(home, ".aliyun", "config.json"), filepath.Join(home, ".alibabacloud", "credentials"))
	}
	return paths
}
