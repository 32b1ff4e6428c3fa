package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/blakesmith/ar"
	"github.com/cavaliergopher/cpio"
	"github.com/ulikunitz/xz"
)

// unpacked is what a package, an archive or an image holds.
type unpacked struct {
	files   []unpackedFile
	scripts map[string]string // of a package, by the name that dpkg has for each
	about   map[string]string // of a package: name, version and so on
}

type unpackedFile struct {
	path  string
	mode  int64 // with the bits of sets, without the kind
	owner string
	group string
	kind  string // file, config or dir
	data  []byte
}

// list is what it holds, a line a file, but for the pages of the manual and the reference.
func (u *unpacked) list() string {
	var lines []string
	for _, f := range u.files {
		if !strings.Contains(f.path+"/", "/man/") && !strings.Contains(f.path, "/report/reference/") {
			lines = append(lines, fmt.Sprintf("%-6s %04o %-7s %-7s %s", f.kind, f.mode, f.owner, f.group, f.path))
		}
	}
	slices.SortFunc(lines, func(a, b string) int {
		return strings.Compare(a[strings.LastIndexByte(a, ' '):], b[strings.LastIndexByte(b, ' '):])
	})
	return strings.Join(lines, "\n") + "\n"
}

// manual is the paths of the manual's pages, from the folder man on.
func (u *unpacked) manual() (list []string) {
	for _, f := range u.files {
		if _, page, ok := strings.Cut(f.path, "/man/"); ok && f.kind != "dir" {
			list = append(list, page)
		}
	}
	slices.Sort(list)
	return list
}

// data is the content of a file.
func (u *unpacked) data(t *testing.T, path string) []byte {
	t.Helper()
	for _, f := range u.files {
		if f.path == path {
			return f.data
		}
	}
	t.Fatalf("no %s", path)
	return nil
}

// must fails the test for what cannot be read.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func readTar(t *testing.T, in io.Reader) (list []unpackedFile) {
	t.Helper()
	text := must[[]byte](t)(io.ReadAll(in))
	if !bytes.HasSuffix(text, make([]byte, 1024)) {
		t.Error("the tar file does not end as one does") // Go reads on; others do not
	}
	in = bytes.NewReader(text)
	for r := tar.NewReader(in); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		f := unpackedFile{path: strings.Trim(strings.TrimPrefix(h.Name, "./"), "/"), mode: h.Mode & 0o7777, owner: h.Uname, group: h.Gname, kind: "file"}
		if f.owner == "" {
			f.owner, f.group = strconv.Itoa(h.Uid), strconv.Itoa(h.Gid)
		}
		if h.Typeflag == tar.TypeDir {
			f.kind = "dir"
		}
		f.data = must[[]byte](t)(io.ReadAll(r))
		list = append(list, f)
	}
}

func readTarGz(t *testing.T, data []byte) *unpacked {
	t.Helper()
	return &unpacked{files: readTar(t, must[*gzip.Reader](t)(gzip.NewReader(bytes.NewReader(data))))}
}

func readZip(t *testing.T, data []byte) *unpacked {
	t.Helper()
	u := &unpacked{}
	for _, f := range must[*zip.Reader](t)(zip.NewReader(bytes.NewReader(data), int64(len(data)))).File {
		kind := "file"
		if f.Mode()&fs.ModeDir != 0 {
			kind = "dir"
		}
		in := must[io.ReadCloser](t)(f.Open())
		u.files = append(u.files, unpackedFile{strings.Trim(f.Name, "/"), int64(f.Mode().Perm()), "-", "-", kind, must[[]byte](t)(io.ReadAll(in))})
	}
	return u
}

