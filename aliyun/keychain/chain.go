package keychain

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"axgbind/aliyun"
)

const (
	// freshFor is how long a key is handed out without asking the chain again.
	// The library's providers renew temporary keys 180 s before their end, so
	// asking every 60 s never hands out a dead one. An external command whose
	// keys have no end is run anew at each asking.
	freshFor = 60 * time.Second
	// usableFor is when asking becomes waiting: a key that old (the machine
	// slept, or no call was made) may be dead, so the call waits for the new.
	usableFor = 150 * time.Second
	// renewEvery is how far apart invalidations count: a source that gives the
	// expired key again is not asked for every call in flight with it.
	renewEvery = 10 * time.Second
)

// Closer are aliyun.Credentials that may have a command running. Close ends
// it, and waits until it is gone; the last key is still handed out then.
type Closer interface {
	aliyun.Credentials
	Close()
}

// Default returns the credentials of the vendor's default chain
// (github.com/aliyun/credentials-go), in its order: environment variables,
// OIDC, the vendor's CLI profile, the credentials file, the ECS instance's
// role, ALIBABA_CLOUD_CREDENTIALS_URI. It asks nothing before the first
// Credential. A failure is an error that is ErrNoCredentials.
//
// The library's providers are used one by one, without its chain and its reader of
// CLI profiles, for faults of these: they are not safe for concurrent use; after a
// failure of all sources only the last is asked for ever; error texts quote whole
// files and answers, secrets included; and some of that goes straight to standard
// output (see external). Here one goroutine asks at a time while the others go on
// with the key they have, a failed or invalidated chain is built anew, and
// the library's words are dropped in favour of our own.
func Default() Closer {
	life := newLife()
	return &chain{build: func() provider { return newSources(life) }, life: life}
}

// provider is what a chain asks: sources.
type provider interface {
	key() (aliyun.Credential, error)
}

// held is a key and when it was got.
type held struct {
	key aliyun.Credential
	at  time.Time
}

// fetch is one asking of the chain that any number of callers can wait for.
type fetch struct {
	done chan struct{} // closed when key and err are set
	key  aliyun.Credential
	err  error
}

type chain struct {
	build func() provider
	life  *life                // of the commands that sources run
	last  atomic.Pointer[held] // nil: none, or invalidated

	mu       sync.Mutex // guards what follows; never held during a fetch
	provider provider   // nil: to be built
	running  *fetch     // nil: nobody is asking
	stale    bool       // invalidated while running: its result is of the old
	renewed  time.Time  // when an invalidation last counted
}

// aliyun.Credential is a load and a comparison in all but one call a minute.
func (c *chain) Credential(ctx context.Context) (aliyun.Credential, error) {
	h := c.last.Load()
	if h != nil && time.Since(h.at) < freshFor {
		return h.key, nil
	}
	f := c.ask()
	if h != nil && time.Since(h.at) < usableFor {
		return h.key, nil
	}
	select {
	case <-f.done:
	case <-ctx.Done():
		return aliyun.Credential{}, ctx.Err()
	}
	if f.err != nil && h != nil {
		// The source is out of reach, but the key may yet be good; if it is
		// not, the service refuses it before doing anything.
		return h.key, nil
	}
	return f.key, f.err
}

// Invalidate drops the key and the chain that gave it, so that files are read
// and roles assumed afresh. It does nothing if the key in use is another, and
// within renewEvery of the last one.
func (c *chain) Invalidate(expired aliyun.Credential) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	if h := c.last.Load(); h == nil || h.key != expired {
		return
	}
	if !c.renewed.IsZero() && now.Sub(c.renewed) < renewEvery {
		return
	}
	c.renewed = now
	c.last.Store(nil)
	c.provider = nil
	c.stale = true
}

// Close implements Closer.
func (c *chain) Close() { c.life.close() }

// ask starts a fetch, or joins the one that is running.
func (c *chain) ask() *fetch {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running != nil && !c.stale {
		return c.running
	}
	before := c.running // to be waited for: the library is not to be asked twice at once
	if c.provider == nil {
		c.provider = c.build()
	}
	f := &fetch{done: make(chan struct{})}
	c.running, c.stale = f, false
	go c.run(f, before, c.provider)
	return f
}

func (c *chain) run(f, before *fetch, p provider) {
	if before != nil {
		<-before.done
	}
	f.key, f.err = p.key()

	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(f.done)
	if c.running != f {
		return
	}
	c.running = nil
	switch {
	case c.stale:
		c.stale = false
	case f.err != nil:
		c.provider = nil
	default:
		c.last.Store(&held{f.key, time.Now()})
	}
}
