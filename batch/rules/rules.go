package rules

import (
	"slices"

	"axgbind/aliyun"
	"axgbind/report"
)

// Codes that the service gives for what the rules find. A local fault carries
// the code the service would have answered with.
const (
	codeNumber   = "isv.MOBILE_NUMBER_ILLEGAL"
	codeConflict = "isv.BIND_CONFLICT"
	CodeExpiry   = "isv.EXPIRE_DATE_ILLEGAL"
	codeArgument = "isv.ILLEGAL_ARGUMENT"
)

// Rule is one thing that can be wrong with a row, or that was put right.
type Rule struct {
	ID       string // stable, such as mobile-length
	Code     string // what the service would have answered, such as isv.MOBILE_NUMBER_ILLEGAL; "" if nothing
	Severity report.Severity

	Meaning report.Text // what the rule asks for; no verbs
	Short   report.Text // what is wrong, behind the name of the column or the row; none for the file as a whole
	Cause   report.Text // what is wrong with a value; verbs of package fmt with indexes
	Cure    report.Text // what to do; no verbs
}

// All returns every rule, in the order in which an explanation lists them:
// the header and the record first, then the rows as such, cells of any kind, and the fields.
// The slice is the caller's.
func All() []Rule { return slices.Clone(all) }

// ByID returns the rule of that ID. It panics if there is none.
func ByID(id string) *Rule {
	for i := range all {
		if all[i].ID == id {
			return &all[i]
		}
	}
	panic("rules: no rule " + id)
}

var all = slices.Concat(headerRules[:], recordRules[:], rowRules[:], cellRules[:], phoneRules[:], expirationRules[:], fieldRules[:])

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
		Cause:   report.Text{EN: "the row at line %[1]d has the same pool, number A and group and differs in other fields", ZH: "第 %[1]d 行的号码池、A 号码、G 组相同，其他字段不同"},
		Cure: report.Text{
			EN: "delete the row that is wrong; if A is to have two X numbers in this group, run with --allow-duplicates",
			ZH: "删除有误的一行；确实要让该 A 号码在该 G 组有两个中间号时，加 --allow-duplicates 运行",
		},
	},
	{
		ID: NearDuplicate, Severity: report.Warning,
		Meaning: report.Text{EN: "with --allow-duplicates, a second row of one pool, number A and group takes a second X number", ZH: "加 --allow-duplicates 时，号码池、A 号码、G 组相同的第二行会再占用一个中间号"},
		Short:   report.Text{EN: "takes a second X number for the same pool, A and group", ZH: "会为同一号码池、A 号码、G 组再占用一个中间号"},
		Cause:   report.Text{EN: "the row at line %[1]d has the same pool, number A and group and differs in other fields", ZH: "第 %[1]d 行的号码池、A 号码、G 组相同，其他字段不同"},
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
