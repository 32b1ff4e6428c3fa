package main

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Parts are what archives, packages and images are put together from, besides a program.
type Parts struct {
	Source      *Source
	Manual      []Page
	Completions map[string][]byte // by shell
	Notices     []byte            // the licences of what is linked into the program
	Copyright   []byte            // who has which rights, and where the licences stand
}

// Parts gathers them. say is what a program prints that can run here.
func (s *Source) Parts(say func(args ...string) (string, error), modules []Module) (*Parts, error) {
	manual := &Manual{Version: s.Version, Date: s.Date, Help: func(lang string, args ...string) (string, error) {
		return say(append([]string{"--lang", lang}, args...)...)
	}}
	p := &Parts{Source: s, Completions: map[string][]byte{}, Notices: notices(modules), Copyright: copyright(s, modules)}
	var err error
	if p.Manual, err = manual.Pages(); err != nil {
		return nil, err
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		script, err := say("--lang", "en", "completion", shell)
		if err != nil {
			return nil, err
		}
		p.Completions[shell] = []byte(script)
	}
	return p, nil
}

// File is a file or folder as it stands once it is unpacked.
type File struct {
	Path   string // from the root of the system, or in the folder of the archive
	Mode   fs.FileMode
	Group  string // the owner is root everywhere
	Config bool   // people change it, and upgrades keep it
	Data   []byte // nil: a folder
}

const (
	plain   = 0o644
	runs    = 0o755
	private = 0o640
	shared  = 0o2770 // what is made in it is the group's
)

// group is the group of those who may run axgbind on the machine's journal, and the name
// of the user of the night.
const group = "axgbind"

// System is what a package of a format, deb or rpm, puts into a system.
func System(p *Parts, format string, program []byte) ([]File, error) {
	doc := "usr/share/doc/axgbind/"
	zsh := map[string]string{"deb": "vendor-completions", "rpm": "site-functions"}[format]
	list := []File{
		{Path: "etc/axgbind", Mode: runs},
		{Path: "usr/bin/axgbind", Mode: runs, Data: program},
		{Path: "usr/share/bash-completion/completions/axgbind", Mode: plain, Data: p.Completions["bash"]},
		{Path: "usr/share/fish/vendor_completions.d/axgbind.fish", Mode: plain, Data: p.Completions["fish"]},
		{Path: "usr/share/zsh/" + zsh + "/_axgbind", Mode: plain, Data: p.Completions["zsh"]},
		{Path: doc[:len(doc)-1], Mode: runs},
		{Path: doc + "copyright", Mode: plain, Data: p.Copyright},
		{Path: doc + "notices.txt.gz", Mode: plain, Data: gzipped(p.Notices)},
		{Path: "var/lib/axgbind", Mode: shared, Group: group},
		{Path: "var/lib/axgbind/inbox", Mode: shared, Group: group},
	}
	for _, f := range []struct {
		name, to string
		mode     fs.FileMode
	}{
		{"samples/night/axgbind-night", "usr/bin/axgbind-night", runs},
		{"samples/night/axgbind-night.service", "usr/lib/systemd/system/axgbind-night.service", plain},
		{"samples/night/axgbind-night.timer", "usr/lib/systemd/system/axgbind-night.timer", plain},
		{"samples/night/environment", "etc/axgbind/night.env", private},
		{"CHANGELOG.md", doc + "changelog.gz", plain},
	} {
		data, err := p.Source.File(f.name)
		if err != nil {
			return nil, err
		}
		file := File{Path: f.to, Mode: f.mode, Data: data}
		if f.mode == private {
			file.Group, file.Config = group, true
		}
		if strings.HasSuffix(f.to, ".gz") {
			file.Data = gzipped(data)
		}
		list = append(list, file)
	}
	for _, page := range append([]Page{p.nightPage()}, p.Manual...) {
		list = append(list, File{Path: "usr/share/man/" + page.Path(), Mode: plain, Data: page.Roff})
	}
	if format == "deb" {
		list = append(list,
			File{Path: doc + "changelog.Debian.gz", Mode: plain, Data: gzipped(p.debianChangelog())},
			File{Path: "usr/share/lintian/overrides/axgbind", Mode: plain, Data: overrides})
	}
	return list, nil
}

