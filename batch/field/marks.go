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
)

var (
	inBrackets = regexp.MustCompile(`[(\[{<【〔〖「《][^)\]}>】〕〗」》]*[)\]}>】〕〗」》]?`)
	formMarks  = regexp.MustCompile(`[*★☆※#:?!.。、,;"“”‘’'·•|]`)
	formWords  = regexp.MustCompile(`^(?:` + optional + `)|(?:` + optional + `|` + truth + `)$`)
	numbering  = regexp.MustCompile(`^\s*\(?[0-9]{1,2}[.、)]`)

	// formats are what stands in brackets and says how a cell is written, never what it
	// is. A number of days is not among them: it changes what the cell means.
	formats = regexp.MustCompile(`^(?:` + optional + `|` + truth +
		`|(?:[01ynt]|是|否|true|false|yes|no|录音|不录音|开启|关闭)+` +
		`|(?:如|例|比如|示例|样例|形如|举例|格式|样式|e\.?g\.?|ex\.|example|format|for example|in the form).*` +
		`|(?:[ymdhs年月日时分秒]{1,4}[-/:. t]?)+` +
		`|[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}[日t ]*[0-9:]*` +
		`|(?:最多|不超过|至多|长度|限|max|up to)? ?[0-9]+ ?(?:位|个字符|字符|个字|字|digits?|chars?|characters?)(?:数字|以内|之内|号码|手机号|max)?` +
		`|北京时间|东八区|(?:utc|gmt) ?\+? ?0?8(?::?00)?|beijing(?: time)?|cst` +
		`|(?:纯)?(?:文本|数字|字符串)(?:格式|类型)?|中文|string|text|varchar|number|numeric|int|integer|bigint|long|datetime|date|time|timestamp|bool|boolean|json` +
		`|(?:(?:手机号?码?|座机号?码?|固话|固定电话|电话号?码?|mobile|landline|phone)[或/ ]*)+)$`)
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

// stripped is the key of a header without its marks and what stands in brackets, if that
// is to be dropped.
func stripped(header string, drop func(inner string) bool) string {
	text := strings.ToLower(strings.Map(csvtext.Narrow, header))
	text = numbering.ReplaceAllString(text, "")
	text = inBrackets.ReplaceAllStringFunc(text, func(group string) string {
		inner := strings.Trim(group, brackets)
		if drop(inner) {
			return " "
		}
		return " " + inner + " "
	})
	for before := ""; text != before; {
		before = text
		text = formWords.ReplaceAllString(strings.Trim(formMarks.ReplaceAllString(text, " "), " _-\t\r\n"), "")
	}
	return Key(strings.ReplaceAll(text, "/", ""))
}
