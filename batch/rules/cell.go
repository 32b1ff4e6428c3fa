package rules

import "axgbind/report"

// Rules of cells of any kind by ID.
const (
	CellError      = "cell-spreadsheet-error"
	CellMasked     = "cell-masked"
	CellSpaces     = "cell-spaces"
	CellInvisible  = "cell-invisible"
	CellWidth      = "cell-full-width"
	CellApostrophe = "cell-apostrophe"
	CellFormula    = "cell-formula"
	CellNull       = "cell-null"
	CellNullWord   = "cell-null-word"
)

var cellRules = [...]Rule{
	{
		ID: CellError, Code: codeArgument,
		Meaning: report.Text{EN: "a cell holds a value, not ##### or #N/A", ZH: "单元格里是数据，而不是 ##### 或 #N/A"},
		Short:   report.Text{EN: "is an error of a spreadsheet", ZH: "是表格软件的错误值"},
		Cause:   report.Text{EN: "a spreadsheet wrote %[1]s instead of the value", ZH: "表格软件写出的是 %[1]s，而不是数据"},
		Cure:    report.Text{EN: "for ##### widen the column and save again; for #N/A, #REF! and the like mend the formula", ZH: "出现 ##### 时把列加宽后重新保存；出现 #N/A、#REF! 等时修正公式"},
	},
	{
		ID: CellNull, Severity: report.Repaired,
		Meaning: report.Text{EN: "a word for no value, such as NULL, \\N, nan or 无, is read as an empty cell if it can mean nothing else", ZH: "NULL、\\N、nan、无 等表示“没有值”的写法，在不可能有其他含义时按空单元格读取"},
		Short:   report.Text{EN: "holds a word for no value", ZH: "写的是表示“没有值”的词"},
		Cause:   report.Text{EN: "%[1]s stands for no value and is read as an empty cell", ZH: "%[1]s 表示“没有值”，按空单元格读取"},
		Cure:    report.Text{EN: "nothing to do; leave such cells empty to avoid this line", ZH: "无需处理；把这类单元格留空后不再提示"},
	},
	{
		ID: CellNullWord, Severity: report.Warning,
		Meaning: report.Text{EN: "an id is not a word for no value, such as - or 无", ZH: "ID 不是 - 或 无 这类表示“没有值”的写法"},
		Short:   report.Text{EN: "looks like a word for no value", ZH: "像是表示“没有值”的词"},
		Cause:   report.Text{EN: "the value is sent as it stands, and looks like a word for no value", ZH: "将按原样发送，但该值像是表示“没有值”的写法"},
		Cure:    report.Text{EN: "leave the cell empty if nothing is meant; the row is sent", ZH: "如果表示没有值，请留空；该行照常发送"},
	},
	{
		ID: CellMasked, Code: codeArgument,
		Meaning: report.Text{EN: "a value is whole, not masked with ****", ZH: "内容完整，而不是用 **** 脱敏的形式"},
		Short:   report.Text{EN: "is masked", ZH: "已脱敏"},
		Cause:   report.Text{EN: "the value is masked, as axgbind and others print it: its middle is lost", ZH: "内容已脱敏（axgbind 等输出时的形式），中间部分已丢失"},
		Cure:    report.Text{EN: "take the whole value from the source again; a row that was bound before keeps its binding", ZH: "从数据源重新取完整内容；此前已绑定的行，其绑定不受影响"},
	},
	{
		ID: CellSpaces, Code: codeArgument, Severity: report.Repaired,
		Meaning: report.Text{EN: "spaces, tabs and line breaks around a value are left out", ZH: "去掉内容前后的空格、制表符和换行"},
		Short:   report.Text{EN: "has blanks around the value", ZH: "前后有空白"},
		Cause:   report.Text{EN: "spaces, tabs or line breaks around the value", ZH: "内容前后有空格、制表符或换行"},
		Cure:    report.Text{EN: "nothing to do; the value is sent without them", ZH: "无需处理，发送时已去掉"},
	},
	{
		ID: CellInvisible, Code: codeArgument, Severity: report.Repaired,
		Meaning: report.Text{EN: "characters without width, which come along from web pages and chats, are left out", ZH: "去掉从网页或聊天记录带来的不可见字符"},
		Short:   report.Text{EN: "has characters that cannot be seen", ZH: "含有不可见字符"},
		Cause:   report.Text{EN: "the value has characters that cannot be seen", ZH: "内容中有不可见字符"},
		Cure:    report.Text{EN: "nothing to do; the value is sent without them", ZH: "无需处理，发送时已去掉"},
	},
	{
		ID: CellWidth, Code: codeArgument, Severity: report.Repaired,
		Meaning: report.Text{EN: "full-width digits, letters and signs are read as the usual ones", ZH: "全角数字、字母和符号按半角读取"},
		Short:   report.Text{EN: "has full-width characters", ZH: "含有全角字符"},
		Cause:   report.Text{EN: "the value has full-width characters", ZH: "内容中有全角字符"},
		Cure:    report.Text{EN: "nothing to do; the usual characters are sent", ZH: "无需处理，发送时已转为半角"},
	},
	{
		ID: CellApostrophe, Code: codeArgument, Severity: report.Repaired,
		Meaning: report.Text{EN: "the apostrophe by which a spreadsheet marks text is left out", ZH: "去掉表格软件用来表示文本的单引号"},
		Short:   report.Text{EN: "begins with an apostrophe", ZH: "以单引号开头"},
		Cause:   report.Text{EN: "an apostrophe stands before the value", ZH: "内容前有单引号"},
		Cure:    report.Text{EN: "nothing to do; the value is sent without it", ZH: "无需处理，发送时已去掉"},
	},
	{
		ID: CellFormula, Code: codeArgument, Severity: report.Repaired,
		Meaning: report.Text{EN: "a text written as a formula, such as =\"13800138000\", is read as the text", ZH: "写成公式的文本（如 =\"13800138000\"）按其中的文本读取"},
		Short:   report.Text{EN: "is written as a formula", ZH: "写成了公式"},
		Cause:   report.Text{EN: "the value is wrapped in a formula", ZH: "内容外面套了公式"},
		Cure:    report.Text{EN: "nothing to do; the text inside is sent", ZH: "无需处理，发送的是其中的文本"},
	},
}
