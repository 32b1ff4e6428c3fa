package rules

import "axgbind/report"

// Rules of the header and of the file as a whole, by ID.
const (
	Unread      = "column-not-read"
	HeaderBelow = "header-below"
	Delimiter   = "delimiter-unusual"
	Blank       = "rows-empty"
)

var headerRules = [...]Rule{
	{
		ID: Unread, Severity: report.Warning,
		Meaning: report.Text{EN: "a column whose header is almost that of a field is read, or means something else for certain", ZH: "表头与某个字段相近的列要么被读取，要么确认与字段无关"},
		Cause:   report.Text{EN: "the column is not read: its header is almost that of a field, but not quite", ZH: "该列不会被读取：表头与某个字段相近，但不相同"},
		Cure:    report.Text{EN: "give the column its field with --map 'COLUMN=Field', or rename the header; leave it if it means something else", ZH: "用 --map 'COLUMN=Field' 指定字段，或修改表头；如果含义不同则不用处理"},
	},
	{
		ID: HeaderBelow, Severity: report.Repaired,
		Meaning: report.Text{EN: "the header is the first line; titles above it are not read", ZH: "表头在第一行；表头上方的标题不读取"},
		Cause:   report.Text{EN: "line %[1]d is the header; what stands above it, from line %[2]d on, is not read", ZH: "第 %[1]d 行是表头；其上方（从第 %[2]d 行起）的内容不读取"},
		Cure:    report.Text{EN: "delete the lines above the header to avoid this line", ZH: "删除表头上方的行后不再提示"},
	},
	{
		ID: Delimiter, Severity: report.Repaired,
		Meaning: report.Text{EN: "cells are separated by commas, tabs or semicolons; bars and full-width commas are read as well", ZH: "单元格以逗号、制表符或分号分隔；|、， 和 ； 也可读取"},
		Cause:   report.Text{EN: "the cells are separated by %[1]s", ZH: "单元格以 %[1]s 分隔"},
		Cure:    report.Text{EN: "save the file as CSV with commas to avoid this line", ZH: "另存为逗号分隔的 CSV 后不再提示"},
	},
	{
		ID: Blank, Severity: report.Repaired,
		Meaning: report.Text{EN: "a line whose cells are all empty is not a row", ZH: "所有单元格都为空的行不是数据行"},
		Cause:   report.Text{EN: "lines whose cells are all empty are not rows: %[1]d (%[2]s)", ZH: "有 %[1]d 行的单元格全为空，不计为数据行（第 %[2]s 行）"},
		Cure:    report.Text{EN: "they are neither counted nor sent", ZH: "这些行不计数，也不发送"},
	},
}

// Rules of the record by ID; the others stand beside their texts.
const (
	Columns      = "row-columns"
	Quotes       = "row-quotes"
	QuoteOpen    = "quote-not-closed"
	NUL          = "nul-bytes"
	Long         = "row-too-long"
	Undecodable  = "undecodable-bytes"
	InQuotes     = "row-in-quotes"
	RowHeader    = "row-header"
	RowTotal     = "row-total"
	RowHint      = "row-hint"
	Encoding     = "encoding-mixed"
	RowDelimiter = "row-delimiter"
)

