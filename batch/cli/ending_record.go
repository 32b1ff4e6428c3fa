package cli

import (
	"axgbind/report"
)

// identify puts into the summary what an auditor asks for: which run it was,
// who began it with which key, and the digests of what went in and came out.
func (j *job) identify(s *report.Summary, results string) {
	run := j.journal.Runs[len(j.journal.Runs)-1]
	s.Run, s.Commit, s.User, s.Key = run.Run, run.Commit, run.User, j.keyID
	s.InputSHA256, s.ResultsSHA256 = run.Digest, results
}
