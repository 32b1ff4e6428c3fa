package field

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What the forms below are made of. They are matched against header keys: lower case,
// without blanks, marks and hyphens, in simplified characters.
const (
	// numberEN is a number of a phone.
	numberEN = `(?:(?:tele|mobile|cell)?phone(?:no|num|number)?|(?:tel|mobile|cell)(?:no|num|number)?|number|num|no|msisdn)`
	numberZH = `(?:手机号码?|手机|电话号码?|电话|联系电话|号码|号|座机|固话)`

	// whoZH stands before the letter of a number, endZH behind a number.
	whoZH = `(?:主叫|被叫|客户|用户|对方|对端|接听|绑定|目标|指定|期望|固定|联系人|真实)?`
	endZH = `(?:号码|填写|备用|[0-9])?`

	// sideZH and sideEN say that a letter stands for somebody in a call.
	sideZH = `(?:方|端|侧|的)`
	sideEN = `(?:party|side|leg)`

	// durationZH and durationEN are units: what they stand behind lasts so long. Behind a
	// zone's name it is hours off.
	durationZH = `(?:秒|分钟?|小时|时|天数?|日|周|个?月|年)`
	zone       = `(?:utc|gmt)`
	durationEN = `(?:s|secs?|seconds?|mins?|minutes?|h|hours?|days?|months?|years?)`
)

