package batch

import (
	"slices"

	"axgbind/report"
)

// Codes that the service gives for what the rules find. A local fault carries
// the code the service would have answered with.
const (
	codeNumber   = "isv.MOBILE_NUMBER_ILLEGAL"
	codeExpiry   = "isv.EXPIRE_DATE_ILLEGAL"
	codeArgument = "isv.ILLEGAL_ARGUMENT"
)

// Rule is one thing that can be wrong with a row.
type Rule struct {
	ID      string // stable, such as mobile-length
	Code    string // what the service would have answered, such as isv.MOBILE_NUMBER_ILLEGAL
	Warning bool   // the row is sent all the same and the service decides

	Meaning report.Text // what the rule asks for; no verbs
	Cause   report.Text // what is wrong with a value; verbs of package fmt with indexes
	Cure    report.Text // what to do; no verbs
}

// The rules by ID.
const (
	ruleColumns     = "row-columns"
	ruleQuotes      = "row-quotes"
	ruleQuoteOpen   = "quote-not-closed"
	ruleNUL         = "nul-bytes"
	ruleLong        = "row-too-long"
	ruleUndecodable = "undecodable-bytes"

	rulePhoneEmpty     = "phone-empty"
	rulePhoneDigits    = "phone-not-digits"
	rulePhoneSpaced    = "phone-separators"
	rulePhoneCountry   = "phone-country-code"
	ruleMobileLength   = "mobile-length"
	ruleMobilePrefix   = "mobile-prefix"
	ruleLandlineArea   = "landline-area-code"
	ruleLandlineShape  = "landline-unusual"
	ruleServiceNumber  = "service-number"
	rulePhoneShape     = "phone-shape"
	ruleAEqualsX       = "a-equals-x"
	ruleAEqualsB       = "a-equals-b"
	ruleGroupEmpty     = "group-id-empty"
	ruleGroup          = "group-id"
	ruleExpiryEmpty    = "expiration-empty"
	ruleExpiryFormat   = "expiration-format"
	ruleExpiryDay      = "expiration-no-such-time"
	ruleExpiryPast     = "expiration-past"
	ruleBoolean        = "boolean"
	ruleDisplay        = "call-display-type"
	ruleDisplayRetired = "call-display-type-retired"
	ruleRestrict       = "call-restrict"
	ruleRing           = "ring-config"
	ruleRingKey        = "ring-config-key"
	ruleOutIDLong      = "out-id-long"
	rulePoolEmpty      = "pool-key-empty"
	rulePool           = "pool-key"
)

// Rules returns every rule, in the order in which an explanation lists them:
// the record first, then the fields. The slice is the caller's.
func Rules() []Rule { return slices.Clone(rules[:]) }

// ruleByID returns the rule; asking for one that is not there is a mistake in
// this package.
func ruleByID(id string) *Rule {
	for i := range rules {
		if rules[i].ID == id {
			return &rules[i]
		}
	}
	panic("batch: no rule " + id)
}

