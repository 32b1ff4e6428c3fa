package report

// What status says.
var (
	// 1 path 2 id
	StatusJournal = Text{"journal %s, id %s", "台账（journal）%s，编号 %s"}
	// 1 start 2 command 3 batch
	StatusLast = Text{"  last run  %s, %s of batch %s", "  上次运行  %s，批次 %[3]s 的 %[2]s"}
	// 1 bindings
	StatusLive = Text{"  live      %d bindings (axgbind status --bindings lists them)", "  有效绑定  %d 条（清单：axgbind status --bindings）"}
	// 1 how many
	StatusBatches = Text{"  batches   %d, the one that ran last first", "  批次      %d 个，最近运行的在前"}
	// 1 id 2 command 3 results
	StatusBatch = Text{"batch %s  %s, results %s", "批次 %s  %s，结果 %s"}
	// 1 path
	StatusOfJournal = Text{"  journal   %s", "  台账      %s"}
	// 1 batch 2 its results
	StatusOf = Text{"  about     batch %s, results %s", "  针对      批次 %s，结果 %s"}
	// 1 rows in the input of the last run 2 input
	StatusRows = Text{"  input     %d rows, %s", "  输入      %d 行，%s"}
	// 1 rows
	StatusReleased = Text{"  released  %d", "  已解绑    %d"}
	// 1 bound 2 live 3 lapsed 4 failed 5 unknown 6 pending 7 open
	StatusKnown = Text{"  sent      BOUND %d (live %d, lapsed %d), FAILED %d, UNKNOWN %d, PENDING %d, on the way %d", "  已发送    已绑定 BOUND %d（有效 %d，已到期 %d），失败 FAILED %d，结果未知 UNKNOWN %d，未发送 PENDING %d，进行中 %d"}
	// 1 bindings 2 batch 3 its results
	StatusPassed = Text{"  passed on %d bindings that batch %s renewed since, results %s", "  已转出    %d 条绑定之后由批次 %s 续期，结果 %s"}
	// 1 since
	StatusRunning = Text{"  running   since %s", "  运行中    开始于 %s"}
	// 1 holder
	StatusHolder = Text{"  holder    %s", "  持有者    %s"}
	// 1 when 2 status 3 words
	StatusEnded = Text{"  ended     %s with status %d: %s", "  已结束    %s，状态 %d：%s"}
	StatusNext  = Text{"next, as that run said (relative paths are of the folder in which it ran):", "下一步（该次运行所述；相对路径以其运行时的目录为准）："}
	// 1 since
	StatusDied  = Text{"  killed    the run of %s has no end: it was killed or crashed; run the same command again", "  强制终止  %s 开始的运行没有结束记录：它被强制终止或崩溃；再次运行同一命令即可"}
	StatusNoRun = Text{"  no run was recorded yet", "  尚无运行记录"}
	// 1 calls 2 throttled 3 limit 4 in flight 5 p50 6 p99
	StatusPace = Text{"  pace      %d calls, throttled %d, limit %.1f/s, in flight %d, p50 %.0f ms, p99 %.0f ms", "  速度      调用 %d 次，限流 %d，上限 %.1f 次/秒，进行中 %d，p50 %.0f 毫秒，p99 %.0f 毫秒"}
	// 1 n 2 first
	StatusRuns = Text{"  runs      %d, the first %s", "  运行次数  %d，首次 %s"}
	// 1 argument
	ErrForgetNumber = Text{"%s is no phone number\ngive it as an input may: 13800138000, \"+86 138 0013 8000\" or 0571-88992688", "%s 不是电话号码\n请按输入文件中的写法给出：13800138000、\"+86 138 0013 8000\" 或 0571-88992688"}
	// 1 number 2 why 3 how many more 4 commands
	ErrForgetNeeded = Text{"%[1]s is still needed: %[2]s%[3]s; nothing was changed\nend that first: %[4]s", "号码 %[1]s 仍然需要：%[2]s%[3]s；未做任何改动\n请先处理：%[4]s"}
	// 1 SubsId 2 batch 3 end
	WhyForgetLives = Text{"binding %[1]s of batch %[2]s may live, it ends %[3]s", "批次 %[2]s 的绑定 %[1]s 可能仍有效，到期时间 %[3]s"}
	// 1 SubsId 2 batch 3 end
	WhyForgetUntold = Text{"binding %[1]s of batch %[2]s ended %[3]s by this machine's clock; the service's clock counts, and no run has heard yet that it is past that", "批次 %[2]s 的绑定 %[1]s 按本机时钟已于 %[3]s 到期；以服务端时间为准，而尚无运行从服务端得知已过该时间"}
	// 1 batch 2 line
	WhyForgetDoubt = Text{"a call of batch %[1]s, line %[2]d, is in doubt", "批次 %[1]s 第 %[2]d 行有一次请求结果未知"}
	// 1 n
	ForgetMore = Text{", and %d more", "，另有 %d 处"}
	// 1 SubsId
	ForgetUnnamed = Text{"axgbind unbind LIST.csv --yes (a list with PoolKey, SecretNo and SubsId %s)", "axgbind unbind LIST.csv --yes（解绑，清单中含 PoolKey、SecretNo 和 SubsId %s）"}
	// 1 records
	ForgetDone = Text{"the journal was rewritten: %d records held the number, none does now", "台账（journal）已重写：原有 %d 条记录含有该号码，现已全部去除"}
	// 1 records
	ForgetWould = Text{"%d records of the journal hold the number, and would lose it", "台账（journal）中有 %d 条记录含有该号码，将被去除"}
	ForgetNone  = Text{"no record of the journal holds the number", "台账（journal）中没有记录含有该号码"}
	// 1 journals
	ForgetCopies = Text{"old copies and simulated journals beside it: %d held the number, none does now", "台账旁的旧副本和演练台账：原有 %d 个含有该号码，现已全部去除"}
	// 1 journals
	ForgetInCopies = Text{"old copies and simulated journals beside it: %d hold the number, and would lose it", "台账旁的旧副本和演练台账：有 %d 个含有该号码，将被去除"}
	// 1 files
	ForgetFiles   = Text{"files that hold the number, on standard output: %d; delete the files, or the number in them, by hand", "仍含有该号码的文件（见标准输出）：%d 个；请手动删除文件或其中的号码"}
	ForgetNoFiles = Text{"no other known file holds the number; copies that others made are not known here", "没有其他已知文件含有该号码；他人复制的文件无从得知"}
	// 1 path 2 why
	ForgetUnread = Text{"it is not known whether %s holds the number: %s", "无法判断 %s 是否含有该号码：%s"}
	// 1 value 2 flag
	ErrReadMasked = Text{"the journal keeps %s of the last run only masked, so the rows cannot be read as they were\ngive it again: %s", "上次运行的 %s 在台账（journal）中只保存了脱敏形式，无法按原样读取各行\n请重新给出：%s"}
)

