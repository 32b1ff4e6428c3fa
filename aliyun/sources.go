package aliyun

import (
	"bytes"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
	"gopkg.in/ini.v1"
)

// Variables of the vendor's chain.
const (
	envID         = "ALIBABA_CLOUD_ACCESS_KEY_ID"
	envSecret     = "ALIBABA_CLOUD_ACCESS_KEY_SECRET"
	envToken      = "ALIBABA_CLOUD_SECURITY_TOKEN"
	envTokenFile  = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"
	envOIDC       = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
	envRole       = "ALIBABA_CLOUD_ROLE_ARN"
	envProfile    = "ALIBABA_CLOUD_PROFILE"
	envConfigFile = "ALIBABA_CLOUD_CONFIG_FILE"
	envNoProfile  = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED"
	envKeyFile    = "ALIBABA_CLOUD_CREDENTIALS_FILE"
	envNoRole     = "ALIBABA_CLOUD_ECS_METADATA_DISABLED"
	envRoleName   = "ALIBABA_CLOUD_ECS_METADATA"
	envURI        = "ALIBABA_CLOUD_CREDENTIALS_URI"
)

// keySource is one place of the chain.
type keySource interface {
	// GetCredentials returns the key. Its errors are errWhy, or the library's, which
	// may hold anything.
	GetCredentials() (*providers.Credentials, error)
	// source is what the place is called if somebody set it up, and blank if nobody did.
	source() Text
}

// placed is a source in the chain.
type placed struct {
	keySource
	place string    // in the list of where was looked
	names [3]string // of id, secret and token there
}

// sources asks the places of the vendor's default chain for a key, in its order.
// The first that has one is asked from then on; after a failure of it the chain
// is made anew.
type sources struct {
	list []placed
	used *placed
}

func newSources(life *life) *sources {
	written := [3]string{"access_key_id", "access_key_secret", "sts_token"}
	answered := [3]string{"AccessKeyId", "AccessKeySecret", "SecurityToken"}
	s := &sources{}
	add := func(place string, of keySource, names [3]string) { s.list = append(s.list, placed{of, place, names}) }
	add("environment", variables{}, [3]string{envID, envSecret, envToken})
	if debugged() {
		return s
	}
	add("OIDC", &tokenSource{}, answered)
	if !enabled(envNoProfile) {
		add("CLI profile", &cliProfile{life: life}, written)
	}
	add("credentials file", &keyFile{}, written)
	add("ECS role", &roleSource{}, answered)
	add("URI", &uriSource{}, answered)
	return s
}

// debugged reports whether the vendor's library writes the headers of its requests,
// tokens among them, to standard output. It decides that when the process starts,
// and nothing can stop it then but not to let it make requests.
func debugged() bool { return slices.Contains(strings.Split(os.Getenv("DEBUG"), ","), "credential") }

// enabled reads a switch as the library does.
func enabled(variable string) bool { return strings.EqualFold(os.Getenv(variable), "true") }

// key implements provider.
func (s *sources) key() (Credential, error) {
	none := &noCredentials{}
	list := s.list
	if s.used != nil {
		list = []placed{*s.used}
	}
	for _, of := range list {
		key, err := of.key()
		if err == nil {
			s.used = &of
			return key, nil
		}
		if _, none.form = errors.AsType[*badForm](err); none.form {
			none.looked, none.faults = "", nil // what was asked before was rightly passed over
		}
		none.add(of, err)
		if none.form {
			return Credential{}, none
		}
	}
	if enabled(envNoProfile) {
		none.looked += "; the CLI profile is switched off by " + envNoProfile
	}
	if debugged() {
		none.looked += "; nothing else was asked, since with DEBUG=credential the vendor's library prints tokens: unset DEBUG"
	}
	return Credential{}, none
}

// key asks the source and takes a crash of it for a failure: the library's crash on
// answers that lack a member.
func (p *placed) key() (key Credential, err error) {
	defer func() {
		if recover() != nil {
			key, err = Credential{}, errNoKey
		}
	}()
	got, err := p.GetCredentials()
	if err != nil {
		return Credential{}, err
	}
	return trimmed(Credential{got.AccessKeyId, got.AccessKeySecret, got.SecurityToken}, p.names)
}

// add notes that a place gave no key, in our own words.
func (e *noCredentials) add(of placed, err error) {
	why := whyNot(err)
	said := why.EN
	if source := of.source(); source != (Text{}) {
		e.faults = append(e.faults, SourceFault{source, Text(why)})
		if source.EN != of.place {
			said = source.EN + ": " + said
		}
	}
	if e.looked != "" {
		e.looked += "; "
	}
	e.looked += of.place + " (" + said + ")"
}

// errWhy is why a source gave no key, in words that hold nothing of file, command
// or answer.
type errWhy Text

func (e errWhy) Error() string { return e.EN }

// badForm is why a key that a source has cannot be right. No later source is asked
// then: somebody meant this one.
type badForm struct{ errWhy }

// errNoKey is said of what is no key at all.
var errNoKey = errWhy{"the answer holds no key", "应答中没有密钥"}

