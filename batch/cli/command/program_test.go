package command_test

import (
	"runtime/debug"
	"testing"

	"axgbind/batch/cli/command"
)

// TestBuild: a build from a tag has the tag's version, and one that knows its commit
// names it with its date; any other is on the way to the next version.
func TestBuild(t *testing.T) {
	tagged := &debug.BuildInfo{Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "be862af"}, {Key: "vcs.time", Value: "2026-12-01T04:38:20Z"}, {Key: "vcs.modified", Value: "false"},
	}}
	tagged.Main.Version = "v1.2.3"
	if got, want := command.BuildOf(tagged), (command.Build{Version: "1.2.3", Commit: "be862af", Date: "2026-12-01T04:38:20Z"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, version := range []string{"", "(devel)"} {
		plain := &debug.BuildInfo{}
		plain.Main.Version = version
		if got := command.BuildOf(plain); got.Version != "0.1.0-dev" || got.Commit != "" || got.Date != "" {
			t.Errorf("%q: got %+v", version, got)
		}
	}
}
