package report

import (
	"fmt"
	"strings"
)

// Phrase is one sentence, or part of one, that the program says to people.
// This table holds them all but two kinds that stand beside what they explain:
// the service's codes (package aliyun) and the rules for rows (package batch).
type Phrase uint16

// In returns the phrase in lang, with its arguments put in.
func (p Phrase) In(lang Lang, args ...any) string {
	s := phrases[p].In(lang)
	if len(args) == 0 || !strings.Contains(s, "%") {
		return s // a cure may have no use for what its reason names
	}
	return fmt.Sprintf(s, args...)
}

// Phrases returns the whole table, a fresh slice, without NoPhrase.
func Phrases() []Text { return append([]Text(nil), phrases[1:]...) }

// What the phrases are for. An error's phrase has a second line: the cure.
const (
	NoPhrase Phrase = iota

	Between // joins two sentences

	// Reason and Action of rows.
	ReasonEdited // 1 line 2 SubsId 3 status
	ActionEdited
	ReasonStillBound
	ActionStillBound
	ActionHeldByUnknown
	ReasonAlready
	ReasonLate
	ActionLate
	ReasonNotReached
	ReasonStopped // 1 why
	ActionRunAgain
	ReasonUnresolved // 1 the later answer's reason
	ActionUnresolved
	FoundOurs    // 1 when it was made
	FoundForeign // 1 SubsId
	FoundOlder   // 1 SubsId 2 when
	FoundOdd     // 1 SubsId
	FoundAbsent

	// Why a run stopped.
	StopLimit
	StopDuration
	StopUntil
	StopInterrupt
	StopTerminate
	StopAccount
	StopMaxFailures
	StopAllAlike
	StopTrouble
	StopJournal
	StopInput
	StopInternal
	StopCapacity

	// Summary.
	SumSimulated
	SumRows
	SumGone
	SumCalls   // 1 calls 2 duration 3 retries 4 throttled 5 average 6 peak 7 limit
	SumLatency // 1 p50 2 p95 3 p99 4 max
	SumFailures
	SumLines    // 1 list
	SumLine     // 1 line
	SumMore     // 1 n
	SumWarnings // 1 n
	SumResults
	SumFailed
	SumJournal
	SumStop
	SumValid
	SumUnbalanced // 1 sum 2 rows
	SumMoreCodes  // 1 n

	// Exit statuses in words, and the next step.
	Exit0
	Exit0Check
	Exit1
	Exit3
	Exit3Check
	Exit4
	Exit5
	Exit6
	Exit7
	Exit8
	Exit10
	Exit11
	Exit130
	Exit143
	ExitLine // 1 status 2 words
	NextLine // 1 command
	NextAgain
	NextCorrect     // 1 failed file
	NextCorrectRows // 1 results
	NextUnknown     // 1 command
	NextOwner

	// What a run says while it goes.
	StartNew    // 1 rows 2 to send 3 rate
	StartResume // 1 settled 2 new 3 gone
	StartTorn   // 1 bytes
	StartHeld   // 1 n
	StartNothing
	StartTaken    // 1 n
	StartCompact  // 1 rows 2 MiB before 3 MiB after
	StartLook     // 1 n
	SayLookBarred // 1 code
	SayBrake
	SayProbe // 1 n 2 of
	SayBrakeFree
	SayRateCut  // 1 rate 2 percent
	SayRateBack // 1 rate 2 percent
	SayPlace    // 1 place
	SayDraining
	SayLeaveAtOnce
	SayResultsBusy // 1 path
	SayKeptNew     // 1 path
	SayInput       // 1 encoding 2 delimiter
	SayPrefixed
	SayNoPool
	SayNetworkFS // 1 path

	// Confirmation.
	AskRun // 1 calls 2 duration
	AskLate
	AskGo
	AskRefused

	// Progress.
	ProgressPlain // keys are stable and English in both languages
	ProgressBar   // 1 bound 2 failed 3 unknown 4 left 5 rate 6 limit
	ProgressSlow
	ProgressPause

	// Faults: what is wrong, and in the second line the cure.
	ErrLine // prefix of an error
	CureLine
	ErrUsage      // 1 cobra's words 2 command
	ErrNoCommand  //
	ErrArgs       // 1 command
	ErrFlagValue  // 1 flag 2 value 3 why
	ErrFlagClash  // 1 flag 2 flag
	ErrEnvValue   // 1 name 2 value 3 why
	ErrNoInput    // 1 path 2 error
	ErrInputDir   // 1 path
	ErrInputRead  // 1 path 2 error
	ErrStdinOut   //
	ErrInvalid    // 1 n 2 rows
	ErrOutEqual   // 1 path
	ErrOutStdout  //
	ErrOutWrite   // 1 path 2 error
	ErrOutDir     // 1 path
	ErrOutOrphan  // 1 path
	ErrOutForeign // 1 path
	ErrSamePath   // 1 flag 2 flag 3 path
	ErrEndpoint   // 1 value 2 why
	ErrNoKey      // 1 why
	ErrNoPool     //
	ErrJournal    // 1 path 2 error
	ErrNotJournal // 1 path
	ErrNewer      // 1 path 2 why
	ErrDamaged    // 1 path 2 line 3 why
	ErrEndpointOf // 1 path 2 journal's 3 ours
	ErrSimulated  // 1 path
	ErrReal       // 1 path
	ErrSimInput   // 1 path
	ErrLocked     // 1 path 2 holder
	ErrAgain      // 1 journal 2 time 3 results
	ErrSimulator  // 1 why
	ErrListen     // 1 why
	ErrWrite      // 1 path 2 why
	ErrRun        // 1 why
	ErrRescue     //
	ErrTemplate   // 1 path
	ErrNoCode     // 1 name 2 near ones

	// What status says.
	StatusJob     // 1 results 2 journal
	StatusRows    // 1 rows in the input of the last run 2 input
	StatusKnown   // 1 bound 2 failed 3 unknown 4 pending 5 open
	StatusRunning // 1 since 2 age of the last sign of life
	StatusHolder  // 1 holder
	StatusEnded   // 1 when 2 status 3 words
	StatusDied    // 1 since 2 last sign of life
	StatusNoRun
	StatusPace // 1 calls 2 throttled 3 limit 4 in flight 5 p50 6 p99
	StatusRuns // 1 n 2 first
	ErrNoJob   // 1 path

	// What explain says.
	ExplainCodes
	ExplainRules
	ExplainMeaning
	ExplainClass
	ExplainDoes
	ExplainCause
	ExplainCure
	ExplainWho
	ExplainSource
	DoesDone
	DoesThrottled
	DoesNotSent
	DoesStale
	DoesRow
	DoesCapacity
	DoesAccount
	DoesAmbiguous
	DoesHold
	DoesTake
	DoesLeave
	DoesInvalid
	DoesWarn

	// Findings.
	SeverityError
	SeverityWarning
	SeverityRepaired
	FindingHead // 1 severity 2 rule 3 place or blank 4 rows 5 lines
	FindingRow
	FindingRows     // 1 n
	FindingPlace    // 1 place
	FindingFirst    // 1 line 2 reason
	FindingMore     // 1 groups left out
	FindingCounts   // 1 read 2 valid 3 invalid 4 repaired 5 with warnings
	FindingListed   // 1 path 2 listed 3 of how many 4 rule
	FindingTotal    // 1 findings 2 path
	SumRepaired     // 1 n
	SumFindings     // label
	ErrFindingsKind // 1 path
	DoesRepair
	FlagFindings

	// Help.
	HelpRoot
	HelpBind
	HelpBindLong
	HelpBindExample
	HelpCheck
	HelpCheckLong
	HelpCheckExample
	HelpSimulate
	HelpSimulateLong
	HelpSimulateExample
	HelpTemplate
	HelpTemplateExample
	HelpVersion
	HelpExplain
	HelpExplainLong
	HelpExplainExample
	HelpStatus
	HelpStatusLong
	HelpStatusExample
	HelpRootLong
	HelpRootExample
	HelpHelp
	HelpUsage
	HelpCommands
	HelpExamples
	HelpFlags
	HelpGlobalFlags
	HelpStatuses
	HelpStatusList
	HelpMore // 1 command

	FlagOut
	FlagJournal
	FlagPoolKey
	FlagDefault
	FlagMap
	FlagRate
	FlagMaxInFlight
	FlagTimeout
	FlagRetries
	FlagAdaptive
	FlagStrict
	FlagDryRun
	FlagLimit
	FlagResend
	FlagWhenBound
	FlagMaxFailures
	FlagMaxDuration
	FlagUntil
	FlagEncoding
	FlagDelimiter
	FlagAllowDuplicates
	FlagAgain
	FlagSimulate
	FlagEndpoint
	FlagProgress
	FlagLang
	FlagSummary
	FlagFailed
	FlagLog
	FlagLogFormat
	FlagVerbose
	FlagOutMode
	FlagYes
	FlagSimListen
	FlagSimTLS
	FlagSimNumbers
	FlagSimCities
	FlagSimStrictCity
	FlagSimLatency
	FlagSimJitter
	FlagSimQPS
	FlagSimFault
	FlagSimLag
	FlagSimSeed
	FlagTemplateOut
	FlagHelp

	numPhrases
)

