// Release builds what people without Go install: archives for four systems, deb and rpm
// for both architectures of Linux, container images, a list of all modules and their
// licences, and checksums.
//
// Usage; .ci/release does it:
//
//	release [-source FOLDER] -out FOLDER VERSION
//
// It builds the commit that is checked out in FOLDER, the current folder unless said, from
// a clone that is tagged vVERSION: what is not committed is not in it, and whoever
// builds that tag with the same Go has the same program, byte for byte. So it is with
// everything else: the commit's date is the only time in it.
//
// What a package holds stands in [System], and what stands in it of people's files comes
// from samples/night; the manual pages are the program's own help.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
)

func main() {
	source := flag.String("source", ".", "build the commit that is checked out in this `FOLDER`")
	out := flag.String("out", "", "make this `FOLDER`, and everything in it")
	flag.Parse()
	if flag.NArg() != 1 || *out == "" {
		fmt.Fprintln(os.Stderr, "usage: release [-source FOLDER] -out FOLDER VERSION")
		os.Exit(2)
	}
	if err := release(*source, *out, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

var versions = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9a-z.]+)?$`)

// release builds a version into a new folder.
func release(repository, out, version string) error {
	if !versions.MatchString(version) {
		return fmt.Errorf("version %q, want one like 1.2.3 or 1.2.3-rc1", version)
	}
	if err := os.Mkdir(out, 0o755); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "axgbind-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	from, err := Clone(repository, filepath.Join(scratch, "axgbind"), version)
	if err != nil {
		return err
	}
	fmt.Printf("%s, commit %s of %s\n", version, from.Commit, from.Date.Format("2006-01-02"))

	programs := map[Target]*Program{}
	for _, t := range Targets {
		fmt.Printf("building for %s\n", t)
		if programs[t], err = from.Build(t, scratch); err != nil {
			return err
		}
	}
	here := programs[Target{runtime.GOOS, runtime.GOARCH}]
	if here == nil {
		if here, err = from.Build(Target{runtime.GOOS, runtime.GOARCH}, scratch); err != nil {
			return err
		}
	}
	modules, err := from.Modules(programs)
	if err != nil {
		return err
	}
	parts, err := from.Parts(here.Say, modules)
	if err != nil {
		return err
	}

	w := Writer{Folder: out, Date: from.Date, Said: os.Stdout}
	for _, t := range Targets {
		w.Archive(parts, t, programs[t].Bytes)
		if t.OS == "linux" {
			w.Packages(parts, t, programs[t].Bytes)
			w.Image(parts, t, programs[t].Bytes)
		}
	}
	w.SPDX(from, programs, modules)
	w.Checksums()
	return errors.Join(w.Err...)
}
