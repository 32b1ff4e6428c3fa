package rules

import "axgbind/report"

// Rules of phone numbers by ID.
const (
	PhoneEmpty      = "phone-empty"
	PhoneScientific = "phone-scientific"
	PhoneMasked     = "phone-masked"
	PhoneSeveral    = "phone-several"
	PhoneExtension  = "phone-extension"
	PhoneForeign    = "phone-foreign"
	PhoneDigits     = "phone-not-digits"
	PhoneSpaced     = "phone-separators"
	PhoneCountry    = "phone-country-code"
	PhoneZero       = "phone-zero-lost"
	PhoneDecimal    = "phone-decimal"
	MobileZero      = "mobile-zero"
	MobileLength    = "mobile-length"
	MobilePrefix    = "mobile-prefix"
	LandlineArea    = "landline-area-code"
	LandlineShape   = "landline-unusual"
	ServiceNumber   = "service-number"
	PhoneShape      = "phone-shape"
	AEqualsB        = "a-equals-b"
	AEqualsX        = "a-equals-x"
)

var phoneRules = [...]Rule{
	{
		ID: PhoneScientific, Code: codeNumber,
		Meaning: report.Text{EN: "a phone number still has all its digits; 1.38E+10 has lost most of them", ZH: "电话号码的每一位都在；1.38E+10 已丢失大部分数字"},
		Short:   report.Text{EN: "is in scientific notation", ZH: "写成了科学计数法"},
		Cause:   report.Text{EN: "a spreadsheet wrote the number in scientific notation: %[1]d of %[2]d digits are left, %[3]d are lost for good", ZH: "表格软件把号码写成了科学计数法：%[2]d 位数字只剩 %[1]d 位，%[3]d 位已无法找回"},
		Cure: report.Text{
			EN: "take the number from the source again: set the column to text before pasting or importing it, and save as CSV UTF-8; nothing can restore it from this file",
			ZH: "从数据源重新取号码：先把该列设为文本格式再粘贴或导入，然后另存为 CSV UTF-8；仅凭本文件无法恢复",
		},
	},
	{
		ID: PhoneMasked, Code: codeNumber,
		Meaning: report.Text{EN: "a phone number is whole, not masked as in 138****8000", ZH: "电话号码完整，而不是 138****8000 这样脱敏的形式"},
		Short:   report.Text{EN: "is masked", ZH: "已脱敏"},
		Cause:   report.Text{EN: "the number is masked, as axgbind and others print it: its middle is lost", ZH: "号码已脱敏（axgbind 等输出时的形式），中间几位已丢失"},
		Cure:    report.Text{EN: "take the whole number from the source again; a row that was bound before keeps its binding", ZH: "从数据源重新取完整号码；此前已绑定的行，其绑定不受影响"},
	},
	{
		ID: PhoneSeveral, Code: codeNumber,
		Meaning: report.Text{EN: "a cell holds one phone number", ZH: "一个单元格只写一个电话号码"},
		Short:   report.Text{EN: "holds more than one number", ZH: "不止一个号码"},
		Cause:   report.Text{EN: "more than one number in the cell, split at character %[1]d", ZH: "单元格里不止一个号码，从第 %[1]d 个字符处分开"},
		Cure:    report.Text{EN: "keep one number; for the others add rows of their own", ZH: "只保留一个号码；其余号码另起一行"},
	},
	{
		ID: PhoneExtension, Code: codeNumber,
		Meaning: report.Text{EN: "a phone number has no extension", ZH: "电话号码不带分机号"},
		Short:   report.Text{EN: "has an extension", ZH: "带有分机号"},
		Cause:   report.Text{EN: "what follows character %[1]d looks like an extension", ZH: "第 %[1]d 个字符之后像是分机号"},
		Cure:    report.Text{EN: "an extension cannot be bound: leave it out, or use another number", ZH: "分机号无法绑定：去掉分机号，或改用其他号码"},
	},
	{
		ID: PhoneForeign, Code: codeNumber,
		Meaning: report.Text{EN: "a phone number is one of mainland China", ZH: "电话号码为中国大陆号码"},
		Short:   report.Text{EN: "is not a number of mainland China", ZH: "不是中国大陆号码"},
		Cause:   report.Text{EN: "a country code other than 86", ZH: "国家或地区代码不是 86"},
		Cure:    report.Text{EN: "use a number of mainland China; the service binds no other", ZH: "改用中国大陆号码，服务不支持绑定其他号码"},
	},
	{
		ID: PhoneEmpty, Code: codeNumber,
		Meaning: report.Text{EN: "number A is given", ZH: "A 号码必填"},
		Short:   report.Text{EN: "is empty", ZH: "没有填写"},
		Cause:   report.Text{EN: "the cell has no value", ZH: "单元格没有值"},
		Cure:    report.Text{EN: "fill in the number to hide, such as 13800138000", ZH: "填写要隐藏的号码，例如 13800138000"},
	},
	{
		ID: PhoneDigits, Code: codeNumber,
		Meaning: report.Text{EN: "a phone number consists of digits only", ZH: "电话号码只能由数字组成"},
		Short:   report.Text{EN: "has characters that are not digits", ZH: "含有数字以外的字符"},
		Cause:   report.Text{EN: "character %[1]d is %[2]s, not a digit", ZH: "第 %[1]d 个字符是 %[2]s，不是数字"},
		Cure:    report.Text{EN: "write digits only: 13800138000, or area code and number without hyphen: 057188992688", ZH: "只写数字：13800138000；固定电话写区号加号码，不带连字符：057188992688"},
	},
	{
		ID: MobileLength, Code: codeNumber,
		Meaning: report.Text{EN: "a mobile number has 11 digits", ZH: "手机号为 11 位数字"},
		Short:   report.Text{EN: "does not have 11 digits", ZH: "不是 11 位"},
		Cause:   report.Text{EN: "%[1]d digits, a mobile number has 11", ZH: "共 %[1]d 位数字，手机号应为 11 位"},
		Cure:    report.Text{EN: "look for a lost or doubled digit", ZH: "检查是否少输或多输了数字"},
	},
	{
		ID: MobilePrefix, Code: codeNumber,
		Meaning: report.Text{EN: "a mobile number begins with 13 to 19", ZH: "手机号以 13 到 19 开头"},
		Short:   report.Text{EN: "does not begin with 13 to 19", ZH: "不是以 13 到 19 开头"},
		Cause:   report.Text{EN: "11 digits beginning with %[1]s; a mobile number begins with 13 to 19", ZH: "11 位数字但以 %[1]s 开头，手机号应以 13 到 19 开头"},
		Cure:    report.Text{EN: "check the first digits of the number", ZH: "检查号码的前几位"},
	},
	{
		ID: LandlineArea, Code: codeNumber,
		Meaning: report.Text{EN: "a landline number includes its area code", ZH: "固定电话要带区号"},
		Short:   report.Text{EN: "lacks the area code", ZH: "缺少区号"},
		Cause:   report.Text{EN: "%[1]d digits: a landline number without area code", ZH: "共 %[1]d 位数字：固定电话缺少区号"},
		Cure:    report.Text{EN: "put the area code in front, without hyphen: 057188992688", ZH: "在前面加上区号，不带连字符：057188992688"},
	},
	{
		ID: LandlineShape, Code: codeNumber, Severity: report.Warning,
		Meaning: report.Text{EN: "a landline number has a known area code and 7 or 8 digits that begin with 2 to 8", ZH: "固定电话由已知区号和以 2 到 8 开头的 7 或 8 位号码组成"},
		Short:   report.Text{EN: "looks like no known landline number", ZH: "不像已知的固定电话"},
		Cause:   report.Text{EN: "%[1]d digits that do not look like a known landline number", ZH: "共 %[1]d 位数字，不像已知的固定电话号码"},
		Cure:    report.Text{EN: "check area code and number; the row is sent, and the service decides", ZH: "检查区号和号码；该行照常发送，由服务端判断"},
	},
	{
		ID: ServiceNumber, Code: codeNumber, Severity: report.Warning,
		Meaning: report.Text{EN: "a number is that of a subscriber, not a 400, 800, 95 or 10 service number", ZH: "号码应为普通用户号码，而不是 400、800、95 或 10 开头的服务号码"},
		Short:   report.Text{EN: "is a service number", ZH: "是服务号码"},
		Cause:   report.Text{EN: "a service number that begins with %[1]s", ZH: "以 %[1]s 开头的服务号码"},
		Cure:    report.Text{EN: "use a mobile or landline number if the service refuses this one; the row is sent", ZH: "该行照常发送；如被服务端拒绝，请改用手机号或固定电话"},
	},
	{
		ID: PhoneShape, Code: codeNumber,
		Meaning: report.Text{EN: "a phone number is a mobile number or a landline number with area code", ZH: "电话号码应为手机号或带区号的固定电话"},
		Short:   report.Text{EN: "is neither a mobile nor a landline number", ZH: "既不是手机号也不是固定电话"},
		Cause:   report.Text{EN: "%[1]d digits that are neither a mobile nor a landline number", ZH: "共 %[1]d 位数字，既不是手机号也不是固定电话"},
		Cure:    report.Text{EN: "write 11 digits such as 13800138000, or area code and number such as 057188992688", ZH: "填写 11 位手机号如 13800138000，或区号加号码如 057188992688"},
	},
	{
		ID: AEqualsB, Code: codeNumber,
		Meaning: report.Text{EN: "A and B are different numbers", ZH: "A 号码与 B 号码不同"},
		Short:   report.Text{EN: "is the same number as A", ZH: "与 A 号码相同"},
		Cause:   report.Text{EN: "B is the same number as A", ZH: "B 号码与 A 号码相同"},
		Cure:    report.Text{EN: "give B the number that A reaches when it calls X, or leave the cell empty", ZH: "B 号码填写 A 号码拨打中间号时要接通的号码，或留空"},
	},
	{
		ID: AEqualsX, Code: codeNumber,
		Meaning: report.Text{EN: "A and X are different numbers", ZH: "A 号码与中间号不同"},
		Short:   report.Text{EN: "is the same number as A", ZH: "与 A 号码相同"},
		Cause:   report.Text{EN: "X is the same number as A", ZH: "中间号与 A 号码相同"},
		Cure:    report.Text{EN: "X is a number of the pool: name one, or leave the cell empty and the service picks one", ZH: "中间号是号码池中的号码：填写其中一个，或留空由服务端分配"},
	},
	{
		ID: PhoneSpaced, Code: codeNumber, Severity: report.Repaired,
		Meaning: report.Text{EN: "spaces, hyphens, dots and brackets in a phone number are left out", ZH: "去掉电话号码中的空格、连字符、点和括号"},
		Short:   report.Text{EN: "has separators", ZH: "带有分隔符"},
		Cause:   report.Text{EN: "the number has separators", ZH: "号码中有分隔符"},
		Cure:    report.Text{EN: "nothing to do; the digits alone are sent", ZH: "无需处理，发送时只保留数字"},
	},
	{
		ID: PhoneCountry, Code: codeNumber, Severity: report.Repaired,
		Meaning: report.Text{EN: "the country code +86, 0086 or 86 is left out", ZH: "去掉国家代码 +86、0086 或 86"},
		Short:   report.Text{EN: "begins with the country code 86", ZH: "带有国家代码 86"},
		Cause:   report.Text{EN: "the number begins with the country code 86", ZH: "号码前带有国家代码 86"},
		Cure:    report.Text{EN: "nothing to do; the number is sent without it", ZH: "无需处理，发送时不带国家代码"},
	},
	{
		ID: PhoneZero, Code: codeNumber, Severity: report.Repaired,
		Meaning: report.Text{EN: "a landline number gets back the leading 0 of its area code, which spreadsheets drop", ZH: "补回固定电话区号开头被表格软件去掉的 0"},
		Short:   report.Text{EN: "lacks the leading 0 of the area code", ZH: "丢失了区号开头的 0"},
		Cause:   report.Text{EN: "the leading 0 of the area code is missing", ZH: "区号开头的 0 丢失"},
		Cure:    report.Text{EN: "nothing to do if these are landline numbers: the 0 is put back; set the column to text to keep it", ZH: "确为固定电话则无需处理：发送时已补回 0；把该列设为文本格式可避免丢失"},
	},
	{
		ID: MobileZero, Code: codeNumber, Severity: report.Repaired,
		Meaning: report.Text{EN: "the 0 that is dialled before a mobile number of another city is left out", ZH: "去掉拨打外地手机时加在手机号前的 0"},
		Short:   report.Text{EN: "is a mobile number with a 0 before it", ZH: "手机号前多了 0"},
		Cause:   report.Text{EN: "the mobile number has a 0 before it, as it is dialled from another city", ZH: "手机号前多了拨打外地号码时加的 0"},
		Cure:    report.Text{EN: "nothing to do; the number is sent without it", ZH: "无需处理，发送时不带这个 0"},
	},
	{
		ID: PhoneDecimal, Code: codeNumber, Severity: report.Repaired,
		Meaning: report.Text{EN: "a phone number written as a decimal number, such as 13800138000.0, is read without it if no digit is lost", ZH: "写成小数的电话号码（如 13800138000.0）在没有丢失数字时按整数读取"},
		Short:   report.Text{EN: "is written as a decimal number", ZH: "写成了小数"},
		Cause:   report.Text{EN: "the number is written as a decimal number; no digit is lost", ZH: "号码写成了小数形式，数字没有丢失"},
		Cure:    report.Text{EN: "nothing to do; the digits alone are sent. Set the column to text to avoid it", ZH: "无需处理，发送时只保留数字；把该列设为文本格式可避免"},
	},
}
