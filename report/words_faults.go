package report

// Faults: what is wrong, and in the second line the cure.
var (
	// prefix of an error
	ErrLine  = Text{"axgbind: %s", "axgbind：%s"}
	WarnLine = Text{"axgbind: warning: %s", "axgbind：警告：%s"}
	CureLine = Text{"  cure: %s", "  办法：%s"}
	// 1 cobra's words 2 command
	ErrUsage     = Text{"%s\nsee axgbind%s --help", "%s\n见 axgbind%s --help"}
	ErrNoTopic   = Text{"there is no command and no topic \"%s\"\ntry: axgbind help, which lists them", "没有名为 \"%s\" 的命令或主题\n试试：axgbind help，会列出全部"}
	ErrNoCommand = Text{"no command\nsee axgbind --help; to begin: axgbind template -o bindings.csv", "没有给出命令\n见 axgbind --help；要开始，先运行：axgbind template -o bindings.csv"}
	// 1 path 2 why
	ErrNumbers = Text{"%s: the list of X numbers cannot be used: %s\ngive a CSV with a column SecretNo (and City, PoolKey if known), or one number a line", "%s：中间号清单无法使用：%s\n请提供含 SecretNo 列的 CSV（知道时可加 City、PoolKey 列），或每行一个号码"}
	// 1 why
	ErrAsk     = Text{"the service could not be asked: %s; nothing was sent\nrun again; axgbind explain tells what a code means", "无法向服务端查询：%s；未发送任何请求\n请再次运行；axgbind explain 可解释错误码"}
	ErrStopped = Text{"stopped by a signal; nothing was sent\nrun the same command again", "被信号中止；未发送任何请求\n再次运行同一命令即可"}
	// 1 path
	ErrNotResults = Text{"%s is no results file of axgbind\ngive the path of the results, such as july.results.csv", "%s 不是 axgbind 的结果文件\n请给出结果文件路径，例如 july.results.csv"}
	// 1 path 2 command
	ErrNotBind = Text{"%s holds the results of %s, not those of a bind\ngive the results of the bind, such as july.results.csv", "%s 是 %s 的结果，不是 bind 的结果\n请给出 bind 的结果文件，例如 july.results.csv"}
	// 1 path 2 command
	ErrOutOther = Text{"%s holds the results of %s; they will not be replaced\ngive another path with -o", "%s 是 %s 的结果，不会覆盖\n用 -o 指定其他路径"}
	// 1 batch 2 journal
	ErrNoBatch = Text{"%s: journal %s has no such batch\naxgbind status lists its batches", "%s：台账（journal）%s 中没有这个批次\n用 axgbind status 列出各批次"}
	// 1 batch 2 results
	ErrNotItsFile = Text{"the results of batch %s are no longer at %s\ngive the file where it is now; or run the same command as before, with another -o", "批次 %s 的结果文件已不在 %s\n请给出它现在的位置；或换一个 -o 再次运行原来的命令"}
	// 1 batch 2 results 3 what became of the input 4 cures
	ErrNoResults = Text{"batch %s has no results at %s, and %s\ngive the results, if they are elsewhere now", "批次 %s 在 %s 没有结果文件，而且%s\n结果文件如果在别处，请给出它现在的位置"}
	// 1 batch 2 results 3 reconcile command
	ErrNoCells = Text{"batch %s has no results at %s; update needs the cells in them\ngive the results, if they are elsewhere now\nelse have them written anew, change their cells, and run this again: %s", "批次 %s 在 %s 没有结果文件，update 需要其中的内容\n结果文件如果在别处，请给出它现在的位置\n否则先重新写出，改好内容后再运行本命令：%s"}
	// 1 batch 2 rows 3 reconcile command
	ErrNoneKnown = Text{"batch %s has no known binding, and %d UNKNOWN rows, which may have one\nfind out what became of them, then run this again: %s", "批次 %s 没有已知的绑定，但有 %d 行结果未知（UNKNOWN），可能已绑定\n先对账查明，再运行本命令：%s"}
	// 1 input
	WhyInputGone = Text{"its input %s is not there", "其输入 %s 不在原处"}
	// 1 input
	WhyInputChanged = Text{"its input %s is not what it was", "其输入 %s 的内容已变"}
	WhyInputPiped   = Text{"its input was standard input", "其输入来自标准输入"}
	// 1 digest 2 command
	CureInputBack = Text{"else put its input back as it was (SHA-256 %s…), and then: %s", "否则把其输入恢复原样（SHA-256 %s…）后运行：%s"}
	// 1 command
	CureInputAgain = Text{"or, but only if its input still has the same rows, have the results written anew: %s", "或者，仅当输入仍是同样的行时，重新写出结果：%s"}
	CureInputNone  = Text{"else only the console shows what became of its rows", "否则只能在控制台查明各行的结果"}
	// 1 batches 2 commands
	ErrManyUnknown = Text{"%d batches have UNKNOWN rows\nsettle one after the other: %s", "有 %d 个批次含有结果未知（UNKNOWN）的行\n请逐一处理：%s"}
	// 1 to send 2 rows 3 bound
	ErrAtMost = Text{"%d of %d rows would be sent, --at-most allows %s; nothing was sent\ncheck whether this is the right file: axgbind bind --dry-run; if it is, give a higher --at-most", "%[2]d 行中有 %[1]d 行要发送，而 --at-most 只允许 %[3]s；未发送任何请求\n先用 axgbind bind --dry-run 确认文件是否正确；如无误，把 --at-most 调高"}
	// 1 journal 2 results
	ErrNotItsJournal = Text{"journal %[1]s knows no batch with the rows of %[2]s\ngive the results of a batch that it knows (axgbind status lists them), or name the journal that knows them with --journal", "台账（journal）%[1]s 中没有与 %[2]s 各行相符的批次\n请给出其中已有批次的结果（axgbind status 可列出），或用 --journal 指定记录了它们的台账"}
	// 1 flag 2 flag
	ErrFlagNeeds = Text{"--%s works only with --%s, which is not given\ngive both, or neither", "--%s 只能与 --%s 合用，但后者未给出\n请同时给出，或都不给"}
	// 1 command
	ErrArgs = Text{"%[1]s takes exactly one INPUT file, got %[2]d\nname the CSV file, or - for standard input: axgbind %[1]s INPUT.csv", "%[1]s 需要且只需要一个输入文件，实际给了 %[2]d 个\n写上 CSV 文件名，或用 - 表示标准输入：axgbind %[1]s INPUT.csv"}
	// 1 command 2 arguments
	ErrArgsBatch = Text{"%[1]s takes exactly one BATCH, got %[2]d\nname its results, or its id, which axgbind status lists: axgbind %[1]s july.results.csv", "%[1]s 需要且只需要一个 BATCH，实际给了 %[2]d 个\n写上批次的结果文件，或 axgbind status 列出的批次编号：axgbind %[1]s july.results.csv"}
	// 1 number of the argument 2 character 3 flag
	ErrArgDash = Text{"argument %[1]d begins like a flag, but with %[2]s instead of a hyphen: it was pasted from a text that changes hyphens\ntype it with hyphens: %[3]s", "第 %[1]d 个参数像是选项，但其中的 %[2]s 不是连字符：它是从会改动连字符的文本中粘贴来的\n请用连字符重新输入：%[3]s"}
	// 1 flag 2 value 3 why
	ErrFlagValue = Text{"--%s: %s\ncorrect the value; see --help", "--%s：%s\n请更正取值，见 --help"}
	// 1 flag or variable 2 value
	ErrMasked = Text{"%s: %s is a masked value, as axgbind prints it\ngive the whole value", "%s：%s 是 axgbind 输出时脱敏的值\n请给出完整的值"}
	// 1 flag 2 flag
	ErrFlagClash = Text{"--%s and --%s exclude each other\nleave one of them out", "--%s 与 --%s 不能同时使用\n去掉其中一个"}
	// 1 name 2 why
	ErrEnvValue = Text{"environment variable %s: %s\ncorrect it or unset it", "环境变量 %s：%s\n请更正或清除"}
	// 1 name 2 nearest name
	ErrEnvUnknown = Text{"environment variable %[1]s: axgbind reads no variable of this name; the nearest that it reads is %[2]s\nrename it to %[2]s if you mean that, or unset it", "环境变量 %[1]s：axgbind 不读取这个名称；最接近的是 %[2]s\n如果指的是 %[2]s，请改名；否则清除该变量"}
	// 1 name 2 nearest name
	ErrEnvService = Text{"environment variable %[1]s: axgbind reads no variable of this name; the nearest that it reads is %[2]s; Kubernetes sets such names for a Service called axgbind\nset enableServiceLinks: false in the specification of the pod, or unset it", "环境变量 %[1]s：axgbind 不读取这个名称；最接近的是 %[2]s；集群中有名为 axgbind 的 Service 时，Kubernetes 会设置这类变量\n请在 Pod 规格中设置 enableServiceLinks: false，或清除该变量"}
	// 1 name 2 flag
	ErrEnvFlagOnly = Text{"environment variable %[1]s: --%[2]s can only be given on the command line, for one run\nunset the variable; if this run needs it, add --%[2]s to the command", "环境变量 %[1]s：--%[2]s 只能在命令行中为单次运行指定\n请清除该变量；本次运行确实需要时，在命令中加上 --%[2]s"}
	// 1 name
	ErrEnvQuotes = Text{"environment variable %s: its value begins or ends with a quotation mark, which would be part of it\nwrite the value without quotation marks in the file of variables, or check the command that sets it", "环境变量 %s：值的开头或结尾有引号，引号会成为值的一部分\n在环境变量文件中去掉引号，或检查设置该变量的命令"}
	// 1 name 2 code point
	ErrEnvUnseen = Text{"environment variable %s: its value holds a character that cannot be seen (%s)\ntype the value anew", "环境变量 %s：值中含有不可见字符（%s）\n请重新输入该值"}
	// 1 argument 2 code point
	ErrArgEnd = Text{"%s ends with a character that cannot be seen (%s)\nif the command stands in a script with Windows line ends, save the script with Unix line ends; otherwise type the argument anew", "%s 以不可见字符（%s）结尾\n如果命令写在带 Windows 换行（CRLF）的脚本里，请去掉每行末尾的回车符后再保存；否则请重新输入该参数"}
	// 1 flag
	ErrArgEmpty = Text{"%s: the path is empty\ngive a path, or leave it out; a variable of the shell may be unset or misspelt", "%s：路径为空\n请指定路径，或去掉该参数；可能是 shell 变量没有设置或拼写错误"}
	// 1 flag or position
	ErrArgPath = Text{"%s: the path begins or ends with a blank, or has quotation marks as a part of it\nwrite it without them; for a file that is really called so, put its folder before it: ./NAME", "%s：路径的开头或结尾有空格，或引号成了路径的一部分\n请去掉；如果文件确实这样命名，在前面写上目录，如 ./文件名"}
	// 1 flag or position 2 code point
	ErrArgUnseen = Text{"%s: the path holds a character that cannot be seen (%s)\ntype it anew", "%s：路径中含有不可见字符（%s）\n请重新输入"}
	// 1 flag
	ErrArgStdout = Text{"%s needs a file; - would be a file of that name, not standard output\nname a file, or /dev/stdout", "%s 需要文件名；- 会成为名为 - 的文件，而不是标准输出\n请写文件名，或 /dev/stdout"}
	// 1 number
	ArgPlace = Text{"argument %d", "第 %d 个参数"}
	// 1 path 2 error
	ErrNoInput = Text{"input %s: %s\ncheck the name and the folder", "输入文件 %s：%s\n请检查文件名和所在目录"}
	// 1 path
	ErrInputDir = Text{"input %s is a directory\nname the CSV file in it", "输入 %s 是目录\n请写出其中的 CSV 文件"}
	// 1 path 2 error
	ErrInputRead = Text{"input %s cannot be read: %s\ncheck the file and the disk", "输入文件 %s 无法读取：%s\n请检查文件和磁盘"}
	ErrStdinOut  = Text{"input from standard input needs -o\nadd -o RESULTS.csv", "从标准输入读取时必须给出 -o\n请加上 -o RESULTS.csv"}
	// 1 n 2 rows
	ErrInvalid = Text{"%d of %d rows are invalid and --strict is set\ncorrect them (axgbind check lists them) or leave --strict out", "%d 行（共 %d 行）无效，且设置了 --strict\n请先更正（axgbind check 会列出），或去掉 --strict"}
	// 1 path
	ErrOutEqual  = Text{"results path %s is the input itself\ngive another path with -o", "结果路径 %s 就是输入文件\n用 -o 指定其他路径"}
	ErrOutStdout = Text{"-o - is refused: a run that is safe to repeat needs its results in a file\ngive a path with -o", "不支持 -o -：要能安全重跑，结果必须写入文件\n用 -o 指定路径"}
	// 1 path 2 error
	ErrOutWrite = Text{"results %s cannot be written: %s\nclose it in other programs, check that its folder is there and may be written to, or give another path with -o", "结果文件 %s 无法写入：%s\n在其他程序中关闭它，检查目录是否存在、是否可写，或用 -o 指定其他路径"}
	// 1 path
	ErrOutDir = Text{"results path %s is a directory\ngive a file with -o", "结果路径 %s 是目录\n用 -o 指定文件"}
	// 1 path
	ErrOutOrphan = Text{"results %s name bindings that the journal does not know; they will not be replaced\nif they are about the rows of this input, give that very file as INPUT: what it says counts. If they are about other rows, give another path with -o", "结果文件 %s 中有台账（journal）不知道的绑定，不会覆盖\n如果它们就是本次输入的行，把该文件本身作为输入，以其中的内容为准。如果是别的行，用 -o 指定其他路径"}
	// 1 results
	ErrBeside = Text{"results %s are beside the input and name bindings that the journal does not know: the journal may be an old copy, or another one; nothing was sent\ngive that file as INPUT: what it says counts. If it is about other rows, move it to another folder", "输入旁边的结果文件 %s 中有台账（journal）不知道的绑定：台账可能是旧副本，或不是同一份；未发送任何请求\n把该文件作为输入，以其中的内容为准。如果是别的行，把它移到别的目录"}
	// 1 flag 2 flag 3 path
	ErrSamePath = Text{"%s and %s are the same file: %s\ngive each its own path", "%s 与 %s 是同一个文件：%s\n请分别指定路径"}
	// 1 value 2 why
	ErrEndpoint = Text{"endpoint %s: %s\nuse https://HOST; plain http only for 127.0.0.1, [::1] or localhost", "服务地址 %s：%s\n请写成 https://主机名；只有 127.0.0.1、[::1] 或 localhost 可用 http"}
	// 1 why
	ErrNoKey = Text{"no credentials: %s\nset ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or rehearse: axgbind bind --simulate INPUT.csv", "没有可用的凭证：%s\n设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或先演练：axgbind bind --simulate INPUT.csv"}
	// 1 sources and why
	ErrSourceFault = Text{"no credentials: %s\nmend that, or set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or rehearse: axgbind bind --simulate INPUT.csv", "没有可用的凭证：%s\n请更正，或设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，或先演练：axgbind bind --simulate INPUT.csv"}
	// 1 source and why
	ErrKeyForm = Text{"the AccessKey that was found cannot be right: %s\nput it there again as it was issued, each part on its own line, without quotation marks", "找到的 AccessKey 不正确：%s\n请按签发时的原样重新填写，每一项单独一行，不加引号"}
	ErrNoPool  = Text{"no pool key\nadd --pool-key KEY or a column PoolKey; the console of Phone Number Protection shows the key of each pool", "没有号码池 Key\n加上 --pool-key KEY 或 PoolKey 列；号码隐私保护控制台列有各号码池的 Key"}
	// 1 path 2 error
	ErrJournal = Text{"journal %s: %s\nmend the disk or folder, then run the same command again; a journal in another place would know nothing of what was bound", "台账（journal）%s：%s\n请修复磁盘或目录，然后再次运行同一命令；换一个位置的台账不知道此前绑定过什么"}
	// 1 path 2 what it is
	ErrTaken = Text{"axgbind keeps a file of its own at %s, and what is there %s\nlook at it and move it away; put the journal into a folder that nobody else writes to", "%s 是 axgbind 自用文件的位置，但那里的文件%s\n请查看后移走；台账（journal）应放在其他人不能写入的目录"}
	// 1 path
	ErrJournalNames = Text{"journal %s has a second name (a hard link): another run could use it and bind at the same time\nremove the other name, or make it a copy", "台账（journal）%s 还有另一个名字（硬链接）：另一个运行可能借此同时绑定\n删除另一个名字，或改为复制一份"}
	// 1 path
	ErrNotJournal = Text{"%s is not an axgbind journal\nname the right file with --journal", "%s 不是 axgbind 的台账（journal）\n用 --journal 指定正确的文件"}
	// 1 path 2 why
	ErrNewer = Text{"journal %s: %s\nuse the axgbind that wrote it, or a newer one", "台账（journal）%s：%s\n请使用写入它的 axgbind 版本或更新的版本"}
	// 1 path
	ErrOlder = Text{"journal %s was written by an older axgbind, in a format that this version does not read\nfinish that batch with the version that wrote it", "台账（journal）%s 由旧版本的 axgbind 写入，当前版本无法读取该格式\n请用写入它的版本完成这个批次"}
	// 1 path 2 line 3 why 4 command
	ErrDamaged = Text{"journal %[1]s is damaged at line %[2]d: %[3]s; what was sent is not certain, so nothing is sent\nsee what is damaged and what helps: %[4]s", "台账（journal）%[1]s 第 %[2]d 行损坏：%[3]s；无法确定哪些已发送，因此不发送\n查看损坏之处和处理办法：%[4]s"}
	// 1 path
	ErrSimulated = Text{"journal %s is of a simulated run; a real run must not use it\nchoose another path with -o or --journal", "台账（journal）%s 来自演练，真实运行不能使用\n用 -o 或 --journal 换路径"}
	// 1 path
	ErrReal = Text{"journal %s is of a real run; a simulated run must not change it\nleave -o and --journal out, or choose another path", "台账（journal）%s 来自真实运行，演练不能改动\n去掉 -o 和 --journal，或换路径"}
	// 1 path
	ErrSimInput = Text{"input %s holds the results of a simulated run; a real run must not take them for bindings\ngive the original input, or the results of a real run", "输入文件 %s 是演练的结果，真实运行不能把它们当作绑定\n请使用原始输入文件，或真实运行的结果文件"}
	// 1 path 2 holder
	ErrLocked = Text{"journal %s is in use: %s\nwait for that run to end, or have this one wait: --wait 2h", "台账（journal）%s 正在使用：%s\n等待该运行结束，或让本次运行等待：--wait 2h"}
	// as ErrLocked, for a command that has no --wait
	ErrLockedNow = Text{"journal %s is in use: %s\nrun the same command again when that run has ended", "台账（journal）%s 正在使用：%s\n等该运行结束后，再次运行同一命令"}
	// 1 why
	ErrSimulator = Text{"simulator: %s\ncorrect the flag; see axgbind simulate --help", "模拟服务：%s\n请更正参数，见 axgbind simulate --help"}
	// 1 why
	ErrListen = Text{"simulator cannot listen: %s\nchoose another --listen address on loopback", "模拟服务无法监听：%s\n用 --listen 换一个本机回环地址"}
	// 1 path 2 why
	ErrWrite = Text{"%s cannot be written: %s\ncheck that its folder is there, may be written to and has free space, or give another path", "%s 无法写入：%s\n检查目录是否存在、能否写入、空间是否足够，或换一个路径"}
	// 1 path 2 why 3 what to do first
	ErrUnwritten  = Text{"%s cannot be written: %s\nnothing is lost, the journal has every outcome: %s, then run the same command again", "%s 无法写入：%s\n没有丢失任何内容，台账（journal）中有每一行的结果：%s，然后再次运行同一命令"}
	CureFull      = Text{"free some space on its disk", "请在其磁盘上腾出空间"}
	CureHandles   = Text{"allow more open files (ulimit -n)", "请允许打开更多文件（ulimit -n）"}
	CureFileSize  = Text{"allow larger files (ulimit -f)", "请允许更大的文件（ulimit -f）"}
	CureReadOnly  = Text{"make its file system writable", "请让其文件系统可写"}
	CureInTheWay  = Text{"move away what stands at its path", "请移走占用该路径的内容"}
	CureFolder    = Text{"make its folder again", "请重新建立其目录"}
	CureForbidden = Text{"let this user write there", "请允许当前用户写入该处"}
	CureBusy      = Text{"close it in the other program", "请在其他程序中关闭该文件"}
	CureOther     = Text{"mend the cause", "请排除原因"}
	// 1 path 2 why 3 beginning of its SHA-256
	ErrInputLost = Text{"input %s is not what it was when the run began (%s): there are no results without it\nnothing is lost, the journal has every outcome: put back the input as it was (SHA-256 %s…) and run the same command again for its results", "输入文件 %s 与运行开始时不同（%s）：没有原文件就无法写出结果\n没有丢失任何内容，台账（journal）中有每一行的结果：请恢复原来的输入文件（SHA-256 %s…），再次运行同一命令即可得到结果"}
	// 1 why
	ErrHandles = Text{"too few files can be opened: %s; nothing was sent\nallow more open files (ulimit -n) and run the same command again", "可打开的文件过少：%s；未发送任何请求\n请允许打开更多文件（ulimit -n），再次运行同一命令"}
	// 1 path
	ErrRestored = Text{"journal %s was deleted or moved during the run; it was written there again\nfind out who did that; nothing is lost: run the same command again", "台账（journal）%s 在运行中被删除或移走；已在原处重新写入\n请查明是谁所为；没有丢失任何内容：再次运行同一命令"}
	// 1 path 2 where it is
	ErrRestoredBeside = Text{"journal %s was replaced by another file during the run; what this run recorded is in %s\nput it back in its place before anything is sent: without it rows are bound again", "台账（journal）%s 在运行中被另一个文件取代；本次运行的记录在 %s\n发送任何请求前请把它放回原处：没有它，已绑定的行会再绑定一次"}
	// 1 path 2 why
	ErrLostJournal = Text{"journal %s was deleted or moved during the run and cannot be written again: %s\nsend nothing before you have found all bindings of this run: without its journal, rows are bound again", "台账（journal）%s 在运行中被删除或移走，且无法重新写入：%s\n查清本次运行的全部绑定之前不要再发送：没有台账，已绑定的行会再绑定一次"}
	// 1 path 2 what it is 3 flag
	ErrOutput = Text{"%s %s; it will not be overwritten\ngive another path with %s, or move that file away", "%s %s，不会覆盖\n用 %s 指定其他路径，或先移走该文件"}
	// 1 why
	ErrRun        = Text{"%s\nnothing that was sent is lost: mend the cause and run the same command again", "%s\n已发送的都有记录：排除原因后再次运行同一命令"}
	ErrRescue     = Text{"the journal could not record these outcomes; keep the lines: the next run calls these rows UNKNOWN, and only these lines say what became of them", "台账（journal）未能记录以下结果，请保存这些行：下次运行会把它们视为结果未知（UNKNOWN），真实结果只在这里"}
	ErrRescueLost = Text{"the journal has lost what became of these rows; keep the lines: only they say it (end=ok: done, end=lost: not known)", "台账（journal）原有以下各行的结果，现已丢失，请保存这些行：结果只在这里（\"end=ok\" 已执行，\"end=lost\" 结果未知）"}
	// 1 why
	ErrRunLost = Text{"%s; what this run sent is no longer in the journal\nkeep the rescue lines: nothing else says what this run did; find out who wrote over the journal\nbefore the next run, take the rows of the lines with end=ok out of the input (line= is their line), and look up those with end=lost in the console; only then: axgbind journal check --accept", "%s；本次运行发送的内容已不在台账（journal）中\n请保存以 \"rescue:\" 开头的行：本次运行的结果只在这里；并查明是谁覆盖了台账\n下次运行之前，从输入中删去 \"end=ok\" 的行（\"line=\" 为行号），在控制台查明 \"end=lost\" 的行；然后才运行 axgbind journal check --accept"}
)