var recordRules = [...]Rule{
	{
		ID: Columns, Code: codeArgument,
		Meaning: report.Text{EN: "a row has as many cells as the header", ZH: "每行的单元格数与表头一致"},
		Short:   report.Text{EN: "has more or fewer cells than the header", ZH: "单元格数与表头不一致"},
		Cause:   report.Text{EN: "the row has %[1]d cells, the header has %[2]d", ZH: "该行有 %[1]d 个单元格，表头有 %[2]d 个"},
		Cure: report.Text{
			EN: "look for a missing or extra delimiter in this line; put a cell that contains the delimiter in quotation marks",
			ZH: "检查该行是否多了或少了分隔符；内容含分隔符的单元格要用英文双引号括起来",
		},
	},
	{
		ID: Quotes, Code: codeArgument,
		Meaning: report.Text{EN: "quotation marks enclose whole cells, and those inside a cell are doubled", ZH: "双引号须成对括住整个单元格，单元格内的双引号要写两次"},
		Short:   report.Text{EN: "has a quotation mark in the wrong place", ZH: "双引号用法不对"},
		Cause:   report.Text{EN: "a quotation mark inside the cell is not doubled, or text follows the closing one", ZH: "单元格内的双引号没有写两次，或右引号之后还有内容"},
		Cure: report.Text{
			EN: `enclose the whole cell, and write a quotation mark inside it twice: "5"" pipe"`,
			ZH: `用双引号括住整个单元格，单元格内的双引号写两次，例如 "5"" 管"`,
		},
	},
	{
		ID: QuoteOpen, Code: codeArgument,
		Meaning: report.Text{EN: "a cell that begins with a quotation mark ends with one", ZH: "以双引号开头的单元格必须以双引号结尾"},
		Short:   report.Text{EN: "has a quotation mark that is not closed", ZH: "双引号没有关闭"},
		Cause:   report.Text{EN: "the quotation mark that opens the cell on line %[1]d is not closed", ZH: "第 %[1]d 行的单元格以双引号开头，但没有右引号"},
		Cure: report.Text{
			EN: "close the cell, or delete the mark; the rows below were read as rows of their own",
			ZH: "补上右引号，或删除这个双引号；其后的各行已按独立的行读取",
		},
	},
	{
		ID: NUL, Code: codeArgument,
		Meaning: report.Text{EN: "cells hold text, no NUL bytes", ZH: "单元格内容是文字，不含 NUL 字节"},
		Short:   report.Text{EN: "has NUL bytes", ZH: "含有 NUL 字节"},
		Cause:   report.Text{EN: "character %[1]d is a NUL byte", ZH: "第 %[1]d 个字符是 NUL 字节"},
		Cure:    report.Text{EN: "type the cell again; several of them mean that the file was damaged on its way: take a fresh copy", ZH: "重新输入该单元格；多处出现说明文件在传输中损坏，请重新获取"},
	},
	{
		ID: Long, Code: codeArgument,
		Meaning: report.Text{EN: "a row is shorter than 1 MiB", ZH: "一行的内容小于 1 MiB"},
		Short:   report.Text{EN: "is too long", ZH: "过长"},
		Cause:   report.Text{EN: "the row is longer than %[1]d MiB", ZH: "该行超过 %[1]d MiB"},
		Cure:    report.Text{EN: "this is probably not a row: save the sheet again as CSV UTF-8", ZH: "这很可能不是正常的一行：请将表格重新另存为 CSV UTF-8"},
	},
	{
		ID: Undecodable, Code: codeArgument,
		Meaning: report.Text{EN: "every character can be read in the encoding of the file", ZH: "所有字符都能按文件编码读出"},
		Short:   report.Text{EN: "has characters that cannot be read", ZH: "含有无法读出的字符"},
		Cause:   report.Text{EN: "character %[1]d cannot be read as %[2]s", ZH: "第 %[1]d 个字符无法按 %[2]s 读出"},
		Cure: report.Text{
			EN: "type the cell again and save the file as CSV UTF-8; if many rows have this fault, name the true encoding with --encoding NAME",
			ZH: "重新输入该单元格，并另存为 CSV UTF-8；如果很多行都这样，请用 --encoding NAME 指定真实编码",
		},
	},
	{
		ID: RowDelimiter, Code: codeArgument,
		Meaning: report.Text{EN: "the cells of all rows are separated as those of the header are", ZH: "所有行的分隔符与表头一致"},
		Short:   report.Text{EN: "has other delimiters than the header", ZH: "分隔符与表头不同"},
		Cause:   report.Text{EN: "cells of this row are separated by %[1]s, unlike those of the header", ZH: "该行有单元格以 %[1]s 分隔，与表头不同"},
		Cure:    report.Text{EN: "replace the marks between the cells of this line by those of the header", ZH: "把该行单元格之间的符号改成与表头相同的分隔符"},
	},
	{
		ID: InQuotes, Severity: report.Repaired,
		Meaning: report.Text{EN: "quotation marks enclose cells; a line that stands in quotation marks as a whole is taken apart", ZH: "双引号括住的是单元格；整行被括住时按去掉外层双引号读取"},
		Short:   report.Text{EN: "is in quotation marks as a whole", ZH: "整行被双引号括住"},
		Cause:   report.Text{EN: "the whole line is in quotation marks", ZH: "整行被一对双引号括住"},
		Cure:    report.Text{EN: "nothing to do; the line is read without them", ZH: "无需处理，按去掉外层双引号读取"},
	},
	{
		ID: RowHeader, Code: codeArgument,
		Meaning: report.Text{EN: "the header comes once", ZH: "表头只出现一次"},
		Short:   report.Text{EN: "is a header again", ZH: "是重复的表头"},
		Cause:   report.Text{EN: "the line is a header again, not a row", ZH: "该行是重复的表头，不是数据行"},
		Cure:    report.Text{EN: "delete the line; it is not sent", ZH: "删除该行；该行不会发送"},
	},
	{
		ID: RowTotal, Code: codeArgument,
		Meaning: report.Text{EN: "every line below the header is a row, not a total", ZH: "表头之下都是数据行，没有合计行"},
		Short:   report.Text{EN: "is a total", ZH: "是合计行"},
		Cause:   report.Text{EN: "the line is a total, not a row", ZH: "该行是合计行，不是数据行"},
		Cure:    report.Text{EN: "delete the line; it is not sent", ZH: "删除该行；该行不会发送"},
	},
	{
		ID: RowHint, Code: codeArgument,
		Meaning: report.Text{EN: "every line below the header is a row, not a hint of how to fill in the form", ZH: "表头之下都是数据行，没有填写说明"},
		Short:   report.Text{EN: "is a hint of how to fill in the form", ZH: "是填写说明"},
		Cause:   report.Text{EN: "the line is a hint of how to fill in the form, not a row", ZH: "该行是填写说明，不是数据行"},
		Cure:    report.Text{EN: "delete the line; it is not sent", ZH: "删除该行；该行不会发送"},
	},
	{
		ID: Encoding, Code: codeArgument,
		Meaning: report.Text{EN: "every line is in the encoding of the file", ZH: "每一行的编码与整个文件一致"},
		Short:   report.Text{EN: "is in another encoding than the file", ZH: "编码与整个文件不同"},
		Cause:   report.Text{EN: "the line is in UTF-8 while the file is in %[1]s: its text comes out garbled", ZH: "该行是 UTF-8 编码，而文件是 %[1]s 编码：该行文字会变成乱码"},
		Cure: report.Text{
			EN: "files in two encodings were joined: save both as CSV UTF-8 and join them again",
			ZH: "两种编码的文件被拼接在一起：请分别另存为 CSV UTF-8 后重新合并",
		},
	},
}
