package keychain

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/aliyun/credentials-go/credentials/providers"
	"gopkg.in/ini.v1"

	"axgbind/aliyun"
)

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

func (f *keyFile) source() aliyun.Text {
	file, path := homeFile(envKeyFile, ".alibabacloud", "credentials")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && os.Getenv(envKeyFile) == "" || path == "" {
		return aliyun.Text{}
	}
	name := quoted(f.section())
	return aliyun.Text{EN: "section " + name + " of " + file.EN, ZH: file.ZH + "的小节 " + name}
}

func (f *keyFile) GetCredentials() (*providers.Credentials, error) {
	if f.inner == nil {
		shown, path := homeFile(envKeyFile, ".alibabacloud", "credentials")
		text, why := readKeys(path)
		if why != nil && f.source() == (aliyun.Text{}) {
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
func homeFile(variable, folder, name string) (shown aliyun.Text, path string) {
	if path := strings.TrimSpace(os.Getenv(variable)); path != "" {
		return aliyun.Text{EN: "the file named in " + variable, ZH: variable + " 指定的文件"}, path
	}
	if home, err := os.UserHomeDir(); err == nil {
		path = filepath.Join(home, folder, name)
	}
	return aliyun.Text{EN: "~/" + folder + "/" + name, ZH: "~/" + folder + "/" + name}, path
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

// Files are the files in which Default may find a key or a token,
// whether they exist or not: nothing may be written there.
func Files() (paths []string) {
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
