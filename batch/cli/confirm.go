package cli

import (
	"bufio"
	"strings"
	"time"

	"axgbind/report"
)

// confirm asks before a real run if a person sits there: standard input and
// standard error are terminals. Jobs without a terminal are not asked.
func (j *job) confirm() error {
	if _, _, ok := terminalOf(j.stdin); !ok {
		return nil
	}
	if _, _, ok := j.console.terminal(); !ok {
		return nil
	}
	if j.console.holding() { // a question has to be heard
		j.console.release()
		defer j.console.hold()
	}
	calls := j.plan.ToSend + j.plan.ToLook
	if limit := j.flags.limit; limit > 0 {
		calls = min(calls, limit)
	}
	duration := time.Duration(float64(calls) / j.flags.rate * float64(time.Second)).Round(time.Second)
	j.say(report.AskRun, calls, duration)
	if soonest := j.plan.Soonest; !soonest.IsZero() && soonest.Before(time.Now().Add(duration+time.Minute)) {
		j.say(report.AskLate, soonest.In(report.Beijing).Format(time.DateTime))
	}
	_, _ = j.console.Write([]byte(report.AskGo.In(j.lang)))
	answer, _ := bufio.NewReader(j.stdin).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes", "是":
		return nil
	}
	return refuse(statusUsage, report.AskRefused)
}
