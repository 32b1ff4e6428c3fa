package main

import (
	"bytes"
	"debug/buildinfo"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var (
	dist    = flag.String("dist", "", "test what was built into this `FOLDER`; .ci/release-test does it")
	version = flag.String("version", "", "the version that was built into the folder")
)

// TestBuilt unpacks what was built and holds it against the lists; has every program say
// which it is, and those that can run here rehearse; and reads the manual.
func TestBuilt(t *testing.T) {
	if *dist == "" {
		t.Skip("nothing was built: see .ci/release-test")
	}
	for arch, rpmArch := range map[string]string{"amd64": "x86_64", "arm64": "aarch64"} {
		t.Run(arch, func(t *testing.T) {
			target := Target{"linux", arch}
			list := checkLists(t, *dist, *version, arch, rpmArch)
			base := "axgbind_" + *version
			want := list["deb"].data(t, "usr/bin/axgbind")
			for kind, path := range map[string]string{"rpm": "usr/bin/axgbind", "image": "usr/bin/axgbind", "tar.gz": base + "_linux_" + arch + "/axgbind"} {
				if !bytes.Equal(list[kind].data(t, path), want) {
					t.Errorf("the program in %s is another than in the deb", kind)
				}
			}
			works(t, target, want)
			if arch == "amd64" {
				works(t, Target{"windows", "amd64"}, list["zip"].data(t, base+"_windows_amd64/axgbind.exe"))
				works(t, Target{"darwin", "arm64"}, list["darwin"].data(t, base+"_darwin_arm64/axgbind"))
				manual(t, list, want)
			}
		})
	}
}

// works has a program say which it is, and rehearse, if it runs here.
func works(t *testing.T, target Target, program []byte) {
	t.Helper()
	info := must[*buildinfo.BuildInfo](t)(buildinfo.Read(bytes.NewReader(program)))
	if info.Main.Version != "v"+*version {
		t.Errorf("%s is %s", target, info.Main.Version)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "axgbind.exe")
	if err := os.WriteFile(name, program, 0o700); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(name, "version")
	if target != (Target{runtime.GOOS, runtime.GOARCH}) {
		emulator, err := exec.LookPath("qemu-aarch64-static")
		if target != (Target{"linux", "arm64"}) || err != nil {
			t.Logf("%s does not run here; its build says it is v%s", target, *version)
			return
		}
		c = exec.Command(emulator, name, "version")
	}
	out, err := c.Output()
	if said := string(out); err != nil || !strings.HasPrefix(said, "axgbind "+*version+" (") || !strings.Contains(said, " "+info.GoVersion+" "+target.String()+"\n") {
		t.Fatalf("%s: %v: %s", target, err, said)
	}
	rehearsal := exec.Command(c.Args[0], append(c.Args[1:len(c.Args)-1:len(c.Args)-1], "bind", "--simulate", "--out", filepath.Join(dir, "out.csv"), filepath.Join(repository, "samples", "bindings.csv"))...)
	rehearsal.Env = []string{"HOME=" + dir, "AXGBIND_JOURNAL=" + filepath.Join(dir, "journal"), "LC_ALL=C"}
	said, err := rehearsal.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Logf("status %d", exit.ExitCode())
	}
	if err != nil || !bytes.Contains(said, []byte("axgbind: finished status=0 rows=50 bound=50 ")) || !bytes.Contains(said, []byte(" version="+*version+"\n")) {
		t.Errorf("%s: %v\n%s", target, err, said)
	}
	t.Logf("%s: %sand a rehearsal of 50 rows", target, out)
}

// manual wants a page for each command and topic that the program names, in each
// package, that man reads without a warning.
func manual(t *testing.T, list map[string]*unpacked, program []byte) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "axgbind")
	if err := os.WriteFile(name, program, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.Command(name, "version").Output(); err != nil {
		t.Skip("the program does not run here")
	}
	m := &Manual{Help: func(lang string, args ...string) (string, error) {
		return run("", nil, name, append([]string{"--lang", lang}, args...)...)
	}}
	night := Page{Name: "axgbind-night", Section: "1", Lang: "en"}
	var pages []string
	for _, p := range must[[]Page](t)(m.Pages()) {
		pages = append(pages, p.Path())
	}
	for _, wanted := range []string{"man1/axgbind.1.gz", "man1/axgbind-bind.1.gz", "man1/axgbind-journal-init.1.gz", "man7/axgbind-nights.7.gz", "zh_CN/man1/axgbind-bind.1.gz"} {
		if !slices.Contains(pages, wanted) {
			t.Errorf("no page %s", wanted)
		}
	}
	slices.Sort(pages)
	if got := list["tar.gz"].manual(); !slices.Equal(got, pages) {
		t.Errorf("the archive has the pages %q, want %q", got, pages)
	}
	pages = append(pages, night.Path())
	slices.Sort(pages)
	for _, kind := range []string{"deb", "rpm"} {
		if got := list[kind].manual(); !slices.Equal(got, pages) {
			t.Errorf("%s has the pages %q, want %q", kind, got, pages)
		}
	}
	for _, path := range pages {
		t.Run(path, func(t *testing.T) { readable(t, path, list["deb"].data(t, "usr/share/man/"+path)) })
	}
}
