package command

import (
	"fmt"
	"os"
	"os/user"
	"runtime/debug"
	"strings"
	"time"

	"axgbind/report"
)

// development is what this tree is on the way to; a build from a tag carries the
// tag instead.
const development = "0.1.0-dev"

// Build is what a program was built from.
type Build struct {
	Version string // without a v
	Commit  string // blank if the build does not know it
	Date    string // of the commit, as RFC 3339; likewise
}

// ThisBuild is the build that runs.
func ThisBuild() Build {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return Build{Version: development}
	}
	return BuildOf(info)
}

// BuildOf is what the build information of this program says.
func BuildOf(info *debug.BuildInfo) Build {
	b := Build{Version: development}
	if tag := info.Main.Version; tag != "" && tag != "(devel)" {
		b.Version = strings.TrimPrefix(tag, "v")
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.time":
			b.Date = s.Value
		}
	}
	return b
}

// Program is the program and its version, as summaries name it.
func Program() string { return "axgbind " + ThisBuild().Version }

// UserAgent is what the service hears of the program.
func UserAgent() string { return "axgbind/" + ThisBuild().Version }

// User is who began this, and on which machine.
func User() string {
	name := "?"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return fmt.Sprintf("%s@%s", name, host)
}

// Beijing is a time as clocks there show it.
func Beijing(t time.Time) string { return t.In(report.Beijing).Format(time.DateTime) }
