package batch_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain keeps the tests off the network and finds goroutines that outlive
// them: a Run, a Journal and a Reader own theirs.
func TestMain(m *testing.M) {
	os.Setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
	goleak.VerifyTestMain(m)
}
