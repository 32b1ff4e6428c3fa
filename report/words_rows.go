package report

var (
	// joins two sentences
	Between = Text{"; ", "；"}
	// joins the items of a list
	Among = Text{", ", "、"}
)

// Reason and Action of rows. batch/books/said.go lists what a Reason is made of.
var (
	// 1 place 2 cause
	FaultAt = Text{"%s: %s", "%s：%s"}
	// 1 letter of the column 2 its header
	FaultColumn = Text{"column %s (%s)", "%s 列（%s）"}
	// 1 field
	FaultDefault = Text{"default of %s", "%s 的默认值"}
	// 1 field
	FaultField = Text{"%s", "%s 字段"}
	// 1 cause 2 value
	FaultValue = Text{"%s (%s)", "%s（%s）"}
	// 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ReasonEdited = Text{"line %d of this batch (%[3]s, SubsId %[2]s) has the same pool, A and group; it was sent before this row was edited", "本批次第 %d 行（%[3]s，SubsId %[2]s）的号码池、A 号码、G 组与本行相同，修改之前已经发送过"}
	ActionEdited = Text{"restore the row as it was; or decide and run again: --when-bound renew changes that binding to this row, skip uses it as it is, another binds a second X number", "把本行改回原样；或决定后重新运行：--when-bound renew 按本行续期，skip 沿用该绑定，another 再占用一个中间号"}
	// 1 SubsId
	ReasonKept = Text{"the binding made before the row was edited is still live: SubsId %s", "本行被改动之前的绑定仍然有效：SubsId %s"}
	// 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ReasonStillBound = Text{"line %d of batch %[4]s has the pool, A and group of this row (%[3]s, SubsId %[2]s)", "批次 %[4]s 第 %[1]d 行（%[3]s，SubsId %[2]s）已占用本行的号码池、A 号码、G 组"}
	ActionStillBound = Text{"decide and run again: --when-bound skip uses that binding for this row, renew changes it to this row, another binds a second X number", "决定后重新运行：--when-bound skip 沿用该绑定，renew 按本行续期，another 再占用一个中间号"}
	// 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ReasonMayBeBound = Text{"line %d of batch %[4]s is UNKNOWN and may have bound the pool, A and group of this row", "批次 %[4]s 第 %[1]d 行结果未知（UNKNOWN），可能已绑定本行的号码池、A 号码、G 组"}
	// 1 end of the binding
	ReasonEnded = Text{"that binding ended at %s (Beijing time) by the clock of this machine; by the service's clock it may live up to 24 hours longer", "按本机时钟，该绑定已于 %s（北京时间）到期；按服务端时钟，此后 24 小时内仍可能有效"}
	// 1 SubsId
	ReasonOwnEnded = Text{"the row was bound before (SubsId %s)", "本行此前已绑定（SubsId %s）"}
	// 1 when it holds its place no more
	ActionEnded = Text{"run the same command at %s (Beijing time) or later: the row is then bound anew; or at once with --when-bound another, which binds another X number, beside the old one if that is still live", "在 %s（北京时间）或之后再次运行同一命令，届时本行会重新绑定；急需时用 --when-bound another 立即另占一个中间号，原绑定若仍有效则两个并存"}
	// 1 when it holds its place no more
	ActionEndedMove = Text{"run the same command at %s (Beijing time) or later: the place is free then", "在 %s（北京时间）或之后再次运行同一命令，届时位置已空出"}
	// 1 when it holds its place no more
	ActionEndedUntold = Text{"by the service's time, which counts, the place is free at %s (Beijing time); only this machine's clock is past that: run the same command again when the service answers; if the row stays HELD, set the clock (NTP)", "位置何时空出以服务端时间为准：%s（北京时间），目前只有本机时钟已过此时：待服务端有应答时再次运行同一命令；若仍为 HELD，请校准本机时钟（NTP）"}
	// 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ReasonOthersBound = Text{"the service shows a live binding with the pool, A and group of this row (SubsId %[2]s); no batch of this journal made it", "服务端显示，本行的号码池、A 号码、G 组已有有效绑定（SubsId %[2]s），不是本台账（journal）中任何批次建立的"}
	// 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ReasonRenewCannot = Text{"line %d of batch %[4]s has the pool, A and group of this row (SubsId %[2]s); --when-bound renew cannot change that binding to this row, because it is on another X than the row names, or has a B and the row has none", "批次 %[4]s 第 %[1]d 行（SubsId %[2]s）已占用本行的号码池、A 号码、G 组；--when-bound renew 无法按本行续期该绑定：它的中间号与本行指定的不同，或它有 B 号码而本行没有"}
	// 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ActionRenewCannot = Text{"decide and run again: --when-bound skip uses that binding as it is, another binds a second X number; or release SubsId %[2]s first", "决定后重新运行：--when-bound skip 沿用该绑定，another 再占用一个中间号；或先解绑 SubsId %[2]s"}
	// 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ReasonRenewEarlier = Text{"line %d of batch %[4]s has the pool, A and group of this row (SubsId %[2]s) until %[6]s, later than this row says; --when-bound renew does not make an Expiration earlier", "批次 %[4]s 第 %[1]d 行（SubsId %[2]s）占着本行的号码池、A 号码、G 组，到 %[6]s 为止，比本行的过期时间晚；--when-bound renew（续期）不会把过期时间改早"}
	ActionRenewEarlier = Text{"nothing to do if the later end is right: --when-bound skip uses that binding as it is; axgbind update makes an Expiration earlier", "较晚的过期时间正确则无需处理：用 --when-bound skip 沿用该绑定；要改早请用 axgbind update"}
	// 1 SubsId
	ReasonMoved = Text{"an update brought the binding of this row (SubsId %s) to another group", "本行的绑定（SubsId %s）已被更新到另一个 G 组"}
	// 1 SubsId
	ActionMoved = Text{"give the row the group that its binding has now; or release SubsId %s, then bind the row with --resend released", "把本行的 G 组改为该绑定现在的 G 组；或先解绑 SubsId %s，再用 --resend released 绑定本行"}
	// 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ActionHeldByUnknown = Text{"run axgbind reconcile %[5]s, then this again; if it cannot tell, find out in the console whether that row is bound, and send it again from its own file with --resend unknown; delete neither row", "先运行 axgbind reconcile %[5]s 对账，再重新运行；仍无法判定时，在控制台核对那一行是否已绑定，再用原文件加 --resend unknown 重发；两行都不要删除"}
	// 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ActionHeldByRelease = Text{"a release of SubsId %[2]s was begun and not confirmed: run that axgbind unbind again, then this", "SubsId %[2]s 的解绑已开始但未确认完成：请重新运行那次 axgbind unbind，再运行本命令"}
	// 1 line 2 SubsId 3 status 4 batch 5 its name for a command 6 end of the binding
	ReasonAlready    = Text{"uses the live binding of line %d of batch %[4]s (SubsId %[2]s, %[3]s)", "沿用批次 %[4]s 第 %[1]d 行的有效绑定（SubsId %[2]s，%[3]s）"}
	ReasonLate       = Text{"its Expiration was less than 60 s away when its turn came; it was not sent", "轮到本行时，距过期时间已不足 60 秒，未发送"}
	ActionLate       = Text{"set a later Expiration; for long files raise --rate", "把过期时间改晚；文件很长时提高 --rate"}
	ReasonNotReached = Text{"not sent yet", "尚未发送"}
	// 1 why
	ReasonStopped  = Text{"not sent: %s", "未发送：%s"}
	ActionRunAgain = Text{"run the same command again; bound rows are not sent again", "再次运行同一命令即可，已绑定的行不会重发"}
	// 1 the later answer's reason
	ReasonUnresolved = Text{"an earlier attempt may have been executed; the later one says: %s", "更早的一次请求可能已经执行；后来的应答是：%s"}
	ActionUnresolved = Text{"run axgbind reconcile on the results; if it cannot tell, check in the console whether A is bound, and only then use --resend unknown", "先对结果文件运行 axgbind reconcile 对账；仍无法判定时，在控制台核对 A 号码是否已绑定，再决定是否用 --resend unknown"}
	// 1 SubsId
	ReasonRenewed     = Text{"renewed: the binding with SubsId %s was changed to this row", "已续期：SubsId %s 的绑定已按本行更新"}
	ReasonRenewBegun  = Text{"a change of its binding was begun and not confirmed; repeating it does no harm", "其绑定的变更已开始但未确认完成；重复执行没有影响"}
	ReasonMayBeDone   = Text{"the answer to the call was lost: the change or release may be done already", "请求的应答已丢失：变更或解绑可能已执行"}
	ActionMayBeDone   = Text{"run the same command again; doing it twice does no harm", "再次运行同一命令即可，重复执行没有影响"}
	ReasonRenewGone   = Text{"the binding that was to be renewed has lapsed or was released", "要续期的绑定已到期或已解绑"}
	ReasonReleaseGone = Text{"the service says that the binding has lapsed or was released; that is not proven", "服务端称该绑定已到期或已解绑，但尚未得到证实"}
	// 1 code
	ActionRenewGone = Text{"if A still needs an X number, run again with --resend %s: the row is then bound anew, which takes an X number", "A 号码仍需要中间号时，加 --resend %s 再次运行：该行会重新绑定，占用一个中间号"}
	// 1 SubsId 2 its end 3 why
	ReasonNotRenewed = Text{"the service refused to renew its binding (SubsId %s), which goes on until %s: %s", "服务端拒绝为其绑定续期（SubsId %s），该绑定仍有效至 %s：%s"}
	ReasonUnshown    = Text{"the journal does not know the binding that the row names, and look-ups do not show it: it has ended, or SubsId, SecretNo or pool are wrong", "台账（journal）中没有该行所指的绑定，查询也没有查到：它已结束，或 SubsId、SecretNo、号码池有误"}
	ActionUnshown    = Text{"Nothing was called. Compare the row with its source; if the binding has ended, there is nothing to do.", "没有发送请求。请与来源核对该行；如果绑定已结束，则无需处理。"}
	// 1 SubsId
	ReasonGoneUnproven = Text{"the service says that its binding (SubsId %s) has lapsed or was released; that is not believed: look-ups do not show other known live bindings of this pool, or none is known", "服务端称其绑定（SubsId %s）已到期或已解绑；但不采信：查询没有如实显示该号码池其他已知的有效绑定，或没有已知的有效绑定"}
	// 1 code
	ActionGoneUnproven = Text{"If no row of this pool is bound, bind one. Then run again with --resend %s.", "如果该号码池没有任何行已绑定，请先绑定一行。然后加 --resend %s 再次运行。"}
	ActionUpdateGone   = Text{"nothing can be updated any more; if A still needs an X number, bind it anew", "已无法更新；A 号码仍需要中间号时请重新绑定"}
	// 1 SubsId
	ReasonReleased = Text{"released: the binding with SubsId %s has ended, its X number is free", "已解绑：SubsId %s 的绑定已结束，其中间号已空出"}
	// 1 SubsId
	ReasonReleasedGone = Text{"nothing was left to release: the service has no binding with SubsId %s on this X", "无需解绑：服务端该中间号上没有 SubsId 为 %s 的绑定"}
	ReasonNoBinding    = Text{"the row names no binding (SubsId and SecretNo in digits, and a PoolKey), or has no new value", "本行没有指明绑定（SubsId 和 SecretNo 为数字，且有 PoolKey），或没有新的值"}
	ReasonUnsettled    = Text{"the row is UNKNOWN: it was sent, and nobody knows whether it has a binding; nothing was done to it", "该行结果未知（UNKNOWN）：已发送，但不知道是否有绑定；未作任何操作"}
	ActionUnsettled    = Text{"find out with axgbind reconcile, then run unbind again", "先用 axgbind reconcile 对账查明，再次运行 unbind 解绑"}
	ActionNoBinding    = Text{"take SubsId and SecretNo from the results as axgbind wrote them; for an update, fill in the new value", "使用 axgbind 写出的结果中的 SubsId 和 SecretNo；更新时填写新值"}
	// 1 bindings 2 in doubt
	ReasonNotOne = Text{"the row gives no SubsId; pool, A and group name a binding only if exactly one is known: known %d, in doubt %d", "本行没有 SubsId；恰好只有一条已知绑定时，才能用号码池、A 号码和 G 组指明它：已知 %d 条，另有 %d 条不确定"}
	ActionNotOne = Text{"give the SubsId: axgbind status --bindings lists the live bindings", "请填写 SubsId：axgbind status --bindings 可列出有效绑定"}
	// 1 SubsId 2 batch 3 its results
	ReasonOthersHold = Text{"the binding (SubsId %s) belongs to batch %s (%s), which made or renewed it last; nothing was done to it", "该绑定（SubsId %s）属于批次 %s（%s），由其创建或最后续期；未作任何操作"}
	// 1 command
	ActionOthersHold   = Text{"if it is to end all the same: %s", "确需解绑时：%s"}
	ActionOthersUpdate = Text{"if it is to change all the same, name it by SubsId, SecretNo and the new values in a CSV of its own, and give that to axgbind update", "确需更新时，把该绑定的 SubsId、SecretNo 和新的值写入单独的 CSV，再用 axgbind update 更新"}
	// 1 SubsId 2 batch 3 its results
	ReasonOthersMay = Text{"a renewal of the binding (SubsId %s) by batch %s (%s) is in doubt: it may be that batch's by now; nothing was done to it", "批次 %[2]s（%[3]s）对该绑定（SubsId %[1]s）的续期结果未知，绑定可能已归该批次；未作任何操作"}
	// 1 batch
	ActionOlder = Text{"the file is older than the renewal of that binding: list what the batch has now (axgbind status %s --bindings > LIST.csv), and unbind from that list what is to end", "本文件写于该绑定续期之前：先列出该批次现有的绑定（axgbind status %s --bindings > LIST.csv），再用 unbind 解绑其中确需结束的"}
	// 1 command
	ActionOthersMay = Text{"run that batch again first, which settles it: %s; then run this again", "请先重新运行该批次，确定绑定归属：%s；然后再次运行本命令"}
	// 1 SubsId 2 batch 3 its results
	ReasonOthersMade = Text{"this batch only renewed the binding (SubsId %s); batch %s (%s) made it; nothing was done to it", "本批次只续期了该绑定（SubsId %s），它由批次 %s（%s）创建；未作任何操作"}
	ActionOthersMade = Text{"if it is to end all the same, run again with --renewed", "确需解绑时，加 --renewed 再次运行"}
	// 1 SubsId
	ReasonNobodys = Text{"no batch of this journal is known to have made the binding (SubsId %s); only a file names it; nothing was done to it", "本台账（journal）中没有批次创建过该绑定（SubsId %s），只有文件提到它；未作任何操作"}
	// 1 SubsId
	ReasonTakenFromOne = Text{"the row used the binding (SubsId %s) of another batch, and this file is of no batch of this journal; nothing was done to it", "本行沿用的是其他批次的绑定（SubsId %s），而该文件不属于本台账（journal）的任何批次；未作任何操作"}
	ActionForeign      = Text{"if it is meant all the same, run again with --foreign: the service is asked about each such binding first", "确认无误时，加 --foreign 再次运行：会先向服务端逐条核实"}
	// 1 line
	ReasonTwice = Text{"line %d changes the same binding to something else", "第 %d 行把同一绑定改成了别的值"}
	// 1 line
	ActionTwice = Text{"keep one of the two rows: line %d, or this one", "两行只保留一行：第 %d 行或本行"}
	// 1 line
	ReasonSameTarget = Text{"line %d brings its binding to the same pool, number A and group", "第 %d 行会把它的绑定移到同一号码池、A 号码、G 组"}
	ActionSameTarget = Text{"one A in one group has one binding: keep one of the two rows, or give one another GroupId", "同一 A 号码在同一 G 组只有一条绑定：两行只保留一行，或为其中一行改填 GroupId"}
	// 1 line 2 SubsId
	ActionMoveHeld = Text{"give the row another GroupId, or release SubsId %[2]s first", "本行改填 GroupId，或先解绑 SubsId %[2]s"}
	// 1 SubsId, 2 its Expiration
	ReasonOlder       = Text{"the binding (SubsId %s, until %s) was changed after this file was written, and the row would undo that; nothing was done to it", "该绑定（SubsId %s，有效至 %s）在本文件写出之后已变更，本行会把变更撤回；未作任何操作"}
	ActionOlderUpdate = Text{"nothing to do if the binding is right as it is; if this value is wanted all the same, give a list with only SubsId and the new value", "绑定现状正确则无需处理；确需改成该值时，请改用只含 SubsId 和新值的清单"}
	ReasonClaimed     = Text{"this file says that the row may have a binding already, and the journal that knows it is not here", "该文件表明本行可能已有绑定，而记录它的台账（journal）不在此处"}
	// 1 column of the statuses, 2 what it says
	ReasonUnread = Text{"other cells of the row show that it was sent, and its %s (%s) does not say what became of it", "本行其他列表明已发送过，但 %s 列（%s）看不出结果"}
	// 1 column of the statuses, 2 the last of the result columns
	ActionClaimed = Text{"run again with the --journal of the batch that wrote this file, or write in %[1]s what the row was (BOUND, UNKNOWN); if it surely has no live binding, empty its cells from %[1]s to %[2]s", "用写出该文件的批次的 --journal 重新运行，或在 %[1]s 列写回原来的状态（BOUND、UNKNOWN）；若本行确无有效绑定，请清空其 %[1]s 至 %[2]s 各列"}
	// 1 when it was made
	FoundOurs = Text{"its answer was lost; a look-up of X found this row's binding, made %s", "应答丢失；按中间号查询，找到本行的绑定，创建于 %s"}
	// 1 SubsId
	FoundForeign = Text{"its answer was lost; a look-up shows X bound to another A or group (SubsId %s)", "应答丢失；查询显示该中间号已绑定其他 A 号码或 G 组（SubsId %s）"}
	// 1 SubsId 2 when
	FoundOlder = Text{"its answer was lost; a look-up shows that X already had this binding (SubsId %s) since %s, before the row was sent", "应答丢失；查询显示该中间号早在本行发送之前就有这个绑定（SubsId %s，创建于 %s）"}
	// 1 SubsId
	FoundOdd    = Text{"its answer was lost, and a look-up of X shows something unexpected (SubsId %s)", "应答丢失，按中间号查询的结果出乎意料（SubsId %s）"}
	FoundAbsent = Text{"its answer was lost; look-ups showed that it was not bound", "应答丢失；查询表明没有绑定"}
	// 1 how many 2 SubsId and X of each
	FoundMore = Text{"BOUND TWICE: %d more bindings of the same A, group, B and Expiration (SubsId and X): %s; axgbind reconcile lists them for axgbind unbind", "重复绑定：另有 %d 条 A 号码、G 组、B 号码和过期时间都相同的绑定（SubsId 和中间号）：%s；对账（axgbind reconcile）会列出，可交给 axgbind unbind"}
	// 1 numbers asked
	FoundNot = Text{"not found among %d X numbers; the list is not known to be complete, so it may be bound all the same", "在 %d 个中间号中未找到；无法确认清单完整，仍可能已绑定"}
	// 1 SubsId and X of each
	FoundUnlike     = Text{"its own binding was not found, but A and the group have another live one (SubsId and X): %s; it may be this row's, shown in another form or changed since; another call would take a second X number", "未找到完全一致的绑定，但该 A 号码和 G 组有另一条有效绑定（SubsId 和中间号）：%s；它可能就是本行的（显示形式不同，或之后被修改）；再发送会多占一个中间号"}
	FoundBlind      = Text{"X is not bound to this row, but an earlier call of it, with another X or none, is still in doubt: reconcile with --x-numbers finds out", "该中间号没有绑定本行，但本行更早的一次请求用的是别的中间号或未指定，结果仍未知；用 reconcile 加 --x-numbers 对账查清"}
	FoundUnclear    = Text{"its answer was lost, and look-ups of X got no readable answer; reconcile asks again", "应答丢失，按中间号查询也没有得到可读的应答；请再用 reconcile 对账"}
	FoundMasked     = Text{"its answer was lost, and a look-up of X hides the A number, so it is not known whose binding it is; ask the vendor to show it to this account", "应答丢失；按中间号查询的结果隐去了 A 号码，无法判断绑定属于谁；请联系阿里云对本账号显示完整号码"}
	FoundUnproven   = Text{"its answer was lost; look-ups do not show it, which proves nothing: this pool has no known live binding that was made after the call, or shortly before; bind one row of this pool, then reconcile", "应答丢失；查询未查到，但说明不了问题：该号码池没有在该请求之后（或之前不久）创建的已知有效绑定可供验证；请先绑定该号码池的一行，再用 reconcile 对账"}
	FoundDistrusted = Text{"its answer was lost, and look-ups of this pool are not believed: they do not show known live bindings, or contradict each other; run reconcile later; if it stays so, ask the vendor", "应答丢失；该号码池的查询不可信：没有如实显示已知的有效绑定，或前后矛盾；请稍后再用 reconcile 对账，若一直如此请咨询阿里云"}
	// 1 SubsId and X
	FoundNamed = Text{"the answer cannot be relied on, but names a binding (SubsId and X): %s", "应答不可信，但其中带有绑定（SubsId 和中间号）：%s"}
	// 1 SubsId and X 2 line
	FoundTwice = Text{"the answer says OK and names a binding (SubsId and X), %s, but line %d has that SubsId already; only one of the two rows can have it", "应答为 OK，其中的绑定（SubsId 和中间号）为 %s，但该 SubsId 已属于第 %d 行；两行中只有一行能拥有它"}
	// 1 SubsId and X 2 line 3 batch
	FoundTwiceThere = Text{"the answer says OK and names a binding (SubsId and X), %s, but line %d of batch %s has that SubsId already; only one of the two rows can have it", "应答为 OK，其中的绑定（SubsId 和中间号）为 %[1]s，但该 SubsId 已属于批次 %[3]s 第 %[2]d 行；两行中只有一行能拥有它"}
)

