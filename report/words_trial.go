package report

// First contact: bind --trial.
var (
	// 1 version 2 endpoint 3 when 4 pool 5 X 6 SubsId
	TrialTitle     = Text{"First contact of axgbind %s with %s, %s\npool %s, X number %s, SubsId %s\n", "axgbind %s 与 %s 的首次联调，%s\n号码池 %s，中间号 %s，SubsId %s\n"}
	TrialSimulated = Text{"This was a simulated run: it says nothing of the real service.", "本次为演练，不代表真实服务。"}
	TrialHolds     = Text{"holds", "成立"}
	TrialDiffers   = Text{"DIFFERS", "不符"}
	TrialNotSeen   = Text{"not seen", "未见"}
	// 1 assumption 2 what was seen
	TrialLine = Text{"%s: %s", "%s：%s"}
	// 1 that hold 2 that differ 3 not seen
	TrialTotal      = Text{"%d hold, %d differ, %d not seen", "成立 %d，不符 %d，未见 %d"}
	TrialUntried    = Text{"Not tried, because it would take a second X number: whether one A may have several, and what a second BindAxg of the same A and X answers.", "未试（会多占一个中间号）：一个 A 号码能否有多个中间号；同一 A 号码和中间号再次 BindAxg 的应答。"}
	SaysDate        = Text{"answers tell the service's time (header Date)", "应答带有服务端时间（Date 头）"}
	SaysClock       = Text{"this machine's clock agrees with the service's, to a minute", "本机时钟与服务端相差不超过一分钟"}
	SaysSubsID      = Text{"BindAxg gives a SubsId of 16 digits, as text", "BindAxg 返回 16 位数字文本的 SubsId"}
	SaysShown       = Text{"QuerySubsId shows a new binding at once", "QuerySubsId 立即能查到新绑定"}
	SaysListed      = Text{"QuerySubsId names the SubsId that BindAxg gave, and no other", "QuerySubsId 返回的正是 BindAxg 给出的 SubsId，别无其他"}
	SaysDetail      = Text{"QuerySubscriptionDetail shows the binding that was asked about", "QuerySubscriptionDetail 返回所查的绑定"}
	SaysDetailA     = Text{"it shows A as it was sent", "其中 PhoneNoA 与所发一致"}
	SaysDetailB     = Text{"it shows B as it was sent", "其中 PhoneNoB 与所发一致"}
	SaysDetailGroup = Text{"it shows GroupId as it was sent", "其中 GroupId 与所发一致"}
	SaysExpires     = Text{"it shows ExpireDate in Beijing time, to the second", "其中 ExpireDate 为北京时间，精确到秒"}
	SaysCreated     = Text{"it shows GmtCreate in Beijing time, as the call was made", "其中 GmtCreate 为北京时间，与调用时刻相符"}
	SaysLive        = Text{"it shows Status 1 for a live binding", "有效绑定的 Status 为 1"}
	SaysRest        = Text{"it shows NeedRecord, CallRestrict, ASRStatus, ASRModelId", "其中有 NeedRecord、CallRestrict、ASRStatus、ASRModelId"}
	SaysNoOutID     = Text{"it does not show OutId", "其中没有 OutId"}
	SaysNumberBound = Text{"QuerySecretNoDetail shows SecretStatus 1 for an X that has a binding", "有绑定的中间号，QuerySecretNoDetail 的 SecretStatus 为 1"}
	SaysCertified   = Text{"its CertifyStatus is 1", "其 CertifyStatus 为 1"}
	SaysWrongID     = Text{"a look-up of a SubsId that is not of this X is isv.SUBS_NOT_EXIST", "查询不属于该中间号的 SubsId，返回 isv.SUBS_NOT_EXIST"}
	SaysUnknownX    = Text{"a look-up of an X that is not of the pool is isv.NO_NOT_EXIST", "查询不属于该号码池的中间号，返回 isv.NO_NOT_EXIST"}
	SaysUpdate      = Text{"UpdateSubscription changes Expiration", "UpdateSubscription 能修改 Expiration"}
	SaysUpdateShown = Text{"look-ups show the change at once", "查询立即能看到该修改"}
	SaysUpdateAgain = Text{"the same change made again is OK", "再做一次同样的修改返回 OK"}
	SaysRelease     = Text{"UnbindSubscription ends the binding", "UnbindSubscription 能解绑"}
	SaysFreed       = Text{"QuerySubsId shows at once that X is free", "解绑后 QuerySubsId 立即显示中间号空闲"}
	SaysFreeForm    = Text{"for a free X it answers OK with an empty SubsId", "对空闲中间号，它返回 OK 和空的 SubsId"}
	SaysEnded       = Text{"a binding that has ended is shown with Status 0", "已结束的绑定显示 Status 0"}
	SaysUnbindAgain = Text{"a second UnbindSubscription is isv.SUBS_NOT_EXIST", "再次解绑（UnbindSubscription）返回 isv.SUBS_NOT_EXIST"}
	SaysUpdateEnded = Text{"an update of a binding that has ended is isv.FORBIDDEN_ACTION", "修改已结束的绑定返回 isv.FORBIDDEN_ACTION"}
	SaysNumberFree  = Text{"QuerySecretNoDetail shows SecretStatus 0 for a free X", "空闲中间号的 SecretStatus 为 0"}
	SeenNothing     = Text{"there was no answer to tell it", "没有可判断的应答"}
	SeenNotSent     = Text{"the row has none", "该行没有填写"}
	// 1 what
	SeenValue  = Text{"%s", "%s"}
	SeenAbsent = Text{"absent", "没有"}
	SeenNull   = Text{"null", "值为空"}
	SeenEmpty  = Text{"an empty text", "空文本"}
	// 1 how much
	SeenAhead = Text{"the service's is %s ahead", "服务端快 %s"}
	// 1 how much
	SeenBehind   = Text{"the service's is %s behind", "服务端慢 %s"}
	SeenSameTime = Text{"so it is", "相符"}
	SeenNoText   = Text{"no text", "不是文本"}
	// 1 characters
	SeenLength = Text{"a text of %d characters", "%d 个字符的文本"}
	SeenAtOnce = Text{"by the first look-up", "首次查询即可见"}
	// 1 how long
	SeenAfter = Text{"only after %s", "%s 后才可见"}
	// 1 how long
	SeenNever   = Text{"not within %s", "%s 内一直未见"}
	SeenAsBound = Text{"the same", "一致"}
	// 1 how many
	SeenSeveral = Text{"%d of them", "共 %d 个"}
	SeenAnother = Text{"another", "另一个值"}
	// 1 field
	SeenOtherField = Text{"another %s", "%s 不同"}
	// 1 code
	SeenCode = Text{"%s", "%s"}
	// 1 field
	SeenLacks   = Text{"without %s", "缺少 %s"}
	SeenAsSent  = Text{"as it was sent", "一致"}
	SeenCountry = Text{"with a country code before it", "前面多了国家代码"}
	// 1 field
	SeenForm    = Text{"%s in another form", "%s 形式不同"}
	SeenMasked  = Text{"masked", "已脱敏"}
	SeenBeijing = Text{"so it is", "相符"}
	SeenUTC     = Text{"in UTC", "世界时"}
	SeenAll     = Text{"so it does", "都有"}
	SeenThere   = Text{"it is there", "有"}
	// 1 status
	SeenStatus       = Text{"Status %s", "Status %s"}
	MeansKnown       = Text{"axgbind knows this form too and takes it for the same", "axgbind 也认识这种形式，视为相同"}
	MeansUTC         = Text{"such times are read too, once look-ups of another binding of the pool have shown that they are in UTC", "这样的时间也能识别，只要同号码池另一条绑定的查询已表明时间为世界时"}
	MeansDate        = Text{"axgbind does nothing by this machine's clock alone: what waits for the end of a binding goes on waiting", "不会只凭本机时钟行事：等待绑定到期的行会一直等待"}
	MeansClock       = Text{"ages are counted in the service's time; set this machine's clock: beyond 15 minutes every call is refused", "时间按服务端计算；请校准本机时钟：相差超过 15 分钟，所有调用都会被拒绝"}
	MeansSubsID      = Text{"ids of up to 40 digits are taken as they are; see that no spreadsheet rounds them", "40 位以内的编号原样使用；注意不要被电子表格四舍五入"}
	MeansShown       = Text{"a look-up that finds nothing settles no row before three times that time, at least 30 s", "查询无结果时，至少等到该时间的三倍（不少于 30 秒）才据此下结论"}
	MeansUnknown     = Text{"a row whose answer is lost stays UNKNOWN even if it names its X", "即使指定了中间号，应答丢失的行仍为结果未知（UNKNOWN）"}
	MeansStatus      = Text{"look-ups take live bindings for ended ones: they settle nothing, and verify reports every row as gone; do not rely on them", "查询会把有效绑定当作已结束：不能据此下结论，verify 会报告每行都已失效，请勿依赖"}
	MeansNotCompared = Text{"B is not compared", "不核对 PhoneNoB"}
	MeansRest        = Text{"verify cannot compare these fields, and says so", "verify 无法核对这些字段，并会说明"}
	MeansOutID       = Text{"more than axgbind asks of it: look-ups could tell calls apart by OutId", "比 axgbind 所需更多：查询可以凭 OutId 区分各次调用"}
	MeansNumber      = Text{"the number stock (--x-numbers) is read wrongly: do not rely on it", "中间号库存（--x-numbers）会读错，请勿依赖"}
	MeansUncertified = Text{"calls through this X may not connect, though it is BOUND", "虽已绑定（BOUND），经此中间号的电话可能接不通"}
	MeansWrongID     = Text{"a SubsId that was damaged in a file may be taken for another binding's: give update and unbind the results of a batch, never a list", "文件中损坏的 SubsId 可能被当成别的绑定：update 和 unbind 请用批次的结果文件，不要用清单"}
	MeansUnknownX    = Text{"numbers of other pools on a list may pass for free ones: see that the list is of one pool", "清单中其他号码池的号码可能被当作空闲：请确保清单只含一个号码池"}
	MeansUpdate      = Text{"renewals and updates are refused: bind --when-bound renew and update will not work", "续期和修改会被拒绝：bind --when-bound renew 与 update 无法使用"}
	MeansUpdateShown = Text{"verify may call renewed bindings different", "verify 可能把已续期的绑定报告为不一致"}
	MeansUpdateAgain = Text{"an update whose answer was lost is made again, and may be FAILED though it was done", "应答丢失的修改会再次发送，可能已完成却显示失败（FAILED）"}
	MeansRelease     = Text{"the binding still takes its X number", "该绑定仍占用中间号"}
	MeansFreed       = Text{"for that long, a released binding is taken for a live one", "在此期间，已解绑的绑定会被当作有效"}
	MeansFreeForm    = Text{"it is not taken for free: rows that were not executed stay UNKNOWN even if they name their X", "不会视为空闲：即使指定了中间号，未执行的行仍为结果未知（UNKNOWN）"}
	MeansEnded       = Text{"the end of a binding is not believed: its rows wait for a person", "不会据此认定绑定已结束，相关行需人工处理"}
	MeansUnbindAgain = Text{"a release whose answer was lost is made again, and may be FAILED though it was done", "应答丢失的解绑会再次发送，可能已完成却显示失败（FAILED）"}
	MeansUpdateEnded = Text{"axgbind does not see that the binding had ended: the row is FAILED", "无法识别续期的绑定已结束：该行记为失败（FAILED）"}
	// 1 line 2 X 3 look-ups
	AskTrial = Text{"about to try the real service with the row on line %d: 1 BindAxg call takes an X number, up to %d look-ups,\n2 UpdateSubscription calls change its Expiration, 1 UnbindSubscription call releases it; then 1 more of each of these two, which should be refused", "即将用第 %d 行对真实服务试绑：1 次 BindAxg 调用占用一个中间号，至多 %d 次查询，\n2 次 UpdateSubscription 调用修改 Expiration，1 次 UnbindSubscription 调用解绑；之后这两种各再调用 1 次，应被拒绝"}
	// 1 line
	SayTrialLooks   = Text{"line %d is bound; looking it up, changing its Expiration and releasing it", "第 %d 行已绑定；接着查询、修改 Expiration 并解绑"}
	SayTrialStopped = Text{"stopped: the binding is released first", "已停止：先解绑该绑定"}
	// 1 line 2 path
	ErrTrialLine = Text{"no row begins on line %d of %s\ngive the line on which a row starts, as an editor counts lines: the header is line 1", "%[2]s 的第 %[1]d 行不是某行数据的开头\n给出数据行起始的行号（按编辑器的计数，表头是第 1 行）"}
	ErrTrialAsk  = Text{"a trial of the real service takes an X number for a while, and there is nobody to ask\nrun it on a terminal, or with --yes", "对真实服务试绑会短暂占用一个中间号，而这里无人可询问\n请在终端上运行，或加上 --yes"}
	// 1 line 2 status 3 code 4 reason 5 cure
	ErrTrialRow = Text{"the row on line %d cannot be tried: %s %s: %s\n%s", "第 %d 行不能用来试绑：%s %s：%s\n%s"}
	// 1 line 2 SubsId 3 command
	ErrTrialBound = Text{"the row on line %d is BOUND already (SubsId %s)\ntry another line; if an earlier trial was cut short, take it back: %s", "第 %d 行已绑定（BOUND，SubsId %s）\n换一行；如果是之前的试绑中断了，先解绑：%s"}
	// 1 results 2 command 3 command
	ErrTrialOpen = Text{"an earlier trial whose results are %s was cut short: one of its rows is still BOUND or UNKNOWN\ntake it back: %s; or ask what became of it: %s", "结果文件为 %s 的上一次试绑中断，其中仍有已绑定（BOUND）或结果未知（UNKNOWN）的行\n先解绑：%s；或先对账：%s"}
	Exit0Trial   = Text{"as far as it was seen, the service is as axgbind takes it to be; X is released", "就所见而言，服务端与 axgbind 的假定一致；中间号已解绑"}
	// 1 how many
	Exit3Trial       = Text{"%d assumptions do not hold: keep the table; X is released", "%d 条假定不成立，请保存此表；中间号已解绑"}
	ExitTrialBound   = Text{"the binding of the trial was not released and takes an X number", "试绑的绑定尚未解绑，仍占用中间号"}
	ExitTrialStopped = Text{"stopped; X is released", "已停止；中间号已解绑"}
	// 1 why
	ExitTrialWrite = Text{"the table could not be written to standard output (%s); X is released", "此表无法写到标准输出（%s）；中间号已解绑"}
)
