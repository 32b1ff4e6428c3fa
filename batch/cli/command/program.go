package command

import (
	"fmt"
	"os"
	"os/user"
	"runtime/debug"
	"time"

	"axgbind/report"
)

// development is what this tree is on the way to; a build from a tag carries the
// tag instead.
const development = "0.1.0-dev"

// Version is the version and, if the build knows it, the commit.
func Version() (v, commit string) {
	v = development
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v, ""
	}
	if tag := info.Main.Version; tag != "" && tag != "(devel)" {
		v = tag
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			commit = s.Value
		}
	}
	return v, commit
}

// UserAgent is what the service hears of the program.
func UserAgent() string {
	v, _ := Version()
	return "axgbind/" + v
}

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
