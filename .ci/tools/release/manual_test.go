package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// roffOf is a page as it is before gzip.
func roffOf(t *testing.T, packed []byte) string {
	t.Helper()
	r := must[*gzip.Reader](t)(gzip.NewReader(bytes.NewReader(packed)))
	return string(must[[]byte](t)(io.ReadAll(r)))
}

// TestManual: a help becomes a page in which roff sees no request that is none, and a
// page of the reference one in section 7.
func TestManual(t *testing.T) {
	pages := map[string]string{}
	for _, p := range parts(t).Manual {
		pages[p.Path()] = roffOf(t, p.Roff)
	}
	if len(pages) != 6 {
		t.Errorf("%d pages", len(pages))
	}
	for path, want := range map[string][]string{
		"man1/axgbind.1.gz":            {"axgbind \\- " + Summary + "\n", ".SH \"Commands\"\n.TP\n\\fBbind\\fR\nmake it so\n", "axgbind COMMAND \\-\\-help tells more.\n"},
		"man1/axgbind-bind.1.gz":       {"axgbind\\-bind \\- make it so\n", "Makes it so,\nwith \\e and \\(aqquotes\\(aq:\n.nf\n  .indented\n.fi\n", ".TP\n\\fB\\-o, \\-\\-out FILE\\fR\nthe FILE\n.TP\n\\fB\\-\\-excel\\fR\n", ".nf\n  0 fine\n.fi\n"},
		"zh_CN/man1/axgbind-bind.1.gz": {".SH \"名称\"\naxgbind\\-bind \\- 绑定\n", "绑定一行，就这样。\n"},
		"man7/axgbind-keys.7.gz":       {"axgbind\\-keys \\- Keys\n", "Give \\(ganone\\(ga.\n", ".SH \"Files\"\n.nf\naxgbind version\n.fi\n"},
		"zh_CN/man7/axgbind-keys.7.gz": {"没有。"},
	} {
		for _, w := range want {
			if !strings.Contains(pages[path], w) {
				t.Errorf("%s lacks %q:\n%s", path, w, pages[path])
			}
		}
	}
	if got := escape(".request\n'too"); got != "\\&.request\n\\(aqtoo" {
		t.Errorf("escaped: %q", got)
	}
}

// TestReadable: man finds nothing to warn of in a page, and a name and a summary for
// whatis.
func TestReadable(t *testing.T) {
	p := parts(t)
	for _, page := range append([]Page{p.nightPage()}, p.Manual...) {
		readable(t, page.Path(), page.Roff)
	}
}

func readable(t *testing.T, path string, roff []byte) {
	t.Helper()
	for _, tool := range []string{"man", "lexgrog"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("not checked: there is no %s", tool)
		}
	}
	name := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(name, roff, 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", name)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANWIDTH=80")
	warnings := &bytes.Buffer{}
	c.Stderr = warnings
	if err := c.Run(); err != nil || warnings.Len() > 0 {
		t.Errorf("%s: %v\n%s", path, err, warnings)
	}
	if out, err := exec.Command("lexgrog", name).Output(); err != nil || !bytes.Contains(out, []byte("\"axgbind")) {
		t.Errorf("%s: %v, %s", path, err, out)
	}
}

// TestWrap: no line is too wide, none begins with what closes, and nothing is lost.
func TestWrap(t *testing.T) {
	for _, text := range []string{
		"检查每一行，为每个有效行调用一次 BindAxg，并把结果写在输入文件旁边。已发送的内容\n记录在台账（journal）中。",
		"一二三四五六七，八九十",
		"with words only that are broken at blanks",
		"",
	} {
		for columns := 12; columns < 40; columns++ {
			lines := wrap(text, columns)
			for _, l := range lines {
				n := 0
				for _, r := range l {
					n += columnsOf(r)
				}
				if n > columns+2 || strings.IndexAny(l, "，。）") == 0 && l != "" {
					t.Errorf("%d columns: %q", columns, l)
				}
			}
			bare := func(s string) string { return strings.NewReplacer(" ", "", "\n", "").Replace(s) }
			if got := strings.Join(lines, ""); bare(got) != bare(text) {
				t.Errorf("%d columns: %q", columns, got)
			}
		}
	}
	if got := wrap("一二三四五六七，八九十", 14); got[0] != "一二三四五六" || got[1] != "七，八九十" {
		t.Errorf("%q", got)
	}
}
