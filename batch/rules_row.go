package batch

import (
	"axgbind/aliyun"
	"axgbind/report"
)

// Rules of rows beside other rows, and of what an earlier run said of a row, by
// ID.
const (
	ruleDuplicate     = "duplicate"
	ruleSamePlace     = "same-place"
	ruleNearDuplicate = "near-duplicate"
	rulePinnedTwice   = "x-pinned-twice"
	ruleSubsID        = "subsid-damaged"
	ruleOtherBinding  = "subsid-other"
	ruleNoBinding     = "no-binding"
)

var rowRules = [...]Rule{
	{
		ID: ruleDuplicate, Code: aliyun.CodeDuplicate,
		Meaning: report.Text{EN: "no two rows are equal in every field that is sent", ZH: "没有两行发送的所有字段完全相同"},
		Cause:   report.Text{EN: "equal to the row at line %[1]d in every field that is sent", ZH: "与第 %[1]d 行发送的所有字段完全相同"},
		Cure: report.Text{
			EN: "delete this row; if a second X number for the same A is really wanted, run with --allow-duplicates",
			ZH: "删除本行；确实需要给同一 A 号再绑一个中间号时，加 --allow-duplicates 运行",
		},
	},
	{
		ID: ruleSamePlace, Code: aliyun.CodeSamePlace,
		Meaning: report.Text{EN: "pool, number A and group come once: one A in one group has one binding", ZH: "号池、A 号码、分组的组合只出现一次：同一 A 号码在同一分组只有一条绑定"},
		Cause:   report.Text{EN: "the row at line %[1]d has the same pool, number A and group and differs in other fields", ZH: "第 %[1]d 行的号池、A 号码、分组相同，其他字段不同"},
		Cure: report.Text{
			EN: "delete the row that is wrong; if A is to have two X numbers in this group, run with --allow-duplicates",
			ZH: "删除有误的一行；确实要让 A 在该分组有两个中间号时，加 --allow-duplicates 运行",
		},
	},
	{
		ID: ruleNearDuplicate, Severity: report.Warning,
		Meaning: report.Text{EN: "with --allow-duplicates, a second row of one pool, number A and group takes a second X number", ZH: "加 --allow-duplicates 时，号池、A 号码、分组相同的另一行会再占用一个中间号"},
		Cause:   report.Text{EN: "the row at line %[1]d has the same pool, number A and group and differs in other fields", ZH: "第 %[1]d 行的号池、A 号码、分组相同，其他字段不同"},
		Cure:    report.Text{EN: "delete one of the two rows unless A is to have two X numbers in this group; the row is sent", ZH: "除非确实要让 A 在该分组有两个中间号，否则删除其中一行；该行照常提交"},
	},
	{
		ID: rulePinnedTwice, Code: codeConflict, Severity: report.Warning,
		Meaning: report.Text{EN: "a pool's X number is named by one row", ZH: "同一号池的一个 X 号码只由一行指定"},
		Cause:   report.Text{EN: "the row at line %[1]d of the same pool names the same X, and an X carries one binding", ZH: "第 %[1]d 行在同一号池指定了同一个 X 号码，而一个 X 号码只能有一个绑定"},
		Cure:    report.Text{EN: "name another X, or leave the cell empty and the service picks one; the row is sent and most likely refused", ZH: "改填其他 X 号码，或留空由服务端分配；该行照常提交，但很可能被拒绝"},
	},
	{
		ID: ruleSubsID, Code: aliyun.CodeSubsIDDamaged, Severity: report.Warning,
		Meaning: report.Text{EN: "a results file that comes back still has whole SubsIds and X numbers", ZH: "再次作为输入的结果文件中，SubsId 和中间号仍然完整"},
		Cause:   report.Text{EN: "%[1]s of this row was rounded by a spreadsheet: it no longer names the binding", ZH: "本行的 %[1]s 已被表格软件舍入，不再能指向该绑定"},
		Cure:    report.Text{EN: "use the results file as axgbind wrote it; its journal still knows the whole id", ZH: "请使用 axgbind 写出的原始结果文件；其 journal 中仍有完整的 ID"},
	},
	{
		ID: ruleOtherBinding, Code: aliyun.CodeOtherBinding,
		Meaning: report.Text{EN: "SubsId, SecretNo, PoolKey, PhoneNoA and GroupId of a row belong together", ZH: "一行的 SubsId、SecretNo、PoolKey、PhoneNoA 和 GroupId 属于同一条绑定"},
		Cause:   report.Text{EN: "the binding that this row names is not the row's, by the journal or by the service", ZH: "按 journal 或服务端的记录，本行指明的绑定不属于本行"},
		Cure:    report.Text{EN: "use the results file as axgbind wrote it last; columns may have been sorted apart", ZH: "请使用 axgbind 最后写出的结果文件；可能有列被单独排序"},
	},
	{
		ID: ruleNoBinding, Code: aliyun.CodeNoBinding,
		Meaning: report.Text{EN: "a row that is to be released has a SubsId and a SecretNo in digits, and a PoolKey", ZH: "要解绑的行含数字形式的 SubsId 和 SecretNo，以及 PoolKey"},
		Cause:   report.Text{EN: "the row names no binding: SubsId, SecretNo or PoolKey is missing or not in digits", ZH: "本行没有指明绑定：SubsId、SecretNo 或 PoolKey 缺失，或不是数字"},
		Cure:    report.Text{EN: "take SubsId and SecretNo from the results as axgbind wrote them", ZH: "使用 axgbind 写出的结果中的 SubsId 和 SecretNo"},
	},
}
