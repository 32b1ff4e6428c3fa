package main

import (
	"debug/buildinfo"
	"encoding/json"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestClassify: licences are known by what all copies of them say, however it is broken
// into lines; what is not known is not guessed.
func TestClassify(t *testing.T) {
	const bsd = "Redistribution and use in source and\nbinary forms, with or without"
	for text, want := range map[string]string{
		"Permission is hereby granted, free of charge, to any person obtaining\n a copy of": "MIT",
		bsd:                            "BSD-2-Clause",
		bsd + " * Neither the name of": "BSD-3-Clause",
		"Apache License\n  Version 2.0, January 2004":                                                                 "Apache-2.0",
		"Mozilla Public License, version 2.0":                                                                         "MPL-2.0",
		"Permission to use, copy, modify, and/or distribute this software for any purpose":                            "ISC",
		"Apache License Version 2.0 ... Permission is hereby granted, free of charge, to any person obtaining a copy": "Apache-2.0 AND MIT",
		"All rights reserved.": "NOASSERTION",
	} {
		if got := classify(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestRead: every licence and notice of a module is passed on, and a module without one
// is none that may be.
func TestRead(t *testing.T) {
	m := Module{Path: "example.com/m"}
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	err := m.read(fstest.MapFS{
		"LICENSE-APACHE": file("Apache License Version 2.0"), "NOTICE": file("written by us"), "README.md": file("no licence"), "licenses/x": file("of another"),
	})
	if text := string(m.Texts); err != nil || m.Licence != "Apache-2.0" || !strings.Contains(text, "written by us") || strings.Contains(text, "no licence") || strings.Contains(text, "of another") {
		t.Errorf("%v, %s:\n%s", err, m.Licence, text)
	}
	if err := m.read(fstest.MapFS{"main.go": file("package main")}); err == nil {
		t.Error("a module without a licence was taken")
	}
}

// TestDocument: the SPDX list has each module once, each program with its digest, and
// says of each program what is linked into it.
func TestDocument(t *testing.T) {
	s := &Source{Folder: t.TempDir(), Version: "1.2.3", Commit: "abc", Date: time.Date(2026, 12, 1, 4, 0, 0, 0, time.UTC)}
	m := &debug.Module{Path: "example.com/m", Version: "v1.0.0", Sum: "h1:x"}
	programs := map[Target]*Program{
		amd64:                {Bytes: []byte("one"), Info: &buildinfo.BuildInfo{GoVersion: "go1.26.0", Deps: []*debug.Module{m}}},
		{"windows", "amd64"}: {Bytes: []byte("two"), Info: &buildinfo.BuildInfo{GoVersion: "go1.26.0"}},
	}
	d := document(s, programs, []Module{{Path: standard, Version: "1.26.0", Licence: "BSD-3-Clause"}, {Path: m.Path, Version: m.Version, Sum: m.Sum, Licence: "MIT"}})
	if again := document(s, programs, nil); again.Namespace != d.Namespace || again.Creation.Created != "2026-12-01T04:00:00Z" {
		t.Errorf("%+v", again)
	}
	ids := map[string]int{d.ID: 1}
	for _, p := range d.Packages {
		ids[p.ID]++
	}
	linked := ""
	for _, r := range d.Relationships {
		if ids[r.From] != 1 || ids[r.To] != 1 {
			t.Errorf("%+v: of %v", r, ids)
		}
		linked += strings.TrimPrefix(r.From, "SPDXRef-") + " " + r.Type + " " + strings.TrimPrefix(r.To, "SPDXRef-") + "\n"
	}
	if want := "DOCUMENT DESCRIBES axgbind-linux-amd64\naxgbind-linux-amd64 STATIC_LINK std\naxgbind-linux-amd64 STATIC_LINK example.com-m\n" +
		"DOCUMENT DESCRIBES axgbind-windows-amd64\naxgbind-windows-amd64 STATIC_LINK std\n"; linked != want {
		t.Errorf("got\n%s", linked)
	}
	text := string(must[[]byte](t)(json.Marshal(d)))
	for _, want := range []string{
		`"spdxVersion":"SPDX-2.3"`, `"dataLicense":"CC0-1.0"`, `"licenseDeclared":"MIT"`, `"referenceLocator":"pkg:golang/example.com/m@v1.0.0"`,
		`"comment":"go.sum: h1:x"`, `"checksumValue":"7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// TestCheck: a build that is not of the commit, or of a work tree with changes, is refused.
func TestCheck(t *testing.T) {
	s := &Source{Version: "1.2.3", Commit: "abc", Date: time.Date(2026, 12, 1, 4, 0, 0, 0, time.UTC)}
	build := func(version, commit, modified string) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: commit}, {Key: "vcs.time", Value: "2026-12-01T04:00:00Z"}, {Key: "vcs.modified", Value: modified},
		}}
	}
	if err := s.check(build("v1.2.3", "abc", "false")); err != nil {
		t.Error(err)
	}
	for _, b := range []*debug.BuildInfo{build("v1.2.4", "abc", "false"), build("v1.2.3", "abd", "false"), build("v1.2.3", "abc", "true")} {
		if s.check(b) == nil {
			t.Errorf("taken: %+v", b)
		}
	}
}
