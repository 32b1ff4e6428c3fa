package field

import (
	"regexp"
	"strings"
)

const (
	optional = `选填项?|必填项?|可选项?|可选填|必选项?|非必填项?|非必选项?|非必[须需]|不必填|必输项?|选输项?|必须|必需|可空|可为空|可不填|可?留空|不能为空|不可为空|非空|optional|required|mandatory|nullable|not ?null`
	truth    = `是/否|是否|y/n|yes/no|true/false|0/1|1/0`
	yesNo    = `(?:[01ynt]|是|否|true|false|yes|no|录音|不录音|开启|关闭)`
	example  = `(?:如|例|例如|比如|示例|样例|形如|举例|格式|样式|e\.?g\.?|ex\.|(?:for ?)?example|format|in ?the ?form)`

	// ordinal is the place of a column in a form.
	ordinal = `(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})`
)

var (
	inBrackets = regexp.MustCompile(`[\p{Ps}<«‹][^\p{Pe}>»›]*[\p{Pe}>»›]?`)
	bracket    = regexp.MustCompile(`[\p{Ps}\p{Pe}<>«»‹›]`)
	formMarks  = regexp.MustCompile(`[*#:?!.。、,;"“”‘’'|]`)
	formFront  = regexp.MustCompile(`^(?:[\s_-]|` + optional + `)+`)
	formBack   = regexp.MustCompile(`(?:[\s_-]|` + optional + `)+$`)
	truthBack  = regexp.MustCompile(`(?:[\s_-]|` + optional + `|` + truth + `)+$`)

	// remains are what programs make of a line break or a blank.
	remains = regexp.MustCompile(`_x[0-9a-f]{4}_|<br\s*/?>|&#?[a-z0-9]{2,6};|\\[nrt]`)

	// numbering is 4. and 四、 and #4 and 第4列 before a header. A, B and X are no numbers
	// of a column: A、B号码 are two headers.
	numbering = regexp.MustCompile(`^[\s#№]*(?:` +
		`\(?(?:no\.? ?)?(?:` + ordinal + `(?:\.[0-9]{1,2})*|[c-wyz]|\p{Nl})[.、):]|` +
		`(?:no\.? ?)?[0-9]{1,2}\s+|` +
		`第(?:` + ordinal + `|[a-z])[列项栏][\s.、:]*|[c-wyz]列[\s.、:]+|` +
		`\p{No}+[\s.、:]*)`)

	// legends are what stands behind a header, without brackets, and says how a cell is
	// written, as in 城市，如：杭州, or what an empty one does.
	legends = regexp.MustCompile(`(?s)[\s,;:。]+(?:` + example + `:|(?:如|例如|比如|譬如|e\.g\.)|(?:若|如)?(?:不填|留空|为空|未填)(?:则|时|就|默认)).*$`)

	// truthLegends say that a cell is yes or no: 是否录音：1-是 0-否.
	truthLegends = regexp.MustCompile(`[\s,;:]+(?:` + yesNo + `[-=:.、 ]*` + yesNo + `[\s,;/、]*){2,}$`)

	// formats are what stands in brackets and says how a cell is written, never what it
	// is. Seconds or days are not among them: of them, a cell is a duration.
	formats = regexp.MustCompile(`(?s)^(?:` + strings.Join([]string{
		optional,
		example + `.*`,
		// YYYY-MM-DD HH:MM:SS, dd/mm/yyyy, 北京时间 年月日时分, of which the marks are gone
		`(?:北京时间|东八区)?(?:yyyy|yy?[-/]?m|[年月][-/]?[月日]|mm?[-/]?dd?|dd?[-/]?mm?|hh?mm)[-/ymdhst年月日时分秒]*(?:北京时间|东八区)?`,
		`[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}[日t ]*[0-9:]*`,
		// 11位数字, 最多32个字符, max 32, and 最大长度32
		`(?:最多|最大|最长|不超过|至多|长度|限|max|upto)*[0-9]+(?:位|个字符|字符|个字|字|digits?|chars?|characters?)(?:数字|以内|之内|号码|手机号|max)?`,
		`(?:最大|最多)?(?:最长|长度?)(?:不超过|至多|为)?[0-9]+|max(?:imum)?(?:length|len)?[0-9]+`,
		`北京时间|东八区|(?:utc|gmt)\+?0?8(?:00)?|beijing(?:time)?|cst`,
		`(?:纯)?(?:文本|数字|字符串)(?:格式|类型)?|中文|string|text|varchar|number|numeric|int|integer|bigint|long|datetime|date|time|timestamp|json`,
		`(?:(?:手机号?码?|座机号?码?|固话|固定电话|电话号?码?|mobile|landline|phone)[或/ ]*)+`,
	}, `|`) + `)$`)

	// truths are the formats of a cell that is yes or no.
	truths = regexp.MustCompile(`^(?:` + truth + `|` + yesNo + `+|bool|boolean)$`)
)

// Unmarked is the key of a header without the marks that forms put around it: a star, a
// number before it, "optional", "yes/no" or a format in brackets or behind it, a line
// break. What else stands in brackets is part of the header, as in 手机号（B）.
func Unmarked(header string) string { return joined(cleaned(plain(header), formatOf(true), true)) }

// formatOf returns what reports whether the text in brackets says how a cell is written;
// that it is yes or no is among that if yesOrNo.
func formatOf(yesOrNo bool) func(inner string) bool {
	return func(inner string) bool {
		for part := range strings.FieldsFuncSeq(inner, func(r rune) bool { return strings.ContainsRune(",;、，；\n", r) }) {
			part = strings.TrimSpace(formMarks.ReplaceAllString(part, " "))
			part = strings.ReplaceAll(part, " ", "")
			if part != "" && !formats.MatchString(part) && !(yesOrNo && truths.MatchString(part)) {
				return false
			}
		}
		return true
	}
}

// longest is how many bytes a header may have. A longer text is no header: a quotation
// mark was not closed.
const longest = 2048

// plain is a narrowed header without its number and what programs left in it.
func plain(header string) string {
	if len(header) > longest {
		return ""
	}
	return numbering.ReplaceAllString(remains.ReplaceAllString(narrowed(header), "\n"), "")
}

// cleaned is a plain header without its marks and what stands in brackets, if that is to
// be dropped; a line break stands where they were. What says yes or no behind the header
// goes too if yesOrNo.
func cleaned(text string, drop func(inner string) bool, yesOrNo bool) string {
	text = inBrackets.ReplaceAllStringFunc(text, func(group string) string {
		inner := bracket.ReplaceAllString(group, "")
		if drop(inner) {
			return "\n"
		}
		return "\n" + inner + "\n"
	})
	text = legends.ReplaceAllString(text, "")
	back := formBack
	if yesOrNo {
		text = truthLegends.ReplaceAllString(text, "")
		back = truthBack
	}
	text = formMarks.ReplaceAllString(text, "\n")
	return back.ReplaceAllString(formFront.ReplaceAllString(text, ""), "")
}

// joined is the key of a cleaned header.
func joined(text string) string { return Key(strings.ReplaceAll(text, "/", "")) }

// stripped is the key of a header without its marks and what stands in brackets, if that
// is to be dropped.
func stripped(header string, drop bool) string {
	return joined(cleaned(plain(header), func(string) bool { return drop }, true))
}
