package rules

import "axgbind/report"

// Rules of the fields besides numbers and Expiration, by ID.
const (
	GroupEmpty      = "group-id-empty"
	Group           = "group-id"
	GroupScientific = "group-id-scientific"
	GroupRounded    = "group-id-rounded"
	GroupNotation   = "group-id-notation"
	NumberZeros     = "number-zeros"
	CityUnknown     = "city-unknown"
	CitySuffix      = "city-suffix"
	Boolean         = "boolean"
	Display         = "call-display-type"
	DisplayRetired  = "call-display-type-retired"
	Restrict        = "call-restrict"
	Ring            = "ring-config"
	RingKey         = "ring-config-key"
	OutIDLong       = "out-id-long"
	IDScientific    = "id-scientific"
	IDRounded       = "id-rounded"
	IDNotation      = "id-notation"
	PoolEmpty       = "pool-key-empty"
	Pool            = "pool-key"
)

var fieldRules = [...]Rule{
	{
		ID: GroupEmpty, Code: codeArgument,
		Meaning: report.Text{EN: "the group is given", ZH: "G 组 ID（GroupId）必填"},
		Short:   report.Text{EN: "is empty", ZH: "没有填写"},
		Cause:   report.Text{EN: "the cell has no value", ZH: "单元格没有值"},
		Cure:    report.Text{EN: "fill in the id of the G group, or give all rows one with --default GroupId=ID", ZH: "填写 G 组 ID（GroupId），或用 --default GroupId=ID 为所有行指定"},
	},
	{
		ID: Group, Code: codeArgument,
		Meaning: report.Text{EN: "the group id is a whole number from 1 to 9223372036854775807", ZH: "G 组 ID 是 1 到 9223372036854775807 的整数"},
		Short:   report.Text{EN: "is no group id", ZH: "不是有效的 G 组 ID"},
		Cause:   report.Text{EN: "not a whole number from 1 to 9223372036854775807", ZH: "不是 1 到 9223372036854775807 的整数"},
		Cure:    report.Text{EN: "copy the id of the G group from the console, such as 2000000000001; format the column as text", ZH: "从控制台复制 G 组 ID，例如 2000000000001；并把该列设为文本格式"},
	},
	{
		ID: GroupScientific, Code: codeArgument,
		Meaning: report.Text{EN: "a group id still has all its digits; 2E+12 has lost most of them", ZH: "G 组 ID 的每一位都在；2E+12 已丢失大部分数字"},
		Short:   report.Text{EN: "is in scientific notation", ZH: "写成了科学计数法"},
		Cause:   report.Text{EN: "a spreadsheet wrote the id in scientific notation: %[1]d of %[2]d digits are left, %[3]d are lost for good", ZH: "表格软件把 ID 写成了科学计数法：%[2]d 位数字只剩 %[1]d 位，%[3]d 位已无法找回"},
		Cure:    report.Text{EN: "copy the id from the console again into a column set to text", ZH: "把该列设为文本格式，再从控制台重新复制 ID"},
	},
	{
		ID: GroupRounded, Code: codeArgument, Severity: report.Warning,
		Meaning: report.Text{EN: "a group id of 16 digits or more was not rounded: spreadsheets keep 15 and fill up with zeros", ZH: "16 位及以上的 G 组 ID 没有被舍入：表格软件只保留 15 位，其余变成 0"},
		Short:   report.Text{EN: "may have been rounded", ZH: "可能已被舍入"},
		Cause:   report.Text{EN: "%[1]d digits of which all behind the 15th are 0: a spreadsheet may have rounded the id", ZH: "共 %[1]d 位，第 15 位之后全是 0：可能已被表格软件舍入"},
		Cure:    report.Text{EN: "compare the id with the console; the row is sent", ZH: "与控制台核对 ID；该行照常发送"},
	},
	{
		ID: GroupNotation, Code: codeArgument, Severity: report.Repaired,
		Meaning: report.Text{EN: "a group id written as 2000000000001.0 or 2,000,000,000,001 is read without point and commas", ZH: "写成 2000000000001.0 或 2,000,000,000,001 的 G 组 ID 去掉小数点和千位分隔符读取"},
		Short:   report.Text{EN: "is written as a decimal number or with separators", ZH: "写成了小数或带有分隔符"},
		Cause:   report.Text{EN: "the id is written as a decimal number or with separators; no digit is lost", ZH: "ID 写成了小数或带有分隔符，数字没有丢失"},
		Cure:    report.Text{EN: "nothing to do; the digits alone are sent. Set the column to text to avoid it", ZH: "无需处理，发送时只保留数字；把该列设为文本格式可避免"},
	},
	{
		ID: NumberZeros, Code: codeArgument, Severity: report.Repaired,
		Meaning: report.Text{EN: "leading zeros of GroupId and CallDisplayType are left out", ZH: "去掉 GroupId 和 CallDisplayType 开头的 0"},
		Short:   report.Text{EN: "has leading zeros", ZH: "开头有多余的 0"},
		Cause:   report.Text{EN: "leading zeros, which mean nothing in a number", ZH: "数字开头的 0 没有意义"},
		Cure:    report.Text{EN: "nothing to do; the number is sent without them", ZH: "无需处理，发送时不带开头的 0"},
	},
	{
		ID: CityUnknown, Code: codeArgument, Severity: report.Warning,
		Meaning: report.Text{EN: "ExpectCity is a city known here, in Chinese and without 市", ZH: "ExpectCity（期望城市）为已知的城市名，用中文，不带“市”字"},
		Short:   report.Text{EN: "is no known city", ZH: "不是已知的城市名"},
		Cause:   report.Text{EN: "no city of that name is known here", ZH: "不是已知的城市名"},
		Cure: report.Text{
			EN: "write a city such as 北京 or 杭州, or leave the cell empty; the row is sent, and a city the service does not know gets any X number, or none in a strict pool",
			ZH: "填写城市名如 北京、杭州，或留空；该行照常发送，服务端不认识的城市会分配任意城市的中间号，严格匹配的号码池则分配失败",
		},
	},
	{
		ID: CitySuffix, Code: codeArgument, Severity: report.Repaired,
		Meaning: report.Text{EN: "the 市 at the end of a city is left out, as the service wants it", ZH: "按服务端要求去掉城市名末尾的“市”"},
		Short:   report.Text{EN: "ends in 市", ZH: "以“市”结尾"},
		Cause:   report.Text{EN: "the city ends in 市", ZH: "城市名以“市”结尾"},
		Cure:    report.Text{EN: "nothing to do; the name alone is sent", ZH: "无需处理，发送时只保留城市名"},
	},
	{
		ID: Boolean, Code: codeArgument,
		Meaning: report.Text{EN: "a yes-or-no field is true or false", ZH: "是否类字段填 true 或 false"},
		Short:   report.Text{EN: "is neither true nor false", ZH: "既不是 true 也不是 false"},
		Cause:   report.Text{EN: "neither true nor false", ZH: "既不是 true 也不是 false"},
		Cure:    report.Text{EN: "write true or false (1/0, yes/no, Y/N, 是/否 will do), or leave the cell empty", ZH: "填 true 或 false（1/0、yes/no、Y/N、是/否亦可），或留空"},
	},
	{
		ID: Display, Code: codeArgument,
		Meaning: report.Text{EN: "CallDisplayType is 1: the called party sees X", ZH: "CallDisplayType 为 1：被叫看到 中间号"},
		Short:   report.Text{EN: "is not 1", ZH: "不是 1"},
		Cause:   report.Text{EN: "only 1 is possible", ZH: "只能填 1"},
		Cure:    report.Text{EN: "write 1 or leave the cell empty", ZH: "填 1 或留空"},
	},
	{
		ID: DisplayRetired, Code: codeArgument, Severity: report.Warning,
		Meaning: report.Text{EN: "CallDisplayType 2 and 3 were retired and have no effect", ZH: "CallDisplayType 的 2 和 3 已停用，不再生效"},
		Short:   report.Text{EN: "is a retired value (2 or 3)", ZH: "是已停用的取值（2 或 3）"},
		Cause:   report.Text{EN: "2 and 3 were retired; the called party sees X anyway", ZH: "2 和 3 已停用，被叫仍然看到 中间号"},
		Cure:    report.Text{EN: "write 1 or leave the cell empty; the row is sent", ZH: "填 1 或留空；该行照常发送"},
	},
	{
		ID: Restrict, Code: codeArgument,
		Meaning: report.Text{EN: "CallRestrict is one of the service's three words", ZH: "呼叫限制为服务端规定的三个取值之一"},
		Short:   report.Text{EN: "is no known restriction", ZH: "不是规定的取值"},
		Cause:   report.Text{EN: "no restriction of that name", ZH: "没有这个取值"},
		Cure: report.Text{
			EN: "write CONTROL_AX_DISABLE (A may not call X), CONTROL_BX_DISABLE (B may not call X) or CONTROL_CLEAR_DISABLE, or leave the cell empty",
			ZH: "填 CONTROL_AX_DISABLE（禁止 A 号码呼叫中间号）、CONTROL_BX_DISABLE（禁止 B 号码呼叫中间号）或 CONTROL_CLEAR_DISABLE，或留空",
		},
	},
	{
		ID: Ring, Code: codeArgument,
		Meaning: report.Text{EN: "RingConfig is a JSON object whose values are texts", ZH: "RingConfig 是值为字符串的 JSON 对象"},
		Short:   report.Text{EN: "is no JSON object of texts", ZH: "不是值为字符串的 JSON 对象"},
		Cause:   report.Text{EN: "not a JSON object with texts as values", ZH: "不是值为字符串的 JSON 对象"},
		Cure:    report.Text{EN: `write {"AXGRing_AB":"100000001"}; in a CSV file the cell is enclosed in quotation marks and those inside are doubled`, ZH: `写成 {"AXGRing_AB":"100000001"}；在 CSV 文件中整个单元格用双引号括住，内部的双引号写两次`},
	},
	{
		ID: RingKey, Code: codeArgument, Severity: report.Warning,
		Meaning: report.Text{EN: "the keys of RingConfig are AXGRing_AB, AXGRing_A and AXGRing_G", ZH: "RingConfig 的键为 AXGRing_AB、AXGRing_A 和 AXGRing_G"},
		Short:   report.Text{EN: "has an unknown key", ZH: "含有未知的键"},
		Cause:   report.Text{EN: "unknown key %[1]s", ZH: "未知的键 %[1]s"},
		Cure:    report.Text{EN: "use AXGRing_AB, AXGRing_A or AXGRing_G; the row is sent", ZH: "使用 AXGRing_AB、AXGRing_A 或 AXGRing_G；该行照常发送"},
	},
	{
		ID: OutIDLong, Code: codeArgument, Severity: report.Warning,
		Meaning: report.Text{EN: "OutId has at most 64 characters", ZH: "OutId 不超过 64 个字符"},
		Short:   report.Text{EN: "is longer than 64 characters", ZH: "超过 64 个字符"},
		Cause:   report.Text{EN: "%[1]d characters; a sister service takes at most 64", ZH: "共 %[1]d 个字符，同类服务最多接受 64 个"},
		Cure:    report.Text{EN: "use a shorter id if the service refuses this one; the row is sent", ZH: "该行照常发送；如被拒绝，请缩短"},
	},
	{
		ID: IDScientific, Code: codeArgument, Severity: report.Warning,
		Meaning: report.Text{EN: "OutId, OutOrderId and ASRModelId still have all their digits; 2.1E+17 has lost most of them", ZH: "OutId、OutOrderId、ASRModelId 的每一位都在；2.1E+17 已丢失大部分数字"},
		Short:   report.Text{EN: "seems to be in scientific notation", ZH: "像是写成了科学计数法"},
		Cause:   report.Text{EN: "looks like a long id that a spreadsheet wrote in scientific notation: %[1]d of %[2]d digits are left", ZH: "像是被表格软件写成科学计数法的长 ID：%[2]d 位数字只剩 %[1]d 位"},
		Cure:    report.Text{EN: "take the id from the source again into a column set to text; the row is sent with the text as it stands", ZH: "把该列设为文本格式，从数据源重新取 ID；该行按现有内容照常提交"},
	},
	{
		ID: IDRounded, Code: codeArgument, Severity: report.Warning,
		Meaning: report.Text{EN: "a long id was not rounded: spreadsheets keep 15 digits and fill up with zeros", ZH: "长 ID 没有被舍入：表格软件只保留 15 位，其余变成 0"},
		Short:   report.Text{EN: "may have been rounded", ZH: "可能已被舍入"},
		Cause:   report.Text{EN: "%[1]d digits of which all behind the 15th are 0: a spreadsheet may have rounded the id", ZH: "共 %[1]d 位，第 15 位之后全是 0：可能已被表格软件舍入"},
		Cure:    report.Text{EN: "compare the id with its source; the row is sent", ZH: "与数据源核对；该行照常发送"},
	},
	{
		ID: IDNotation, Code: codeArgument, Severity: report.Warning,
		Meaning: report.Text{EN: `OutId, OutOrderId and ASRModelId hold the id alone, not ="2027", '2027 or 202701.0`, ZH: `OutId、OutOrderId、ASRModelId 只有 ID 本身，而不是 ="2027"、'2027 或 202701.0`},
		Short:   report.Text{EN: "seems to have more than the id in it", ZH: "像是不止 ID 本身"},
		Cause:   report.Text{EN: "a formula, an apostrophe or a .0, as spreadsheets and programs write them around a number", ZH: "带有公式、单引号或 .0，像是表格软件或程序加上的"},
		Cure:    report.Text{EN: "leave it out if it is no part of the id; the row is sent with the text as it stands", ZH: "如果不属于 ID，请去掉；该行按现有内容照常提交"},
	},
	{
		ID: PoolEmpty, Code: codeArgument,
		Meaning: report.Text{EN: "every row names its number pool", ZH: "每行都有号码池 Key"},
		Short:   report.Text{EN: "is empty", ZH: "没有填写"},
		Cause:   report.Text{EN: "the cell has no value", ZH: "单元格没有值"},
		Cure:    report.Text{EN: "fill in the pool key, such as FC100000000000001, or give all rows one with --pool-key KEY", ZH: "填写号码池 Key，例如 FC100000000000001，或用 --pool-key KEY 为所有行指定"},
	},
	{
		ID: Pool, Code: codeArgument,
		Meaning: report.Text{EN: "a pool key consists of letters and digits", ZH: "号码池 Key 由字母和数字组成"},
		Short:   report.Text{EN: "has characters that are neither letters nor digits", ZH: "含有字母和数字以外的字符"},
		Cause:   report.Text{EN: "character %[1]d is %[2]s, neither a letter nor a digit", ZH: "第 %[1]d 个字符是 %[2]s，不是字母或数字"},
		Cure:    report.Text{EN: "copy the pool key from the console, such as FC100000000000001", ZH: "从控制台复制号码池 Key，例如 FC100000000000001"},
	},
}
