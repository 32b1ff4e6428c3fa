package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// nobody is the user of the image, which has no root.
const nobody = 65532

// Image writes the image for an architecture: an OCI layout with the manifest.json beside
// it by which older engines find what to load.
func (w *Writer) Image(p *Parts, t Target, program []byte) {
	name := fmt.Sprintf("axgbind_%s_%s_%s_image.tar", p.Source.Version, t.OS, t.Arch)
	var data []byte
	image, err := p.image(t, program)
	if err == nil {
		data, err = p.saved(image)
	}
	w.write(name, data, err)
}

// image is the image that samples/night/Dockerfile describes as its target axgbind.
func (p *Parts) image(t Target, program []byte) (v1.Image, error) {
	layer, err := tarred(ordered([]File{
		{Path: "usr/bin/axgbind", Mode: runs, Data: program},
		{Path: "etc/ssl/certs/ca-certificates.crt", Mode: plain, Data: certificates()},
		{Path: "usr/share/doc/axgbind/notices.txt", Mode: plain, Data: p.Notices},
		{Path: "var/lib/axgbind", Mode: shared, Group: group},
	}), p.Source.Date, nobody)
	if err != nil {
		return nil, err
	}
	packed, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(layer)), nil },
		tarball.WithMediaType(types.OCILayer), tarball.WithCompressionLevel(9))
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	image, err = mutate.Append(image, mutate.Addendum{Layer: packed, History: v1.History{
		Created: v1.Time{Time: p.Source.Date}, CreatedBy: "axgbind .ci/release",
	}})
	if err != nil {
		return nil, err
	}
	file, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Created = t.OS, t.Arch, v1.Time{Time: p.Source.Date}
	if t.Arch == "arm64" {
		file.Variant = "v8"
	}
	user := fmt.Sprintf("%d:%d", nobody, nobody)
	file.Config = v1.Config{
		User: user, WorkingDir: "/var/lib/axgbind", Entrypoint: []string{"/usr/bin/axgbind"},
		Env:     []string{"PATH=/usr/bin", "HOME=/var/lib/axgbind", "USER=axgbind"},
		Volumes: map[string]struct{}{"/var/lib/axgbind": {}},
		Labels: map[string]string{
			"org.opencontainers.image.title":       "axgbind",
			"org.opencontainers.image.description": Summary,
			"org.opencontainers.image.version":     p.Source.Version,
			"org.opencontainers.image.revision":    p.Source.Commit,
			"org.opencontainers.image.created":     p.Source.Date.Format("2006-01-02T15:04:05Z07:00"),
		},
	}
	return mutate.ConfigFile(image, file)
}

// saved is the image as docker save would write it.
func (p *Parts) saved(image v1.Image) ([]byte, error) {
	folder, err := os.MkdirTemp("", "axgbind-image-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	tag := "axgbind:" + p.Source.Version
	to, err := layout.Write(folder, empty.Index)
	if err == nil {
		err = to.AppendImage(image, layout.WithAnnotations(map[string]string{
			"org.opencontainers.image.ref.name": p.Source.Version,
			"io.containerd.image.name":          "docker.io/library/" + tag,
		}))
	}
	if err != nil {
		return nil, err
	}
	manifest, err := image.Manifest()
	if err != nil {
		return nil, err
	}
	blob := func(h v1.Hash) string { return path.Join("blobs", h.Algorithm, h.Hex) }
	old := []struct {
		Config   string
		RepoTags []string
		Layers   []string
	}{{Config: blob(manifest.Config.Digest), RepoTags: []string{tag}}}
	for _, l := range manifest.Layers {
		old[0].Layers = append(old[0].Layers, blob(l.Digest))
	}
	text, err := json.Marshal(old)
	if err != nil {
		return nil, err
	}
	list := []File{{Path: "manifest.json", Mode: plain, Data: text}}
	err = filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(folder, name)
		list = append(list, File{Path: filepath.ToSlash(rel), Mode: plain, Data: data})
		return err
	})
	if err != nil {
		return nil, err
	}
	return tarred(ordered(list), p.Source.Date, 0)
}

// certificates are the roots that Mozilla trusts without reserve, as the module says that
// is pinned in go.mod.
func certificates() []byte {
	b := &bytes.Buffer{}
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			_ = pem.Encode(b, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}) // a buffer takes all
		}
	}
	return b.Bytes()
}
