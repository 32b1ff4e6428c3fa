package report

// The page about a batch.
var (
	HelpReport        = Text{"a batch as one page to look at, or its summary here", "把批次做成一页图表，或在终端显示摘要"}
	HelpReportLong    = Text{"Makes one HTML file of a batch, running or over, from the journal and its results: what became of the\nrows and why, pace, latency, every run, and the night before. It loads nothing from elsewhere, numbers\nin it are masked, and it can be mailed or printed. Without -o, the summary is printed.\nBATCH is the path of the results, wherever they stand now, or the id of the batch; without its results\nthe journal alone tells of it.", "根据台账（journal）和结果（运行中亦可）把批次做成一个网页文件：各行的结果和原因、速度、延迟、\n每次运行、与前一晚的比较。页面不加载任何外部内容，号码已脱敏，可以发邮件或打印。\n不加 -o 时输出摘要。BATCH 为结果文件路径（移动过也可），或批次编号；没有结果文件时仅凭台账。"}
	HelpReportExample = Text{"  axgbind report july.results.csv                     # the summary\n  axgbind report july.results.csv -o july.html        # the page\n  axgbind report bmikd7k3q -o night.html              # by the id that axgbind status lists", "  axgbind report july.results.csv                     # 摘要\n  axgbind report july.results.csv -o july.html        # 页面\n  axgbind report bmikd7k3q -o night.html              # 按 axgbind status 列出的批次编号"}
	FlagReportOut     = Text{"write the page to `FILE`.html; - is standard output", "把页面写入 `FILE`.html；- 为标准输出"}
	// 1 path
	ErrPageName = Text{"--out %s: a page needs a name that ends in .html\ngive a name such as july.html", "--out %s：页面的文件名应以 .html 结尾\n请使用 july.html 这样的文件名"}
	// 1 path 2 why
	ErrPageResults = Text{"%s cannot be read as results: %s\ngive the results file that bind wrote; axgbind status works without it", "%s 无法作为结果文件读取：%s\n请给出 bind 写出的结果文件；axgbind status 不需要它"}
	PageBrand      = Text{"number bindings, a report", "号码绑定报告"}
	// 1 batch
	PageTitle      = Text{"%s: number bindings", "%s 号码绑定报告"}
	PageRehearsal  = Text{"Rehearsal", "演练"}
	PageRehearsed  = Text{"Nothing was bound at the real service; every number and answer here was simulated.", "没有在真实服务上绑定任何号码，本页的应答均为模拟。"}
	PageSayRunning = Text{"The run goes on; this page shows it up to the moment it was made", "运行尚未结束；本页为生成时的情况"}
	PageSayKilled  = Text{"The last run ended without a word (killed or crashed); run the same command again", "最近一次运行没有正常结束（被杀或崩溃）；再次运行同一命令"}
	// 1 status 2 words
	PageStatus = Text{"Status %d: %s", "状态 %d：%s"}
	// 1 why
	PageStopped     = Text{"It stopped: %s", "停止原因：%s"}
	PageFromEdited  = Text{"The results file was changed after the last run wrote it; the counts are those of the file as it is now.", "结果文件在最近一次运行之后被改动过；以下为该文件现在的统计。"}
	PageFromJournal = Text{"The last run has not written its results, so the counts come from the journal: INVALID and HELD rows, and rows settled by earlier batches, stand under PENDING.", "最近一次运行没有写出结果，以下统计来自台账（journal）：INVALID 和 HELD 的行，以及此前批次已有结果的行，计在未发送（PENDING）中。"}
	PageFromEnd     = Text{"The results file is not there, so the counts are those that the last run recorded; where rows failed is not known.", "结果文件不在，以下为最近一次运行记录的统计；失败分布未知。"}
	// 1 when
	PageCompacted = Text{"The journal was compacted on %s: of earlier runs only what they said at their end is kept.", "台账（journal）于 %s 压缩过：更早的运行只保留其结束时的记录。"}
	// 1 sum 2 rows
	PageUnbalanced = Text{"The counts do not balance: %s counted, %s read. Please report this.", "计数不平：统计 %s 行，读入 %s 行。请反馈此问题。"}
	PageNone       = Text{"No row", "没有任何行"}
	// 1 rows
	PageAllBound = Text{"All %s rows are bound", "%s 行全部绑定成功"}
	PageOneBound = Text{"The one row is bound", "仅有的一行绑定成功"}
	// 1 rows
	PageNoneBound = Text{"None of %s rows is bound", "%s 行均未绑定成功"}
	// 1 bound 2 rows
	PageSomeBound = Text{"%s of %s rows are bound", "绑定成功 %s 行，共 %s 行"}
	// 1 released 2 rows
	PageReleased      = Text{"%s of %s bindings are released", "已解绑 %s 条，共 %s 条"}
	PageStates        = Text{"Rows by state", "各状态行数"}
	PageStateHead     = Text{"State", "状态"}
	PageRowsHead      = Text{"Rows", "行数"}
	PageShare         = Text{"Share", "占比"}
	PageMeaning       = Text{"Meaning", "含义"}
	PageMeansBound    = Text{"the service confirmed the binding", "服务确认已绑定"}
	PageMeansReleased = Text{"the binding was taken back by unbind", "绑定已由 unbind 解绑"}
	PageMeansFailed   = Text{"the service refused the row", "服务拒绝了这一行"}
	PageMeansInvalid  = Text{"never sent: a local check found a fault", "本地检查未通过，未发送"}
	PageMeansHeld     = Text{"fit to be sent, but the journal has, or may have, a binding in its place: a person decides", "台账里这个位置已有绑定或可能有绑定，等人决定，暂不发送"}
	PageMeansUnknown  = Text{"sent, and nobody knows whether it was executed", "已发送，不知道是否执行"}
	PageMeansPending  = Text{"the next run sends it: not executed, or a change or release that may be made twice", "下次运行会发送：没有执行，或是可以重复执行的变更、解绑"}
	PageFacts         = Text{"The last run", "最近一次运行"}
	PageInput         = Text{"Input", "输入"}
	PageStarted       = Text{"Started", "开始"}
	PageTook          = Text{"Took", "用时"}
	PageCalls         = Text{"Calls", "调用"}
	PageRetries       = Text{"Retries", "重试"}
	PageThrottled     = Text{"Throttled", "限流"}
	PageAverage       = Text{"Average", "平均"}
	PagePeak          = Text{"Peak second", "最快一秒"}
	PageLimit         = Text{"Limit", "上限"}
	PageLatency       = Text{"Latency", "延迟"}
	PageBy            = Text{"Run by", "运行者"}
	// 1 number
	PagePerSecond = Text{"%s/s", "%s/s"}
	PageAttention = Text{"What needs attention", "需要关注"}
	PageNothing   = Text{"Nothing: no row was refused, invalid, held back or left in doubt.", "没有被拒绝、无效、暂不发送或结果未知的行。"}
	// 1 code 2 its rows 3 all rows
	PageCodesTitle = Text{"%s is the most frequent reason: %s of %s rows", "最多的原因是 %s：%s 行，共 %s 行"}
	// 1 code 2 rows
	PageCodesOne = Text{"%s is the only reason, for %s rows", "唯一的原因是 %s：%s 行"}
	// 1 code
	PageCodesOneRow = Text{"%s is the only reason, for one row", "唯一的原因是 %s：1 行"}
	PageCodesUnit   = Text{"Rows that are not bound, by code; a row counts once", "未绑定成功的行，按错误码；每行只计一次"}
	PageCode        = Text{"Code", "错误码"}
	PageWho         = Text{"Who acts", "负责人"}
	// 1 n
	PageMoreCodes = Text{"and %s more codes; see the results", "另有 %s 种错误码，见结果文件"}
	// 1 rows 2 status
	PageCodeRows = Text{"%s rows %s", "%s 行 %s"}
	// 1 status
	PageCodeRow = Text{"1 row %s", "1 行 %s"}
	PageCause   = Text{"Cause", "原因"}
	PageCure    = Text{"Cure", "办法"}
	// 1 shown 2 rows
	PageFirst    = Text{"The first %s of %s rows", "前 %s 行，共 %s 行"}
	PageThese    = Text{"The rows", "涉及的行"}
	PageLine     = Text{"Line", "行"}
	PageGroup    = Text{"Group", "G 组"}
	PageA        = Text{"A number", "A 号"}
	PageReason   = Text{"In this row", "本行情况"}
	PageRequest  = Text{"RequestId", "RequestId"}
	PageOneNot   = Text{"The one row is not bound", "仅有的一行未绑定成功"}
	PageAttempts = Text{"Calls", "调用次数"}
	PageAt       = Text{"Last answer", "最后应答"}
	// 1 lines
	PageUnseen = Text{"Lines %s", "行 %s"}
	PageCourse = Text{"The course of the batch", "批次过程"}
	// 1 runs
	PageCourseRuns = Text{"%s runs on one time line. Pauses between them, hatched, are narrowed.", "%s 次运行在同一时间轴上。斜线处为两次运行之间的间隔，宽度已压缩。"}
	// 1 runs
	PageCourseOld = Text{"The course is that of the latest %s runs; the table of runs has them all.", "过程仅含最近 %s 次运行；全部运行见“各次运行”表。"}
	PageNoCourse  = Text{"The journal holds no call of this batch.", "台账（journal）中没有本批次的调用。"}
	PageShowTable = Text{"The numbers", "数据"}
	PageTime      = Text{"From (UTC+8)", "时间（北京）"}
	PageSpan      = Text{"Length", "时长"}
	// 1 bound 2 duration
	PageRowsTitle = Text{"%s bound in %s of running", "运行 %[2]s，绑定 %[1]s 行"}
	PageRowsUnit  = Text{"Rows by state over time; each strip has a scale of its own", "各状态行数随时间的变化；每一条的比例尺不同"}
	PageRowsGone  = Text{"The journal counts rows that have left the input since, so these numbers end above those of the summary.", "台账（journal）中有些行已不在输入里，因此这里的数字大于上面的统计。"}
	// 1 average 2 most
	PagePaceTitle = Text{"On average %s calls/s, at most %s", "平均每秒 %s 次调用，最多 %s 次"}
	// 1 average 2 most 3 limit
	PagePaceUnder = Text{"On average %s calls/s, at most %s, which is within the limit of %s", "平均每秒 %s 次调用，最多 %s 次，未超过上限 %s"}
	// 1 average 2 most 3 limit
	PagePaceOver      = Text{"On average %s calls/s; %s in one second, above the limit of %s", "平均每秒 %s 次调用；有一秒达 %s 次，超过上限 %s"}
	PageThrottledNone = Text{"none was throttled", "没有限流"}
	// 1 share
	PageThrottledSome = Text{"%s were throttled", "%s 被限流"}
	PagePaceUnit      = Text{"Calls a second, by when they left", "每秒调用次数，按发出时间"}
	PageKeyCalls      = Text{"calls", "调用"}
	PageKeyLimit      = Text{"limit in force", "当时的上限"}
	PageKeyThrottled  = Text{"throttled", "有限流"}
	PageKeyChange     = Text{"change of pace", "上限变化"}
	// 1 p50 2 p99
	PageLatencyTitle = Text{"Half of the answers came within %s, 99 of 100 within %s", "半数应答在 %s 之内，99%% 在 %s 之内"}
	PageLatencyUnit  = Text{"Latency in milliseconds: the band reaches from p50 to p99", "延迟，单位毫秒：色带为 p50 至 p99"}
	// 1 most
	PageFlightTitle = Text{"Calls under way at once: at most %s", "同时进行的调用最多 %s 次"}
	PageFlightUnit  = Text{"Calls in flight, looked at once a second", "进行中的调用数，每秒观察一次"}
	PageNoFlight    = Text{"Calls in flight are looked at once a second; no run lasted that long.", "进行中的调用数每秒观察一次；没有一次运行达到一秒。"}
	PageAnswers     = Text{"Answers", "应答"}
	PageP50         = Text{"p50", "p50"}
	PageP99         = Text{"p99", "p99"}
	PagePaceHead    = Text{"Calls/s", "每秒调用"}
	PageInFlight    = Text{"In flight", "进行中"}
	PageWhere       = Text{"Where rows failed", "失败分布"}
	PageWhereUnit   = Text{"Rows FAILED, INVALID, HELD or UNKNOWN; the bar is their share of the place's rows", "FAILED、INVALID、HELD、UNKNOWN 的行；横条为其占该处行数的比例"}
	PagePool        = Text{"Pool", "号池"}
	PageCity        = Text{"City", "城市"}
	PageByPool      = Text{"By pool", "按号池"}
	PageByGroup     = Text{"By group", "按 G 组"}
	PageByCity      = Text{"By city", "按城市"}
	// 1 place 2 its failures 3 all failures
	PagePlaceTitle = Text{"%s has the most: %s of %s", "最多的是 %s：%s 行，共 %s 行"}
	PagePlaceBlank = Text{"(none given)", "（未填）"}
	// 1 n
	PagePlaceRest  = Text{"all others, %s of them with failures", "其余，其中 %s 个有失败"}
	PageFailing    = Text{"Failing", "失败"}
	PageFailShare  = Text{"Share of its rows", "占该处行数"}
	PageBeforeHead = Text{"Against the last night", "与前一晚比较"}
	// 1 then 2 now
	PageBeforeUnit = Text{"Rows sent by the batch before in this journal, %s, against those of this batch, %s", "同一台账（journal）中前一个批次 %s 与本批次 %s 发送的行"}
	// 1 date
	PageThen = Text{"Then, %s", "前一晚 %s"}
	// 1 date
	PageNow     = Text{"Now, %s", "本次 %s"}
	PageMeasure = Text{"Measure", "项目"}
	// 1 codes
	PageNewCodes   = Text{"New codes: %s", "新出现的错误码：%s"}
	PageNoNewCodes = Text{"No code is new.", "没有新出现的错误码。"}
	// 1 codes
	PageGoneCodes = Text{"No longer seen: %s", "不再出现：%s"}
	// 1 n 2 lines
	PageAgain = Text{"%s rows fail or are in doubt again, by pool, A and group: lines %s", "%s 行再次失败或结果未知（号池、A 号、分组相同）：行 %s"}
	// 1 line
	PageAgainOne    = Text{"1 row fails or is in doubt again, by pool, A and group: line %s", "1 行再次失败或结果未知（号池、A 号、分组相同）：行 %s"}
	PageAgainNone   = Text{"No row fails again.", "没有再次失败的行。"}
	PageRuns        = Text{"The runs", "各次运行"}
	PageRunsCaption = Text{"Every run of the batch, oldest first; rows are those that stood so after it, of rows that were sent", "批次的每次运行，先后为序；行数为该次运行之后已发送各行的状态"}
	PageRunHead     = Text{"Run", "运行"}
	PageHowEnded    = Text{"How it ended", "如何结束"}
	PageRunKilled   = Text{"killed or crashed", "被杀或崩溃"}
	PageRunOn       = Text{"goes on", "运行中"}
	// 1 version 2 when 3 results 4 journal
	PageMade    = Text{"Made by axgbind %s on %s (Beijing) from %s and %s. Phone numbers are masked; this file loads nothing from elsewhere.", "由 axgbind %s 于 %s（北京时间）根据 %s 和 %s 生成。号码已脱敏；本文件不加载任何外部内容。"}
	PageListAnd = Text{", ", "、"}
)
