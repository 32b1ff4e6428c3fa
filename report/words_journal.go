package report

// The journal: where it is, who has it, what it lacks.
var (
	// 1 path 2 the journal 3 command
	ErrNoSource = Text{"there is no journal at %[1]s, so nothing was copied\nthe journal is %[2]s: to copy that one, type %[3]s", "%[1]s 处没有台账（journal），未复制任何内容\n台账是 %[2]s，要复制它请运行 %[3]s"}
	// 1 path
	ErrCopyHere = Text{"%s is the journal that is to be copied, so nothing was copied\ngive another PLACE, which has no journal yet", "%s 就是要复制的台账（journal），未复制任何内容\n请给出另一个还没有台账的 PLACE"}
	// 1 path
	ErrNoSourceFound = Text{"there is no journal at %s, so nothing was copied\nfind the journal, and name its place with --journal", "%s 处没有台账（journal），未复制任何内容\n请找到台账，用 --journal 指明位置"}
	// 1 path 2 command
	ErrNoJournal = Text{"there is no journal at %[1]s, so it is not known what was bound before; nothing was sent\nfind the journal, and name its place with --journal or AXGBIND_JOURNAL; only if nothing was ever bound with axgbind, begin one: %[2]s", "%[1]s 处没有台账（journal），此前绑定过什么无从得知，未发送任何请求\n请找到原来的台账，用 --journal 或 AXGBIND_JOURNAL 指明位置；只有从未用 axgbind 绑定过时才新建：%[2]s"}
	// 1 path 2 records 3 command
	ErrGoneJournal = Text{"the journal %[1]s is gone: its lock file knows of %[2]d records; nothing was sent, since what was bound is not known\nput the journal back, or its newest copy; only if there is none, begin a new one, which asks for the results of its batches: %[3]s", "台账（journal）%[1]s 不见了：其锁文件记得有 %[2]d 条记录；无法确定绑定过什么，未发送任何请求\n请放回台账或其最新副本；确实没有时才新建，新台账会要求补入各批次的结果：%[3]s"}
	// 1 path 2 where 3 flag 4 variable
	ErrMoved = Text{"the journal %[1]s was carried to %[2]s, and is no longer used here; nothing was sent\nuse it there: %[3]s\nor set %[4]s", "台账（journal）%[1]s 已转移到 %[2]s，此处不再使用；未发送任何请求\n请在新位置使用：%[3]s\n或设置 %[4]s"}
	// 1 path 2 original 3 flag
	ErrCopied = Text{"%[1]s is a copy of the journal %[2]s, which is still in use: each would send what the other has sent; nothing was sent\nuse that one: %[3]s; to carry it over: axgbind journal copy --journal OLD NEWFOLDER", "%[1]s 是台账（journal）%[2]s 的副本，而后者仍在使用：两份会重复发送对方已发送的内容；未发送任何请求\n请使用原来那份：%[3]s；要转移它：axgbind journal copy --journal 旧位置 新目录"}
	// 1 path 2 last run 3 command
	ErrNoLock = Text{"journal %[1]s has no lock file beside it, and only that tells whether it is the newest copy; nothing was sent\nif no run came after its last one (%[2]s), confirm it: %[3]s\nelse put back the newest copy of the journal, and its lock file beside it", "台账（journal）%[1]s 旁边没有锁文件，因而无法判断它是否为最新的一份；未发送任何请求\n如果它的最后一次运行（%[2]s）之后再没有运行过，请确认：%[3]s\n否则请放回最新的台账及其锁文件"}
	// 1 path 2 last run 3 command
	ErrPutBack = Text{"journal %[1]s was put back with its lock file: both are copies, and it is not known what was sent since they were made; nothing was sent\nif no run came after its last one (%[2]s), confirm it: %[3]s\nelse put back the newest copy of the journal; without one, give the results of each later run, unchanged, as INPUT, and then confirm it", "台账（journal）%[1]s 连同锁文件是放回来的副本，复制之后发送过什么无从得知；未发送任何请求\n如果它的最后一次运行（%[2]s）之后再没有运行过，请确认：%[3]s\n否则请放回最新的台账；没有时，先把之后每次运行的结果文件未经改动地各作为输入运行一次，再确认"}
	// 1 path 2 command
	ErrBrought = Text{"journal %[1]s was put back from a copy; what these results say is recorded now; whether other runs are missing is not known; nothing was sent\ngive the results of each other run since the copy, unchanged, as INPUT; when all are given, confirm it: %[2]s", "台账（journal）%[1]s 是放回来的副本；本结果文件的内容已记入，是否还缺其他运行无从得知；未发送任何请求\n请把复制之后其他每次运行的结果文件未经改动地各作为输入运行一次；全部给出后请确认：%[2]s"}
	// 1 path 2 last run 3 command 4 where it was in use
	ErrCopy = Text{"journal %[1]s is a copy of the one that was in use at %[4]s; it is not known what was sent there since; nothing was sent\nif no run came after its last one (%[2]s), here or there, confirm it: %[3]s\nelse use the newest copy; to carry a journal over: axgbind journal copy --journal OLD NEWFOLDER", "台账（journal）%[1]s 是在 %[4]s 使用的那份的副本，之后那边发送过什么无从得知；未发送任何请求\n如果它的最后一次运行（%[2]s）之后，两边都再没有运行过，请确认：%[3]s\n否则请使用最新的一份；要转移台账：axgbind journal copy --journal 旧位置 新目录"}
	// 1 path 2 why
	ErrNotRetired = Text{"the journal was copied, but the old one, %s, could not be set aside: %s\nremove or rename it by hand before the next run: each of the two would send what the other has sent", "台账（journal）已复制，但旧台账 %s 无法停用：%s\n下次运行前请手动移走或改名：两份会重复发送对方已发送的内容"}
	// 1 variable 2 value
	ErrPlaceRelative = Text{"%s=%s is not an absolute path: it would name another journal in every folder\nset it to an absolute path", "%s=%s 不是绝对路径：在不同目录下会指向不同的台账（journal）\n请改为绝对路径"}
	// 1 folder 2 why
	ErrPlaceFolder = Text{"the journal's folder %[1]s cannot be used: %[2]s; no other folder is used instead, because a journal there would be another record\ngive this user the right to read and write there, or run as the user who has it", "台账（journal）目录 %[1]s 无法使用：%[2]s；不会改用其他目录，否则就成了另一份记录\n请授予当前用户读写权限，或以有权限的用户运行"}
	// 1 variable
	ErrPlaceHome = Text{"there is no folder for the journal: this user has no home folder\nname the journal's place with --journal, or in the variable %s", "找不到台账（journal）的目录：当前用户没有主目录\n请用 --journal 或变量 %s 指明台账的位置"}
	// 1 path
	ErrInstance = Text{"journal %s is of another simulator\nleave --journal out: each simulator has a journal of its own", "%s 是另一个模拟服务的台账（journal）\n去掉 --journal：每个模拟服务各有自己的台账"}
	// 1 endpoint
	ErrInstanceChanged = Text{"what answers at %s now is not what answered when this command began; nothing was sent\nrun the same command again", "%s 处的应答方与命令开始时不同；未发送任何请求\n再次运行同一命令"}
	// 1 endpoint
	ErrInstanceAnswer = Text{"%s does not answer, so it is not known whether it is a simulator; nothing was sent\nstart it again, or give another --endpoint", "%s 没有应答，无法判断它是不是模拟服务，未发送任何请求\n请重新启动它，或用 --endpoint 指定其他地址"}
	// 1 path 2 why 3 batches 4 commands 6 the word of a person
	ErrBehind = Text{"journal %[1]s %[2]s; what these batches sent is not certain, so nothing is sent: %[3]s\nput back the newest copy of the journal; without one, give the results that each wrote last, unchanged, as INPUT, once, with the --pool-key of its run: %[4]s\nfor a batch that was killed, nobody can tell: compare with the console, then %[6]s", "台账（journal）%[1]s %[2]s；以下批次发送过什么无法确定，因此不发送：%[3]s\n请放回最新的台账；没有时，把每个批次最后写出、未经改动的结果文件各作为输入运行一次，并带上当时的 --pool-key：%[4]s\n被强制终止的批次无法判断：与控制台核对后运行 %[6]s"}
	// 1 path 2 why 3 batches 6 the word of a person
	ErrBehindKilled = Text{"journal %[1]s %[2]s; what these batches sent is not certain, so nothing is sent: %[3]s\nput back the newest copy of the journal: the last run of each did not end, so no results tell what it sent\nwithout one, compare with the console, then %[6]s", "台账（journal）%[1]s %[2]s；以下批次发送过什么无法确定，因此不发送：%[3]s\n请放回最新的台账：这些批次最后一次运行没有正常结束，没有结果文件能说明发送过什么\n没有时与控制台核对，然后运行 %[6]s"}
	// 1 path 2 why 3 batches 4 commands 5 those that were killed 6 the word of a person
	ErrBehindSome = Text{"journal %[1]s %[2]s; what these batches sent is not certain, so nothing is sent: %[3]s\nput back the newest copy of the journal; without one, give the results that each wrote last, unchanged, as INPUT, once, with the --pool-key of its run: %[4]s\nthe last run of these did not end, so no results tell what it sent: %[5]s: compare with the console, then %[6]s", "台账（journal）%[1]s %[2]s；以下批次发送过什么无法确定，因此不发送：%[3]s\n请放回最新的台账；没有时，把每个批次最后写出、未经改动的结果文件各作为输入运行一次，并带上当时的 --pool-key：%[4]s\n这些批次最后一次运行没有正常结束，没有结果文件能说明发送过什么：%[5]s：与控制台核对后运行 %[6]s"}
	// 1 path 2 why 3 the word of a person
	ErrBehindUnnamed = Text{"journal %[1]s %[2]s; what was sent since is not known, so nothing is sent\nput back the newest copy of the journal; without one, give the results of each later run, unchanged, as INPUT, compare with the console, then %[3]s", "台账（journal）%[1]s %[2]s；此后发送过什么无从得知，因此不发送\n请放回最新的台账；没有时，先把之后每次运行的结果文件未经改动地各作为输入运行一次，与控制台核对，然后运行 %[3]s"}
	// 1 records 2 of so many
	WhyBehind       = Text{"has %d records, and once had %d: it is an old copy", "只有 %d 条记录，此前曾有 %d 条：这是一份旧的副本"}
	WhyOtherJournal = Text{"is not the one that was there before", "不是此前这里的那一份"}
	// 1 id 2 results
	LostBatch = Text{"batch %s (results %s)", "批次 %s（结果 %s）"}
	// 1 path 2 results
	ErrWaits = Text{"journal %[1]s is in use, and another run of the same batch (results %[2]s) waits for it already\nnothing to do: that run will do the work of this one", "台账（journal）%[1]s 正在使用，而且同一批次（结果 %[2]s）已有一个运行在等待\n无需处理：那个运行会完成同样的工作"}
	// 1 path 2 holder 3 how long at most
	SayWaiting    = Text{"journal %s is in use: %s; waiting for it, %s at most", "台账（journal）%s 正在使用：%s；等待中，最多 %s"}
	HolderUnknown = Text{"a run that has sent nothing yet", "一个尚未开始发送的运行"}
	HolderUntold  = Text{"a run of which nothing is known, because its lock file is gone", "一个运行（其锁文件已不在，无从得知是哪一个）"}
	FlagWait      = Text{"wait up to this long while another run uses the journal (default: end at once with 11)", "台账（journal）正被另一个运行使用时，最多等待这么久（默认立即以状态 11 结束）"}
	FlagBackup    = Text{"only keep a copy: the journal stays in use where it is", "只保留一份备份：台账（journal）仍在原处使用"}
	// 1 pid 2 host 3 since 4 batch 5 input 6 left 7 rows
	HolderRun = Text{"pid %d, host %s, since %s, batch %s (input %s), %d of %d rows left", "进程 %d，主机 %s，开始于 %s，批次 %s（输入 %s），剩余 %d 行，共 %d 行"}
	// 1 pid 2 host 3 since 4 batch 5 input 6 left 7 rows 8 how long
	HolderLeft = Text{"pid %d, host %s, since %s, batch %s (input %s), %d of %d rows left, about %s", "进程 %d，主机 %s，开始于 %s，批次 %s（输入 %s），剩余 %d 行，共 %d 行，约需 %s"}
	// 1 path
	ErrTemplate = Text{"%s exists\nchoose another name, or delete it first", "%s 已存在\n换一个文件名，或先删除它"}
	// 1 name 2 near ones
	ErrNoCode = Text{"no code or rule is called %s\ndid you mean: %s; axgbind explain lists them all", "没有名为 %s 的错误码或规则\n是否想查：%s；axgbind explain 可列出全部"}
)

