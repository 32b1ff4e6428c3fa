package report

// The page about a batch.
var (
	HelpReport        = Text{"a batch as one page to look at, or its summary here", "把批次做成一页图表，或在终端显示摘要"}
	HelpReportLong    = Text{"Makes one HTML file of a batch, running or over, from the journal and its results: what became of the\nrows and why, what to do now, pace, latency and every run. It loads nothing from elsewhere, numbers\nin it are masked, and it can be mailed or printed. Without -o, the summary is printed.\nBATCH is the path of the results, wherever they stand now, or the id of the batch; without its results\nthe journal alone tells of it.", "根据台账（journal）和结果（运行中亦可）把批次做成一个网页文件：各行的结果和原因、下一步、速度、\n延迟和每次运行。页面不加载任何外部内容，号码已脱敏，可以发邮件或打印。不加 -o 时输出摘要。\nBATCH 为结果文件路径（移动过也可），或批次编号；没有结果文件时仅凭台账。"}
	HelpReportExample = Text{"  axgbind report july.results.csv                     # the summary\n  axgbind report july.results.csv -o july.html        # the page\n  axgbind report bmikd7k3q -o night.html              # by the id that axgbind status lists", "  axgbind report july.results.csv                     # 摘要\n  axgbind report july.results.csv -o july.html        # 页面\n  axgbind report bmikd7k3q -o night.html              # 按 axgbind status 列出的批次编号"}
	FlagReportOut     = Text{"write the page to `FILE`.html; - is standard output", "把页面写入 `FILE`.html；- 为标准输出"}
	// 1 path
	ErrPageName = Text{"--out %s: a page needs a name that ends in .html\ngive a name such as july.html", "--out %s：页面的文件名应以 .html 结尾\n请使用 july.html 这样的文件名"}
	// 1 path 2 why
	ErrPageResults = Text{"%s cannot be read as results: %s\ngive the results file that bind wrote; axgbind status works without it", "%s 无法作为结果文件读取：%s\n请给出 bind 写出的结果文件；axgbind status 不需要它"}
	PageBrand      = Text{"number bindings, a report", "号码绑定报告"}
	PageRehearsal  = Text{"Rehearsal", "演练"}
	PageRehearsed  = Text{"Nothing was bound at the real service; every number and answer here was simulated.", "没有在真实服务上绑定任何号码，本页的应答均为模拟。"}
	PageSayRunning = Text{"The run goes on; this page shows it up to the moment it was made", "运行尚未结束；本页为生成时的情况"}
	PageSayKilled  = Text{"The last run ended without a word (killed or crashed)", "最近一次运行没有正常结束（被强制终止或崩溃）"}
	// 1 status 2 words
	PageStatus = Text{"Status %d: %s", "状态 %d：%s"}
	// 1 why
	PageStopped     = Text{"It stopped: %s", "停止原因：%s"}
	PageFromEdited  = Text{"The results file was changed after the last run wrote it; the counts are those of the file as it is now.", "结果文件在最近一次运行之后被改动过；以下为该文件现在的统计。"}
	PageFromJournal = Text{"The last run has not written its results, so the counts come from the journal: INVALID and HELD rows, and rows settled by earlier batches, stand under PENDING.", "最近一次运行没有写出结果，以下统计来自台账（journal）：INVALID 和 HELD 的行，以及此前批次已有结果的行，计在未发送（PENDING）中。"}
	PageFromEnd     = Text{"The results file is not there, so the counts are those that the last run recorded; where rows failed is not known.", "结果文件不在，以下为最近一次运行记录的统计；失败分布未知。"}
	// 1 when
	PageCompacted = Text{"The journal was compacted on %s: of earlier runs only what they said at their end is kept.", "台账（journal）于 %s 压缩过：更早的运行只保留其结束时的记录。"}
	PageNone      = Text{"No row", "没有任何行"}
	// 1 rows
	PageAllBound = Text{"All %s rows are bound", "%s 行全部绑定成功"}
	PageOneBound = Text{"The one row is bound", "仅有的一行绑定成功"}
	// 1 bound 2 rows
	PageSomeBound = Text{"%s of %s rows are bound", "绑定成功 %s 行，共 %s 行"}
	// 1 released 2 rows
	PageReleased      = Text{"%s of %s bindings are released", "已解绑 %s 条，共 %s 条"}
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
	PageMeansPending  = Text{"the next run sends it", "下次运行会发送"}
	PageStarted       = Text{"Started", "开始"}
	PageTook          = Text{"Took", "用时"}
	PageCalls         = Text{"Calls", "调用"}
	PageThrottled     = Text{"Throttled", "限流"}
	PagePeak          = Text{"Fastest second", "最快一秒"}
	PageLimit         = Text{"Limit/s", "上限/s"}
	PageAttention     = Text{"What needs attention", "需要关注"}
	PageNothing       = Text{"Nothing: no row was refused, invalid, held back or left in doubt.", "没有被拒绝、无效、暂不发送或结果未知的行。"}
	PageCode          = Text{"Code", "错误码"}
	PageWho           = Text{"Who acts", "负责人"}
	// 1 n
	PageMore  = Text{"%s more not shown", "另有 %s 个未列出"}
	PageCause = Text{"Cause", "原因"}
	PageCure  = Text{"Cure", "办法"}
	// 1 shown 2 rows
	PageFirst   = Text{"The first %s of %s rows", "前 %s 行，共 %s 行"}
	PageLine    = Text{"Line", "行"}
	PageGroup   = Text{"Group", "G 组（GroupId）"}
	PageA       = Text{"A number", "A 号码"}
	PageRequest = Text{"RequestId", "RequestId"}
	PageAt      = Text{"Last answer", "最后应答"}
	// 1 lines
	PageUnseen = Text{"Lines %s", "行 %s"}
	// 1 runs
	PageChartRuns  = Text{"%s runs on one time line. Pauses between them are narrowed.", "%s 次运行在同一时间轴上。两次运行之间的间隔已压缩。"}
	PageShowTable  = Text{"The numbers", "数据"}
	PageTime       = Text{"From (UTC+8)", "时间（北京）"}
	PageWhere      = Text{"Where these rows are", "这些行的分布"}
	PageWhereUnit  = Text{"Bars: rows with a code, as above.", "横条：有错误码的行数，同上表。"}
	PagePool       = Text{"Pool", "号码池"}
	PageCity       = Text{"City", "城市"}
	PagePlaceBlank = Text{"(none given)", "（未填）"}
	// 1 codes 2 results 3 date
	PageNewCodes = Text{"New since the batch before (%[2]s, %[3]s): %[1]s", "上一批次（%[2]s，%[3]s）没有的错误码：%[1]s"}
	// 1 results 2 date
	PageNoNewCodes = Text{"No code is new since the batch before (%s, %s).", "与上一批次（%s，%s）相比，没有新出现的错误码。"}
	PageRuns       = Text{"The runs", "各次运行"}
	PageHowEnded   = Text{"How it ended", "如何结束"}
	PageRunKilled  = Text{"killed or crashed", "被强制终止或崩溃"}
	PageRunOn      = Text{"goes on", "运行中"}
	// 1 version 2 when 3 results 4 journal
	PageMade = Text{"Made by axgbind %s on %s (Beijing) from %s and %s. Phone numbers are masked; this file loads nothing from elsewhere.", "由 axgbind %s 于 %s（北京时间）根据 %s 和 %s 生成。号码已脱敏；本文件不加载任何外部内容。"}
	PageNext = Text{"Relative paths are those of the folder where that run was started.", "相对路径以该次运行的启动目录为准。"}
	// 1 command
	PageNextSaid = Text{"see what needs attention; then, as that run said: %s", "先看需要关注的各项，再按该次运行所述执行：%s"}
	PageNextTold = Text{"the command holds a number that is masked here; it stands at the end of what the run printed", "命令中有脱敏的号码；完整命令见该次运行输出的末尾"}
	// 1 name 2 its rows 3 all rows
	PageMost = Text{"%s has the most: %s of %s rows with a code", "最多的是 %s：%s 行，共 %s 行有错误码"}
	// 1 names 2 rows of each 3 all rows
	PageMostTied = Text{"%s have the most: %s each, of %s rows with a code", "%s 并列最多，各 %s 行，共 %s 行有错误码"}
	// 1 rows of each 2 all rows
	PageMostMany     = Text{"None stands out: several have %s each, of %s rows with a code", "没有突出的：多个并列，各 %s 行，共 %s 行有错误码"}
	PageReason       = Text{"Reason", "说明"}
	PageNeverReached = Text{"never reached: no call was made for these rows", "尚未轮到：没有为这些行发出调用"}
	PagePlaceTried   = Text{"PENDING, tried", "未发送（PENDING），有错误码"}
	PagePlaceNever   = Text{"PENDING, never reached", "未发送（PENDING），未轮到"}
	PageChartUnit    = Text{"Calls a second, by where their rows stood after them; dashed: the limit in force.", "每秒调用，按调用之后该行的状态；虚线为当时的上限。"}
	// 1 most
	PagePaceScale = Text{"0 to %s/s", "0–%s/s"}
	// 1 runs
	PageEarlier = Text{"%s earlier runs are not shown.", "更早的 %s 次运行未列出。"}
	// 1 status
	PageInIt  = Text{"%s in it", "本次 %s"}
	MaskedOne = Text{"1 character", "1 位"}
	// 1 n
	MaskedDigits = Text{"%d digits", "%d 位"}
	// 1 n
	MaskedShort = Text{"%d characters", "%d 位"}
	PageListAnd = Text{", ", "、"}
)
