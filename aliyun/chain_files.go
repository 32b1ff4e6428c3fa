package aliyun

import (
	"os"
	"path/filepath"
)

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
