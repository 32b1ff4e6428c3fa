package field

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	numberEN = `(?:(?:tele|mobile|cell)?phone(?:no|num|number)?|tel(?:no|number)?|mobile(?:no|num|number)?|number|callee(?:no|num|number|phone)?|cell)`
	numberZH = `(?:手机号码?|手机|电话号码?|电话|联系电话|号码|号|座机|固话)`
	whoZH    = `(?:被叫|客户|用户|对方|对端|接听|绑定|目标|指定|期望|固定|联系人)?`
	endZH    = `(?:号码|填写|备用|[0-9])?`
)

// nearForms are what almost-known headers look like by field, as header keys: in
// Chinese, and in English without blanks.
var nearForms = map[Field]*regexp.Regexp{
	PhoneNoB: regexp.MustCompile(`^(?:` + numberEN + `b|b(?:party|side)?` + numberEN + `|bpartyno|` + whoZH + `b(?:方|端|侧|的)?(?:` + numberZH + `)` + endZH + `|` + whoZH + numberZH + `b(?:方|端|侧)?` + endZH +
		`|(?:被叫|对端|接听)(?:` + numberZH + `|方)?|(?:对方|乙方)` + numberZH + `|(?:被叫|对端|绑定)b|callee(?:no|num|number|phone)?|called(?:no|num|number|phone))$`),
	PhoneNoX: regexp.MustCompile(`^(?:` + numberEN + `x|x` + numberEN + `|` + whoZH + `x(?:方|端|侧|的)?(?:` + numberZH + `)` + endZH + `|` + numberZH + `x` + endZH +
		`|(?:指定|期望|绑定)(?:的)?x|(?:指定|期望|绑定)?(?:(?:中间|隐私|虚拟|虚拟中间)(?:号码?|电话|小号)|小号|隐号)x?|(?:virtual|privacy|middle|secret)(?:no|num|number|phone(?:no|number)?))$`),
	ExpectCity: regexp.MustCompile(`^(?:(?:期望|预期|希望|指定|目标|所在|所属|归属地?|城市|开通|号码|手机号|x|中间号|隐私号|绑定|客户|用户|要求|的)*(?:城市|地市|归属地|归属城市)(?:名|名称|要求|[0-9])?|` +
		`(?:expect|expected|expecting|target|prefer|preferred|wanted|number|phone|x|secretno|home)*city(?:name)?)$`),
	IsRecordingEnabled: regexp.MustCompile(`^(?:(?:是否|需要|需|要不要|要|通话|开启|启用|开通|进行|电话|全程|的)*(?:录音|录制)(?:是否|开关|标志|标识|与否|启用|开启|吗|需求|要求|功能|通话)*|` +
		`(?:is|need|needs|enable|enabled|call|phone|voice|audio|allow|whether|do|to)*(?:recording|recordings)(?:is|enable|enabled|flag|on|switch|needed|allowed|required)*|` +
		`(?:(?:is|need|needs|enable|enabled|call|phone|voice|audio|allow|whether|do|to)+(?:record|recorded)(?:enable|enabled|flag|switch|needed)*|record(?:enable|enabled|flag|switch|call|calls)+))$`),
	OutID:           regexp.MustCompile(`^(?:(?:外部|业务|外部业务)(?:唯一)?(?:id|编号|编码|标识|主键|流水号?|单号)|(?:out|outer|external|ext|biz|business)ids?)$`),
	OutOrderID:      regexp.MustCompile(`^(?:(?:外部|业务|客户|商户|平台|关联|第三方)*订单(?:id|编号|号|号码|编码|单号)|外部订单|(?:out|outer|external|ext|biz|business|customer)*order(?:id|no|num|number|sn|code))$`),
	CallDisplayType: regexp.MustCompile(`^(?:(?:来电|去电|通话|号码|呼叫|被叫|主叫)+(?:显示|显号|号显)(?:类型|方式|号码|设置|模式|规则)*|来显|显示号码|号显(?:类型|方式|模式)?|(?:call|caller|number|phone)+display(?:type|mode)?|displaytype)$`),
	CallRestrict:    regexp.MustCompile(`^(?:(?:呼叫|通话|拨打|呼出|呼入)(?:限制|管控)(?:类型|方式|状态)?|限制呼叫|calls?(?:restrict|restricted|restriction|restrictions|control)(?:type|mode)?|restrict(?:call|calls|calling))$`),
	ASRStatus:       regexp.MustCompile(`^(?:(?:是否|需要|开启|启用|开通)*(?:语音识别|语音转写|语音转文字|asr)(?:状态|开关|启用|开启|标志|是否)*|(?:is|enable)?asr(?:status|state|enable|enabled|flag|on|switch)*)$`),
	ASRModelID:      regexp.MustCompile(`^(?:(?:语音|asr|语音识别|识别)+模型(?:id|编号|号)?|asrmodel(?:id|no|code)?)$`),
	RingConfig:      regexp.MustCompile(`^(?:(?:铃声|彩铃|振铃|回铃)(?:配置|设置|音)?|ring(?:tone|ing)?(?:config|configuration|conf|setting|settings))$`),
	PoolKey:         regexp.MustCompile(`^(?:(?:号码池|号池)(?:key|id|编号|编码|名称|名|号)?|池(?:key|id)|(?:number|phone|secretno|secret|fc)?pool(?:key|id|code|no|name)?)$`),
}

// Near returns the free field that a header is almost the header of: it is one but for
// what stands in brackets, has the form of one, or differs from the API's name by a slip
// of the keyboard. ok is false for a header that is surely no field's, and for one whose
// field is not free.
func Near(header string, free func(Field) bool) (f Field, ok bool) {
	known := byKey()
	for _, drop := range []bool{true, false} {
		key := stripped(header, func(string) bool { return drop })
		if f, ok := known[key]; ok {
			return f, free(f) // else another column has that field
		}
		for f := range NumFields {
			if form := nearForms[f]; form != nil && free(f) && form.MatchString(key) {
				return f, true
			}
		}
		for f := range NumFields {
			if free(f) && slip(key, f) {
				return f, true
			}
		}
	}
	return NumFields, false
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