// The command journal.
var (
	HelpJournal             = Text{"begin, check, copy the journal, the record of what was sent; forget a number", "台账（journal，已发送内容的记录）：新建、检查、复制、去掉号码"}
	HelpJournalLong         = Text{"The journal is the one record of what was sent, for all batches. bind never begins it by itself: an\nempty journal looks the same whether it is new or lost. Its place is that of --journal, or AXGBIND_JOURNAL;\nelse the folder of the system, if there is one, else that of the user:\n  Linux    /var/lib/axgbind/axgbind.journal, ~/.local/state/axgbind/axgbind.journal\n  Windows  %ProgramData%\\axgbind\\axgbind.journal, %LocalAppData%\\axgbind\\axgbind.journal\n  macOS    /Library/Application Support/axgbind/axgbind.journal, and the same below ~\nA simulator has a journal of its own in the same folder, which begins by itself. Rows leave the journal 30\ndays after their binding ended; AXGBIND_KEEP sets another time.", "台账（journal）是所有批次共用的发送记录。bind 不会自行新建：空的台账看不出是新的还是丢了。\n位置由 --journal 或 AXGBIND_JOURNAL 指定；否则为系统目录（存在时），再否则为用户目录：\n  Linux    /var/lib/axgbind/axgbind.journal，~/.local/state/axgbind/axgbind.journal\n  Windows  %ProgramData%\\axgbind\\axgbind.journal，%LocalAppData%\\axgbind\\axgbind.journal\n  macOS    \"/Library/Application Support/axgbind/axgbind.journal\"，以及 ~ 下的同名位置\n模拟服务在同一目录中有各自的台账，自动新建。绑定结束 30 天后，该行移出台账；可用 AXGBIND_KEEP\n改为其他时间。"}
	HelpJournalExample      = Text{"  axgbind journal init                  # once, before the first bind\n  axgbind journal check                 # what it is, and whether it is whole\n  axgbind journal copy /data/axgbind    # carry it to another place, used from then on\n  axgbind journal forget 13800138000    # rewrite it without a number", "  axgbind journal init                  # 首次 bind 之前运行一次\n  axgbind journal check                 # 查看台账并检查是否完好\n  axgbind journal copy /data/axgbind    # 转移到另一位置，此后使用那里的台账\n  axgbind journal forget 13800138000    # 重写台账，去掉某个号码"}
	HelpJournalInit         = Text{"begin the journal, once", "新建台账（journal），只需一次"}
	HelpJournalInitLong     = Text{"Makes the folder and an empty journal in it. PLACE is a folder, or a file whose name ends in .journal;\nwithout it the journal goes where every command looks for it. It refuses if there is a journal already,\nhere or in another usual place, and a folder that is lost with the container or the power.", "建立目录和其中的空台账（journal）。PLACE 为目录，或名字以 .journal 结尾的文件；不给出时，台账放在\n各命令默认查找的位置。该处或其他默认位置已有台账时拒绝；目录会随容器或断电消失时也拒绝。"}
	HelpJournalInitExample  = Text{"  axgbind journal init\n  axgbind journal init /data/axgbind    # then --journal /data/axgbind, or AXGBIND_JOURNAL", "  axgbind journal init\n  axgbind journal init /data/axgbind    # 之后用 --journal 或 AXGBIND_JOURNAL 指明该位置"}
	HelpJournalCheck        = Text{"read the journal from end to end", "从头到尾检查台账（journal）"}
	HelpJournalCheckLong    = Text{"Tells what the journal is and lists what is damaged in it, by line. It takes no lock and changes nothing.\nWith --repair it takes the lock and repairs the lines whose content is certain; the old journal is kept\nbeside the new one.", "显示台账（journal）的概况，逐行列出损坏之处。不加锁，不做改动。加 --repair 时会加锁，并恢复能确定\n原文的行；旧台账保留在旁边。"}
	HelpJournalCheckExample = Text{"  axgbind journal check\n  axgbind journal check --repair\n  axgbind journal check /backup/axgbind", "  axgbind journal check\n  axgbind journal check --repair\n  axgbind journal check /backup/axgbind"}
	HelpJournalCopy         = Text{"carry the journal over to a place that has none", "把台账（journal）转移到没有台账的位置"}
	HelpJournalCopyLong     = Text{"Copies all records to PLACE, and renames the old journal to .moved: of two journals in use, each would\nsend what the other has sent. With --backup the old one stays in use, and a run may use it meanwhile.", "把全部记录复制到 PLACE，旧台账（journal）改名为 .moved 停用：若两份同时使用，会重复发送对方已发送的\n内容。加 --backup 时旧台账继续使用，复制时运行也可以继续。"}
	HelpJournalCopyExample  = Text{"  axgbind journal copy /data/axgbind\n  axgbind journal copy --journal /data/axgbind /var/lib/axgbind", "  axgbind journal copy /data/axgbind\n  axgbind journal copy --journal /data/axgbind /var/lib/axgbind"}
	FlagAnother             = Text{"begin it all the same, and disregard what another journal knows", "仍然新建：其他台账（journal）记录的内容一概不算"}
	FlagRepair              = Text{"repair the lines whose content is certain; takes the lock", "恢复能确定原文的行；需要加锁"}
	FlagAccept              = Text{"accept a journal that lacks what some batches sent: their rows may be bound a second time", "把缺少部分批次记录的台账视为完整：这些批次的行可能再次绑定"}
	FlagJournalFrom         = Text{"`PLACE` of the journal to copy (default: the one that is in use)", "要复制的台账（journal）的 `PLACE`（默认为当前使用的）"}
	// 1 path
	ErrThere = Text{"there is a journal at %s already; it was left as it is\nnothing to do: it is used as it is", "%s 处已有台账（journal），未做改动\n无需处理：直接使用即可"}
	// 1 path of the other 2 command that copies it 3 command that begins another
	ErrElsewhere = Text{"there is another journal on this machine, %[1]s; a new one would know nothing of what was bound with it, so no journal was begun\nuse that one: %[2]s\nor carry it over, for all who use it: %[3]s\nor begin another, but only if these rows have nothing to do with its bindings: %[4]s", "本机另有台账（journal）%[1]s；新台账不知道用它绑定过什么，因此没有新建\n使用那一份：%[2]s\n或把它转移过来，供所有使用者共用：%[3]s\n只有它的绑定与此处无关时才另建：%[4]s"}
	// 1 folder 2 kind of its file system 3 command
	ErrPassing = Text{"the folder %[1]s is on %[2]s: it is lost with the container or the power, and with it the record of what is bound; no journal was begun\ngive a folder that stays, such as a mounted volume; or, for a trial: %[3]s", "目录 %[1]s 在 %[2]s 上，会随容器或断电消失，绑定记录也随之丢失；没有新建台账（journal）\n请指定能长期保留的目录，例如挂载的卷；只是试用时：%[3]s"}
	// 1 path
	SayBegun = Text{"journal begun at %s: it is empty, and knows of no binding", "已新建台账（journal）%s：尚为空，不知道任何绑定"}
	// 1 flag 2 variable
	SayPlaceName = Text{"commands do not look there by themselves: give each %s, or set %s", "各命令默认不在此处查找：每次加 %s，或设置 %s"}
	// 1 records 2 from 3 to
	SayCopied = Text{"%d records copied from %s to %s", "已把 %d 条记录从 %s 复制到 %s"}
	// 1 holder
	SayCopyHeld = Text{"a run was writing to the journal meanwhile, and what it records later is not in the copy: %s", "复制时有运行正在写入，它之后的记录不在副本中：%s"}
	// 1 path
	SayRetired = Text{"the old one is no longer used; it is kept as %s", "旧台账（journal）不再使用，保留为 %s"}
	// 1 path
	SayAccepted = Text{"journal %s counts as complete from now on; what it lacks is not known", "台账（journal）%s 从现在起视为完整；它缺少的内容无从得知"}
	// 1 folder 2 kind
	SayPassing = Text{"%s is on %s: it is lost with the container or the power, and with it all that is recorded", "%s 位于 %s：随容器或断电消失，所记录的内容也会一并丢失"}
	// 1 path
	SayBackup = Text{"%s is a backup: the journal that it was copied from stays in use. To put it back, copy the file to the place of that one; axgbind then asks for what was sent since", "%s 是备份：原来的台账继续使用。需要恢复时，把该文件放回原处；其后发送的内容届时会要求补入"}
	// 1 places 2 path 3 path of the old one
	SayRepaired = Text{"%d damaged places repaired in %s; the journal as it was is %s", "%[2]s 中已恢复 %[1]d 处损坏；原台账（journal）保留为 %[3]s"}
	// 1 path
	CheckJournal = Text{"journal %s", "台账（journal）%s"}
	// label
	CheckID = Text{"id", "编号"}
	// label
	CheckCreated = Text{"begun", "建立于"}
	// label
	CheckSize = Text{"size", "大小"}
	// 1 bytes 2 records
	CheckBytes = Text{"%d bytes, %d records", "%d 字节，%d 条记录"}
	// label
	CheckRuns = Text{"runs", "运行"}
	// 1 runs 2 batches
	CheckRunsOf = Text{"%d, of %d batches", "%d 次，%d 个批次"}
	// label
	CheckRows = Text{"rows", "行"}
	// 1 rows 2 live bindings
	CheckRowsOf = Text{"%d, live bindings %d", "%d 行，有效绑定 %d 个"}
	// label
	CheckLast = Text{"last run", "最近运行"}
	WhyNoRun  = Text{"there was none", "从未运行"}
	// 1 time 2 command 3 batch 4 results
	CheckRun = Text{"%s, %s of batch %s (results %s)", "%s，%s，批次 %s（结果 %s）"}
	// 1 bytes
	CheckTorn = Text{"the last record was cut off by a crash, or is being written (%d bytes): the next run drops it", "最后一条记录因崩溃未写完，或正在写入（%d 字节）：下次运行会丢弃它"}
	CheckGood = Text{"it is whole", "完好"}
	// 1 lines 2 byte 3 length 4 why 5 what can be told
	CheckDamage = Text{"line %s (byte %d, %d bytes): %s; %s", "第 %s 行（第 %d 字节起，共 %d 字节）：%s；%s"}
	// 1 places
	CheckMore = Text{"and %d more places", "另有 %d 处"}
	DamageBit = Text{"one bit was changed, and it is certain which", "有一个比特被改动，能确定是哪一个"}
	// 1 word and number
	DamageLooks   = Text{"it begins like the record \"%s\"; the rest is not known", "开头像是记录 \"%s\"；其余原文未知"}
	DamageUnknown = Text{"what it was is not known", "原文未知"}
	// 1 path 2 places 3 command
	ErrRepairable = Text{"journal %[1]s is damaged in %[2]d places, and it is certain what was there\nrepair it: %[3]s", "台账（journal）%[1]s 有 %[2]d 处损坏，原文都能确定\n恢复原文：%[3]s"}
	// 1 path 2 places 3 commands
	ErrUnrepairable = Text{"journal %[1]s is damaged in %[2]d places, and it is not certain what was there\nput back the newest copy of the journal that is whole; without one, begin another, and bring in the results of its batches, each once: %[3]s", "台账（journal）%[1]s 有 %[2]d 处损坏，无法确定原文\n请放回最新的完好副本；没有时另建一份，再把各批次的结果各补入一次：%[3]s"}
	WhyMissing      = Text{"lacks what some batches sent", "缺少一些批次发送过的内容"}
)
