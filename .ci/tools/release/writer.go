package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Writer writes the files of a release into a folder, and remembers what went wrong.
type Writer struct {
	Folder string
	Date   time.Time // of everything
	Said   io.Writer // hears of each file
	Err    []error
}

// write writes one file of the release.
func (w *Writer) write(name string, data []byte, err error) {
	if err == nil {
		err = os.WriteFile(filepath.Join(w.Folder, name), data, 0o644)
	}
	if err != nil {
		w.Err = append(w.Err, fmt.Errorf("%s: %w", name, err))
		return
	}
	fmt.Fprintf(w.Said, "%9d %s\n", len(data), name)
}

// Archive writes what is unpacked by hand: zip for Windows, tar.gz elsewhere.
func (w *Writer) Archive(p *Parts, t Target, program []byte) {
	name := fmt.Sprintf("axgbind_%s_%s_%s", p.Source.Version, t.OS, t.Arch)
	list, err := Portable(p, t, program)
	for i := range list {
		list[i].Path = name + "/" + list[i].Path
	}
	list = ordered(append(list, File{Path: name, Mode: runs}))
	pack := tarGz
	if name += ".tar.gz"; t.OS == "windows" {
		pack, name = zipped, strings.TrimSuffix(name, ".tar.gz")+".zip"
	}
	var data []byte
	if err == nil {
		data, err = pack(list, w.Date)
	}
	w.write(name, data, err)
}

// ordered are files by their path, with the folders in which they stand.
func ordered(list []File) []File {
	for _, f := range list {
		for dir, _, ok := cutLast(f.Path); ok && !slices.ContainsFunc(list, func(f File) bool { return f.Path == dir }); dir, _, ok = cutLast(dir) {
			list = append(list, File{Path: dir, Mode: runs})
		}
	}
	slices.SortFunc(list, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return list
}

func cutLast(path string) (dir, base string, ok bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

func tarGz(list []File, date time.Time) ([]byte, error) {
	text, err := tarred(list, date, 0)
	if err != nil {
		return nil, err
	}
	b := &bytes.Buffer{}
	z, err := gzip.NewWriterLevel(b, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(text)
	}
	if err == nil {
		err = z.Close()
	}
	return b.Bytes(), err
}

// tarred is a tar file in which folders that are a group's belong to a user by number.
func tarred(list []File, date time.Time, user int) ([]byte, error) {
	b := &bytes.Buffer{}
	t := tar.NewWriter(b)
	for _, f := range list {
		h := &tar.Header{Name: f.Path, Typeflag: tar.TypeReg, Mode: int64(f.Mode), Size: int64(len(f.Data)), ModTime: date, Format: tar.FormatUSTAR}
		if f.Data == nil {
			h.Name, h.Typeflag = f.Path+"/", tar.TypeDir
		}
		if f.Group != "" {
			h.Uid, h.Gid = user, user
		}
		if err := t.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := t.Write(f.Data); err != nil {
			return nil, err
		}
	}
	err := t.Close()
	return b.Bytes(), err
}

func zipped(list []File, date time.Time) ([]byte, error) {
	b := &bytes.Buffer{}
	z := zip.NewWriter(b)
	for _, f := range list {
		h := &zip.FileHeader{Name: f.Path, Method: zip.Deflate, Modified: date}
		h.SetMode(f.Mode)
		if f.Data == nil {
			h.Name += "/"
			h.SetMode(f.Mode | fs.ModeDir)
		}
		out, err := z.CreateHeader(h)
		if err == nil && f.Data != nil {
			_, err = out.Write(f.Data)
		}
		if err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// Checksums writes the SHA-256 of every file so far, as sha256sum -c reads them.
func (w *Writer) Checksums() {
	entries, err := os.ReadDir(w.Folder)
	b := &bytes.Buffer{}
	for _, e := range entries {
		data, rerr := os.ReadFile(filepath.Join(w.Folder, e.Name()))
		err = cmp.Or(err, rerr)
		fmt.Fprintf(b, "%x  %s\n", sha256.Sum256(data), e.Name())
	}
	w.write("checksums.txt", b.Bytes(), err)
}
