package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

var update = flag.Bool("update", false, "rewrite the lists in testdata")

const repository = "../../.."

// parts are those of a release of this work tree, with help, completions and modules
// that are made up.
func parts(t *testing.T) *Parts {
	t.Helper()
	s := &Source{Folder: repository, Version: "0.1.0", Commit: strings.Repeat("a", 40), Date: time.Date(2026, 12, 1, 4, 38, 20, 0, time.UTC)}
	p, err := s.Parts(say, []Module{{Path: "example.com/m", Version: "v1.0.0", Licence: "MIT", Texts: []byte("Permission is hereby granted")}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// say is a small program with one command and one page of reference.
func say(args ...string) (string, error) {
	text := map[string]string{
		"--lang en --help":          "Binds.\n\nUsage:\n  axgbind [flags]\n\nCommands:\n  bind       make it so\n\nReference, axgbind help TOPIC:\n  keys       Keys\n\naxgbind COMMAND --help tells more.\n",
		"--lang zh --help":          "绑定。\n\n用法：\n  axgbind [参数]\n\n命令：\n  bind       绑定\n\n参考手册，用 axgbind help TOPIC 查看：\n  keys       密钥\n",
		"--lang en bind --help":     "Makes it so,\nwith \\ and 'quotes':\n  .indented\n\nUsage:\n  axgbind bind\n\nFlags:\n  -o, --out FILE   the FILE\n      --excel      for Excel\n\nExit statuses:\n  0 fine\n",
		"--lang zh bind --help":     "绑定一行，\n就这样。\n\n用法：\n  axgbind bind\n",
		"--lang en help keys":       "# Keys\n\nGive `none`.\n\n## Files\n\n```sh\naxgbind version\n```\n",
		"--lang zh help keys":       "# 密钥\n\n没有。\n",
		"--lang en completion bash": "bash", "--lang en completion zsh": "zsh", "--lang en completion fish": "fish", "--lang en completion powershell": "ps",
	}[strings.Join(args, " ")]
	if text == "" {
		return "", fmt.Errorf("nothing to say to %q", args)
	}
	return text, nil
}

// program stands for a program.
var program = []byte("\x7fELF and so on")

var amd64 = Target{"linux", "amd64"}

// TestContents: every package, archive and image holds what testdata lists, with these
// modes and owners, and the same bytes when it is made again.
func TestContents(t *testing.T) {
	p := parts(t)
	build := func(temporary string) string {
		t.Setenv("TMPDIR", temporary)
		w := Writer{Folder: t.TempDir(), Date: p.Source.Date, Said: io.Discard}
		for _, target := range Targets {
			w.Archive(p, target, program)
		}
		w.Packages(p, amd64, program)
		w.Image(p, amd64, program)
		w.Checksums()
		if len(w.Err) > 0 {
			t.Fatal(w.Err)
		}
		return w.Folder
	}
	folder := build(t.TempDir())
	checkLists(t, folder, "0.1.0", "amd64", "x86_64")
	sums := must[[]byte](t)(os.ReadFile(filepath.Join(folder, "checksums.txt")))
	again := must[[]byte](t)(os.ReadFile(filepath.Join(build(t.TempDir()), "checksums.txt")))
	if !bytes.Equal(sums, again) || bytes.Count(sums, []byte("\n")) != len(Targets)+3 {
		t.Errorf("first:\n%sagain:\n%s", sums, again)
	}
}

// checkLists compares what was built for an architecture of Linux, and the archives, with
// the lists in testdata. rpm has another name for the architecture.
func checkLists(t *testing.T, folder, version, arch, rpmArch string) map[string]*unpacked {
	t.Helper()
	read := func(name string) []byte { return must[[]byte](t)(os.ReadFile(filepath.Join(folder, name))) }
	base := "axgbind_" + version + "_"
	list := map[string]*unpacked{
		"deb":    readDeb(t, read(base+arch+".deb")),
		"rpm":    readRPM(t, read("axgbind-"+version+"-1."+rpmArch+".rpm")),
		"tar.gz": readTarGz(t, read(base+"linux_"+arch+".tar.gz")),
		"zip":    readZip(t, read(base+"windows_amd64.zip")),
		"image":  readImage(t, filepath.Join(folder, base+"linux_"+arch+"_image.tar")),
		"darwin": readTarGz(t, read(base+"darwin_arm64.tar.gz")),
	}
	for _, kind := range []string{"deb", "rpm", "tar.gz", "zip", "image"} {
		got := strings.NewReplacer(version, "VERSION", "linux_"+arch, "SYSTEM").Replace(list[kind].list())
		name := filepath.Join("testdata", kind+".txt")
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want := string(must[[]byte](t)(os.ReadFile(name))); got != want {
			t.Errorf("%s holds\n%s, want\n%s", kind, got, want)
		}
	}
	if linux, darwin := list["tar.gz"].list(), list["darwin"].list(); strings.ReplaceAll(linux, "linux_"+arch, "S") != strings.ReplaceAll(darwin, "darwin_arm64", "S") {
		t.Errorf("the archive for darwin holds\n%s", darwin)
	}
	for kind, name := range map[string]string{"tar.gz": "linux_" + arch, "zip": "windows_amd64"} {
		for _, page := range must[[]string](t)(filepath.Glob(filepath.Join(repository, "report", "reference", "*.md"))) {
			list[kind].data(t, base+name+"/report/reference/"+filepath.Base(page))
		}
	}
	for _, kind := range []string{"deb", "rpm"} {
		u := list[kind]
		want := map[string]string{"package": "axgbind", "version": version, "architecture": map[string]string{"deb": arch, "rpm": rpmArch}[kind]}
		for key, value := range want {
			if u.about[key] != value {
				t.Errorf("%s: %s is %q, want %q", kind, key, u.about[key], value)
			}
		}
		if !strings.Contains(u.about["depends"], "ca-certificates") {
			t.Errorf("%s depends on %q", kind, u.about["depends"])
		}
		for _, name := range []string{"preinst", "postinst", "prerm", "postrm"} {
			text, _ := scripts.ReadFile(kind + "/" + name)
			if u.scripts[name] != string(text) {
				t.Errorf("%s: the script %s is\n%s, want\n%s", kind, name, u.scripts[name], text)
			}
			for _, bad := range []string{"enable", "rm -r"} {
				if strings.Contains(u.scripts[name], bad) {
					t.Errorf("%s: the script %s has %s", kind, name, bad)
				}
			}
		}
		for installed, sample := range map[string]string{
			"etc/axgbind/night.env":                        "environment",
			"usr/bin/axgbind-night":                        "axgbind-night",
			"usr/lib/systemd/system/axgbind-night.service": "axgbind-night.service",
			"usr/lib/systemd/system/axgbind-night.timer":   "axgbind-night.timer",
		} {
			if want := must[[]byte](t)(os.ReadFile(filepath.Join(repository, "samples", "night", sample))); !bytes.Equal(u.data(t, installed), want) {
				t.Errorf("%s: %s is not the sample %s", kind, installed, sample)
			}
		}
	}
	return list
}

// readImage reads an image in both forms that engines look for, and compares its settings
// with those that the Dockerfile gives it.
func readImage(t *testing.T, name string) *unpacked {
	t.Helper()
	old := must[v1.Image](t)(tarball.ImageFromPath(name, nil))
	folder := t.TempDir()
	for _, f := range readTar(t, bytes.NewReader(must[[]byte](t)(os.ReadFile(name)))) {
		path := filepath.Join(folder, filepath.FromSlash(f.path))
		err := os.MkdirAll(path, 0o755)
		if f.kind == "file" {
			err = os.Remove(path)
			if err == nil {
				err = os.WriteFile(path, f.data, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	index := must[v1.ImageIndex](t)(layout.ImageIndexFromPath(folder))
	manifest := must[*v1.IndexManifest](t)(index.IndexManifest())
	if len(manifest.Manifests) != 1 {
		t.Fatalf("%d images", len(manifest.Manifests))
	}
	image := must[v1.Image](t)(index.Image(manifest.Manifests[0].Digest))
	for form, i := range map[string]v1.Image{"OCI": image, "docker": old} {
		if err := validate.Image(i); err != nil {
			t.Errorf("%s: %v", form, err)
		}
	}
	config := must[*v1.ConfigFile](t)(image.ConfigFile())
	if must[v1.Hash](t)(image.ConfigName()) != must[v1.Hash](t)(old.ConfigName()) {
		t.Error("the two forms are two images")
	}
	c := config.Config
	volumes := ""
	for v := range c.Volumes {
		volumes += v
	}
	got := []string{"ENV " + strings.Join(c.Env, " "), "USER " + c.User, "VOLUME " + volumes, "WORKDIR " + c.WorkingDir, fmt.Sprintf("ENTRYPOINT [%q]", strings.Join(c.Entrypoint, " "))}
	_, stage, _ := strings.Cut(string(must[[]byte](t)(os.ReadFile(filepath.Join(repository, "samples", "night", "Dockerfile")))), "\nFROM scratch AS axgbind\n")
	stage, _, _ = strings.Cut(stage, "\n\n")
	if want := regexp.MustCompile(`(?m)^(?:ENV|USER|VOLUME|WORKDIR|ENTRYPOINT) .*`).FindAllString(stage, -1); !slices.Equal(got, want) {
		t.Errorf("the image has %q, the Dockerfile %q", got, want)
	}
	for _, label := range []string{"version", "revision", "created"} {
		if c.Labels["org.opencontainers.image."+label] == "" {
			t.Errorf("no label %s: %v", label, c.Labels)
		}
	}
	layers := must[[]v1.Layer](t)(image.Layers())
	if len(layers) != 1 || config.OS != "linux" {
		t.Fatalf("%d layers for %s", len(layers), config.OS)
	}
	in, err := layers[0].Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	u := &unpacked{files: readTar(t, in)}
	if n := bytes.Count(u.data(t, "etc/ssl/certs/ca-certificates.crt"), []byte("BEGIN CERTIFICATE")); n < 100 {
		t.Errorf("%d certificates", n)
	}
	return u
}

// TestVersions: what is no version is refused before anything is made.
func TestVersions(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	for _, v := range []string{"", "v1.2.3", "1.2", "01.2.3", "1.2.3-", "1.2.3-RC1", "1.2.3 ", "1.2.3/.."} {
		if err := release(repository, out, v); err == nil || !strings.Contains(err.Error(), "want one like") {
			t.Errorf("%q: %v", v, err)
		}
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("the folder was made")
	}
}

// TestClone: what is cloned is the commit, tagged, without what is not committed; and a
// version that another commit has is refused.
func TestClone(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git")
	}
	dir := t.TempDir()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	git := func(args ...string) string {
		t.Helper()
		who := []string{"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com", "GIT_COMMITTER_DATE=2026-12-01T12:00:00+08:00"}
		return strings.TrimSpace(must[string](t)(run(dir, who, "git", args...)))
	}
	file := filepath.Join(dir, "file")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "--quiet", ".")
	write("committed")
	git("add", "file")
	git("commit", "--quiet", "-m", "first")
	write("changed")
	s, err := Clone(dir, filepath.Join(t.TempDir(), "clone"), "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	if text := must[[]byte](t)(s.File("file")); string(text) != "committed" || s.Commit != git("rev-parse", "HEAD") || s.Date.Format(time.RFC3339) != "2026-12-01T04:00:00Z" {
		t.Errorf("%q, %+v", text, s)
	}
	if tag := must[string](t)(run(s.Folder, nil, "git", "tag", "--points-at", "HEAD")); tag != "v1.2.3\n" {
		t.Errorf("tagged %q", tag)
	}
	if git("tag") != "" {
		t.Error("the repository was tagged")
	}
	git("tag", "v1.2.3")
	if _, err := Clone(dir, filepath.Join(t.TempDir(), "again"), "1.2.3"); err != nil {
		t.Errorf("the tag of this very commit: %v", err)
	}
	git("commit", "--quiet", "-a", "-m", "second")
	if _, err := Clone(dir, filepath.Join(t.TempDir(), "other"), "1.2.3"); err == nil || !strings.Contains(err.Error(), "v1.2.3 is "+s.Commit) {
		t.Errorf("a tag of another commit: %v", err)
	}
}
