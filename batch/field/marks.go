package field

import (
	"regexp"
	"strings"

	"axgbind/batch/csvtext"
)

const (
	brackets = "()[]{}<>【】〔〕〖〗「」《》"
	optional = `选填项?|必填项?|可选项?|必选项?|非必填项?|非必选项?|不必填|必输项?|选输项?|必须|必需|可空|可为空|可不填|不能为空|不可为空|非空|optional|required|mandatory|nullable|not ?null`
	truth    = `是/否|是否|y/n|yes/no|true/false|0/1|1/0`
	yesNo    = `(?:[01ynt]|是|否|true|false|yes|no|录音|不录音|开启|关闭)`
	example  = `(?:如|例|例如|比如|示例|样例|形如|举例|格式|样式|e\.?g\.?|ex\.|(?:for ?)?example|format|in ?the ?form)`
)

var (
	inBrackets = regexp.MustCompile(`[(\[{<【〔〖「《][^)\]}>】〕〗」》]*[)\]}>】〕〗」》]?`)
	formMarks  = regexp.MustCompile(`[*★☆※#:?!.。、,;"“”‘’'·•|]`)
	formWords  = regexp.MustCompile(`^(?:[\s_-]|` + optional + `)+|(?:[\s_-]|` + optional + `|` + truth + `)+$`)
	numbering  = regexp.MustCompile(`^\s*\(?[0-9]{1,2}[.、)]`)

	// legends are what stands behind a header, without brackets, and says how a cell is
	// written: 城市，如：杭州 and 是否录音：1-是 0-否.
	legends = regexp.MustCompile(`(?s)[\s,;:。]+` + example + `:.*$|[\s,;:]+(?:` + yesNo + `[-=:.、 ]*` + yesNo + `[\s,;/、]*){2,}$`)

	// formats are what stands in brackets and says how a cell is written, never what it
	// is. Seconds or days are not among them: of them, a cell is a duration.
	formats = regexp.MustCompile(`(?s)^(?:` + strings.Join([]string{
		optional, truth, yesNo + `+`,
		example + `.*`,
		// YYYY-MM-DD HH:MM:SS, dd/mm/yyyy, 北京时间 年月日时分, of which the marks are gone
		`(?:北京时间|东八区)?(?:yyyy|yy?[-/]?m|[年月][-/]?[月日]|mm?[-/]?dd?|dd?[-/]?mm?|hh?mm)[-/ymdhst年月日时分秒]*(?:北京时间|东八区)?`,
		`[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}[日t ]*[0-9:]*`,
		// 11位数字, 最多32个字符, max 32, and 最大长度32
		`(?:最多|最大|最长|不超过|至多|长度|限|max|upto)*[0-9]+(?:位|个字符|字符|个字|字|digits?|chars?|characters?)(?:数字|以内|之内|号码|手机号|max)?`,
		`(?:最大|最多)?(?:最长|长度?)(?:不超过|至多|为)?[0-9]+|max(?:imum)?(?:length|len)?[0-9]+`,
		`北京时间|东八区|(?:utc|gmt)\+?0?8(?:00)?|beijing(?:time)?|cst`,
		`(?:纯)?(?:文本|数字|字符串)(?:格式|类型)?|中文|string|text|varchar|number|numeric|int|integer|bigint|long|datetime|date|time|timestamp|bool|boolean|json`,
		`(?:(?:手机号?码?|座机号?码?|固话|固定电话|电话号?码?|mobile|landline|phone)[或/ ]*)+`,
	}, `|`) + `)$`)
)

// Unmarked is the key of a header without the marks that forms put around it: a star, a
// number before it, "optional", "yes/no" or a format in brackets or behind it, a line
// break. What else stands in brackets is part of the header, as in 手机号（B）.
func Unmarked(header string) string {
	return stripped(header, func(inner string) bool {
		for part := range strings.FieldsFuncSeq(inner, func(r rune) bool { return strings.ContainsRune(",;、，；", r) }) {
			part = strings.TrimSpace(formMarks.ReplaceAllString(part, " "))
			if part = strings.ReplaceAll(part, " ", ""); part != "" && !formats.MatchString(part) {
				return false
			}
		}
		return true
	})
}

// longest is how many bytes a header may have. A longer text is no header: a quotation
// mark was not closed.
const longest = 2048

// stripped is the key of a header without its marks and what stands in brackets, if that
// is to be dropped.
func stripped(header string, drop func(inner string) bool) string {
	if len(header) > longest {
		return ""
	}
	text := numbering.ReplaceAllString(narrowed(header), "")
	text = inBrackets.ReplaceAllStringFunc(text, func(group string) string {
		inner := strings.Trim(group, brackets)
		if drop(inner) {
			return " "
		}
		return " " + inner + " "
	})
	text = legends.ReplaceAllString(text, "")
	text = formWords.ReplaceAllString(formMarks.ReplaceAllString(text, " "), "")
	return Key(strings.ReplaceAll(text, "/", ""))
}

// traditional are the traditional characters of the headers that are known, each before
// its simplified form.
const traditional = "號号碼码電电話话機机訂订單单編编過过時时間间錄录隱隐虛虚擬拟組组歸归屬属來来顯显識识別别語语鈴铃聲声業业務务聯联絡络繫系戶户對对動动發发貨货件件買买賣卖員员選选須须"

// narrowed is a header in lower case, in half-width forms and simplified characters.
func narrowed(header string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		at := strings.IndexRune(traditional, r)
		if at < 0 || r < 0x80 || (at/3)%2 == 1 {
			return csvtext.Narrow(r)
		}
		for _, simple := range traditional[at+3:] {
			return simple
		}
		return r
	}, header))
}
