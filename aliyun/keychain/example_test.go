package keychain_test

import (
	"context"
	"fmt"
	"os"

	"axgbind/aliyun/keychain"
)

func Example() {
	for name, value := range map[string]string{"ALIBABA_CLOUD_ACCESS_KEY_ID": "LTAI5tExampleKey1234", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret"} {
		os.Setenv(name, value)
		defer os.Unsetenv(name)
	}
	chain := keychain.Default()
	defer chain.Close()
	key, err := chain.Credential(context.Background())
	fmt.Println(key, err)
	// Output: LTA***1234 <nil>
}
