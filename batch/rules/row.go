package rules

import (
	"axgbind/aliyun"
	"axgbind/report"
)

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

// Rules of rows beside other rows, and of what an earlier run said of a row, by
// ID.
const (
	Duplicate     = "duplicate"
	SamePlace     = "same-place"
	NearDuplicate = "near-duplicate"
	PinnedTwice   = "x-pinned-twice"
	SubsID        = "subsid-damaged"
	OtherBinding  = "subsid-other"
	NoBinding     = "no-binding"
)

var rowRules = [...]Rule{
	{
		ID: Duplicate, Code: aliyun.CodeDuplicate,
		Meaning: report.Text{EN: "no two rows are equal in every field that is sent", ZH: "没有两行发送的所有字段完全相同"},
		Short:   report.Text{EN: "equals an earlier row", ZH: "与前面某行完全相同"},
		Cause:   report.Text{EN: "equal to the row at line %[1]d in every field that is sent", ZH: "与第 %[1]d 行发送的所有字段完全相同"},
		Cure: report.Text{
			EN: "delete this row; if a second X number for the same A is really wanted, run with --allow-duplicates",
			ZH: "删除本行；确实需要给同一 A 号码再绑一个中间号时，加 --allow-duplicates 运行",
		},
	},
	{
		ID: SamePlace, Code: aliyun.CodeSamePlace,
		Meaning: report.Text{EN: "pool, number A and group come once: one A in one group has one binding", ZH: "号码池、A 号码、G 组的组合只出现一次：同一 A 号码在同一 G 组只有一条绑定"},
		Short:   report.Text{EN: "has the pool, A and group of an earlier row", ZH: "号码池、A 号码、G 组与前面某行相同"},
		Cause:   report.Text{EN: "the row at line %[1]d has the same pool, number A and group and differs in other fields", ZH: "与第 %[1]d 行的号码池、A 号码、G 组相同，其他字段不同"},
		Cure: report.Text{
			EN: "delete the row that is wrong; if A is to have two X numbers in this group, run with --allow-duplicates",
			ZH: "删除有误的一行；确实要让该 A 号码在该 G 组有两个中间号时，加 --allow-duplicates 运行",
		},
	},
	{
		ID: NearDuplicate, Severity: report.Warning,
		Meaning: report.Text{EN: "with --allow-duplicates, a second row of one pool, number A and group takes a second X number", ZH: "加 --allow-duplicates 时，号码池、A 号码、G 组相同的第二行会再占用一个中间号"},
		Short:   report.Text{EN: "takes a second X number for the same pool, A and group", ZH: "会为同一号码池、A 号码、G 组再占用一个中间号"},
		Cause:   report.Text{EN: "the row at line %[1]d has the same pool, number A and group and differs in other fields", ZH: "与第 %[1]d 行的号码池、A 号码、G 组相同，其他字段不同"},
		Cure:    report.Text{EN: "delete one of the two rows unless A is to have two X numbers in this group; the row is sent", ZH: "除非确实要让该 A 号码在该 G 组有两个中间号，否则删除其中一行；该行照常发送"},
	},
	{
		ID: PinnedTwice, Code: codeConflict, Severity: report.Warning,
		Meaning: report.Text{EN: "a pool's X number is named by one row", ZH: "同一号码池的一个 中间号只由一行指定"},
		Short:   report.Text{EN: "names the X number of an earlier row", ZH: "与前面某行指定了同一个中间号"},
		Cause:   report.Text{EN: "the row at line %[1]d of the same pool names the same X, and an X carries one binding", ZH: "第 %[1]d 行在同一号码池指定了同一个 中间号，而一个 中间号只能有一个绑定"},
		Cure:    report.Text{EN: "name another X, or leave the cell empty and the service picks one; the row is sent and most likely refused", ZH: "改填其他 中间号，或留空由服务端分配；该行照常发送，但很可能被拒绝"},
	},
	{
		ID: SubsID, Code: aliyun.CodeSubsIDDamaged, Severity: report.Warning,
		Meaning: report.Text{EN: "a results file that comes back still has whole SubsIds and X numbers", ZH: "再次作为输入的结果文件中，SubsId 和中间号仍然完整"},
		Short:   report.Text{EN: "has an id that a spreadsheet rounded", ZH: "有编号被表格软件舍入"},
		Cause:   report.Text{EN: "%[1]s of this row was rounded by a spreadsheet: it no longer names the binding", ZH: "本行的 %[1]s 已被表格软件舍入，不再能指向该绑定"},
		Cure:    report.Text{EN: "use the results file as axgbind wrote it; its journal still knows the whole id", ZH: "请使用 axgbind 写出的原始结果文件；其台账（journal）中仍有完整的 ID"},
	},
	{
		ID: OtherBinding, Code: aliyun.CodeOtherBinding,
		Meaning: report.Text{EN: "SubsId, SecretNo, PoolKey, PhoneNoA and GroupId of a row belong together", ZH: "一行的 SubsId、SecretNo、PoolKey、PhoneNoA 和 GroupId 属于同一条绑定"},
		Short:   report.Text{EN: "names a binding that is not its own", ZH: "指明的绑定不属于本行"},
		Cause:   report.Text{EN: "the binding that this row names is not the row's, by the journal or by the service", ZH: "按台账（journal）或服务端的记录，本行指明的绑定不属于本行"},
		Cure:    report.Text{EN: "use the results file as axgbind wrote it last; columns may have been sorted apart", ZH: "请使用 axgbind 最后写出的结果文件；可能有列被单独排序"},
	},
	{
		ID: NoBinding, Code: aliyun.CodeNoBinding,
		Meaning: report.Text{EN: "a row that is to be released has a SubsId and a SecretNo in digits, and a PoolKey", ZH: "要解绑的行含数字形式的 SubsId 和 SecretNo，以及 PoolKey"},
		Short:   report.Text{EN: "names no binding", ZH: "没有指明绑定"},
		Cause:   report.Text{EN: "the row names no binding: SubsId, SecretNo or PoolKey is missing or not in digits", ZH: "本行没有指明绑定：SubsId、SecretNo 或 PoolKey 缺失，或不是数字"},
		Cure:    report.Text{EN: "take SubsId and SecretNo from the results as axgbind wrote them", ZH: "使用 axgbind 写出的结果中的 SubsId 和 SecretNo"},
	},
}
