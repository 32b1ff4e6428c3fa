package keychain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/aliyun/credentials-go/credentials/providers"
)

const (
	// externalWithin is how long a command may take that prints a key. The
	// vendor's library gives it as long.
	externalWithin = 60 * time.Second
	// externalMost is how much it may print, in bytes.
	externalMost = 64 << 10
	// renewAhead is how long before its end a temporary key is renewed, as the
	// library's providers do.
	renewAhead = 180 * time.Second
)

// external asks the command of a CLI profile of mode External for a key. It
// stands in for the library's provider, which copies the command and what it
// printed, secrets included, to standard output when that is no JSON; waits for
// ever for whatever the command left running; and rewrites the profile's file with
// the key in it and without the settings it does not know. What counts as a
// command and as an answer is as there: one JSON object and nothing else.
//
// Nothing the command prints is ever shown. It gets no input and no terminal, and
// is ended with all it started after externalWithin and when life ends.
type external struct {
	command string
	life    *life
	within  time.Duration
	key     *providers.Credentials
	until   time.Time // when key ends; zero: it is asked for anew each time
}

// life is how long commands may run. One runs at a time.
type life struct {
	ctx     context.Context
	end     context.CancelFunc
	running sync.Mutex
}

func newLife() *life {
	l := &life{}
	l.ctx, l.end = context.WithCancel(context.Background())
	return l
}

// close ends the command that runs and waits until it is gone.
func (l *life) close() {
	l.end()
	l.running.Lock()
	defer l.running.Unlock()
}

// GetProviderName is part of what the library wants of a provider.
func (*external) GetProviderName() string { return "external" }

// GetCredentials implements the library's interface. Its errors are errWhy.
func (e *external) GetCredentials() (*providers.Credentials, error) {
	if e.key != nil && time.Until(e.until) > renewAhead {
		return e.key, nil
	}
	printed, err := e.run()
	if err != nil {
		return nil, err
	}
	var answer struct {
		Mode            string `json:"mode"`
		AccessKeyID     string `json:"access_key_id"`
		AccessKeySecret string `json:"access_key_secret"`
		SecurityToken   string `json:"sts_token"`
		Expiration      string `json:"expiration"`
	}
	switch err := json.Unmarshal(printed, &answer); {
	case err != nil:
		return nil, errWhy{"its process_command printed something else than one JSON object", "process_command 的输出不是单个 JSON 对象"}
	case answer.AccessKeyID == "" || answer.AccessKeySecret == "":
		return nil, errWhy{"its process_command printed no access_key_id or no access_key_secret", "process_command 的输出缺少 access_key_id 或 access_key_secret"}
	case answer.Mode == "StsToken" && answer.SecurityToken == "":
		return nil, errWhy{"its process_command printed mode StsToken and no sts_token", "process_command 输出的 mode 是 StsToken，但没有 sts_token"}
	}
	e.key = &providers.Credentials{
		AccessKeyId: answer.AccessKeyID, AccessKeySecret: answer.AccessKeySecret, SecurityToken: answer.SecurityToken, ProviderName: e.GetProviderName(),
	}
	e.until, _ = time.Parse(time.RFC3339, answer.Expiration)
	return e.key, nil
}

// run returns what the command prints on standard output.
func (e *external) run() ([]byte, error) {
	args, ok := splitCommand(e.command, runtime.GOOS == "windows")
	if !ok {
		return nil, errWhy{"its process_command is empty, or its quotation marks do not match", "process_command 为空，或引号不配对"}
	}
	e.life.running.Lock()
	defer e.life.running.Unlock()
	ctx, cancel := context.WithTimeout(e.life.ctx, e.within)
	defer cancel()
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	printed := &capped{full: cancel}
	c.Stdout = printed // standard input and error are the null device
	c.WaitDelay = time.Second
	alone(c)
	err := c.Run()
	exit, exited := errors.AsType[*exec.ExitError](err)
	switch {
	case printed.over:
		return nil, errWhy{"its process_command printed far more than a key", "process_command 的输出远超一个密钥"}
	case err == nil, errors.Is(err, exec.ErrWaitDelay): // it is done, and what it left running holds its output open
		return printed.text.Bytes(), nil
	case e.life.ctx.Err() != nil:
		return nil, errWhy{"its process_command was ended with the run", "process_command 随本次运行一起结束"}
	case ctx.Err() != nil:
		return nil, errWhy{fmt.Sprintf("its process_command did not end within %v", e.within), fmt.Sprintf("process_command 在 %v 秒内没有结束", e.within.Seconds())}
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return nil, errWhy{"the program of its process_command is not there", "process_command 的程序不存在"}
	case errors.Is(err, fs.ErrPermission):
		return nil, errWhy{"the program of its process_command may not be run", "process_command 的程序没有执行权限"}
	case exited && exit.Exited():
		return nil, errWhy{fmt.Sprintf("its process_command ended with status %d", exit.ExitCode()), fmt.Sprintf("process_command 以状态 %d 结束", exit.ExitCode())}
	}
	return nil, errWhy{"its process_command could not be run, or was killed", "process_command 无法运行，或被强制终止"}
}

// capped keeps at most externalMost bytes. What prints more is ended.
type capped struct {
	text bytes.Buffer
	over bool
	full func()
}

func (c *capped) Write(p []byte) (int, error) {
	if c.text.Len()+len(p) > externalMost {
		c.over = true
		c.full()
		return 0, errors.New("too much")
	}
	return c.text.Write(p)
}

// splitCommand splits a command into its words, as the vendor's library does:
// blanks separate, quotation marks group. Elsewhere than on Windows, where it is
// part of paths, a backslash takes the next character as it is: outside quotation
// marks any, within double ones a double one, itself, $ and `; before a line
// break it joins the lines.
func splitCommand(command string, windows bool) (words []string, ok bool) {
	var word strings.Builder
	begun, quote := false, rune(0)
	text := []rune(strings.TrimSpace(command))
	for i := 0; i < len(text); i++ {
		r, next := text[i], rune(-1)
		if i+1 < len(text) {
			next = text[i+1]
		}
		switch {
		case r == '\\' && quote != '\'':
			switch backslash(quote, next, windows) {
			case takesNext:
				word.WriteRune(next)
				begun = true
				i++
			case joinsLines:
				i++
			case dangles:
				return nil, false
			default:
				word.WriteRune(r)
				begun = true
			}
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, begun = r, true
		case quote == 0 && unicode.IsSpace(r):
			if begun {
				words = append(words, word.String())
				word.Reset()
				begun = false
			}
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	return words, quote == 0 && len(words) > 0 && words[0] != ""
}

// escape is what a backslash does.
type escape int

const (
	isItself escape = iota
	takesNext
	joinsLines
	dangles // nothing follows
)

// backslash says what a backslash does that stands before next, or, if that is negative,
// at the end; quote is the quotation mark around it, not a single one, or 0.
func backslash(quote, next rune, windows bool) escape {
	switch {
	case windows && quote == '"' && next == '"':
		return takesNext
	case windows:
		return isItself
	case next == '\n':
		return joinsLines
	case quote == 0 && next < 0:
		return dangles
	case quote == 0, strings.ContainsRune("\"\\$`", next):
		return takesNext
	}
	return isItself
}
