package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"axgbind/batch/cli/flags"
	"axgbind/report"
)

// version is what this tree is on the way to; a build from a tag carries the
// tag instead.
const version = "0.1.0-dev"

// programVersion is the version and, if the build knows it, the commit.
func programVersion() (v, commit string) {
	v = version
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

func userAgent() string {
	v, _ := programVersion()
	return "axgbind/" + v
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "version",
		Short:       report.HelpVersion.In(a.lang),
		Annotations: flags.Tells,
		Args:        cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v, commit := programVersion()
			if commit != "" {
				v += " (" + commit + ")"
			}
			_, err := fmt.Fprintf(a.stdout, "axgbind %s %s %s/%s\n", v, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
