package batch_test

import (
	"flag"
	"os"
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"
)

// TestMain keeps the tests off the network and finds goroutines that outlive
// them: a Run, a Journal and a Reader own theirs.
func TestMain(m *testing.M) {
	os.Setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
	flag.Parse()
	if os.Getenv("GOGC") == "" && flag.Lookup("test.bench").Value.String() == "" {
		debug.SetGCPercent(300) // thousands of small jobs and journals: a third of the time went into collecting
	}
	goleak.VerifyTestMain(m)
}