// nearForms are what almost-known headers look like, by field.
var nearForms = [NumFields]*regexp.Regexp{
	PhoneNoA: party(`a`,
		`(?:主叫|主叫b|主叫人)`+numberZH+`?`,
		`(?:主叫|拨打|拨出|呼叫|发起|甲)方`+numberZH,
		`主叫方`,
		numberZH+`主叫方?`,
		`(?:caller|calling)(?:party|id)?`+numberEN,
		`caller|callingparty`,
		`(?:from|src)(?:no|num|number|phone)`,
	),
	PhoneNoB: party(`b`,
		`(?:被叫|对端|接听|被叫人|接听人)`+numberZH+`?`,
		`(?:被叫|被拨打|被拨|被呼叫|接听|乙)方`+numberZH,
		`对方`+numberZH,
		`(?:被叫|对端|接听)方`,
		numberZH+`被叫方?`,
		`(?:被叫|对端|绑定)b`,
		`(?:callee|called|calledparty|dialed|dialled|destination|dest|dst|to)(?:no|num|number|phone)`,
		`callee|called|calledparty`,
	),
	PhoneNoX: party(`x`,
		`(?:指定|期望|绑定)(?:的)?x`,
		`(?:指定|期望|绑定)?(?:中间|隐私|隐私保护|虚拟|虚拟中间)(?:号码?|电话|小号)x?`,
		`(?:指定|期望|绑定)?(?:小号|隐号)x?`,
		`(?:src|dst)?(?:virtual|privacy|middle|secret)(?:no|num|number|phone(?:no|number)?)`,
	),
	GroupID: oneOf(
		`(?:g|axg|号码|g号码|axg号码)组(?:别|id|编号|编码|号码?|标识)?`,
		`(?:分组|群组|组别|组)(?:id|编号|编码|号|号码|标识)`,
		`(?:g|axg|axn|number|phone|bind|binding)?gro?u?p(?:id|ids|no|num|number|code|key)?`,
	),
	Expiration: oneOf(
		// 过期日, 绑定失效时间, 到期时间戳, 有效期（天）
		`(?:号码|绑定|绑定关系|关系|订单|中间号|隐私号|小号|服务)?(?:的)?(?:过期|失效|到期|截止|有效|有效期|结束|终止|解绑)`+
			`(?:时间|日期|日|时刻|期限|时间戳|截止时间|截止日期|截止|结束时间|结束日期|至|到|止|截至|截止至|时长|天数)(?:`+durationZH+`|`+zone+`)?`,
		`(?:绑定|号码)?有效期(?:限|间)?`+durationZH+`?`,
		`绑定(?:时长|天数|期限|期)`+durationZH+`?`,
		`到期|使用期限`,
		// Expires, binding_expiry, expired at, ExpireTime (s), expires in days
		`(?:bind|binding|number|relation)?(?:expires?|expiry|expiration)(?:date|time|datetime|timestamp|ts|day|on|at|in)*(?:`+durationEN+`|`+zone+`)?`,
		`(?:valid|validity)(?:date|time|until|till|to|thru|through|end|enddate|endtime|period|days)`,
		// Expired, as End, is as likely a yes or no
		`(?:expired|exp|ends?|due|deadline)(?:date|time|datetime|at|on)|deadline`,
	),
	ExpectCity: oneOf(
		`(?:期望|预期|希望|指定|目标|所在|所属|归属地?|城市|开通|号码|手机号|x|中间号|隐私号|绑定|客户|用户|要求|的)*(?:城市|地市|归属地|归属城市)(?:名|名称|要求|[0-9])?`,
		`(?:expect|expected|expecting|target|prefer|preferred|wanted|number|phone|x|secretno|home)*city(?:name)?`,
	),
	IsRecordingEnabled: oneOf(
		`(?:是否|需要|需|要不要|要|通话|开启|启用|开通|进行|电话|全程|的)*(?:录音|录制)(?:是否|开关|标志|标识|与否|启用|开启|吗|需求|要求|功能|通话)*`,
		`(?:is|need|needs|enable|enabled|call|phone|voice|audio|allow|whether|do|to)*(?:recording|recordings)(?:is|enable|enabled|flag|on|switch|needed|allowed|required)*`,
		// Record alone may be anything
		`(?:is|need|needs|enable|enabled|call|phone|voice|audio|allow|whether|do|to)+(?:record|recorded)(?:enable|enabled|flag|switch|needed)*`,
		`record(?:enable|enabled|flag|switch|call|calls)+`,
	),
	OutID: oneOf(
		`(?:外部|业务|外部业务)(?:系统|平台)?(?:唯一)?(?:id|编号|编码|标识|主键|流水号?|单号)`,
		`id(?:外部|业务)`,
		`(?:out|outer|external|ext|biz|business)ids?`,
	),
	OutOrderID: oneOf(
		`(?:外部|业务|客户|商户|平台|关联|第三方)*订单(?:id|编号|号|id号|号码|编码|单号)`,
		`外部订单`,
		`(?:out|outer|external|ext|biz|business|customer|platform)*order(?:id|no|num|number|sn|code)(?:of[a-z]+)?`,
	),
	CallDisplayType: oneOf(
		`(?:来电|去电|通话|号码|呼叫|被叫|主叫)+(?:显示|显号|号显)(?:类型|方式|号码|设置|模式|规则|逻辑)*`,
		`来显|显示号码|号显(?:类型|方式|模式)?`,
		`(?:call|caller|number|phone)+display(?:type|mode)?|displaytype`,
	),
	CallRestrict: oneOf(
		`(?:呼叫|通话|拨打|呼出|呼入)(?:限制|管控)(?:类型|方式|状态)?|限制呼叫`,
		`calls?(?:restrict|restricted|restriction|restrictions|control)(?:type|mode)?|restrict(?:call|calls|calling)`,
	),
	ASRStatus: oneOf(
		`(?:是否|需要|开启|启用|开通)*(?:语音识别|语音转写|语音转文字|asr)(?:状态|开关|启用|开启|标志|是否)*`,
		`(?:is|enable)?asr(?:status|state|enable|enabled|flag|on|switch)*`,
	),
	ASRModelID: oneOf(
		`(?:语音|asr|语音识别|识别)+模型(?:id|编号|号)?`,
		`asrmodel(?:id|no|code)?`,
	),
	RingConfig: oneOf(
		`(?:铃声|彩铃|振铃|回铃)(?:配置|设置|音)?`,
		`ring(?:tone|ing)?(?:config|configuration|conf|setting|settings)`,
	),
	PoolKey: oneOf(
		`(?:号码池|号池)(?:key|id|编号|编码|名称|名|号)?|池(?:key|id)`,
		`(?:number|phone|secretno|secret|fc)?pool(?:key|id|code|no|name)?`,
	),
}

