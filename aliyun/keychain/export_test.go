package keychain

import (
	"time"

	"axgbind/aliyun"
)

// Chain is Default over another source. build is called whenever the
// source is made anew, and what it returns whenever a key is asked for.
func Chain(build func() func() (aliyun.Credential, error)) aliyun.Credentials {
	return &chain{build: func() provider { return source(build()) }, life: newLife()}
}

type source func() (aliyun.Credential, error)

func (s source) key() (aliyun.Credential, error) { return s() }

// SplitCommand splits a command into its words.
func SplitCommand(command string, windows bool) ([]string, bool) {
	return splitCommand(command, windows)
}

// AskCommand asks a command for a key. It returns the id, or why there is none.
func AskCommand(command string, within time.Duration) string {
	key, err := (&external{command: command, life: newLife(), within: within}).GetCredentials()
	if err != nil {
		return err.Error()
	}
	return key.AccessKeyId
}
