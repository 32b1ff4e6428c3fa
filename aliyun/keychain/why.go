package keychain

import (
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"axgbind/aliyun"
)

// errWhy is why a source gave no key, in words that hold nothing of file, command
// or answer.
type errWhy aliyun.Text

func (e errWhy) Error() string { return e.EN }

// badForm is why a key that a source has cannot be right. No later source is asked
// then: somebody meant this one.
type badForm struct{ errWhy }

// errNoKey is said of what is no key at all.
var errNoKey = errWhy{"the answer holds no key", "应答中没有密钥"}

// answeredCode is the code in an answer that refuses a key.
var answeredCode = regexp.MustCompile(`"Code"\s*:\s*"([A-Z][A-Za-z]{2,40}(?:\.[A-Za-z]{2,40}){0,3})"`)

// whyNot keeps our own words of an error, and of the library's, which may hold
// anything, no more than its kind and the vendor's code.
func whyNot(err error) errWhy {
	if form, ours := errors.AsType[*badForm](err); ours {
		return form.errWhy
	}
	if why, ours := errors.AsType[errWhy](err); ours {
		return why
	}
	if network, ok := errors.AsType[net.Error](err); ok {
		if network.Timeout() {
			return errWhy{"no answer came in time", "没有在时限内应答"}
		}
		return errWhy{"the server that gives the key was not reached", "无法连接到发放密钥的服务器"}
	}
	if code := answeredCode.FindStringSubmatch(err.Error()); code != nil {
		return errWhy{"the key was refused with " + code[1], "获取密钥被拒绝：" + code[1]}
	}
	return errNoKey
}

// trimmed cuts off the blanks around a key, such as the line break at the end of a
// mounted secret. It refuses parts that cannot be right, as a *badForm: a call with two
// lines pasted as one could not even be sent, and would be tried again for long.
// names are those of id, secret and token where the key was found.
func trimmed(key aliyun.Credential, names [3]string) (aliyun.Credential, error) {
	for i, part := range []*string{&key.AccessKeyID, &key.AccessKeySecret, &key.SecurityToken} {
		whole := *part
		if *part = strings.TrimSpace(whole); *part == "" && i < 2 {
			return aliyun.Credential{}, &badForm{errWhy{names[i] + " is blank", names[i] + " 是空白"}}
		}
		if err := formed(names[i], *part); err != nil {
			return aliyun.Credential{}, err
		}
	}
	return key, nil
}

// formed says which character of a part of a key no key has, and where: never what
// stands around it.
func formed(name, part string) error {
	runes := []rune(part)
	for i, r := range runes {
		what, wrong := strange(r)
		if !wrong {
			continue
		}
		code, at := fmt.Sprintf("U+%04X", r), strconv.Itoa(i+1)
		switch i {
		case 0:
			return &badForm{errWhy{name + " begins with " + what.EN + " (" + code + ")", name + " 以" + what.ZH + "（" + code + "）开头"}}
		case len(runes) - 1:
			return &badForm{errWhy{name + " ends with " + what.EN + " (" + code + ")", name + " 以" + what.ZH + "（" + code + "）结尾"}}
		}
		return &badForm{errWhy{name + " has " + what.EN + " (" + code + ") as its character " + at, name + " 的第 " + at + " 个字符是" + what.ZH + "（" + code + "）"}}
	}
	return nil
}

// strange tells what a character is that no key has.
func strange(r rune) (what aliyun.Text, wrong bool) {
	switch {
	case strings.ContainsRune("\"'`“”‘’＂＇", r):
		return aliyun.Text{EN: "a quotation mark", ZH: "引号"}, true
	case r == '\n', r == '\r', r == '\u2028', r == '\u2029':
		return aliyun.Text{EN: "a line break", ZH: "换行符"}, true
	case r == '\ufeff':
		return aliyun.Text{EN: "a byte order mark", ZH: "字节顺序标记（BOM）"}, true
	case r >= '\u200b' && r <= '\u200f', r == '\u2060':
		return aliyun.Text{EN: "a blank of no width", ZH: "零宽空白"}, true
	case unicode.IsSpace(r):
		return aliyun.Text{EN: "a blank", ZH: "空白"}, true
	case r < ' ', r > '~':
		return aliyun.Text{EN: "a character that no key has", ZH: "密钥中不会出现的字符"}, true
	}
	return aliyun.Text{}, false
}