func readDeb(t *testing.T, data []byte) *unpacked {
	t.Helper()
	u := &unpacked{scripts: map[string]string{}, about: map[string]string{}}
	var conffiles string
	for r := ar.NewReader(bytes.NewReader(data)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch strings.Trim(h.Name, "/") {
		case "control.tar.gz":
			for _, f := range readTar(t, must[*gzip.Reader](t)(gzip.NewReader(r))) {
				switch f.path {
				case "control":
					for line := range strings.Lines(string(f.data)) {
						if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
							u.about[strings.ToLower(key)] = value
						}
					}
				case "conffiles":
					conffiles = string(f.data)
				case "md5sums":
				default:
					u.scripts[f.path] = string(f.data)
				}
			}
		case "data.tar.xz":
			u.files = readTar(t, must[*xz.Reader](t)(xz.NewReader(r)))
		}
	}
	for i, f := range u.files {
		if strings.Contains(conffiles, "/"+f.path+"\n") {
			u.files[i].kind = "config"
		}
	}
	return u
}

// readRPM reads the header of an rpm, where owners and modes stand, and its payload.
// See the tags in rpm's lib/rpmtag.h.
func readRPM(t *testing.T, data []byte) *unpacked {
	t.Helper()
	const lead = 96
	_, signed := readRPMHeader(t, data[lead:])
	begin := lead + (signed+7)/8*8
	tags, size := readRPMHeader(t, data[begin:])
	u := &unpacked{
		scripts: map[string]string{"preinst": tags.text(1023), "postinst": tags.text(1024), "prerm": tags.text(1025), "postrm": tags.text(1026)},
		about:   map[string]string{"package": tags.text(1000), "version": tags.text(1001), "architecture": tags.text(1022), "depends": strings.Join(tags[1049].texts, ", ")},
	}
	content := map[string][]byte{}
	for r := cpio.NewReader(must[*xz.Reader](t)(xz.NewReader(bytes.NewReader(data[begin+size:])))); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content[strings.TrimLeft(h.Name, "./")] = must[[]byte](t)(io.ReadAll(r))
	}
	for i, base := range tags[1117].texts {
		f := unpackedFile{path: strings.TrimPrefix(tags[1118].texts[tags[1116].numbers[i]]+base, "/"), owner: tags[1039].texts[i], group: tags[1040].texts[i], kind: "file"}
		mode := tags[1030].numbers[i]
		f.mode, f.data = mode&0o7777, content[f.path]
		switch {
		case mode&0o170000 == 0o040000:
			f.kind = "dir"
		case tags[1037].numbers[i]&17 == 17: // a configuration file that is not replaced
			f.kind = "config"
		}
		u.files = append(u.files, f)
	}
	return u
}

type rpmTags map[uint32]rpmTag

type rpmTag struct {
	texts   []string
	numbers []int64
}

func (tags rpmTags) text(tag uint32) string { return strings.Join(tags[tag].texts, "") }

func readRPMHeader(t *testing.T, b []byte) (tags rpmTags, size int) {
	t.Helper()
	if !bytes.HasPrefix(b, []byte{0x8e, 0xad, 0xe8, 1}) {
		t.Fatalf("no header of an rpm: % x", b[:8])
	}
	number := binary.BigEndian.Uint32
	count, length := int(number(b[8:])), int(number(b[12:]))
	store := b[16+16*count:][:length]
	tags = rpmTags{}
	for i := range count {
		entry := b[16+16*i:]
		kind, from, n := number(entry[4:]), number(entry[8:]), int(number(entry[12:]))
		var tag rpmTag
		for j := range n {
			switch kind {
			case 3:
				tag.numbers = append(tag.numbers, int64(binary.BigEndian.Uint16(store[int(from)+2*j:])))
			case 4:
				tag.numbers = append(tag.numbers, int64(number(store[int(from)+4*j:])))
			case 6, 8, 9:
				text, _, _ := bytes.Cut(store[from:], []byte{0})
				tag.texts = append(tag.texts, string(text))
				from += uint32(len(text)) + 1
			}
		}
		tags[number(entry)] = tag
	}
	return tags, 16 + 16*count + length
}
