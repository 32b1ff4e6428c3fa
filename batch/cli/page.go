package cli

import (
	"encoding/hex"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"axgbind/batch/cli/output"
	"axgbind/batch/input"
	"axgbind/report"
)

// pageMode is that of a page. Its numbers are masked, but it tells of a
// company's business: whoever made it decides who gets it.
const pageMode = 0o600

// checkPage refuses a path that browsers would not open, or where something
// else stands: an input, say, after a slip of the hand.
func (a *app) checkPage(flag, path string) error {
	if path == "" {
		return nil
	}
	if low := strings.ToLower(filepath.Ext(path)); low != ".html" && low != ".htm" || strings.HasPrefix(filepath.Base(path), ".htm") {
		return refuse(statusUsage, report.ErrPageName, flag, path)
	}
	return a.allow(output.File{Flag: flag, Path: path, Kind: output.Page})
}

// writePage writes the page of a run that went as far as its end, from journal
// and results as they stand on the disk. Its failure is an I/O error of the
// run, as that of every file asked for.
func (j *job) writePage(s *report.Summary) {
	if j.flags.html == "" {
		return
	}
	p, err := j.ownPage()
	if err == nil {
		_, err = j.write(j.output(output.Page), p.WritePage)
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

// ownPage is the page of the batch that this run works on.
func (j *job) ownPage() (*report.Page, error) {
	g, err := j.glance(j.place)
	if err != nil {
		return nil, err
	}
	defer g.file.Close()
	return j.page(g, j.batch, j.results, time.Now())
}

func digestOf(in *input.Input) string {
	digest := in.SHA256()
	return hex.EncodeToString(digest[:])
}
