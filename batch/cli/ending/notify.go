package ending

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"axgbind/batch/books"
	"axgbind/batch/cli/command"
	"axgbind/batch/cli/exit"
	"axgbind/batch/cli/flags"
	"axgbind/report"
	"axgbind/report/chat"
)

// notifyWithin bounds all that telling a robot may take.
const notifyWithin = 5 * time.Second

// robot is a chat robot that is told how runs end. Posting to it lives here,
// in no package below: it is neither the service's protocol nor a row in
// motion, and only commands read the variables that say where to.
type robot struct {
	kind   chat.Robot
	hook   *url.URL
	secret string
}

// robotOf reads the variables. It returns nil if there is no robot to tell.
func robotOf(a *command.Invocation) (*robot, error) {
	text, secret := a.Getenv(flags.NotifyURL), a.Getenv(flags.NotifySecret)
	if text == "" {
		for _, name := range []string{flags.NotifySecret, flags.NotifyWhen} {
			if a.Getenv(name) != "" {
				return nil, exit.Refuse(exit.Usage, report.ErrNotifyNothing, name)
			}
		}
		return nil, nil
	}
	bad := func(why report.Text) (*robot, error) {
		return nil, exit.Refuse(exit.Usage, report.ErrNotifyURL, why.In(a.Lang))
	}
	hook, err := url.Parse(text)
	if err != nil || hook.Host == "" {
		return bad(report.NotifyNoURL) // the error itself would show the token
	}
	if hook.Scheme != "https" && (hook.Scheme != "http" || !command.Loopback(hook.Hostname())) {
		return bad(report.NotifyPlain)
	}
	kind, wrong := chat.RobotOf(hook)
	if wrong != (report.Text{}) {
		return bad(wrong)
	}
	if secret != "" && !kind.Signs() {
		return nil, exit.Refuse(exit.Usage, report.ErrNotifySecret)
	}
	return &robot{kind, hook, secret}, nil
}

// CheckOutside refuses, before anything is opened, robots and metrics that cannot work.
// tellAll says that the robot hears of runs that went well, too.
func CheckOutside(a *command.Invocation, metrics string) (tellAll bool, err error) {
	switch when := a.Getenv(flags.NotifyWhen); when {
	case "", "problem":
	case "always":
		tellAll = true
	default:
		return false, exit.Refuse(exit.Usage, report.ErrEnvValue, flags.NotifyWhen, report.Say(report.WhyRange, strconv.Quote(when), "problem | always"))
	}
	if _, err := robotOf(a); err != nil {
		return false, err
	}
	return tellAll, CheckMetrics(a, metrics)
}

// Notify tells the robot how a run ended, if there is one and it is to hear of that.
func Notify(a *command.Invocation, s *report.Summary, tellAll bool) {
	why := ""
	if p := books.Stop(s.StopReason).After(s.StopCode); p != (report.Text{}) {
		why = p.In(a.Lang)
	}
	if m := chat.MessageOf(s, a.Lang, exit.Words(s).In(a.Lang), why); m.Problem || tellAll {
		post(a, m)
	}
}

// TellsRefusal is the annotation of a command that runs at night.
const TellsRefusal = "refusal"

// Refused tells metrics and robot of a command of these that was refused before its
// first call: at night, nobody reads its standard error. A person who was asked on a
// terminal and said no does.
func Refused(a *command.Invocation, c *cobra.Command, f *exit.Fault) {
	if _, tells := c.Annotations[TellsRefusal]; !tells || f.Says == report.AskRefused || f.Says == report.AskStopped {
		return
	}
	// The flags may be what is wrong, so they are taken one by one.
	value := func(name string) string { return flags.Says(c.Flags(), name, a.Getenv) }
	if value("dry-run") == "true" {
		return
	}
	s := report.NewSummary()
	s.Simulated = value("simulate") == "true"
	if s.Input = strings.Join(c.Flags().Args(), " "); s.Input == "" {
		s.Input = c.Name()
	}
	s.Started, s.Finished, s.ExitStatus, s.User = a.Began, time.Now(), f.Status, command.User()
	if path := value("metrics"); CheckMetrics(a, path) == nil && !refusesMetrics(f) {
		if err := writeRefusal(a, path, s); err != nil {
			a.Say(report.ErrLine, exit.FirstLine(report.ErrWrite.In(a.Lang, path, exit.Reason(err))))
		}
	}
	what, cure := exit.CutCure(f.In(a.Lang))
	post(a, chat.RefusalOf(s, a.Lang, exit.StatusWords(f.Status).In(a.Lang), what, cure))
}

// refusesMetrics reports whether a run was refused because the metrics would take
// the place of something else.
func refusesMetrics(f *exit.Fault) bool {
	return f.Says == report.ErrOutput && slices.Contains(f.Args, any("--metrics"))
}

// post sends a message in one try. A failure is said, and changes nothing.
func post(a *command.Invocation, m chat.Message) {
	to, err := robotOf(a)
	if err != nil || to == nil {
		return // an address that cannot work was refused at the start
	}
	if err := to.post(m, time.Now()); err != nil {
		a.Say(report.SayNotify, to.hide(whyUntold(a, err)))
	}
}

// whyUntold says why a robot was not told.
func whyUntold(a *command.Invocation, err error) string {
	if refusal, ok := errors.AsType[*chat.Error](err); ok {
		return report.NotifyRefused.In(a.Lang, refusal.Code, refusal.Text)
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return report.NotifyLate.In(a.Lang, int(notifyWithin.Seconds()))
	case errors.Is(err, chat.ErrNoRobot):
		return report.NotifyOdd.In(a.Lang)
	}
	if status, ok := errors.AsType[errHTTP](err); ok {
		return report.NotifyHTTP.In(a.Lang, int(status))
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return report.NotifyNoHost.In(a.Lang)
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return report.NotifyTLS.In(a.Lang)
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return report.NotifyClosed.In(a.Lang)
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner // what wraps it shows the address
	}
	return report.NotifyLost.In(a.Lang, err.Error())
}

// errHTTP is an HTTP status that is not 200, which robots answer with.
type errHTTP int

func (e errHTTP) Error() string { return fmt.Sprintf("HTTP %d", int(e)) }

func (r *robot) post(m chat.Message, now time.Time) error {
	address, body, err := r.kind.Request(r.hook, r.secret, m, now)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), notifyWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errors.New("bad request") // its own words show the address
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("User-Agent", command.UserAgent())
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{
		Transport: transport,
		// A message for one group is not carried to wherever a redirect points.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err != nil {
		return err
	}
	taken := r.kind.Answer(text)
	if _, refused := errors.AsType[*chat.Error](taken); answer.StatusCode != http.StatusOK && !refused {
		return errHTTP(answer.StatusCode)
	}
	return taken
}

// hide takes out of a text what would let a reader write to the group, should
// a robot or a proxy have said it.
func (r *robot) hide(text string) string {
	secrets := []string{r.secret, r.hook.Path[strings.LastIndexByte(strings.TrimSuffix(r.hook.Path, "/"), '/')+1:]}
	for _, values := range r.hook.Query() {
		secrets = append(secrets, values...)
	}
	for _, secret := range secrets {
		if len(secret) > 4 {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	return text
}
