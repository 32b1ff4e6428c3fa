package cli

import (
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"axgbind/batch"
	"axgbind/report"
)

// pageMode is that of a page. Its numbers are masked, but it tells of a
// company's business: whoever made it decides who gets it.
const pageMode = 0o600

// checkPage refuses a path that browsers would not open, or where something
// else stands: an input, say, after a slip of the hand.
func checkPage(flag, path string) error {
	if path == "" {
		return nil
	}
	if low := strings.ToLower(filepath.Ext(path)); low != ".html" && low != ".htm" || strings.HasPrefix(filepath.Base(path), ".htm") {
		return refuse(statusUsage, report.ErrPageName, flag, path)
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return refuse(statusUsage, report.ErrWrite, path, reasonOf(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return refuse(statusUsage, report.ErrPageForeign, path)
	}
	head, err := io.ReadAll(io.LimitReader(f, 2<<10))
	if err != nil {
		return refuse(statusUsage, report.ErrWrite, path, reasonOf(err))
	}
	if len(head) > 0 && !strings.Contains(string(head), report.PageMark) {
		return refuse(statusUsage, report.ErrPageForeign, path)
	}
	return nil
}

// writePage writes the page of a run that went as far as its end, from journal
// and results as they stand on the disk. Its failure is an I/O error of the
// run, as that of every file asked for.
func (j *job) writePage(s *report.Summary) {
	if j.flags.html == "" {
		return
	}
	p, err := j.page(j.results, j.results, j.journalPath, false, time.Now())
	if err == nil {
		err = writeFile(j.flags.html, pageMode, p.WritePage)
	}
	if err == nil {
		return
	}
	j.fail(s)
	if f, ok := errors.AsType[*fault](err); ok {
		j.say(report.ErrLine, firstLine(f.in(j.lang)))
		return
	}
	j.sayUnwritten(j.flags.html, err)
}

func digestOf(in *batch.Input) string {
	digest := in.SHA256()
	return hex.EncodeToString(digest[:])
}