// longestKey is how many bytes a key may have that is held against the forms. A longer one
// is a sentence.
const longestKey = 120

// oneOf matches a whole key that has one of the forms.
func oneOf(forms ...string) *regexp.Regexp {
	return regexp.MustCompile(`^(?:` + strings.Join(forms, `|`) + `)$`)
}

// party matches headers of the number that is known by a letter, and those of the roles
// that it has.
func party(letter string, roles ...string) *regexp.Regexp {
	return oneOf(append(roles,
		numberEN+letter,                        // TelB, mobile_b
		letter+sideEN+`?`+numberEN,             // B number, b_party_number
		letter+sideEN,                          // BParty
		sideEN+letter+numberEN+`?`,             // Party B phone
		whoZH+letter+sideZH+`?`+numberZH+endZH, // B方手机号, 客户B号码2
		whoZH+numberZH+letter+sideZH+`?`+endZH, // 联系电话B
		letter+`方`,                             // B方
	)...)
}

// Near returns the free field that a header is almost the header of: it is one but for
// what stands in brackets or beside a slash, has the form of one, differs from the API's
// name by a slip of the keyboard, or has one as a piece, as in B号码，多个用逗号分隔. ok is
// false for a header that Of knows, for one that is surely no field's, and for one whose
// field is not free.
func Near(header string, free func(Field) bool) (f Field, ok bool) {
	if _, is := Of(header); is {
		return NumFields, false
	}
	before := ""
	for _, drop := range []bool{true, false} {
		key := stripped(header, drop)
		if key == before || len(key) > longestKey {
			continue
		}
		before = key
		if f, known := nearKey(key, free); known || f != NumFields {
			return f, f != NumFields
		}
	}
	f, named := nearPart(header)
	if !named {
		f, _ = nearPiece(cleaned(plain(header), func(string) bool { return false }, true))
	}
	if f == NumFields || !free(f) {
		return NumFields, false
	}
	return f, true
}

// nearKey returns the free field that a key is that of, has a form of, or is a slip of.
// known is true for the key of a header, whose field another column may have.
func nearKey(key string, free func(Field) bool) (f Field, known bool) {
	if f, known = byKey()[key]; known {
		if !free(f) {
			f = NumFields
		}
		return f, true
	}
	for f := range NumFields {
		if free(f) && nearForms[f].MatchString(key) {
			return f, false
		}
	}
	for f := range NumFields {
		if free(f) && slip(key, f) {
			return f, false
		}
	}
	return NumFields, false
}

// nearPart is Near for a header of several names between slashes, as 订单号/跟踪号. If they
// are of several fields it is none's. A letter by itself makes no name of a header, as in
// A/B testing, but of A/B号码 two. named is false if no part is a name.
func nearPart(header string) (f Field, named bool) {
	f = NumFields
	letter := f
	parts := strings.Split(inBrackets.ReplaceAllString(narrowed(header), ""), "/")
	if len(parts) == 1 || len(parts) > 4 {
		return f, false
	}
	for _, part := range parts {
		g, is := Of(part)
		if is && len(Key(part)) == 1 {
			letter = g
			continue
		}
		if !is {
			g, is = Near(part, func(Field) bool { return true })
		}
		switch {
		case is && f != NumFields && f != g:
			return NumFields, true
		case is:
			f = g
		}
	}
	if f != NumFields && letter != NumFields && letter != f {
		return NumFields, true
	}
	return f, f != NumFields
}

// slip tells a field's API name with some wrong keys. The last letter of a number's
// name is what tells A, B and X apart, and must be right.
func slip(key string, f Field) bool {
	name := Key(f.String())
	switch f {
	case PhoneNoA, PhoneNoB, PhoneNoX:
		for _, number := range []string{"phoneno", "phonenumber"} {
			if n := len(key) - 1; n > 4 && key[n] == name[len(name)-1] && Distance(key[:n], number) <= len(number)/4 {
				return true
			}
		}
		return false
	}
	if strings.ContainsFunc(key, func(r rune) bool { return r > unicode.MaxASCII }) {
		return false // one sign more or less is another word
	}
	return Distance(key, name) <= utf8.RuneCountInString(name)/4
}