//go:embed overrides
var overrides []byte

//go:embed deb rpm
var scripts embed.FS

// Maintainer answers for the packages.
const Maintainer = "axgbind maintainers <axgbind@example.com>"

// Summary and Description say what the program is to who looks for packages.
const (
	Summary     = "bind phone numbers to middle numbers in bulk"
	Description = `axgbind reads rows of numbers from a CSV, checks them, makes one rate-limited
BindAxg call of Alibaba Cloud Phone Number Protection per row, and writes a
CSV with what came of each. A journal remembers what was sent, so that running
it again is always safe.
.
A systemd timer for a run every night comes with it, switched off.`
)

// debianChangelog is that of the package; that of the program stands beside it.
func (p *Parts) debianChangelog() []byte {
	return fmt.Appendf(nil, "axgbind (%s) unstable; urgency=medium\n\n  * Version %s; changelog.gz says what is new.\n\n -- %s  %s\n",
		debianVersion(p.Source.Version), p.Source.Version, Maintainer, p.Source.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
}

// debianVersion is a version that stands before the one it is a candidate of.
func debianVersion(v string) string { return strings.Replace(v, "-", "~", 1) }

// nightPage is the manual page of the script of the night.
func (p *Parts) nightPage() Page {
	m := Manual{Version: p.Source.Version, Date: p.Source.Date}
	b := m.begin("en", "axgbind-night", "1", "one night's run, for cron and systemd")
	b.section("SYNOPSIS")
	b.asIs([]string{"axgbind-night [flags of axgbind bind]"})
	b.section("DESCRIPTION")
	var lines []string
	if script, err := p.Source.File("samples/night/axgbind-night"); err == nil {
		for line := range strings.Lines(string(script)) {
			line = strings.TrimRight(line, "\n")
			if text, ok := strings.CutPrefix(line, "#"); ok && !strings.HasPrefix(line, "#!") {
				lines = append(lines, strings.ReplaceAll(strings.TrimPrefix(text, " "), "\t", "  "))
			} else if len(lines) > 0 {
				break
			}
		}
	}
	b.prose(lines)
	b.section("SEE ALSO")
	b.running("axgbind-bind(1), axgbind-nights(7)")
	return b.page("axgbind-night", "1")
}

// Portable is what an archive for a target holds, in a folder of its own: the program and
// what the README refers to.
func Portable(p *Parts, t Target, program []byte) ([]File, error) {
	list := []File{
		{Path: programName(t), Mode: runs, Data: program},
		{Path: "notices.txt", Mode: plain, Data: p.Notices},
	}
	for _, pattern := range []string{"README*.md", "CHANGELOG.md", "LICENSE*", "report/reference/*.md", "samples/*.csv", "samples/night/*"} {
		names, err := fs.Glob(p.Source.FS(), pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if base := path.Base(name); base == "Dockerfile" || strings.HasPrefix(base, "go.") || strings.HasSuffix(base, ".go") {
				continue // of use only beside the source
			}
			data, err := p.Source.File(name)
			if err != nil {
				return nil, err
			}
			f := File{Path: name, Mode: plain, Data: data}
			if strings.HasPrefix(string(data), "#!") {
				f.Mode = runs
			}
			list = append(list, f)
		}
	}
	if t.OS == "windows" {
		return append(list, File{Path: "completions/axgbind.ps1", Mode: plain, Data: p.Completions["powershell"]}), nil
	}
	for shell, name := range map[string]string{"bash": "axgbind.bash", "zsh": "_axgbind", "fish": "axgbind.fish"} {
		list = append(list, File{Path: "completions/" + name, Mode: plain, Data: p.Completions[shell]})
	}
	for _, page := range p.Manual {
		list = append(list, File{Path: "man/" + page.Path(), Mode: plain, Data: page.Roff})
	}
	return list, nil
}
