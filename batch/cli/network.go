package cli

import (
	"context"
	"errors"
	"mime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"axgbind/aliyun"
	"axgbind/aliyun/netcause"
	"axgbind/batch/books"
	"axgbind/batch/cli/exit"
	"axgbind/batch/pace"
	"axgbind/report"
)

const (
	// lastingFaults is how many connections in a row must fail for a reason that lasts,
	// and lastingFor for how long, without an answer between, to end a command: one of many
	// hosts behind a name may have a bad certificate.
	lastingFaults = 3
	lastingFor    = time.Second
	// reachAgain is how long before it is tried again to reach the service at the start.
	reachAgain = 500 * time.Millisecond
	// sayAgain is how long a fault of the network is not said again.
	sayAgain = time.Minute
)

// network is what keeps the calls of a command from the service, as far as it is known. It
// is safe for concurrent use.
type network struct {
	of   *service
	stop context.CancelCauseFunc // ends the command with a books.Stop

	away atomic.Bool // calls fail, and none was answered since

	mu       sync.Mutex
	quiet    bool // who asks tells by himself
	fault    netcause.Fault
	lasting  int       // faults that last, since the last answer
	since    time.Time // the first of them
	said     map[netcause.Fault]time.Time
	announce bool // that it is over is to be said
	paged    bool // that a web page answers was said
}

// missed takes a call that did not reach the service.
func (n *network) missed(f netcause.Fault) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.fault = f
	n.away.Store(true)
	if n.quiet {
		return
	}
	n.tell(f)
	if !f.Cause.Lasts() {
		return
	}
	if n.lasting == 0 {
		n.since = time.Now()
	}
	n.lasting++
	lasts := n.lasting >= lastingFaults && time.Since(n.since) >= lastingFor
	if (lasts || f.Cause == netcause.ProxyURL) && n.stop != nil {
		n.stop(books.StopNetwork)
	}
}

// tell says a fault at once, unless that was said a moment ago.
func (n *network) tell(f netcause.Fault) {
	alike, now := f, time.Now()
	alike.Detail = ""
	if last, ok := n.said[alike]; ok && now.Sub(last) < sayAgain {
		return
	}
	if n.said == nil {
		n.said = map[netcause.Fault]time.Time{}
	}
	n.said[alike], n.announce = now, true
	phrase := report.SayNetworkWaits
	if f.Cause.Lasts() {
		phrase = report.SayNetwork
	}
	what, cure := books.Network(n.of.Lang, f)
	n.of.Say(phrase, report.Whole(what), report.Whole(cure))
	if n.of.log != nil {
		n.of.log.Info("network", "cause", f.Cause.String(), "where", f.Where, "proxy", f.Proxy, "detail", f.Detail)
	}
}

// heard takes an answer.
func (n *network) heard() {
	if !n.away.Load() {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.away.Store(false)
	n.fault, n.lasting = netcause.Fault{}, 0
	if n.announce {
		n.announce = false
		n.of.Say(report.SayNetworkBack)
	}
}

// page says once that web pages answer: those of something in between.
func (n *network) page(answer aliyun.Raw) {
	if kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type")); kind != "text/html" {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.quiet && !n.paged {
		n.paged = true
		n.of.Say(report.SayPage, answer.HTTPStatus)
	}
}

// now is the fault that the latest calls met; none: there was an answer since.
func (n *network) now() netcause.Fault {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.fault
}

// cause is what a run that says so ended with, for its journal: in no language.
func (n *network) cause(s *report.Summary) string {
	if s.StopCause == "" {
		return ""
	}
	return n.now().String()
}

// line is that fault in one line; blank: there is none.
func (n *network) line() string {
	f := n.now()
	if f.Cause == netcause.None {
		return ""
	}
	what, cure := books.Network(n.of.Lang, f)
	return what + report.Between.In(n.of.Lang) + cure
}

// reach finds out, before anything is sent, whether the service can be reached. What does
// not mend itself is refused; anything else is said, and the run waits for it. Only where
// TLS or a proxy is in the way is there anything that lasts.
func (n *network) reach(ctx context.Context) error {
	if !strings.HasPrefix(n.of.endpoint, "https:") {
		return nil
	}
	n.silence(true)
	defer n.silence(false)
	for try := 1; ; try++ {
		err := n.of.client.Reach(ctx)
		e, ok := errors.AsType[*aliyun.Error](err)
		switch {
		case ctx.Err() != nil:
			return exit.OrStopped(ctx, ctx.Err())
		case !ok || e.Network.Cause == netcause.None:
			n.heard()
			return nil
		case !e.Network.Cause.Lasts():
			n.mu.Lock()
			defer n.mu.Unlock()
			n.tell(e.Network)
			return nil
		case try == lastingFaults, e.Network.Cause == netcause.ProxyURL:
			what, cure := books.Network(n.of.Lang, e.Network)
			return exit.Refuse(exit.Usage, report.ErrUnreached, report.Whole(what), report.Whole(cure))
		}
		if pace.SleepUntil(ctx, time.Now().Add(reachAgain)) != nil {
			return exit.OrStopped(ctx, ctx.Err())
		}
	}
}

func (n *network) silence(quiet bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.quiet = quiet
}

// ended is the fault of a command that was ended because calls do not reach the service,
// or whose last one did not; nil: that is not why.
func (n *network) ended(ctx context.Context, err error) *exit.Fault {
	f := n.now()
	if f.Cause == netcause.None {
		return nil
	}
	e, ok := errors.AsType[*aliyun.Error](err)
	if context.Cause(ctx) != books.StopNetwork && !(ok && e.Network.Cause != netcause.None) {
		return nil
	}
	what, cure := books.Network(n.of.Lang, f)
	return exit.Refuse(exit.Pending, report.ErrUnreachedLate, report.Whole(what), report.Whole(cure))
}
