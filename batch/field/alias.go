package field

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"

	"axgbind/batch/csvtext"
)

// aliases are the header texts, besides the API's own name, that mean a field. They are
// compared by Key. A new spelling goes here if it can mean nothing else, and among the
// nearForms if it most likely does.
var aliases = [NumFields][]string{
	PhoneNoA: {"A", "A号码", "号码A", "A号", "手机号A", "手机号码A", "电话A"},
	PhoneNoB: {"B", "B号码", "号码B", "B号", "手机号B", "手机号码B", "电话B"},
	PhoneNoX: {"X", "X号码", "号码X", "X号", "手机号X", "手机号码X", "电话X", "中间号", "隐私号"},
	GroupID:  {"G组ID", "G组", "分组ID", "分组", "组ID", "组号", "GID"},
	Expiration: {"过期时间", "失效时间", "到期时间", "有效期", "有效期至", "到期日期", "截止时间", "过期日期", "失效日期",
		"ExpirationTime", "ExpirationDate", "ExpiryTime", "ExpiryDate", "ExpireTime", "ExpireDate"},
	ExpectCity:         {"城市", "期望城市", "归属地", "归属城市"},
	IsRecordingEnabled: {"是否录音", "录音", "是否录制"},
	OutID:              {"外部ID", "业务ID"},
	OutOrderID:         {"外部订单号", "订单号"},
	CallDisplayType:    {"来电显示"},
	CallRestrict:       {"呼叫限制"},
	ASRStatus:          {"语音识别", "是否语音识别"},
	ASRModelID:         {"语音模型ID"},
	RingConfig:         {"铃声配置"},
	PoolKey:            {"号码池Key", "号码池", "号池Key", "号池"},
}

// Aliases are the headers that mean the field besides its API name. The slice is the
// caller's.
func (f Field) Aliases() []string { return slices.Clone(aliases[f]) }

// Key reduces a header to what is compared: without case, blanks, underscores, hyphens,
// characters that cannot be seen, and what a spreadsheet or a database puts around a
// text ('A号码, ="A号码"), with full-width forms as ASCII.
func Key(header string) string {
	key := strings.Map(func(r rune) rune {
		r = csvtext.Narrow(r)
		if r == '_' || r == '-' || csvtext.Blank(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, header)
	if inner, ok := strings.CutPrefix(key, `="`); ok && strings.HasSuffix(inner, `"`) {
		key = inner[:len(inner)-1]
	}
	return strings.Trim(key, "'\"`‘’“”")
}

// byKey returns which field each header key means. It is made once, and not changed.
var byKey = sync.OnceValue(func() map[string]Field {
	m := make(map[string]Field, 80)
	for f := range NumFields {
		m[Key(f.String())] = f
		for _, a := range aliases[f] {
			m[Key(a)] = f
		}
	}
	return m
})

// Of returns the field that a header means. The marks that forms put around it are read
// away, and several names of one field are read as one. ok is false for a header that
// means none, or could mean another one, or says that its cells are to be read otherwise:
// see Misread.
func Of(header string) (f Field, ok bool) {
	if f, ok = byKey()[Key(header)]; ok {
		return f, true
	}
	text := plain(header)
	if !hasName(text) {
		return NumFields, false
	}
	if f, ok = meaning(cleaned(text, formatOf(false), false)); !ok {
		// What is said to be yes or no has another field only by mistake.
		f, ok = meaning(cleaned(text, formatOf(true), true))
		ok = ok && (f == IsRecordingEnabled || f == ASRStatus)
	}
	if !ok || Misread(f, header) {
		return NumFields, false
	}
	return f, true
}

// meaning returns the field of a cleaned header.
func meaning(text string) (Field, bool) {
	if f, ok := byKey()[joined(text)]; ok {
		return f, true
	}
	return sameField(text)
}

// hasName reports whether a text has the characters of a known header, in whatever order.
// Most cells have not, and are done with.
func hasName(text string) bool {
	for key := range byKey() {
		if !strings.ContainsFunc(key, func(r rune) bool { return !strings.ContainsRune(text, r) }) {
			return true
		}
	}
	return false
}

// Parse returns the field that name means: an API name such as GroupId or any header that
// Of knows, such as G组ID. The error lists the API's names.
func Parse(name string) (Field, error) {
	if f, ok := Of(name); ok {
		return f, nil
	}
	return NumFields, fmt.Errorf("no field is called %q; the fields are %s", name, strings.Join(names[:], ", "))
}