var phrases = [numPhrases]Text{
	Between: {"; ", "；"},

	ReasonEdited: {"the row at line %d of an earlier run (%[3]s, SubsId %[2]s) has the same pool, A and group and was sent before it was edited", "此前运行中第 %d 行（%[3]s，SubsId %[2]s）号池、A 号、分组相同，修改之前已经发送过"},
	ActionEdited: {"restore the row as it was, or release SubsId %[2]s first; --when-bound skip takes that binding as this row's", "把本行改回原样，或先解绑 SubsId %[2]s；也可用 --when-bound skip 直接采用该绑定"},
	ReasonStillBound: {"pool, A and group still have a live binding from an earlier run (line %d, SubsId %s, %s)",
		"号池、A 号、分组仍有此前运行留下的有效绑定（第 %d 行，SubsId %s，%s）"},
	ActionStillBound:    {"nothing to do if that binding is enough: --when-bound skip takes it as this row's; else release SubsId %[2]s first", "该绑定够用则无需处理：用 --when-bound skip 采用它；否则先解绑 SubsId %[2]s"},
	ActionHeldByUnknown: {"that earlier row is UNKNOWN: find out in the console whether it is bound, then send it again with its own file and --resend unknown, or remove neither", "此前那一行结果未知：先在控制台核对是否已绑定，再用原文件加 --resend unknown 重发，两行都不要删除"},
	ReasonAlready:       {"taken from the live binding of line %d of an earlier run (SubsId %s, %s)", "采用此前运行第 %d 行的有效绑定（SubsId %s，%s）"},
	ReasonLate:          {"its Expiration came to within 60 s of now before its turn; it was not sent", "轮到本行时过期时间已不足 60 秒，未发送"},
	ActionLate:          {"set a later Expiration; for long files raise --rate", "把过期时间改晚；文件很长时提高 --rate"},
	ReasonNotReached:    {"not sent yet", "尚未发送"},
	ReasonStopped:       {"not sent: %s", "未发送：%s"},
	ActionRunAgain:      {"run the same command again; bound rows are not sent again", "再次运行同一命令即可，已绑定的行不会重发"},
	ReasonUnresolved:    {"an earlier attempt may have been executed; the later one says: %s", "更早的一次请求可能已经执行；后来的答复是：%s"},
	ActionUnresolved:    {"check in the console whether A is bound; only then use --resend unknown", "先在控制台核对 A 号是否已绑定，再决定是否用 --resend unknown"},

	FoundOurs:    {"its answer was lost; a look-up of X found this row's binding, made %s", "应答丢失；按中间号查询，找到本行的绑定，创建于 %s"},
	FoundForeign: {"its answer was lost; a look-up shows X bound to another A or group (SubsId %s)", "应答丢失；查询显示该中间号已绑定其他 A 号或分组（SubsId %s）"},
	FoundOlder:   {"its answer was lost; a look-up shows that X already had this binding (SubsId %s) since %s, before the row was sent", "应答丢失；查询显示该中间号早在本行发送之前就有这个绑定（SubsId %s，创建于 %s）"},
	FoundOdd:     {"its answer was lost, and a look-up of X shows what no rule covers (SubsId %s)", "应答丢失，按中间号查询的结果不符合任何已知情形（SubsId %s）"},
	FoundAbsent:  {"its answer was lost; look-ups showed that it was not bound", "应答丢失；查询表明没有绑定"},

	StopLimit:       {"--limit was reached", "已达到 --limit"},
	StopDuration:    {"--max-duration was reached", "已达到 --max-duration"},
	StopUntil:       {"the time of --until was reached", "已到 --until 指定的时间"},
	StopInterrupt:   {"the run was interrupted (SIGINT)", "运行被中断（SIGINT）"},
	StopTerminate:   {"the run was asked to end (SIGTERM)", "运行被要求结束（SIGTERM）"},
	StopAccount:     {"the service refuses the account, key or pool; every row would be refused alike", "服务拒绝了该账号、密钥或号池，所有行都会同样被拒"},
	StopMaxFailures: {"too many rows failed (--max-failures)", "失败的行过多（--max-failures）"},
	StopAllAlike:    {"the first 20 rows sent were all refused with the same code", "最先发送的 20 行全部以同一错误码被拒"},
	StopTrouble:     {"the service stayed in trouble: 10 probes failed", "服务持续异常：连续 10 次探测失败"},
	StopJournal:     {"the journal could not be written", "日志文件（journal）无法写入"},
	StopInput:       {"the input changed during the run", "输入文件在运行中被改动"},
	StopInternal:    {"internal fault", "程序内部错误"},
	StopCapacity:    {"pools ran out of X numbers", "号池已无可用中间号"},

	SumSimulated:  {"simulated: nothing was bound at the real service", "演练：没有在真实服务上绑定任何号码"},
	SumRows:       {"rows", "行数"},
	SumGone:       {"%d settled rows of the journal are no longer in the input", "journal 中有 %d 个已处理的行不在本次输入里"},
	SumCalls:      {"%d calls in %s, retries %d, throttled %d, average %.1f/s, peak %d/s, limit %g/s", "%d 次调用，用时 %s，重试 %d，限流 %d，平均 %.1f/s，峰值 %d/s，上限 %g/s"},
	SumLatency:    {"p50 %s, p95 %s, p99 %s, max %s", "p50 %s，p95 %s，p99 %s，最大 %s"},
	SumFailures:   {"what needs attention", "需要关注"},
	SumLine:       {"line %s", "行 %s"},
	SumLines:      {"lines %s", "行 %s"},
	SumMore:       {" and %d more", " 等，另有 %d 行"},
	SumWarnings:   {"%d rows with warnings", "%d 行有警告"},
	SumResults:    {"results", "结果"},
	SumFailed:     {"to correct", "待更正"},
	SumJournal:    {"journal", "日志"},
	SumStop:       {"stopped", "停止"},
	SumValid:      {"valid", "有效"},
	SumUnbalanced: {"the counts do not balance: %d rows counted, %d read; please report this", "计数不平：统计 %d 行，读入 %d 行；请反馈此问题"},
	SumMoreCodes:  {"… and %d more codes, see the results", "……另有 %d 种错误码，见结果文件"},

	Exit0:           {"every row is bound", "全部绑定成功"},
	Exit0Check:      {"every row is valid; nothing was sent", "全部行有效，未发送任何请求"},
	Exit1:           {"internal or I/O error; what was sent is recorded", "内部或读写错误；已发送的都有记录"},
	Exit3:           {"finished; some rows were refused or are invalid", "已完成；部分行被拒绝或无效"},
	Exit3Check:      {"some rows are invalid; nothing was sent", "部分行无效，未发送任何请求"},
	Exit4:           {"some rows are UNKNOWN: they were sent, and nobody knows whether they are bound", "部分行结果未知：已发送，但不知道是否绑定成功"},
	Exit5:           {"some rows are PENDING: they were not executed", "部分行待处理：尚未执行"},
	Exit6:           {"the input was refused; nothing was sent", "输入文件被拒绝，未发送任何请求"},
	Exit7:           {"the service refuses the account; do not retry, call its owner", "服务拒绝了该账号；不要重试，请联系账号负责人"},
	Exit8:           {"too many failures; find the cause before going on", "失败过多；先查明原因再继续"},
	Exit10:          {"usage or configuration error; nothing was sent", "用法或配置错误，未发送任何请求"},
	Exit11:          {"another run holds the journal; nothing was sent", "另一个运行正在使用该 journal，未发送任何请求"},
	Exit130:         {"interrupted after draining; rows left are PENDING", "已中断并收尾；剩余的行待处理"},
	Exit143:         {"ended on request after draining; rows left are PENDING", "已按要求结束并收尾；剩余的行待处理"},
	ExitLine:        {"status %d: %s", "状态 %d：%s"},
	NextLine:        {"next: %s", "下一步：%s"},
	NextAgain:       {"run the same command again: %s", "再次运行同一命令：%s"},
	NextCorrect:     {"correct the rows in %s and run: %s", "更正 %s 中的行后运行：%s"},
	NextCorrectRows: {"see column Action in %s; correct the rows and run: %s", "查看 %s 的 Action 列，更正后运行：%s"},
	NextUnknown:     {"look the UNKNOWN rows of %s up in the console; to send them again all the same: %s --resend unknown", "在控制台核对 %s 中结果未知的行；确需重发时：%s --resend unknown"},
	NextOwner:       {"have the owner of the account mend it, then: %s", "请账号负责人处理后运行：%s"},

	StartNew:       {"%d rows, %d to send, at most %g calls/s", "共 %d 行，待发送 %d 行，每秒最多 %g 次调用"},
	StartResume:    {"resuming: %d settled, %d to send, %d gone", "继续上次任务：%d 行已有结果，%d 行待发送，%d 行已不在输入中"},
	StartTorn:      {"the journal's last record was torn by a crash: %d bytes dropped; nothing was sent on its strength", "journal 末尾有一条因崩溃未写完的记录，已丢弃 %d 字节；它对应的请求没有发出"},
	StartHeld:      {"rows held back because of other live bindings: %d (see results)", "因已有其他有效绑定而未发送的行：%d（见结果文件）"},
	StartLook:      {"looking up %d rows whose outcome is unknown and whose X is named", "正在查询 %d 个结果未知且指定了中间号的行"},
	SayLookBarred:  {"the service does not allow look-ups (%s): lost answers stay UNKNOWN; grant dypls:QuerySubsId and dypls:QuerySubscriptionDetail", "服务不允许查询（%s）：丢失的应答保持结果未知；请授予 dypls:QuerySubsId 和 dypls:QuerySubscriptionDetail 权限"},
	StartCompact:   {"journal compacted: %d rows that lapsed long ago left it, %d MiB -> %d MiB", "journal 已压缩：移除早已过期的 %d 行，%d MiB -> %d MiB"},
	StartTaken:     {"rows that take a live binding as theirs: %d", "直接采用已有绑定的行：%d"},
	StartNothing:   {"nothing to send", "没有需要发送的行"},
	SayBrake:       {"the service is in trouble: no more rows are admitted, probing with one row at a time", "服务异常：暂停发送，每次用一行探测"},
	SayProbe:       {"probe %d of %d failed", "第 %d 次探测失败（共 %d 次）"},
	SayBrakeFree:   {"a probe succeeded, going on", "探测成功，继续发送"},
	SayRateCut:     {"slowed to %.1f calls/s: %.0f%% of answers were throttled", "降速到每秒 %.1f 次：%.0f%% 的应答被限流"},
	SayRateBack:    {"back to %.1f calls/s: slowing down did not help, %.0f%% of answers are throttled all the same", "恢复到每秒 %.1f 次：降速无效，仍有 %.0f%% 的应答被限流"},
	SayPlace:       {"no X numbers left in %s: its remaining rows stay PENDING", "%s 已无可用中间号：其余行保持待处理"},
	SayDraining:    {"stopping: no more rows are admitted, waiting for calls under way; a second signal leaves at once", "正在停止：不再发送新行，等待进行中的调用；再发一次信号立即退出"},
	SayLeaveAtOnce: {"left at once; the journal suffices: run the same command again", "已立即退出；journal 记录完整，再次运行同一命令即可"},
	SayResultsBusy: {"%s cannot be replaced (open in Excel?); trying for 10 s", "%s 无法替换（是否在 Excel 中打开？），重试 10 秒"},
	SayKeptNew:     {"the results are in %s; close the other file and run it again; nothing is lost", "结果已写入 %s；关闭原文件后再次运行即可，没有丢失任何内容"},
	SayInput:       {"input: %s, %s", "输入：%s，%s"},
	SayPrefixed:    {"the input has columns named like ours, so the results columns are called AxgLine, AxgStatus, ...", "输入中有同名列，结果列改名为 AxgLine、AxgStatus……"},
	SayNoPool:      {"no pool key: bind will want --pool-key or a column PoolKey", "没有号池 Key：bind 需要 --pool-key 或 PoolKey 列"},
	SayNetworkFS:   {"%s is on a network file system: locks and fsync may not hold there; put it on a local disk with --journal", "%s 在网络文件系统上，锁和落盘可能不可靠；请用 --journal 放到本地磁盘"},

	AskRun:     {"about to make up to %d real BindAxg calls, in about %s", "即将发起最多 %d 次真实的 BindAxg 调用，约需 %s"},
	AskLate:    {"the earliest Expiration, %s, passes before that; rows not sent in time become INVALID", "最早的过期时间 %s 会先到；来不及发送的行将变为 INVALID"},
	AskGo:      {"go on? [y/N] ", "继续吗？[y/N] "},
	AskRefused: {"not confirmed; nothing was sent\nanswer y, or use --yes", "未确认，未发送任何请求\n回答 y，或使用 --yes"},

	ProgressPlain: {"progress bound=%d failed=%d invalid=%d unknown=%d left=%d calls=%d throttled=%d in_flight=%d rate=%.1f limit=%.1f elapsed=%s eta=%s",
		"progress bound=%d failed=%d invalid=%d unknown=%d left=%d calls=%d throttled=%d in_flight=%d rate=%.1f limit=%.1f elapsed=%s eta=%s"},
	ProgressBar:   {"bound %d failed %d unknown %d left %d  %.0f/s of %.0f  eta %s", "绑定 %d 失败 %d 未知 %d 剩余 %d  %.0f/s 上限 %.0f  预计 %s"},
	ProgressSlow:  {"slowed by throttling", "因限流降速"},
	ProgressPause: {"paused, probing", "暂停探测中"},

	ErrLine:       {"axgbind: %s", "axgbind：%s"},
	CureLine:      {"  cure: %s", "  办法：%s"},
	ErrUsage:      {"%s\nsee axgbind %s --help", "%s\n见 axgbind %s --help"},
	ErrNoCommand:  {"no command\ntry: axgbind bind --simulate samples/bindings.csv, or axgbind --help", "没有给出命令\n试试：axgbind bind --simulate samples/bindings.csv，或 axgbind --help"},
	ErrArgs:       {"%[1]s wants exactly one INPUT file, got %[2]d\nname the CSV file, or - for standard input: axgbind %[1]s INPUT.csv", "%[1]s 需要且只需要一个输入文件，实际给了 %[2]d 个\n写上 CSV 文件名，或用 - 表示标准输入：axgbind %[1]s INPUT.csv"},
	ErrFlagValue:  {"--%s: %s\ncorrect the value; see --help", "--%s：%s\n请更正取值，见 --help"},
	ErrFlagClash:  {"--%s and --%s exclude each other\nleave one of them out", "--%s 与 --%s 不能同时使用\n去掉其中一个"},
	ErrEnvValue:   {"environment variable %s: %s\ncorrect it or unset it", "环境变量 %s：%s\n请更正或清除"},
	ErrNoInput:    {"input %s: %s\ncheck the name and the folder", "输入文件 %s：%s\n请检查文件名和所在目录"},
	ErrInputDir:   {"input %s is a directory\nname the CSV file in it", "输入 %s 是目录\n请写出其中的 CSV 文件"},
	ErrInputRead:  {"input %s cannot be read: %s\ncheck the file and the disk", "输入文件 %s 无法读取：%s\n请检查文件和磁盘"},
	ErrStdinOut:   {"input from standard input needs -o\nadd -o RESULTS.csv", "从标准输入读取时必须给出 -o\n加上 -o RESULTS.csv"},
	ErrInvalid:    {"%d of %d rows are invalid and --strict is set\ncorrect them (axgbind check lists them) or leave --strict out", "%d 行（共 %d 行）无效，且设置了 --strict\n先更正（axgbind check 会列出），或去掉 --strict"},
	ErrOutEqual:   {"results path %s is the input itself\ngive another path with -o", "结果路径 %s 就是输入文件\n用 -o 指定其他路径"},
	ErrOutStdout:  {"-o - is refused: a run that is safe to repeat needs its results in a file\ngive a path with -o", "不支持 -o -：要能安全重跑，结果必须写入文件\n用 -o 指定路径"},
	ErrOutWrite:   {"results %s cannot be written: %s\nclose it in other programs, check the folder's permissions, or give another path with -o", "结果文件 %s 无法写入：%s\n在其他程序中关闭它、检查目录权限，或用 -o 指定其他路径"},
	ErrOutDir:     {"results path %s is a directory\ngive a file with -o", "结果路径 %s 是目录\n用 -o 指定文件"},
	ErrOutOrphan:  {"results %s hold BOUND or UNKNOWN rows, but their journal is missing; they will not be overwritten\ngive that file as INPUT, or another path with -o", "结果文件 %s 中有 BOUND 或 UNKNOWN 的行，但缺少对应的 journal，不会覆盖\n把该文件作为输入，或用 -o 指定其他路径"},
	ErrOutForeign: {"%s exists and is no results file of axgbind; it will not be overwritten\ngive another path with -o, or move that file away", "%s 已存在且不是 axgbind 的结果文件，不会覆盖\n用 -o 指定其他路径，或先移走该文件"},
	ErrSamePath:   {"%s and %s are the same file: %s\ngive each its own path", "%s 与 %s 是同一个文件：%s\n请分别指定路径"},
	ErrEndpoint:   {"endpoint %s: %s\nuse https://HOST; plain http only for 127.0.0.1, [::1] or localhost", "服务地址 %s：%s\n请使用 https://HOST；只有 127.0.0.1、[::1] 或 localhost 可用 http"},
	ErrNoKey:      {"no credentials: %s\nset ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or rehearse with --simulate", "没有凭据：%s\n设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或用 --simulate 演练"},
	ErrNoPool:     {"no pool key\nadd --pool-key KEY or a column PoolKey", "没有号池 Key\n加上 --pool-key KEY 或 PoolKey 列"},
	ErrJournal:    {"journal %s: %s\nmend the disk or folder, or choose another place with --journal; without its journal no run is safe to repeat", "journal %s：%s\n请修复磁盘或目录，或用 --journal 换位置；没有 journal 就无法安全重跑"},
	ErrNotJournal: {"%s is not an axgbind journal\nname the right file with --journal", "%s 不是 axgbind 的 journal\n用 --journal 指定正确的文件"},
	ErrNewer:      {"journal %s: %s\nuse the axgbind that wrote it, or a newer one", "journal %s：%s\n请使用写入它的版本或更新的版本"},
	ErrDamaged:    {"journal %s is damaged at line %d: %s; what was sent is not certain, so nothing is\nrestore it from a copy, or give the results file as INPUT with a new -o", "journal %s 第 %d 行损坏：%s；无法确定哪些已发送，因此不发送\n从备份恢复，或把结果文件作为输入并用新的 -o"},
	ErrEndpointOf: {"journal %s belongs to endpoint %s, this run goes to %s\nuse that endpoint, or another results path with -o", "journal %s 属于服务地址 %s，而本次是 %s\n改用该地址，或用 -o 指定其他结果路径"},
	ErrSimulated:  {"journal %s is of a simulated run; a real run must not trust it\nchoose another path with -o or --journal", "journal %s 来自演练，真实运行不能采用\n用 -o 或 --journal 换路径"},
	ErrReal:       {"journal %s is of a real run; a simulated run must not touch it\nleave -o and --journal out, or choose another path", "journal %s 来自真实运行，演练不能改动\n去掉 -o 和 --journal，或换路径"},
	ErrSimInput:   {"input %s holds the results of a simulated run; a real run must not take them for bindings\ngive the original input", "输入 %s 是演练的结果，真实运行不能当作绑定\n请使用原始输入文件"},
	ErrLocked:     {"journal %s is in use: %s\nwait for that run to end, or stop it", "journal %s 正在使用：%s\n等待该运行结束，或停止它"},
	ErrAgain:      {"this input was already sent: journal %s knows it since %s (results %s)\ngo on with that job (-o its results), or start a second one with --again", "该输入已经发送过：journal %s 自 %s 起记录了它（结果 %s）\n请继续那个任务（-o 指向其结果），或用 --again 另起一个"},
	ErrSimulator:  {"simulator: %s\ncorrect the flag; see axgbind simulate --help", "模拟服务：%s\n请更正参数，见 axgbind simulate --help"},
	ErrListen:     {"simulator cannot listen: %s\nchoose another --listen address on loopback", "模拟服务无法监听：%s\n用 --listen 换一个本机回环地址"},
	ErrWrite:      {"%s cannot be written: %s\ncheck folder, permissions and free space", "%s 无法写入：%s\n检查目录、权限和剩余空间"},
	ErrRun:        {"%s\nnothing that was sent is lost: mend the cause and run the same command again", "%s\n已发送的都有记录：排除原因后再次运行同一命令"},
	ErrRescue:     {"the journal could not record these outcomes; keep them", "journal 未能记录以下结果，请保存"},
	ErrTemplate:   {"%s exists\nchoose another name, or delete it first", "%s 已存在\n换一个文件名，或先删除它"},

	ErrNoCode: {"no code or rule is called %s\ndid you mean: %s; axgbind explain lists them all", "没有名为 %s 的错误码或规则\n是否想查：%s；axgbind explain 可列出全部"},

	StatusJob:     {"job %s (journal %s)", "任务 %s（journal %s）"},
	StatusRows:    {"  input     %d rows, %s", "  输入      %d 行，%s"},
	StatusKnown:   {"  sent      BOUND %d, FAILED %d, UNKNOWN %d, PENDING %d, on the way %d", "  已发送    BOUND %d，FAILED %d，UNKNOWN %d，PENDING %d，进行中 %d"},
	StatusRunning: {"  running   since %s, last sign of life %s ago", "  运行中    开始于 %s，最近一次记录在 %s 前"},
	StatusHolder:  {"  holder    %s", "  持有者    %s"},
	StatusEnded:   {"  ended     %s with status %d: %s", "  已结束    %s，状态 %d：%s"},
	StatusDied:    {"  killed    the run since %s did not end in good order; last sign of life %s ago: run the same command again", "  被中断    %s 开始的运行没有正常结束，最近一次记录在 %s 前：再次运行同一命令即可"},
	StatusNoRun:   {"  no run was recorded yet", "  尚无运行记录"},
	StatusPace:    {"  pace      %d calls, throttled %d, limit %.1f/s, in flight %d, p50 %.0f ms, p99 %.0f ms", "  速度      调用 %d 次，限流 %d，上限 %.1f/s，进行中 %d，p50 %.0f 毫秒，p99 %.0f 毫秒"},
	StatusRuns:    {"  runs      %d, the first %s", "  运行次数  %d，首次 %s"},
	ErrNoJob:      {"no journal at %s\nname the results file of the job, as bind printed it, or give --journal", "%s 处没有 journal\n请给出 bind 输出的结果文件名，或用 --journal 指定"},

	ExplainCodes:   {"Codes of the service, and of what became of a call:", "服务的错误码，以及调用结果的代码："},
	ExplainRules:   {"Rules that a row is checked against before it is sent:", "发送前逐行检查的规则："},
	ExplainMeaning: {"meaning", "含义"},
	ExplainClass:   {"class", "类别"},
	ExplainDoes:    {"axgbind", "处理"},
	ExplainCause:   {"cause", "原因"},
	ExplainCure:    {"cure", "办法"},
	ExplainWho:     {"who", "责任人"},
	ExplainSource:  {"source", "来源"},
	DoesDone:       {"records the row as BOUND; it is never sent again", "该行记为 BOUND，不再发送"},
	DoesThrottled:  {"waits at least 1 s, slows the run down, and sends the row again; it was not executed", "至少等待 1 秒并降速，然后重发该行；请求未被执行"},
	DoesNotSent:    {"tries again up to --retries times, then pauses the run, probes, and stops with status 5; the row stays PENDING", "最多重试 --retries 次，之后暂停并探测，仍失败则以状态 5 停止；该行保持 PENDING"},
	DoesStale:      {"fetches the credential anew and tries once more; a second time stops the run with status 7", "重新获取凭据再试一次；再次出现则以状态 7 停止"},
	DoesRow:        {"records the row as FAILED and goes on; if the first 20 rows all get the same refusal, stops with status 8", "该行记为 FAILED 并继续；若最先发送的 20 行全部以同一原因被拒，则以状态 8 停止"},
	DoesCapacity:   {"leaves the row PENDING; 20 such answers in a row from different A numbers stop that pool and city; status 5", "该行保持 PENDING；来自不同 A 号的连续 20 次此类应答会停止该号池和城市；状态 5"},
	DoesAccount:    {"stops admitting rows at once, leaves the rest PENDING, and ends with status 7", "立即停止发送，其余行保持 PENDING，以状态 7 结束"},
	DoesAmbiguous:  {"records the row as UNKNOWN and never sends it again by itself; 20 such ends in a row pause the run", "该行记为 UNKNOWN，绝不自动重发；连续 20 次会暂停运行"},
	DoesHold:       {"holds the row back as INVALID; it is not sent", "该行记为 INVALID，不发送"},
	DoesTake:       {"takes the earlier binding as this row's: BOUND, not sent", "采用已有绑定：该行记为 BOUND，不发送"},
	DoesLeave:      {"leaves the row PENDING without sending it; run again when the pool has numbers", "该行不发送，保持 PENDING；号池有号后再次运行"},
	DoesInvalid:    {"records the row as INVALID; it is not sent", "该行记为 INVALID，不发送"},
	DoesWarn:       {"warns and sends the row all the same; the service decides", "给出警告但照常发送，由服务判断"},

	SeverityError:    {"error", "错误"},
	SeverityWarning:  {"warning", "警告"},
	SeverityRepaired: {"repaired", "已修正"},
	FindingHead:      {"%s%s%s: %s, %s", "%s%s%s：%s，%s"},
	FindingRow:       {"1 row", "1 行"},
	FindingRows:      {"%d rows", "%d 行"},
	FindingPlace:     {", %s", "，%s"},
	FindingFirst:     {"  line %d: %s", "  第 %d 行：%s"},
	FindingMore:      {"… and %d more kinds of findings: --findings FILE lists all", "……另有 %d 类问题：用 --findings FILE 列出全部"},
	FindingCounts:    {"%d rows read = %d valid + %d invalid; of the valid, %d repaired and %d with warnings", "读入 %d 行 = 有效 %d 行 + 无效 %d 行；有效行中已修正 %d 行，有警告 %d 行"},
	FindingListed:    {"%s lists the first %d of %d %s findings", "%s 只列出 %[3]d 条 %[4]s 中的前 %[2]d 条"},
	FindingTotal:     {"%d findings listed in %s", "共 %d 条问题，见 %s"},
	SumRepaired:      {"%d rows with repaired values", "%d 行有已修正的值"},
	SumFindings:      {"findings", "问题"},
	ErrFindingsKind: {"--findings %s: the name must end in .csv, .jsonl, .ndjson or .json\nname it findings.csv for a spreadsheet or findings.jsonl for a program",
		"--findings %s：文件名须以 .csv、.jsonl、.ndjson 或 .json 结尾\n给表格软件用写成 findings.csv，给程序用写成 findings.jsonl"},
	DoesRepair:   {"the value is put right and the row is sent; the results keep the input's own text", "修正后照常提交；结果文件保留输入原文"},
	FlagFindings: {"write every finding to `FILE`: .csv, or .jsonl for JSON lines", "把每一条问题写入 `FILE`：.csv，或 .jsonl（每行一个 JSON）"},

	HelpRoot:            {"bind phone numbers to middle numbers in bulk, safely", "批量绑定隐私号（AXG），安全可重跑"},
	HelpRootLong:        {"axgbind reads rows of A, B, group and expiration from a CSV, checks them, makes one\nrate-limited BindAxg call per row, and writes a results CSV with X numbers, binding\nids and error codes. Running it again is always safe: what is bound is not sent again.", "axgbind 从 CSV 读取 A 号、B 号、分组和过期时间，逐行检查，按限速为每行调用一次\nBindAxg，并写出包含中间号、绑定 ID 和错误码的结果 CSV。随时可以重跑：已绑定的行不会重发。"},
	HelpRootExample:     {"  axgbind template -o bindings.csv               # a file to fill in\n  axgbind check bindings.csv                     # find every fault, send nothing\n  axgbind bind --simulate bindings.csv           # rehearse without the service\n  axgbind bind bindings.csv --pool-key FC1...    # the real thing", "  axgbind template -o bindings.csv               # 生成待填写的文件\n  axgbind check bindings.csv                     # 检查所有问题，不发送\n  axgbind bind --simulate bindings.csv           # 不连服务先演练\n  axgbind bind bindings.csv --pool-key FC1...    # 正式绑定"},
	HelpBind:            {"check, then bind every row of a CSV", "检查并绑定 CSV 的每一行"},
	HelpBindLong:        {"Checks every row, makes one BindAxg call per valid row, and writes the results beside\nthe input. What was sent is kept in a journal, so the same command goes on after any\ncrash and never binds a row twice.", "检查每一行，为每个有效行调用一次 BindAxg，并把结果写在输入文件旁边。已发送的内容\n记录在 journal 中，因此任何中断之后用同一命令即可继续，绝不重复绑定。"},
	HelpBindExample:     {"  axgbind bind --simulate samples/bindings.csv\n  axgbind bind july.csv --pool-key FC100000000000001 --rate 500\n  axgbind bind july.csv --pool-key FC100000000000001 --limit 10     # a canary; run again to go on\n  axgbind bind july.csv --default Expiration=+30d --pool-key FC100000000000001", "  axgbind bind --simulate samples/bindings.csv\n  axgbind bind july.csv --pool-key FC100000000000001 --rate 500\n  axgbind bind july.csv --pool-key FC100000000000001 --limit 10     # 先试 10 行，再次运行继续\n  axgbind bind july.csv --default Expiration=+30d --pool-key FC100000000000001"},
	HelpCheck:           {"find every fault of a CSV; no network, nothing is written", "检查 CSV 的所有问题；不联网，不写文件"},
	HelpCheckLong:       {"The checks of bind, and nothing else: no network, no credentials, no journal. Findings\ngo to standard output, one a line. It takes every flag of bind.", "与 bind 相同的检查，仅此而已：不联网、不需要凭据、不碰 journal。发现的问题逐行写到\n标准输出。接受 bind 的所有参数。"},
	HelpCheckExample:    {"  axgbind check samples/mixed.csv\n  axgbind check export.csv --map Tel=PhoneNoA --default GroupId=2000000000001", "  axgbind check samples/mixed.csv\n  axgbind check export.csv --map Tel=PhoneNoA --default GroupId=2000000000001"},
	HelpSimulate:        {"serve the simulated service on loopback", "在本机运行模拟服务"},
	HelpSimulateLong:    {"Plays the service in memory: signatures, pools, cities, refusals, limits and faults. Prints\none line with its address when ready and serves until a signal. AccessKeyId testid, secret\ntestsecret, pool FC100000000000001. Look inside: GET /simulator/bindings, numbers, stats.", "在内存中模拟服务：签名、号池、城市、业务拒绝、限流和故障。就绪后打印一行地址，直到\n收到信号。AccessKeyId testid，密钥 testsecret，号池 FC100000000000001。\n查看内部状态：GET /simulator/bindings、numbers、stats。"},
	HelpSimulateExample: {"  axgbind simulate --latency 80ms --qps 500\n  axgbind simulate --fault drop-after=0.01 --fault throttling=0.05 --seed 7", "  axgbind simulate --latency 80ms --qps 500\n  axgbind simulate --fault drop-after=0.01 --fault throttling=0.05 --seed 7"},
	HelpTemplate:        {"write an input CSV with every column and one example row", "生成包含所有列和一行示例的输入 CSV"},
	HelpTemplateExample: {"  axgbind template -o bindings.csv", "  axgbind template -o bindings.csv"},
	HelpVersion:         {"print the version", "显示版本"},
	HelpStatus:          {"how a job stands, from its files alone", "只凭文件查看任务状态"},
	HelpStatusLong:      {"Reads the journal of a job, running or dead, without touching it: counts, pace, age, holder and\nhow the last run ended. JOB is the results path.", "读取任务的 journal（运行中或已中断均可），不做任何改动：各状态行数、速度、时间、持有者，\n以及最近一次运行如何结束。JOB 为结果文件路径。"},
	HelpStatusExample:   {"  axgbind status july.results.csv", "  axgbind status july.results.csv"},
	HelpExplain:         {"what a code or rule means, what axgbind does, and the cure", "解释错误码或规则：含义、处理方式和办法"},
	HelpExplainLong:     {"Explains a code of the service, an outcome of a call or a rule for rows: meaning, class, what\naxgbind does, cause, cure and who must act. Without an argument it lists them all.", "解释服务的错误码、调用结果或行规则：含义、类别、axgbind 的处理、原因、办法和责任人。\n不带参数时列出全部。"},
	HelpExplainExample:  {"  axgbind explain isv.BIND_CONFLICT\n  axgbind explain mobile-length --lang zh\n  axgbind explain", "  axgbind explain isv.BIND_CONFLICT\n  axgbind explain mobile-length --lang zh\n  axgbind explain"},
	HelpHelp:            {"help about any command", "查看命令帮助"},
	HelpUsage:           {"Usage:", "用法："},
	HelpCommands:        {"Commands:", "命令："},
	HelpExamples:        {"Examples:", "示例："},
	HelpFlags:           {"Flags:", "参数："},
	HelpGlobalFlags:     {"Global flags:", "全局参数："},
	HelpStatuses:        {"Exit statuses:", "退出状态："},
	HelpStatusList: {"  0 every row bound (check: valid)     6 input refused\n  1 internal or I/O error              7 account-level refusal, call the owner\n  3 some rows FAILED or INVALID        8 too many failures\n  4 some rows UNKNOWN                 10 usage or configuration error\n  5 some rows PENDING, run again      11 another run holds the journal\n  130/143 interrupted after draining, run again",
		"  0 全部绑定（check：全部有效）        6 输入文件被拒绝\n  1 内部或读写错误                     7 账号级拒绝，请联系负责人\n  3 部分行 FAILED 或 INVALID           8 失败过多\n  4 部分行 UNKNOWN                    10 用法或配置错误\n  5 部分行 PENDING，请再次运行         11 journal 正被另一个运行使用\n  130/143 中断并已收尾，请再次运行"},
	HelpMore: {"axgbind %s --help tells more about a command.", "用 axgbind %s --help 查看某个命令的更多说明。"},

	FlagOut:             {"results `FILE` (default INPUT without .csv + .results.csv)", "结果文件 `FILE`（默认为输入文件名加 .results.csv）"},
	FlagJournal:         {"journal `FILE`, the memory of what was sent (default results + .journal)", "journal `FILE`，记录已发送的内容（默认为结果文件名加 .journal）"},
	FlagPoolKey:         {"pool `KEY` for rows without one; short for --default PoolKey=KEY", "没有号池的行使用的号池 `KEY`，等于 --default PoolKey=KEY"},
	FlagDefault:         {"`FIELD=VALUE` for an absent column or empty cell; Expiration=+30d is resolved once per job", "缺少列或空单元格时使用的 `FIELD=VALUE`；Expiration=+30d 每个任务只计算一次"},
	FlagMap:             {"`COLUMN=FIELD`: take a column of another name for a field", "`COLUMN=FIELD`：把其他名称的列当作某字段"},
	FlagRate:            {"calls a second, fraction allowed, at most 5000", "每秒调用次数，可为小数，最多 5000"},
	FlagMaxInFlight:     {"calls on the wire: a number, or auto (follows 1.3 x rate x latency, at most 1024)", "同时进行的调用数：数字或 auto（按 1.3×速率×延迟，最多 1024）"},
	FlagTimeout:         {"one call", "单次调用超时"},
	FlagRetries:         {"tries of one row whose request surely did not reach the service", "请求确定未到达服务时，每行的重试次数"},
	FlagAdaptive:        {"slow down when throttled, and recover; never above --rate", "被限流时自动降速并恢复，不超过 --rate"},
	FlagStrict:          {"refuse the whole file if any row is invalid", "只要有无效行就拒绝整个文件"},
	FlagDryRun:          {"check only; touches neither journal nor results", "只检查，不碰 journal 和结果文件"},
	FlagLimit:           {"send at most `N` rows, then stop: a canary; running again goes on", "最多发送 `N` 行后停止，用于试跑；再次运行会继续"},
	FlagResend:          {"also send rows again that are `failed`, unknown, or have a given code (repeatable)", "重发 `failed`、unknown 或指定错误码的行（可重复）"},
	FlagWhenBound:       {"a row whose pool, A and group have another live binding: refuse or skip", "号池、A 号、分组已有其他有效绑定的行：refuse 或 skip"},
	FlagMaxFailures:     {"stop when `N` or N% of the rows sent have ended FAILED or UNKNOWN (N% from 100 rows on)", "已发送的行中 FAILED 或 UNKNOWN 达到 `N` 行或 N%（从 100 行起）时停止"},
	FlagMaxDuration:     {"drain and stop after this long; resumable", "运行这么久后收尾停止，可继续"},
	FlagUntil:           {"drain and stop at `HH:MM` Beijing time; resumable", "到北京时间 `HH:MM` 收尾停止，可继续"},
	FlagEncoding:        {"auto, utf-8, gb18030 (gbk), utf-16, utf-16le or utf-16be", "auto、utf-8、gb18030（gbk）、utf-16、utf-16le 或 utf-16be"},
	FlagDelimiter:       {"auto, comma, tab or semicolon", "auto、comma、tab 或 semicolon"},
	FlagAllowDuplicates: {"send rows that equal an earlier one in every request field", "允许发送与前面完全相同的行"},
	FlagAgain:           {"start a second job for an input that another journal already knows", "对其他 journal 已记录的输入另起一个任务"},
	FlagSimulate:        {"rehearse against the built-in simulator; no credentials, nothing real", "使用内置模拟服务演练，不需要凭据，不产生真实绑定"},
	FlagEndpoint:        {"service `URL`; plain http only on loopback", "服务地址 `URL`；http 只限本机回环"},
	FlagProgress:        {"auto, bar, plain or none", "auto、bar、plain 或 none"},
	FlagLang:            {"language of sentences for people: en or zh (default from LC_ALL, LC_MESSAGES, LANG)", "提示语言：en 或 zh（默认取自 LC_ALL、LC_MESSAGES、LANG）"},
	FlagSummary:         {"write the end summary as JSON to `FILE`", "把结束摘要以 JSON 写入 `FILE`"},
	FlagFailed:          {"write the rows that need a person (FAILED, INVALID) to `FILE`, ready to correct and feed back", "把需要人工更正的行（FAILED、INVALID）写入 `FILE`，更正后可再次作为输入"},
	FlagLog:             {"write the log to `FILE` instead of standard error", "日志写入 `FILE`，而不是标准错误"},
	FlagLogFormat:       {"text or json", "text 或 json"},
	FlagVerbose:         {"log every call (numbers masked)", "记录每次调用（号码已脱敏）"},
	FlagOutMode:         {"permission `MODE` of the results", "结果文件的权限 `MODE`"},
	FlagYes:             {"do not ask before a real run on a terminal", "在终端上真实运行前不再询问"},
	FlagSimListen:       {"loopback address and port", "本机回环地址和端口"},
	FlagSimTLS:          {"serve https with a self-signed certificate", "使用自签名证书提供 https"},
	FlagSimNumbers:      {"free X numbers", "可用中间号数量"},
	FlagSimCities:       {"X numbers by city, such as 北京=100,上海=900", "按城市的中间号数量，如 北京=100,上海=900"},
	FlagSimStrictCity:   {"give no number of another city than ExpectCity", "只分配 ExpectCity 指定城市的号码"},
	FlagSimLatency:      {"service time of a call", "每次调用的服务时间"},
	FlagSimJitter:       {"random addition to the latency", "在延迟上随机增加的时间"},
	FlagSimQPS:          {"calls a second per action; above it isv.FLOW_LIMIT; 0: no limit", "每个接口每秒调用数，超过返回 isv.FLOW_LIMIT；0 为不限"},
	FlagSimFault:        {"`KIND[@Action]=P`: a fault with a probability per call (repeatable)", "`KIND[@Action]=P`：按概率注入故障（可重复）"},
	FlagSimLag:          {"look-ups see a binding only so much later", "绑定在查询中可见的延迟"},
	FlagSimSeed:         {"seed of all randomness", "所有随机数的种子"},
	FlagTemplateOut:     {"write to `FILE` (default standard output)", "写入 `FILE`（默认标准输出）"},
	FlagHelp:            {"this help", "本帮助"},
}