var rules = [...]Rule{
	{
		ID: ruleColumns, Code: codeArgument,
		Meaning: report.Text{EN: "a row has as many cells as the header", ZH: "每行的单元格数与表头一致"},
		Cause:   report.Text{EN: "the row has %[1]d cells, the header has %[2]d", ZH: "该行有 %[1]d 个单元格，表头有 %[2]d 个"},
		Cure: report.Text{
			EN: "look for a missing or extra delimiter in this line; put a cell that contains the delimiter in quotation marks",
			ZH: "检查该行是否多了或少了分隔符；内容含分隔符的单元格要用英文双引号括起来",
		},
	},
	{
		ID: ruleQuotes, Code: codeArgument,
		Meaning: report.Text{EN: "quotation marks enclose whole cells, and those inside a cell are doubled", ZH: "双引号须成对括住整个单元格，单元格内的双引号要写两次"},
		Cause:   report.Text{EN: "a quotation mark inside the cell is not doubled, or text follows the closing one (line %[1]d)", ZH: "单元格内的双引号没有写两次，或右引号之后还有内容（第 %[1]d 行）"},
		Cure: report.Text{
			EN: `enclose the whole cell, and write a quotation mark inside it twice: "5"" pipe"`,
			ZH: `用双引号括住整个单元格，单元格内的双引号写两次，例如 "5"" 管"`,
		},
	},
	{
		ID: ruleQuoteOpen, Code: codeArgument,
		Meaning: report.Text{EN: "a cell that begins with a quotation mark ends with one", ZH: "以双引号开头的单元格必须以双引号结尾"},
		Cause:   report.Text{EN: "the quotation mark that opens the cell on line %[1]d is not closed", ZH: "第 %[1]d 行打开单元格的双引号没有关闭"},
		Cure: report.Text{
			EN: "close the cell, or delete the mark; the rows below were read as rows of their own",
			ZH: "补上右引号，或删除这个双引号；其后的各行已按独立的行读取",
		},
	},
	{
		ID: ruleNUL, Code: codeArgument,
		Meaning: report.Text{EN: "cells hold text, no NUL bytes", ZH: "单元格内容是文字，不含 NUL 字节"},
		Cause:   report.Text{EN: "character %[1]d is a NUL byte", ZH: "第 %[1]d 个字符是 NUL 字节"},
		Cure:    report.Text{EN: "type the cell again; several of them mean that the file was damaged on its way: take a fresh copy", ZH: "重新输入该单元格；多处出现说明文件在传输中损坏，请重新获取"},
	},
	{
		ID: ruleLong, Code: codeArgument,
		Meaning: report.Text{EN: "a row is shorter than 1 MiB", ZH: "一行的内容小于 1 MiB"},
		Cause:   report.Text{EN: "the row is longer than %[1]d MiB", ZH: "该行超过 %[1]d MiB"},
		Cure:    report.Text{EN: "this is hardly a row: save the sheet anew as CSV UTF-8", ZH: "这很可能不是正常的一行：请将表格重新另存为 CSV UTF-8"},
	},
	{
		ID: ruleUndecodable, Code: codeArgument,
		Meaning: report.Text{EN: "every character can be read in the encoding of the file", ZH: "所有字符都能按文件编码读出"},
		Cause:   report.Text{EN: "character %[1]d cannot be read as %[2]s", ZH: "第 %[1]d 个字符无法按 %[2]s 读出"},
		Cure: report.Text{
			EN: "type the cell again and save the file as CSV UTF-8; if many rows have this fault, name the true encoding with --encoding",
			ZH: "重新输入该单元格，并另存为 CSV UTF-8；如果很多行都这样，请用 --encoding 指定真实编码",
		},
	},
	{
		ID: rulePhoneEmpty, Code: codeNumber,
		Meaning: report.Text{EN: "number A is given", ZH: "A 号码必填"},
		Cause:   report.Text{EN: "the cell is empty", ZH: "单元格为空"},
		Cure:    report.Text{EN: "fill in the number to be hidden, such as 13800138000", ZH: "填写要隐藏的号码，例如 13800138000"},
	},
	{
		ID: rulePhoneDigits, Code: codeNumber,
		Meaning: report.Text{EN: "a phone number consists of digits only", ZH: "电话号码只能由数字组成"},
		Cause:   report.Text{EN: "character %[1]d is %[2]s, not a digit", ZH: "第 %[1]d 个字符是 %[2]s，不是数字"},
		Cure:    report.Text{EN: "write digits only: 13800138000, or area code and number without hyphen: 057188992688", ZH: "只写数字：13800138000；固定电话写区号加号码，不带连字符：057188992688"},
	},
	{
		ID: rulePhoneSpaced, Code: codeNumber,
		Meaning: report.Text{EN: "a phone number has no spaces, hyphens, dots or brackets", ZH: "电话号码中没有空格、连字符、点或括号"},
		Cause:   report.Text{EN: "character %[1]d is %[2]s, a separator", ZH: "第 %[1]d 个字符是分隔符 %[2]s"},
		Cure:    report.Text{EN: "write the digits without separators: 13800138000 or 057188992688", ZH: "去掉分隔符只写数字：13800138000 或 057188992688"},
	},
	{
		ID: rulePhoneCountry, Code: codeNumber,
		Meaning: report.Text{EN: "a phone number has no country code", ZH: "电话号码不带国家代码"},
		Cause:   report.Text{EN: "the number begins with the country code 86", ZH: "号码前带有国家代码 86"},
		Cure:    report.Text{EN: "drop +86, 0086 or 86: 13800138000", ZH: "去掉 +86、0086 或 86：13800138000"},
	},
	{
		ID: ruleMobileLength, Code: codeNumber,
		Meaning: report.Text{EN: "a mobile number has 11 digits", ZH: "手机号为 11 位数字"},
		Cause:   report.Text{EN: "%[1]d digits, a mobile number has 11", ZH: "共 %[1]d 位数字，手机号应为 11 位"},
		Cure:    report.Text{EN: "look for a lost or doubled digit", ZH: "检查是否少输或多输了数字"},
	},
	{
		ID: ruleMobilePrefix, Code: codeNumber,
		Meaning: report.Text{EN: "a mobile number begins with 13 to 19", ZH: "手机号以 13 到 19 开头"},
		Cause:   report.Text{EN: "11 digits beginning with %[1]s; a mobile number begins with 13 to 19", ZH: "11 位数字但以 %[1]s 开头，手机号应以 13 到 19 开头"},
		Cure:    report.Text{EN: "check the first digits of the number", ZH: "检查号码的前几位"},
	},
	{
		ID: ruleLandlineArea, Code: codeNumber,
		Meaning: report.Text{EN: "a landline number includes its area code", ZH: "固定电话要带区号"},
		Cause:   report.Text{EN: "%[1]d digits: a landline number without area code", ZH: "共 %[1]d 位数字：固定电话缺少区号"},
		Cure:    report.Text{EN: "put the area code in front, without hyphen: 057188992688", ZH: "在前面加上区号，不带连字符：057188992688"},
	},
	{
		ID: ruleLandlineShape, Code: codeNumber, Warning: true,
		Meaning: report.Text{EN: "a landline number has a known area code and 7 or 8 digits that begin with 2 to 8", ZH: "固定电话由已知区号和以 2 到 8 开头的 7 或 8 位号码组成"},
		Cause:   report.Text{EN: "%[1]d digits that look like no landline number known here", ZH: "共 %[1]d 位数字，不像已知的固定电话号码"},
		Cure:    report.Text{EN: "check area code and number; the row is sent, and the service decides", ZH: "检查区号和号码；该行照常提交，由服务端判断"},
	},
	{
		ID: ruleServiceNumber, Code: codeNumber, Warning: true,
		Meaning: report.Text{EN: "a number is that of a subscriber, not a 400, 800, 95 or 10 service number", ZH: "号码应为普通用户号码，而不是 400、800、95 或 10 开头的服务号码"},
		Cause:   report.Text{EN: "a service number that begins with %[1]s", ZH: "以 %[1]s 开头的服务号码"},
		Cure:    report.Text{EN: "use a mobile or landline number if the service refuses this one; the row is sent", ZH: "该行照常提交；如被服务端拒绝，请改用手机号或固定电话"},
	},
	{
		ID: rulePhoneShape, Code: codeNumber,
		Meaning: report.Text{EN: "a phone number is a mobile number or a landline number with area code", ZH: "电话号码应为手机号或带区号的固定电话"},
		Cause:   report.Text{EN: "%[1]d digits that are neither a mobile nor a landline number", ZH: "共 %[1]d 位数字，既不是手机号也不是固定电话"},
		Cure:    report.Text{EN: "write 11 digits such as 13800138000, or area code and number such as 057188992688", ZH: "填写 11 位手机号如 13800138000，或区号加号码如 057188992688"},
	},
	{
		ID: ruleAEqualsB, Code: codeNumber,
		Meaning: report.Text{EN: "A and B are different numbers", ZH: "A 号码与 B 号码不同"},
		Cause:   report.Text{EN: "B is the same number as A", ZH: "B 号码与 A 号码相同"},
		Cure:    report.Text{EN: "give B the number A shall reach when it calls X, or leave the cell empty", ZH: "B 填写 A 拨打 X 时要接通的号码，或留空"},
	},
	{
		ID: ruleAEqualsX, Code: codeNumber,
		Meaning: report.Text{EN: "A and X are different numbers", ZH: "A 号码与 X 号码不同"},
		Cause:   report.Text{EN: "X is the same number as A", ZH: "X 号码与 A 号码相同"},
		Cure:    report.Text{EN: "X is a number of the pool: name one, or leave the cell empty and the service picks one", ZH: "X 是号池中的中间号：填写其中一个，或留空由服务端分配"},
	},
	{
		ID: ruleGroupEmpty, Code: codeArgument,
		Meaning: report.Text{EN: "the group is given", ZH: "G 组 ID 必填"},
		Cause:   report.Text{EN: "the cell is empty", ZH: "单元格为空"},
		Cure:    report.Text{EN: "fill in the id of the G group, or give all rows one with --default GroupId=ID", ZH: "填写 G 组 ID，或用 --default GroupId=ID 为所有行指定"},
	},
	{
		ID: ruleGroup, Code: codeArgument,
		Meaning: report.Text{EN: "the group id is a whole number from 1 to 9223372036854775807", ZH: "G 组 ID 是 1 到 9223372036854775807 的整数"},
		Cause:   report.Text{EN: "not a whole number from 1 to 9223372036854775807", ZH: "不是 1 到 9223372036854775807 的整数"},
		Cure:    report.Text{EN: "copy the id of the G group from the console, such as 2000000000001; format the column as text", ZH: "从控制台复制 G 组 ID，例如 2000000000001；并把该列设为文本格式"},
	},
	{
		ID: ruleExpiryEmpty, Code: codeExpiry,
		Meaning: report.Text{EN: "the end of the binding is given", ZH: "过期时间必填"},
		Cause:   report.Text{EN: "the cell is empty", ZH: "单元格为空"},
		Cure:    report.Text{EN: "write it as 2027-01-31 23:59:59, or give all rows one with --default Expiration=+30d", ZH: "按 2027-01-31 23:59:59 的格式填写，或用 --default Expiration=+30d 为所有行指定"},
	},
	{
		ID: ruleExpiryFormat, Code: codeExpiry,
		Meaning: report.Text{EN: "Expiration is written yyyy-MM-dd HH:mm:ss in Beijing time", ZH: "过期时间写作 yyyy-MM-dd HH:mm:ss，北京时间"},
		Cause:   report.Text{EN: "not of the form yyyy-MM-dd HH:mm:ss", ZH: "不符合 yyyy-MM-dd HH:mm:ss 格式"},
		Cure:    report.Text{EN: "write it as 2027-01-31 23:59:59", ZH: "写成 2027-01-31 23:59:59"},
	},
	{
		ID: ruleExpiryDay, Code: codeExpiry,
		Meaning: report.Text{EN: "Expiration is a day and time that exist", ZH: "过期时间是真实存在的日期和时间"},
		Cause:   report.Text{EN: "there is no such day or time", ZH: "不存在这样的日期或时间"},
		Cure:    report.Text{EN: "check month, day and hour: 2027-02-28 23:59:59", ZH: "检查月、日和时刻：2027-02-28 23:59:59"},
	},
	{
		ID: ruleExpiryPast, Code: codeExpiry,
		Meaning: report.Text{EN: "Expiration is more than 60 seconds ahead, in Beijing time", ZH: "过期时间须晚于当前北京时间 60 秒以上"},
		Cause:   report.Text{EN: "not more than 60 seconds after now, %[1]s Beijing time", ZH: "未晚于当前北京时间 %[1]s 60 秒以上"},
		Cure:    report.Text{EN: "choose a later end of the binding", ZH: "改为更晚的过期时间"},
	},
	{
		ID: ruleBoolean, Code: codeArgument,
		Meaning: report.Text{EN: "a yes-or-no field is true or false", ZH: "是否类字段填 true 或 false"},
		Cause:   report.Text{EN: "neither true nor false", ZH: "既不是 true 也不是 false"},
		Cure:    report.Text{EN: "write true or false (1/0, yes/no, Y/N, 是/否 will do), or leave the cell empty", ZH: "填 true 或 false（1/0、yes/no、Y/N、是/否亦可），或留空"},
	},
	{
		ID: ruleDisplay, Code: codeArgument,
		Meaning: report.Text{EN: "CallDisplayType is 1: the called party sees X", ZH: "CallDisplayType 为 1：被叫看到 X 号码"},
		Cause:   report.Text{EN: "only 1 is possible", ZH: "只能为 1"},
		Cure:    report.Text{EN: "write 1 or leave the cell empty", ZH: "填 1 或留空"},
	},
	{
		ID: ruleDisplayRetired, Code: codeArgument, Warning: true,
		Meaning: report.Text{EN: "CallDisplayType 2 and 3 were retired and have no effect", ZH: "CallDisplayType 的 2 和 3 已停用，不再生效"},
		Cause:   report.Text{EN: "2 and 3 were retired; the called party sees X anyway", ZH: "2 和 3 已停用，被叫仍然看到 X 号码"},
		Cure:    report.Text{EN: "write 1 or leave the cell empty; the row is sent", ZH: "填 1 或留空；该行照常提交"},
	},
	{
		ID: ruleRestrict, Code: codeArgument,
		Meaning: report.Text{EN: "CallRestrict is one of the service's three words", ZH: "呼叫限制为服务端规定的三个取值之一"},
		Cause:   report.Text{EN: "no restriction of that name", ZH: "没有这个取值"},
		Cure: report.Text{
			EN: "write CONTROL_AX_DISABLE (A may not call X), CONTROL_BX_DISABLE (B may not call X) or CONTROL_CLEAR_DISABLE, or leave the cell empty",
			ZH: "填 CONTROL_AX_DISABLE（禁止 A 呼叫 X）、CONTROL_BX_DISABLE（禁止 B 呼叫 X）或 CONTROL_CLEAR_DISABLE，或留空",
		},
	},
	{
		ID: ruleRing, Code: codeArgument,
		Meaning: report.Text{EN: "RingConfig is a JSON object whose values are texts", ZH: "RingConfig 是值为字符串的 JSON 对象"},
		Cause:   report.Text{EN: "not a JSON object with texts as values", ZH: "不是值为字符串的 JSON 对象"},
		Cure:    report.Text{EN: `write {"AXGRing_AB":"100000001"}; in a CSV file the cell is enclosed in quotation marks and those inside are doubled`, ZH: `写成 {"AXGRing_AB":"100000001"}；在 CSV 文件中整个单元格用双引号括住，内部的双引号写两次`},
	},
	{
		ID: ruleRingKey, Code: codeArgument, Warning: true,
		Meaning: report.Text{EN: "the keys of RingConfig are AXGRing_AB, AXGRing_A and AXGRing_G", ZH: "RingConfig 的键为 AXGRing_AB、AXGRing_A 和 AXGRing_G"},
		Cause:   report.Text{EN: "unknown key %[1]s", ZH: "未知的键 %[1]s"},
		Cure:    report.Text{EN: "use AXGRing_AB, AXGRing_A or AXGRing_G; the row is sent", ZH: "使用 AXGRing_AB、AXGRing_A 或 AXGRing_G；该行照常提交"},
	},
	{
		ID: ruleOutIDLong, Code: codeArgument, Warning: true,
		Meaning: report.Text{EN: "OutId has at most 64 characters", ZH: "OutId 不超过 64 个字符"},
		Cause:   report.Text{EN: "%[1]d characters; a sister service takes at most 64", ZH: "共 %[1]d 个字符，同类服务最多接受 64 个"},
		Cure:    report.Text{EN: "use a shorter id if the service refuses this one; the row is sent", ZH: "该行照常提交；如被拒绝，请缩短"},
	},
	{
		ID: rulePoolEmpty, Code: codeArgument,
		Meaning: report.Text{EN: "every row names its number pool", ZH: "每行都有号池 Key"},
		Cause:   report.Text{EN: "the cell is empty", ZH: "单元格为空"},
		Cure:    report.Text{EN: "fill in the pool key, such as FC100000000000001, or give all rows one with --pool-key", ZH: "填写号池 Key，例如 FC100000000000001，或用 --pool-key 为所有行指定"},
	},
	{
		ID: rulePool, Code: codeArgument,
		Meaning: report.Text{EN: "a pool key consists of letters and digits", ZH: "号池 Key 由字母和数字组成"},
		Cause:   report.Text{EN: "character %[1]d is %[2]s, neither a letter nor a digit", ZH: "第 %[1]d 个字符是 %[2]s，不是字母或数字"},
		Cure:    report.Text{EN: "copy the pool key from the console, such as FC100000000000001", ZH: "从控制台复制号池 Key，例如 FC100000000000001"},
	},
}