// answeredCode is the code in an answer that refuses a key.
var answeredCode = regexp.MustCompile(`"Code"\s*:\s*"([A-Z][A-Za-z]{2,40}(?:\.[A-Za-z]{2,40}){0,3})"`)

// whyNot keeps our own words of an error, and of the library's, which may hold
// anything, no more than its kind and the vendor's code.
func whyNot(err error) errWhy {
	if form, ours := errors.AsType[*badForm](err); ours {
		return form.errWhy
	}
	if why, ours := errors.AsType[errWhy](err); ours {
		return why
	}
	if network, ok := errors.AsType[net.Error](err); ok {
		if network.Timeout() {
			return errWhy{"no answer came in time", "没有在时限内应答"}
		}
		return errWhy{"the server that gives the key was not reached", "无法连接到发放密钥的服务器"}
	}
	if code := answeredCode.FindStringSubmatch(err.Error()); code != nil {
		return errWhy{"the key was refused with " + code[1], "获取密钥被拒绝：" + code[1]}
	}
	return errNoKey
}

// unset are the variables that are not set, or empty.
func unset(names ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return os.Getenv(name) != "" })
}

// notSet says so of variables.
func notSet(names []string) errWhy {
	list := strings.Join(names, ", ")
	return errWhy{list + " not set", "没有设置 " + list}
}

// variables is the environment as a source.
type variables struct{}

func (variables) source() Text {
	if len(unset(envID, envSecret)) == 2 {
		return Text{}
	}
	return Text{"environment", "环境变量"}
}

func (variables) GetCredentials() (*providers.Credentials, error) {
	if missing := unset(envID, envSecret); len(missing) > 0 {
		return nil, notSet(missing)
	}
	return &providers.Credentials{AccessKeyId: os.Getenv(envID), AccessKeySecret: os.Getenv(envSecret), SecurityToken: os.Getenv(envToken)}, nil
}

// tokenSource is a role that is assumed with the token in a file, as pods have one.
type tokenSource struct{ inner providers.CredentialsProvider }

func (*tokenSource) source() Text {
	if len(unset(envTokenFile, envOIDC)) == 2 { // a role alone can be meant for others
		return Text{}
	}
	return Text{"OIDC", "OIDC"}
}

func (s *tokenSource) GetCredentials() (*providers.Credentials, error) {
	if s.inner == nil {
		var err error
		if s.inner, err = made(providers.NewOIDCCredentialsProviderBuilder().Build()); err != nil {
			return nil, notSet(unset(envTokenFile, envOIDC, envRole))
		}
	}
	if path := os.Getenv(envTokenFile); path != "" {
		if _, why := readKeys(path); why != nil {
			return nil, errWhy{"the file named in " + envTokenFile + " " + why.EN, envTokenFile + " 指定的文件" + why.ZH}
		}
	}
	return s.inner.GetCredentials()
}

// roleSource is the role of the ECS instance.
type roleSource struct{ inner providers.CredentialsProvider }

func (*roleSource) source() Text {
	if os.Getenv(envRoleName) == "" {
		return Text{} // asked whether there is one or not
	}
	return Text{"ECS role named in " + envRoleName, envRoleName + " 指定的 ECS 实例角色"}
}

func (s *roleSource) GetCredentials() (*providers.Credentials, error) {
	if s.inner == nil {
		var err error
		if s.inner, err = made(providers.NewECSRAMRoleCredentialsProviderBuilder().Build()); err != nil {
			return nil, errWhy{"switched off by " + envNoRole, "已由 " + envNoRole + " 关闭"}
		}
	}
	return s.inner.GetCredentials()
}

// uriSource is a server that gives keys.
type uriSource struct{ inner providers.CredentialsProvider }

func (*uriSource) source() Text {
	if os.Getenv(envURI) == "" {
		return Text{}
	}
	return Text{"server named in " + envURI, envURI + " 指定的服务器"}
}

func (s *uriSource) GetCredentials() (*providers.Credentials, error) {
	if s.inner == nil {
		var err error
		if s.inner, err = made(providers.NewURLCredentialsProviderBuilder().Build()); err != nil {
			return nil, notSet([]string{envURI})
		}
	}
	return s.inner.GetCredentials()
}

// keyFile is a section of the credentials file. The library's reader of it has one
// error for all that can be wrong, and quotes lines.
type keyFile struct{ inner providers.CredentialsProvider }

// section is the section's name.
func (*keyFile) section() string {
	if name := strings.TrimSpace(os.Getenv(envProfile)); name != "" {
		return name
	}
	return "default"
}

func (f *keyFile) source() Text {
	file, path := homeFile(envKeyFile, ".alibabacloud", "credentials")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && os.Getenv(envKeyFile) == "" || path == "" {
		return Text{}
	}
	name := quoted(f.section())
	return Text{"section " + name + " of " + file.EN, file.ZH + "的小节 " + name}
}