// Reasons that stand in for words of the system, of libraries and of the
// packages below.
var (
	// 1 the words themselves
	WhyNone = Text{"%s", "（原文：%s）"}
	// 1 the words themselves, as all up to WhyBusy
	WhyNotExist     = Text{"%s", "文件或目录不存在"}
	WhyForbidden    = Text{"%s", "没有权限"}
	WhyExists       = Text{"%s", "已存在"}
	WhyFull         = Text{"%s", "磁盘已满"}
	WhyQuota        = Text{"%s", "超出磁盘配额"}
	WhyHandles      = Text{"%s", "打开的文件过多"}
	WhyReadOnly     = Text{"%s", "文件系统只读"}
	WhyDirectory    = Text{"%s", "是一个目录"}
	WhyNotDirectory = Text{"%s", "路径中有一段不是目录"}
	WhyLongName     = Text{"%s", "文件名过长"}
	WhyIO           = Text{"%s", "磁盘读写错误"}
	WhyBusy         = Text{"%s", "正被其他程序占用"}
	WhyDevice       = Text{"is a device, which must not be replaced by a file", "是设备，不能用文件替换"}
	WhyLink         = Text{"is a symbolic link, which is not followed here", "是符号链接，此处不会跟随"}
	WhyHardLink     = Text{"has a second name (a hard link)", "还有另一个名字（硬链接）"}
	WhyNoFile       = Text{"is a pipe or device, not a file", "是管道或设备，不是普通文件"}
	WhySwapped      = Text{"was exchanged while it was opened", "在打开时被替换"}
	WhyEdited       = Text{"was changed since axgbind wrote it", "在 axgbind 写出之后被修改过"}
	WhyForeign      = Text{"was not written by axgbind", "不是 axgbind 写出的"}
	WhyOtherBatch   = Text{"belongs to another batch", "属于另一批次"}
	// 1 how many
	WhyManyBeside  = Text{"%d new files stand beside it already", "旁边已有 %d 个新文件"}
	WhyIsJournal   = Text{"is a journal of axgbind", "是 axgbind 的台账（journal）"}
	WhyIsLock      = Text{"is the lock of a journal", "是台账（journal）的锁文件"}
	WhyIsReserve   = Text{"is the reserve of a journal", "是台账（journal）的预留文件"}
	WhyIsTemporary = Text{"has the name of a file that a run of axgbind is writing", "是 axgbind 正在写入的临时文件的名称"}
	WhyIsKeys      = Text{"is where keys are kept", "是存放密钥的文件"}
	WhyIsInput     = Text{"is an input", "是输入文件"}
	WhyIsResults   = Text{"holds results", "是结果文件"}
	WhyIsFailed    = Text{"holds rows to correct", "是待更正的行"}
	WhyIsFindings  = Text{"holds findings", "是检查结果清单"}
	WhyIsSummary   = Text{"is a summary", "是摘要"}
	WhyIsPage      = Text{"is a page of axgbind", "是 axgbind 生成的页面"}
	WhyIsMetrics   = Text{"is a metrics file of axgbind", "是 axgbind 的指标文件"}
	WhyIsLog       = Text{"is a log of axgbind", "是 axgbind 的日志"}
	WhyNoResults   = Text{"exists and is no results file of axgbind", "已存在且不是 axgbind 的结果文件"}
	WhyNoPage      = Text{"exists and is no page of axgbind", "已存在且不是 axgbind 生成的页面"}
	WhyNoMetrics   = Text{"exists and is no metrics file of axgbind", "已存在且不是 axgbind 的指标文件"}
	WhyNoLog       = Text{"exists and is no log of axgbind", "已存在且不是 axgbind 的日志"}
	WhyLinks       = Text{"too many symbolic links", "符号链接层数过多"}
	// 1 the words themselves
	WhyChanged = Text{"%s", "输入文件在运行中被改动"}
	// 1 the words themselves
	WhyJournal = Text{"%s", "台账（journal）无法写入"}
	// 1 the words themselves
	WhyDamage = Text{"%s", "校验不符或内容无法识别（原文：%s）"}
	// 1 the words themselves
	WhyNewer = Text{"%s", "由更新版本的 axgbind 写入"}
	// 1 the words themselves 2 flag
	WhyNoFlag = Text{"%[1]s", "没有参数 %[2]s"}
	// 1 the words themselves 2 flag
	WhyNoValue = Text{"%[1]s", "参数 %[2]s 缺少取值"}
	// 1 the words themselves 2 flag 3 value
	WhyBadValue = Text{"%[1]s", "参数 %[2]s 的取值 \"%[3]s\" 无效"}
	// 1 the words themselves 2 what was given
	WhyBadSyntax = Text{"%[1]s", "参数写法有误：%[2]s"}
	// 1 the words themselves 2 command
	WhyNoCommand = Text{"%[1]s", "没有命令 \"%[2]s\""}
	// 1 the words themselves 2 how many there are
	WhyArgs = Text{"%[1]s", "给出的参数个数不对（%[2]d 个）"}
	// 1 the words themselves
	WhyNoKey = Text{"%s", "环境变量、配置、密钥文件和角色都没有给出 AccessKey（原文：%s）"}
	// 1 source 2 why
	SourceFault = Text{"%s: %s", "%s：%s"}
	// 1 the words themselves
	WhyEndpoint = Text{"%s", "不能使用"}
	// 1 the words themselves
	WhySimulator = Text{"%s", "参数取值无效或超出范围（原文：%s）"}
	// 1 the words themselves
	WhyListen = Text{"%s", "地址写法有误、不是本机回环，或端口已被占用（原文：%s）"}
	// 1 value
	WhyShare = Text{"\"%s\": must be a share above 0%% and up to 100%%", "\"%s\"：应为大于 0%%、不超过 100%% 的比例"}
	// 1 value
	WhyCount = Text{"\"%s\": must be a number from 1, or a share such as 50%%", "\"%s\"：应为从 1 起的行数，或 50%% 这样的比例"}
	// 1 name 2 fields
	WhyField = Text{"no field is called \"%s\"; the fields are %s", "没有名为 \"%s\" 的字段；可用字段：%s"}
	// 1 value 2 form
	WhyRange = Text{"%s, expected %s", "%s，应为 %s"}
	// 1 value
	WhyKeep = Text{"%s is less than 2 days: a binding may live for a day after its Expiration", "%s 少于 2 天：绑定在过期后一天内仍可能有效"}
	// 1 value
	WhyKeepForm = Text{"%s is no time to keep rows for: give days or hours, such as 30d or 72h", "%s 不是保留时间：请给出天数或小时数，例如 30d 或 72h"}
	// 1 code
	WhyLostCode = Text{"%s: a code names FAILED rows, but rows with this code are UNKNOWN; find out what became of them with axgbind reconcile; only --resend unknown sends them again", "%s：错误码只用于失败（FAILED）的行，而带此错误码的行结果未知（UNKNOWN）；请先运行 axgbind reconcile 对账，只有 --resend unknown 才会重发"}
	// 1 value 2 example
	WhyAbove0 = Text{"%s: > 0, for example %s", "%s，应大于 0，例如 %s"}
	// 1 field
	WhyTwoValues   = Text{"%s: two values", "%s 有两个取值"}
	ClassDone      = Text{"done", "成功"}
	ClassThrottled = Text{"throttled", "限流"}
	ClassNotSent   = Text{"not sent", "未发送"}
	ClassStale     = Text{"stale", "已过期"}
	ClassRow       = Text{"row", "该行被拒"}
	ClassCapacity  = Text{"capacity", "号码池无号"}
	ClassAccount   = Text{"account", "账号被拒"}
	ClassAmbiguous = Text{"ambiguous", "结果未知"}
	ClassWarning   = Text{"warning", "警告"}
	// 1 path
	SayCertificate      = Text{"certificate: %s", "证书：%s"}
	DelimiterComma      = Text{"comma", "逗号分隔"}
	DelimiterWideComma  = Text{"full-width comma", "全角逗号分隔"}
	DelimiterTab        = Text{"tab", "制表符分隔"}
	DelimiterSemicolon  = Text{"semicolon", "分号分隔"}
	FlagOut             = Text{"results `FILE` (default INPUT without .csv + .results.csv)", "结果文件 `FILE`（默认为去掉 .csv 的输入文件名加 .results.csv）"}
	FlagOutUpdate       = Text{"results `FILE` (default INPUT without .csv + .updated.csv)", "结果文件 `FILE`（默认为去掉 .csv 的输入文件名加 .updated.csv）"}
	FlagOutUnbind       = Text{"results `FILE` (default FILE without .csv + .unbound.csv)", "结果文件 `FILE`（默认为去掉 .csv 的文件名加 .unbound.csv）"}
	FlagYesUnbind       = Text{"release them; without it, unbind only shows what it would release", "执行解绑；不加则只列出将要解绑的内容"}
	FlagOnly            = Text{"only rows with `COLUMN=VALUE`, of results also Code=OK,client.AlreadyBound; of several, all must hold", "只解绑满足 `列=值` 的行，结果文件还可用 Code=OK,client.AlreadyBound；多个条件须同时满足"}
	FlagLines           = Text{"only rows of these `LINES`, by column Line of results, else by line of the file: 2-11,40", "只解绑这些`行号`（结果文件按 Line 列，其他按文件行号）：2-11,40"}
	FlagJournal         = Text{"`PLACE` of the journal, the record of what was sent: a folder, or a file .journal (default: see axgbind journal)", "台账（journal）的位置 `PLACE`，记录已发送的内容：目录，或 .journal 文件（默认位置见 axgbind journal）"}
	FlagRenewBefore     = Text{"with --when-bound renew: only bindings that end within `D`, as 7d or 12h", "与 --when-bound renew 合用：只续期在 `D`（如 7d、12h）内到期的绑定"}
	FlagAtMost          = Text{"refuse the file if more than `N` rows, or N% of its rows, would be sent (a wrong file at night)", "要发送的行数超过 `N`（或占总行数 N%）时拒绝该文件（夜间给错文件）"}
	FlagRenewed         = Text{"also release what the batch only renewed", "也解绑该批次只是续期过的绑定"}
	FlagForeign         = Text{"also bindings that no batch of the journal made; a look-up proves each first", "也处理台账（journal）中没有哪个批次创建的绑定，先逐一查询证实"}
	FlagPoolKey         = Text{"pool `KEY` for rows without one; short for --default PoolKey=KEY", "没有号码池的行使用的号码池 `KEY`，等于 --default PoolKey=KEY"}
	FlagDefault         = Text{"`FIELD=VALUE` for an absent column or empty cell; Expiration=+30d counts from the run that first sends the row", "缺少列或空单元格时使用的 `FIELD=VALUE`；Expiration=+30d 每一行从首次发送它的运行算起"}
	FlagMap             = Text{"`COLUMN=FIELD`: read a column of another name as a field", "`COLUMN=FIELD`：把其他名称的列当作某字段"}
	FlagRate            = Text{"calls in any second, fraction allowed, at most 5000", "每秒调用次数（任意连续一秒内），可为小数，最多 5000"}
	FlagMaxInFlight     = Text{"calls under way at once: a number, or auto (follows 1.3 x rate x latency, at most 1024)", "同时进行的调用数：数字或 auto（按 1.3×速率×延迟，最多 1024）"}
	FlagTimeout         = Text{"how long one call may take", "单次调用超时"}
	FlagRetries         = Text{"retries of one row whose request surely did not reach the service", "请求确定未到达服务端时，每行的重试次数"}
	FlagAdaptive        = Text{"slow down when throttled, and recover; never above --rate", "被限流时自动降速并恢复，不超过 --rate"}
	FlagStrict          = Text{"refuse the whole file if any row is invalid", "只要有无效行就拒绝整个文件"}
	FlagDryRun          = Text{"tell what would be sent, by the journal; nothing is sent, and neither journal nor results are written", "按台账（journal）说明会发送什么；不发送，不写台账和结果文件"}
	FlagDryRunForget    = Text{"only tell; nothing is changed", "只列出，不做任何改动"}
	FlagLimit           = Text{"send at most `N` rows, then stop, as a trial; running again goes on", "最多发送 `N` 行后停止，用于试跑；再次运行会继续"}
	FlagTrial           = Text{"first contact: bind the row on this `LINE`, look it up, change it, release it, and print which assumptions hold", "首次联调：试绑此`行号`的行，查询、修改、解绑，并列出哪些假定成立"}
	FlagResend          = Text{"`WHAT` is sent again besides: failed, released, a CODE of FAILED rows, or unknown, which may bind a row twice (repeatable)", "另外重发 `WHAT`：failed、released、失败（FAILED）行的错误码，或 unknown（可能重复绑定）（可重复）"}
	FlagWhenBound       = Text{"a row whose pool, A and group have another live binding: refuse (hold it), skip (use that), renew (change that to the row), another (a second X number on purpose)", "号码池、A 号码、G 组已有其他有效绑定的行：refuse（暂不发送）、skip（沿用该绑定）、renew（按本行续期）、another（特意再占用一个中间号）"}
	FlagOnline          = Text{"also ask the service, by one call that changes nothing: key, clock and pool", "同时向服务端查询一次（不做任何更改）：检查密钥、时钟和号码池"}
	FlagField           = Text{"what changes (repeatable): Expiration, PhoneNoB, GroupId, IsRecordingEnabled, CallRestrict, OutId", "要更新的字段（可重复）：Expiration、PhoneNoB、GroupId、IsRecordingEnabled、CallRestrict、OutId"}
	FlagXNumbers        = Text{"give rows that name no X number a free one of this `FILE` (column SecretNo; City and PoolKey if known), so that every lost answer can be looked up", "从该清单`文件`（列 SecretNo，可有 City、PoolKey）为未指定中间号的行选用空闲号码，应答丢失时可逐一查询"}
	FlagXNumbersSweep   = Text{"`FILE` with the pool's X numbers: each is asked what it is bound to, to find rows that name no X number", "号码池中间号清单`文件`：逐个查询绑定关系，为未指定中间号的行对账"}
	FlagComplete        = Text{"the list holds every X number of its pools: only then can a row be shown not to be bound", "声明清单包含号码池的全部中间号：只有这样才能判定某行未绑定"}
	FlagMaxFailures     = Text{"stop when `N` or N% of the rows sent have ended FAILED or UNKNOWN (N% from 100 rows on)", "已发送的行中失败（FAILED）或结果未知（UNKNOWN）达到 `N` 行或 N%（从 100 行起）时停止"}
	FlagUntil           = Text{"finish the calls under way and stop at `TIME`: the next HH:MM in Beijing, +3h from now, or 2026-12-31T06:00:00+08:00; running again goes on", "到 `TIME` 时完成进行中的调用并停止：北京时间的下一个 HH:MM、从现在起 +3h，或 2026-12-31T06:00:00+08:00；再次运行会继续"}
	FlagEncoding        = Text{"auto, utf-8, gb18030 (gbk), utf-16, utf-16le or utf-16be", "auto、utf-8、gb18030（gbk）、utf-16、utf-16le 或 utf-16be"}
	FlagDelimiter       = Text{"auto, comma, tab, semicolon, or the character itself", "auto、comma、tab、semicolon，或该字符本身"}
	FlagAllowDuplicates = Text{"send rows that equal an earlier one, or have its pool, A and group", "允许发送与前面某行完全相同，或号码池、A 号码、G 组相同的行"}
	FlagAllowEmpty      = Text{"accept an input that has a header and no rows: status 0 instead of 6; a file without a header is still refused", "接受只有表头、没有数据行的输入文件：状态为 0 而不是 6；没有表头的文件仍会被拒绝"}
	FlagSimulate        = Text{"rehearse against the built-in simulator; no credentials, nothing real", "使用内置模拟服务演练，不需要凭证，不产生真实绑定"}
	FlagEndpoint        = Text{"service `URL`; plain http only on loopback", "服务地址 `URL`；http 只限本机回环"}
	FlagProgress        = Text{"auto, bar, plain or none", "auto、bar、plain 或 none"}
	FlagLang            = Text{"language of sentences for people: en or zh (default from LC_ALL, LC_MESSAGES, LANG)", "提示语言：en 或 zh（默认取自 LC_ALL、LC_MESSAGES、LANG）"}
	FlagSummary         = Text{"write the end summary as JSON to `FILE`", "把结束摘要以 JSON 写入 `FILE`"}
	FlagFailed          = Text{"write the rows that need a person (FAILED, INVALID) to `FILE`, ready to correct and feed back", "把需要人工更正的行（失败 FAILED、无效 INVALID）写入 `FILE`，更正后可再次作为输入"}
	FlagLog             = Text{"write the log to `FILE` instead of standard error; as JSON if it ends in .json or .jsonl", "日志写入 `FILE`，而不是标准错误；以 .json 或 .jsonl 结尾时为 JSON"}
	FlagVerbose         = Text{"log every call (numbers masked)", "记录每次调用（号码已脱敏）"}
	FlagYes             = Text{"do not ask before a real run on a terminal", "在终端上真实运行前不再询问"}
	FlagSimListen       = Text{"loopback address and port", "本机回环地址和端口"}
	FlagSimTLS          = Text{"serve https with a self-signed certificate", "使用自签名证书提供 https"}
	FlagSimNumbers      = Text{"free X numbers", "可用中间号数量"}
	FlagSimCities       = Text{"X numbers by city, such as 北京=100,上海=900", "按城市的中间号数量，如 北京=100,上海=900"}
	FlagSimStrictCity   = Text{"give only X numbers of the city in ExpectCity", "只分配 ExpectCity 指定城市的中间号"}
	FlagSimLatency      = Text{"service time of a call", "每次调用的服务时间"}
	FlagSimJitter       = Text{"random addition to the latency", "在延迟上随机增加的时间"}
	FlagSimQPS          = Text{"calls a second per action; above it isv.FLOW_LIMIT; 0: no limit", "每个接口每秒调用数，超过则限流（isv.FLOW_LIMIT）；0 为不限"}
	FlagSimFault        = Text{"`KIND[@Action]=P`: a fault with a probability per call (repeatable)", "`KIND[@Action]=P`：按概率注入故障（可重复）"}
	FlagSimLag          = Text{"look-ups see a binding only so much later", "绑定在查询中可见的延迟"}
	FlagSimForm         = Text{"`FORM` in which look-ups show numbers and times: a86, plus86, 0086, masked, utc (several: a86,utc)", "查询中号码和时间的格式 `FORM`：a86、plus86、0086、masked、utc（可多个：a86,utc）"}
	FlagSimDies         = Text{"look-ups find nothing after `N` were answered; 0: from the first (default: never)", "应答 `N` 次查询之后，查询一律查不到绑定；0 为从第一次开始（默认不发生）"}
	FlagSimAssume       = Text{"how to behave where the documents leave it open, `KEY=VALUE`, such as free-x=null (repeatable)", "文档没有说清之处的行为 `KEY=VALUE`，如 free-x=null（可重复）"}
	FlagSimClock        = Text{"how far the service's clock is ahead; negative: behind", "服务端时钟快多少；负数为慢"}
	FlagSimSeed         = Text{"seed of all randomness", "所有随机数的种子"}
	FlagTemplateOut     = Text{"write to `FILE` (default standard output)", "写入 `FILE`（默认标准输出）"}
	FlagHelp            = Text{"this help", "本帮助"}
	FlagQuiet           = Text{"say nothing on standard error when all is well (status 0)", "一切正常（状态 0）时不在标准错误输出任何内容"}
	FlagExcel           = Text{"write results for Excel and WPS: CRLF, long numbers and dates as text, no cell runs as a formula", "按 Excel 和 WPS 的习惯写结果：CRLF 换行，长数字和日期存为文本，单元格不会被当作公式"}
)