// Findings and reading.
var (
	SeverityError    = Text{"error", "错误"}
	SeverityWarning  = Text{"warning", "警告"}
	SeverityRepaired = Text{"repaired", "已修正"}
	// 1 severity 2 problem 3 rows 4 lines 5 rule
	FindingHead = Text{"%s: %s, %s (%s) [%s]", "%s：%s，%s（%s）［%s］"}
	// 1 column 2 what is wrong with it, in a few words
	FindingProblem = Text{"%s %s", "%s%s"}
	FindingOfRow   = Text{"the row", "该行"}
	FindingRow     = Text{"1 row", "1 行"}
	// 1 n
	FindingRows = Text{"%d rows", "%d 行"}
	// 1 line 2 reason
	FindingFirst = Text{"  line %d: %s", "  第 %d 行：%s"}
	// 1 groups left out
	FindingMore = Text{"… kinds of findings not shown: %d; --findings FILE lists all", "……另有 %d 类问题未显示；用 --findings FILE 可列出全部"}
	// 1 read 2 valid 3 invalid 4 repaired 5 with warnings
	FindingCounts = Text{"%d rows read = %d valid + %d invalid; of the valid, %d repaired and %d with warnings", "读入 %d 行 = 有效 %d 行 + 无效 %d 行；有效行中已修正 %d 行，有警告 %d 行"}
	// 1 path 2 listed 3 of how many 4 rule
	FindingListed = Text{"%s lists the first %d of %d %s findings", "%s 只列出 %[3]d 条 %[4]s 中的前 %[2]d 条"}
	// 1 findings 2 path
	FindingTotal = Text{"%d findings listed in %s", "共 %d 条问题，见 %s"}
	// 1 n
	SumRepaired = Text{"%d rows with repaired values", "%d 行有已修正的值"}
	// label
	SumFindings = Text{"findings", "问题"}
	// 1 path
	ErrFindingsKind = Text{"--findings %s: the name must end in .csv, .jsonl, .ndjson or .json\nname it findings.csv for a spreadsheet or findings.jsonl for a program",
		"--findings %s：文件名须以 .csv、.jsonl、.ndjson 或 .json 结尾\n给表格软件用写成 findings.csv，给程序用写成 findings.jsonl"}
	DoesRepair   = Text{"the value is put right and the row is sent; the results keep the input's own text", "修正后照常发送；结果文件保留输入原文"}
	FlagFindings = Text{"write every finding to `FILE`: .csv, or .jsonl for JSON lines", "把每一条问题写入 `FILE`：.csv，或 .jsonl（每行一个 JSON）"}
)
