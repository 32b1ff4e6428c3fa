package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/goreleaser/nfpm/v2"
	"github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	"github.com/goreleaser/nfpm/v2/rpm"
)

// Packages writes the deb and the rpm for an architecture of Linux.
func (w *Writer) Packages(p *Parts, t Target, program []byte) {
	for _, format := range []string{"deb", "rpm"} {
		name, data, err := p.pack(format, t, program)
		w.write(name, data, err)
	}
}

// pack makes one package. nfpm reads files, so they are put into a folder first.
func (p *Parts) pack(format string, t Target, program []byte) (name string, data []byte, err error) {
	staged, err := os.MkdirTemp("", "axgbind-package-")
	if err != nil {
		return format, nil, err
	}
	defer os.RemoveAll(staged)
	list, err := System(p, format, program)
	if err != nil {
		return format, nil, err
	}
	info := &nfpm.Info{
		Name: "axgbind", Arch: t.Arch, Platform: t.OS, Version: p.Source.Version, MTime: p.Source.Date,
		Section: "utils", Priority: "optional", Maintainer: Maintainer, Description: Summary + "\n" + Description,
		License: License(p.Source), DisableGlobbing: true,
	}
	info.Contents, err = stage(list, staged)
	if err != nil {
		return format, nil, err
	}
	s := &info.Scripts
	for name, to := range map[string]*string{"preinst": &s.PreInstall, "postinst": &s.PostInstall, "prerm": &s.PreRemove, "postrm": &s.PostRemove} {
		script, err := scripts.ReadFile(format + "/" + name)
		if os.IsNotExist(err) {
			continue
		}
		*to = filepath.Join(staged, name)
		if err := os.WriteFile(*to, script, 0o600); err != nil {
			return format, nil, err
		}
	}
	var packager nfpm.Packager
	switch format {
	case "deb":
		packager = deb.Default
		info.Depends = []string{"adduser", "ca-certificates"}
		info.Deb.Compression = "xz"
	case "rpm":
		packager = rpm.DefaultRPM
		// The file, for its package has another name in each distribution.
		info.Depends = []string{"/usr/sbin/useradd", "ca-certificates"}
		info.Description = strings.ReplaceAll(Description, "\n.\n", "\n\n")
		info.RPM.Summary, info.RPM.BuildHost, info.RPM.Compression = Summary, "localhost", "xz"
	}
	info = nfpm.WithDefaults(info)
	b := &bytes.Buffer{}
	err = packager.Package(info, b)
	return packager.ConventionalFileName(info), b.Bytes(), err
}

// stage writes files into a folder and says how they are packed.
func stage(list []File, folder string) (contents files.Contents, err error) {
	for _, f := range list {
		c := &files.Content{Destination: "/" + f.Path, FileInfo: &files.ContentFileInfo{Owner: "root", Group: "root", Mode: f.Mode}}
		if f.Group != "" {
			c.FileInfo.Group = f.Group
		}
		switch {
		case f.Data == nil:
			c.Type = files.TypeDir
		case f.Config:
			c.Type = files.TypeConfigNoReplace
		}
		if f.Data != nil {
			c.Source = filepath.Join(folder, strings.ReplaceAll(f.Path, "/", "_"))
			if err := os.WriteFile(c.Source, f.Data, 0o600); err != nil {
				return nil, err
			}
		}
		contents = append(contents, c)
	}
	return contents, nil
}