func (f *keyFile) GetCredentials() (*providers.Credentials, error) {
	if f.inner == nil {
		shown, path := homeFile(envKeyFile, ".alibabacloud", "credentials")
		text, why := readKeys(path)
		if why != nil && f.source() == (Text{}) {
			return nil, errWhy{shown.EN + " " + why.EN, shown.ZH + why.ZH}
		}
		if why != nil {
			return nil, errWhy{"the file " + why.EN, "该文件" + why.ZH}
		}
		var err error
		if f.inner, err = f.provider(text); err != nil {
			return nil, err
		}
	}
	return f.inner.GetCredentials()
}

// provider makes what asks for the key of the section. Its errors are errWhy.
func (f *keyFile) provider(text []byte) (providers.CredentialsProvider, error) {
	file, err := ini.Load(text)
	if err != nil {
		return nil, wrongLine(text)
	}
	section, err := file.GetSection(f.section())
	if err != nil {
		return nil, errWhy{"there is no such section", "没有这个小节"}
	}
	value := func(name string) string { return section.Key(name).String() }
	p := &profile{
		AccessKeyID: value("access_key_id"), AccessKeySecret: value("access_key_secret"), Policy: value("policy"), Seconds: 3600,
		RoleARN: value("role_arn"), RoleSession: value("role_session_name"), RoleName: value("role_name"),
	}
	switch value("type") {
	case "access_key":
		return p.static()
	case "ecs_ram_role":
		return p.instance()
	case "ram_role_arn":
		source, err := p.static()
		if err == nil {
			err = wanted("role_arn", p.RoleARN, "role_session_name", p.RoleSession)
		}
		if err != nil {
			return nil, err
		}
		return p.role(source)
	case "":
		return nil, wanted("type", "")
	}
	return nil, errWhy{"its type is none of access_key, ecs_ram_role, ram_role_arn", "type 不是 access_key、ecs_ram_role、ram_role_arn 之一"}
}

// wrongLine says which line of a file of sections is none.
func wrongLine(text []byte) errWhy {
	for i, line := range bytes.Split(text, []byte("\n")) {
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0, line[0] == '#', line[0] == ';', line[0] == '[' && bytes.IndexByte(line, ']') > 0, line[0] != '[' && bytes.IndexAny(line, "=:") > 0:
			continue
		}
		at := strconv.Itoa(i + 1)
		return errWhy{"line " + at + " of the file is neither a [section] nor a name = value", "该文件第 " + at + " 行既不是 [小节] 也不是 名称 = 值"}
	}
	return errWhy{"the file is not one of sections with name = value", "该文件不是由小节和 名称 = 值 组成的"}
}

// wanted says which of the settings, given as names and values, are blank.
func wanted(settings ...string) error {
	var missing []string
	for i := 0; i < len(settings); i += 2 {
		if strings.TrimSpace(settings[i+1]) == "" {
			missing = append(missing, settings[i])
		}
	}
	switch list := strings.Join(missing, ", "); len(missing) {
	case 0:
		return nil
	case 1:
		return errWhy{list + " is missing or empty", list + " 缺失或为空"}
	default:
		return errWhy{list + " are missing or empty", list + " 缺失或为空"}
	}
}

// homeFile is where a file with keys is, and what it is called: the file that a
// variable names, or one in the user's home. Its path is blank without a home.
func homeFile(variable, folder, name string) (shown Text, path string) {
	if path := strings.TrimSpace(os.Getenv(variable)); path != "" {
		return Text{"the file named in " + variable, variable + " 指定的文件"}, path
	}
	if home, err := os.UserHomeDir(); err == nil {
		path = filepath.Join(home, folder, name)
	}
	return Text{"~/" + folder + "/" + name, "~/" + folder + "/" + name}, path
}

// readKeys reads a file that has a key or a token.
func readKeys(path string) ([]byte, *errWhy) {
	if path == "" {
		return nil, &errWhy{"is nowhere: there is no home directory", "无处可寻：没有用户主目录"}
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return nil, &errWhy{"is a folder", "是文件夹"}
	}
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &errWhy{"does not exist", "不存在"}
	case errors.Is(err, fs.ErrPermission):
		return nil, &errWhy{"may not be read by this user", "当前用户没有读取权限"}
	case err != nil:
		return nil, &errWhy{"cannot be read", "无法读取"}
	case len(bytes.TrimSpace(text)) == 0:
		return nil, &errWhy{"is empty", "是空的"}
	}
	return text, nil
}

// quoted is a name of somebody's as it is shown.
func quoted(s string) string {
	name := []rune(s)
	if len(name) > 40 {
		name = append(name[:40], '…')
	}
	return strconv.Quote(string(name))
}

// CredentialFiles are the files in which DefaultChain may find a key or a token,
// whether they exist or not: nothing may be written there.
func CredentialFiles() (paths []string) {
	for _, variable := range []string{envConfigFile, envKeyFile, envTokenFile} {
		if path := os.Getenv(variable); path != "" {
			paths = append(paths, path)
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		paths = append(paths, filepath.Join(home, ".aliyun", "config.json"), filepath.Join(home, ".alibabacloud", "credentials"))
	}
	return paths
}
