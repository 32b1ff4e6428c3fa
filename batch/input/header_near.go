package input

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"axgbind/report"
)

// UnreadColumn is a column that fills no field, under a header that is almost one
// of a field no column fills. What stands in it would be left out of every call.
type UnreadColumn struct {
	Field  Field
	Letter string // a spreadsheet's letter of the column
	Header string // for people; numbers masked
	Map    string // the flag that has it read, ready to be typed; "" if its header cannot be typed
}

// Unread returns the columns that somebody most likely means to be read, in file
// order. They are told and never read: a wrong number bound costs money.
func (in *Input) Unread() (list []UnreadColumn) {
	l := in.layout
	for _, i := range l.own {
		if l.fieldNames[i] != "" || l.bindings && (i == l.secretNo || i == l.subsID) {
			continue
		}
		f, ok := nearField(l.header[i], func(f Field) bool { return l.column[f] < 0 })
		if !ok {
			continue
		}
		u := UnreadColumn{Field: f, Letter: ColumnLetter(i + 1), Header: report.Plain(shownHeader(l.header[i]))}
		if _, ok := typedHeader(l.header[i]); ok {
			u.Map = l.mapFlag(i, f)
		}
		list = append(list, u)
	}
	return list
}

// Finding returns what a list of findings says of the column. It is of no row.
func (u *UnreadColumn) Finding(lang report.Lang) report.Finding {
	r := ruleByID(ruleUnread)
	return report.Finding{
		Severity: r.Severity.String(), Rule: r.ID, Line: 1, Column: u.Letter, Header: u.Header, Field: u.Field.String(),
		Reason: r.Cause.In(lang), Action: u.cure(lang),
	}
}

func (u *UnreadColumn) cure(lang report.Lang) string {
	if u.Map != "" {
		return report.ColumnMap.In(lang, u.Field.String(), u.Map)
	}
	return report.ColumnRename.In(lang, u.Field.String())
}

// Sentence tells a person of the column.
func (u *UnreadColumn) Sentence(lang report.Lang) string {
	return report.SayUnread.In(lang, u.Letter, u.Header, u.cure(lang))
}

const ruleUnread = "column-not-read"

var headerRules = [...]Rule{
	{
		ID: ruleUnread, Severity: report.Warning,
		Meaning: report.Text{EN: "a column whose header is almost that of a field is read, or is known not to be meant", ZH: "表头与某个字段相近的列要么被读取，要么确认与字段无关"},
		Cause:   report.Text{EN: "the column is not read: its header is almost that of a field, but not quite", ZH: "该列不会被读取：表头与某个字段相近，但不相同"},
		Cure:    report.Text{EN: "give the column its field with --map 'COLUMN=Field', or rename the header; leave it if it means something else", ZH: "用 --map '列名=字段' 指定字段，或修改表头；如果含义不同则不用处理"},
	},
}

var (
	inBrackets = regexp.MustCompile(`[(\[{<【〔〖「《][^)\]}>】〕〗」》]*[)\]}>】〕〗」》]?`)
	formMarks  = regexp.MustCompile(`[*★☆※#:?!.。、,;"“”‘’'·•|]`)
	formWords  = regexp.MustCompile(`^(选填项?|必填项?|可选|非必填|非必选|可空|可为空|可不填|optional|required|mandatory)|(选填项?|必填项?|可选|非必填|非必选|可空|可为空|可不填|optional|required|mandatory|是/否|y/n|yes/no|true/false|0/1|1/0)$`)
)

// plainHeaders are the keys of a header without the marks that forms put around it:
// a star, "optional" or "yes/no" in brackets or behind it. What stands in brackets
// may be what tells, as in 手机号（B）: so it is tried without and with.
func plainHeaders(header string) []string {
	header = strings.ToLower(strings.Map(narrow, header))
	opened := strings.Map(func(r rune) rune {
		if strings.ContainsRune("()[]{}<>【】〔〕〖〗「」《》", r) {
			return ' '
		}
		return r
	}, header)
	var keys []string
	for _, text := range []string{inBrackets.ReplaceAllString(header, " "), opened} {
		for before := ""; text != before; {
			before = text
			text = formWords.ReplaceAllString(strings.Trim(formMarks.ReplaceAllString(text, " "), " _-\t\r\n"), "")
		}
		keys = append(keys, HeaderKey(strings.ReplaceAll(text, "/", "")))
	}
	return slices.Compact(keys)
}

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

// nearField returns the free field that a header is almost the header of: it is one
// but for marks, has the form of one, or differs from the API's name by a slip of
// the keyboard.
func nearField(header string, free func(Field) bool) (Field, bool) {
	if numberLike(header) || slices.ContainsFunc(VerdictColumns, func(n string) bool { return HeaderKey(n) == HeaderKey(header) }) {
		return NumFields, false
	}
	known := fieldByKey()
	for _, key := range plainHeaders(header) {
		if f, ok := known[key]; ok {
			if free(f) {
				return f, true
			}
			return NumFields, false // another column has that field
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
	name := HeaderKey(f.String())
	switch f {
	case PhoneNoA, PhoneNoB, PhoneNoX:
		for _, number := range []string{"phoneno", "phonenumber"} {
			if n := len(key) - 1; n > 4 && key[n] == name[len(name)-1] && EditDistance(key[:n], number) <= len(number)/4 {
				return true
			}
		}
		return false
	}
	if strings.ContainsFunc(key, func(r rune) bool { return r > unicode.MaxASCII }) {
		return false // one sign more or less is another word
	}
	return EditDistance(key, name) <= utf8.RuneCountInString(name)/4
}
