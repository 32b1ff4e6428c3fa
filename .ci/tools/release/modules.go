package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
)

// Module is something that is linked into the program, with its licences.
type Module struct {
	Path, Version, Sum string
	Licence            string // as SPDX names it
	Texts              []byte // of the licences and notices, as they stand in the module
}

// unknown is what SPDX says of what nobody has said.
const unknown = "NOASSERTION"

// standard is the name under which Go's own packages are listed.
const standard = "std"

// Modules are those that are linked into any of the programs, as the programs say, and
// what their folders say of licences.
func (s *Source) Modules(programs map[Target]*Program) ([]Module, error) {
	found := map[string]*debug.Module{}
	version := ""
	for _, p := range programs {
		version = p.Info.GoVersion
		for _, m := range p.Info.Deps {
			if m.Replace != nil {
				return nil, fmt.Errorf("%s is replaced by %s", m.Path, m.Replace.Path)
			}
			found[m.Path] = m
		}
	}
	root, err := run(s.Folder, nil, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	std := Module{Path: standard, Version: strings.TrimPrefix(version, "go")}
	if err := std.read(os.DirFS(strings.TrimSpace(root))); err != nil {
		return nil, err
	}
	list := []Module{std}
	for _, path := range slices.Sorted(maps.Keys(found)) {
		dir, err := run(s.Folder, nil, "go", "list", "-m", "-f", "{{.Dir}}", path)
		if err != nil {
			return nil, err
		}
		m := Module{Path: path, Version: found[path].Version, Sum: found[path].Sum}
		if err := m.read(os.DirFS(strings.TrimSpace(dir))); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

var legal = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|copyright|patents)([-._].*)?$`)

// read finds the licences in the folder of a module. A module without any is an error:
// nobody may pass on what they have no licence for.
func (m *Module) read(folder fs.FS) error {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return err
	}
	var all []byte
	for _, e := range entries {
		if e.IsDir() || !legal.MatchString(e.Name()) {
			continue
		}
		text, err := fs.ReadFile(folder, e.Name())
		if err != nil {
			return err
		}
		all = append(all, text...)
		m.Texts = fmt.Appendf(m.Texts, "--- %s ---\n\n%s\n\n", e.Name(), bytes.TrimSpace(text))
	}
	if len(all) == 0 {
		return fmt.Errorf("%s has no licence", m.Path)
	}
	m.Licence = classify(string(all))
	return nil
}

// classify names the licences of a text by phrases that every copy of them has.
func classify(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	has := func(phrases ...string) bool {
		return !slices.ContainsFunc(phrases, func(p string) bool { return !strings.Contains(text, p) })
	}
	var list []string
	if has("apache license", "version 2.0") {
		list = append(list, "Apache-2.0")
	}
	if has("redistribution and use in source and binary forms") {
		if has("neither the name") || has("names of its contributors may not") {
			list = append(list, "BSD-3-Clause")
		} else {
			list = append(list, "BSD-2-Clause")
		}
	}
	if has("permission to use, copy, modify, and/or distribute this software for any purpose") || has("permission to use, copy, modify, and distribute this software for any purpose") {
		list = append(list, "ISC")
	}
	if has("permission is hereby granted, free of charge, to any person obtaining a copy") {
		list = append(list, "MIT")
	}
	if has("mozilla public license", "2.0") {
		list = append(list, "MPL-2.0")
	}
	return cmp.Or(strings.Join(list, " AND "), unknown)
}

// notices are the licences of all that is linked into the program, as each of them wants
// to be passed on.
func notices(modules []Module) []byte {
	b := &bytes.Buffer{}
	fmt.Fprintln(b, "axgbind is linked with the modules below. Each is its authors', who grant these licences.")
	for _, m := range modules {
		fmt.Fprintf(b, "\n%s\n%s\n%s %s\n%s\n\n%s\n", line, m.Licence, m.Path, m.Version, line, bytes.TrimSpace(m.Texts))
	}
	return b.Bytes()
}

var line = strings.Repeat("=", 72)

// copyright is the page on rights that Debian wants.
func copyright(s *Source, modules []Module) []byte {
	b := &bytes.Buffer{}
	licence := License(s)
	if licence == unknown {
		licence = "none is in its source"
	}
	fmt.Fprintf(b, "axgbind is copyright %d of its authors. Licence: %s.\n\n", s.Date.Year(), licence)
	fmt.Fprint(b, "The program is linked with these modules, the work of others; their copyright\nnotices and licences stand in notices.txt.gz beside this file.\n\n")
	for _, m := range modules {
		fmt.Fprintf(b, "  %s %s: %s\n", m.Path, m.Version, m.Licence)
	}
	fmt.Fprint(b, "\nOn Debian systems the text of the Apache License 2.0 is in\n/usr/share/common-licenses/Apache-2.0, that of the Mozilla Public License 2.0 in\n/usr/share/common-licenses/MPL-2.0.\n")
	return b.Bytes()
}

// License is the licence of axgbind itself.
func License(s *Source) string {
	names, _ := fs.Glob(s.FS(), "LICENSE*") // the pattern is right
	for _, name := range names {
		if text, err := s.File(name); err == nil {
			return classify(string(text))
		}
	}
	return unknown
}

type spdx struct {
	Version       string         `json:"spdxVersion"`
	DataLicense   string         `json:"dataLicense"`
	ID            string         `json:"SPDXID"`
	Name          string         `json:"name"`
	Namespace     string         `json:"documentNamespace"`
	Creation      spdxCreation   `json:"creationInfo"`
	Packages      []spdxPackage  `json:"packages"`
	Relationships []spdxRelation `json:"relationships"`
}

type spdxCreation struct {
	Created  string   `json:"created"`
	Creators []string `json:"creators"`
}

type spdxPackage struct {
	ID        string          `json:"SPDXID"`
	Name      string          `json:"name"`
	Version   string          `json:"versionInfo"`
	File      string          `json:"packageFileName,omitempty"`
	Location  string          `json:"downloadLocation"`
	Analyzed  bool            `json:"filesAnalyzed"`
	Checksums []spdxChecksum  `json:"checksums,omitempty"`
	Concluded string          `json:"licenseConcluded"`
	Declared  string          `json:"licenseDeclared"`
	Copyright string          `json:"copyrightText"`
	Refs      []spdxReference `json:"externalRefs,omitempty"`
	Comment   string          `json:"comment,omitempty"`
}

type spdxChecksum struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"checksumValue"`
}

type spdxReference struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

type spdxRelation struct {
	From string `json:"spdxElementId"`
	Type string `json:"relationshipType"`
	To   string `json:"relatedSpdxElement"`
}

// SPDX writes which modules are in which program, and under which licences, as the
// programs themselves say: a document of SPDX 2.3.
func (w *Writer) SPDX(s *Source, programs map[Target]*Program, modules []Module) {
	text, err := json.MarshalIndent(document(s, programs, modules), "", "  ")
	w.write("axgbind_"+s.Version+".spdx.json", append(text, '\n'), err)
}

func document(s *Source, programs map[Target]*Program, modules []Module) spdx {
	d := spdx{
		Version: "SPDX-2.3", DataLicense: "CC0-1.0", ID: "SPDXRef-DOCUMENT", Name: "axgbind-" + s.Version,
		Namespace: "https://axgbind.invalid/spdx/" + s.Version + "/" + s.Commit,
		Creation:  spdxCreation{s.Date.Format("2006-01-02T15:04:05Z"), []string{"Tool: axgbind-ci-release"}},
	}
	for _, m := range modules {
		url := "pkg:golang/" + m.Path + "@" + m.Version
		p := spdxPackage{
			ID: idOf(m.Path), Name: m.Path, Version: m.Version, Location: unknown, Concluded: unknown,
			Declared: m.Licence, Copyright: unknown, Refs: []spdxReference{{"PACKAGE-MANAGER", "purl", url}},
		}
		if m.Sum != "" {
			p.Comment = "go.sum: " + m.Sum
		}
		d.Packages = append(d.Packages, p)
	}
	for _, t := range Targets {
		p, ok := programs[t]
		if !ok {
			continue
		}
		id := idOf("axgbind-" + t.OS + "-" + t.Arch)
		d.Packages = append(d.Packages, spdxPackage{
			ID: id, Name: "axgbind", Version: s.Version, File: programName(t), Location: unknown,
			Checksums: []spdxChecksum{{"SHA256", fmt.Sprintf("%x", sha256.Sum256(p.Bytes))}}, Concluded: unknown, Declared: License(s), Copyright: unknown,
			Comment: t.String() + ", commit " + s.Commit + ", built with " + p.Info.GoVersion,
		})
		d.Relationships = append(d.Relationships, spdxRelation{d.ID, "DESCRIBES", id}, spdxRelation{id, "STATIC_LINK", idOf(standard)})
		for _, m := range p.Info.Deps {
			d.Relationships = append(d.Relationships, spdxRelation{id, "STATIC_LINK", idOf(m.Path)})
		}
	}
	return d
}

// idOf is a name within the document.
func idOf(name string) string {
	return "SPDXRef-" + regexp.MustCompile(`[^A-Za-z0-9.-]`).ReplaceAllString(name, "-")
}
