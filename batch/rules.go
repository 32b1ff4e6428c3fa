package batch

import (
	"slices"

	"axgbind/report"
)

// Codes that the service gives for what the rules find. A local fault carries
// the code the service would have answered with.
const (
	codeNumber   = "isv.MOBILE_NUMBER_ILLEGAL"
	codeConflict = "isv.BIND_CONFLICT"
	codeExpiry   = "isv.EXPIRE_DATE_ILLEGAL"
	codeArgument = "isv.ILLEGAL_ARGUMENT"
)

// Rule is one thing that can be wrong with a row, or that was put right.
type Rule struct {
	ID       string // stable, such as mobile-length
	Code     string // what the service would have answered, such as isv.MOBILE_NUMBER_ILLEGAL; "" if nothing
	Severity report.Severity

	Meaning report.Text // what the rule asks for; no verbs
	Cause   report.Text // what is wrong with a value; verbs of package fmt with indexes
	Cure    report.Text // what to do; no verbs
}

// Rules of the record by ID; the others stand beside their texts.
const (
	ruleColumns     = "row-columns"
	ruleQuotes      = "row-quotes"
	ruleQuoteOpen   = "quote-not-closed"
	ruleNUL         = "nul-bytes"
	ruleLong        = "row-too-long"
	ruleUndecodable = "undecodable-bytes"
)

// Rules returns every rule, in the order in which an explanation lists them:
// the header and the record first, then the rows as such, cells of any kind, and the fields.
// The slice is the caller's.
func Rules() []Rule { return slices.Clone(rules) }

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

var rules = slices.Concat(headerRules[:], recordRules[:], rowRules[:], cellRules[:], phoneRules[:], expirationRules[:], fieldRules[:])

var recordRules = [...]Rule{
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
		Cause:   report.Text{EN: "a quotation mark inside the cell is not doubled, or text follows the closing one", ZH: "单元格内的双引号没有写两次，或右引号之后还有内容"},
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
}