// What status says of the last runs of a batch.
var (
	// 1 id
	RunsRun  = Text{"run %s", "运行 %s"}
	RunsTime = Text{"time", "时间"}
	// 1 start
	RunsFrom = Text{"from %s, Beijing time", "北京时间 %s 开始"}
	// 1 start 2 end 3 duration
	RunsFromTo = Text{"%s to %s, Beijing time (%s)", "北京时间 %s 至 %s（%s）"}
	RunsEnded  = Text{"ended", "结束"}
	RunsNoEnd  = Text{"no end is recorded: the run was killed, or still goes on", "没有结束记录：运行被强制终止，或仍在进行"}
	RunsWho    = Text{"who", "执行者"}
	// 1 masked key id
	RunsKey     = Text{", key %s", "，密钥 %s"}
	RunsProgram = Text{"program", "程序"}
	RunsInput   = Text{"input", "输入"}
	// 1 name 2 rows 3 SHA-256
	RunsFile      = Text{"%s, %d rows, SHA-256 %s", "%s，%d 行，SHA-256 %s"}
	RunsUnwritten = Text{" (could not be written)", "（未能写入）"}
	// 1 name 2 SHA-256
	RunsDigest = Text{"%s, SHA-256 %s", "%s，SHA-256 %s"}
	RunsCalls  = Text{"BindAxg", "BindAxg"}
	// 1 calls 2 retries
	RunsCallsOf  = Text{"calls %d, retries %d", "调用 %d 次，重试 %d"}
	RunsCommand  = Text{"command", "命令"}
	FlagJSON     = Text{"print all of it as JSON; with a BATCH, every run of it", "以 JSON 输出全部内容；指定 BATCH 时包括其每次运行"}
	FlagBindings = Text{"list the live bindings as CSV: full numbers", "以 CSV 列出有效绑定：含完整号码"}
)
