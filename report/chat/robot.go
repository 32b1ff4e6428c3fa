package chat

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"axgbind/report"
)

// Robot is a kind of chat robot that takes messages by webhook. What it is
// sent and what its answers mean follows the vendors' pages:
//
//	DingTalk  https://open.dingtalk.com/document/robots/custom-robot-access
//	          https://open.dingtalk.com/document/robots/customize-robot-security-settings
//	WeCom     https://developer.work.weixin.qq.com/document/path/91770
//	Feishu    https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
type Robot uint8

const (
	DingTalk Robot = iota + 1 // 钉钉
	WeCom                     // 企业微信
	Feishu                    // 飞书
)

const feishuPath = "/open-apis/bot/v2/hook/"

// RobotOf recognises a robot by the path of its webhook, whatever the host:
// companies have gateways and installations of their own. A phrase says what
// is wrong with the address; it is zero if nothing is.
func RobotOf(hook *url.URL) (Robot, report.Text) {
	path := strings.TrimSuffix(hook.Path, "/")
	switch {
	case path == "/robot/send":
		if hook.Query().Get("access_token") == "" {
			return 0, report.NotifyNoToken
		}
		return DingTalk, (report.Text{})
	case path == "/cgi-bin/webhook/send":
		if hook.Query().Get("key") == "" {
			return 0, report.NotifyNoToken
		}
		return WeCom, (report.Text{})
	case path+"/" == feishuPath:
		return 0, report.NotifyNoToken
	case strings.HasPrefix(path, feishuPath):
		return Feishu, (report.Text{})
	}
	return 0, report.NotifyUnknown
}

// Signs reports whether the robot can be told to take signed messages only.
// WeCom's key in the address is all it asks for.
func (r Robot) Signs() bool { return r != WeCom }

// Request makes the address and the JSON body with which a message is posted
// to a webhook at a time. A blank secret signs nothing.
func (r Robot) Request(hook *url.URL, secret string, m Message, now time.Time) (address string, body []byte, err error) {
	to := *hook
	var v any
	switch r {
	case DingTalk:
		if secret != "" {
			stamp := strconv.FormatInt(now.UnixMilli(), 10)
			q := to.Query()
			q.Set("timestamp", stamp)
			q.Set("sign", mac(secret, stamp+"\n"+secret))
			to.RawQuery = q.Encode()
		}
		v = map[string]any{
			"msgtype":  "markdown",
			"markdown": map[string]string{"title": m.Title, "text": "### " + m.Title + "\n\n- " + strings.Join(m.Lines, "\n- ")},
		}
	case WeCom: // its markdown has quotes, and no lists
		v = map[string]any{
			"msgtype":  "markdown",
			"markdown": map[string]string{"content": "### " + m.Title + "\n> " + strings.Join(m.Lines, "\n> ")},
		}
	case Feishu: // headings stand in the card's header
		colour := "green"
		if m.Problem {
			colour = "red"
		}
		card := map[string]any{
			"config": map[string]bool{"wide_screen_mode": true},
			"header": map[string]any{
				"title":    map[string]string{"tag": "plain_text", "content": m.Title},
				"template": colour,
			},
			"elements": []any{map[string]string{"tag": "markdown", "content": "- " + strings.Join(m.Lines, "\n- ")}},
		}
		message := map[string]any{"msg_type": "interactive", "card": card}
		if secret != "" {
			// Unlike DingTalk, the text is the key and nothing is signed with it.
			stamp := strconv.FormatInt(now.Unix(), 10)
			message["timestamp"], message["sign"] = stamp, mac(stamp+"\n"+secret, "")
		}
		v = message
	default:
		return "", nil, fmt.Errorf("no robot %d", r)
	}
	body, err = json.Marshal(v)
	return to.String(), body, err
}

func mac(key, text string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// Error says that a robot refused a message inside an answer that HTTP
// calls a success.
type Error struct {
	Code int
	Text string // the robot's own words, cut to one short line
}

func (e *Error) Error() string { return fmt.Sprintf("error %d: %s", e.Code, e.Text) }

// ErrNoRobot says that an answer is not of the form in which robots answer.
var ErrNoRobot = errors.New("an answer that is not a robot's")

// Answer returns nil if the body of an answer says that the message was taken,
// a *RobotError if it says why not, and ErrNoRobot if it says neither.
func (r Robot) Answer(body []byte) error {
	var a struct {
		ErrCode *int   `json:"errcode"` // DingTalk, WeCom
		ErrMsg  string `json:"errmsg"`
		Code    *int   `json:"code"` // Feishu
		Msg     string `json:"msg"`
		Status  *int   `json:"StatusCode"` // Feishu, from before there was a code
		Words   string `json:"StatusMessage"`
	}
	odd := json.Unmarshal(body, &a) != nil
	code, words := a.ErrCode, a.ErrMsg
	if r == Feishu {
		if code, words = a.Code, a.Msg; code == nil {
			code, words = a.Status, a.Words
		}
	}
	switch {
	case odd || code == nil:
		return ErrNoRobot
	case *code != 0:
		return &Error{*code, plainLine(words, messageLine)}
	}
	return nil
}
