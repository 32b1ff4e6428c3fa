package aliyun

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// ParseEndpoint checks an endpoint and returns its one spelling: lower case,
// scheme://host[:port], without the scheme's default port. Empty means
// DefaultEndpoint. It refuses anything besides scheme, host and port (a lone
// trailing slash is dropped), a scheme other than https and http, and plain
// http unless the host is localhost or a loopback address: the URL of a call
// carries phone numbers. The error repeats no more than the host.
func ParseEndpoint(s string) (string, error) {
	if s == "" {
		return DefaultEndpoint, nil
	}
	u, err := url.Parse(s)
	if err != nil {
		return "", errors.New("endpoint: not a URL; write https://HOST or https://HOST:PORT")
	}
	scheme := strings.ToLower(u.Scheme)
	host := strings.ToLower(u.Hostname())
	switch {
	case scheme != "https" && scheme != "http" || u.Opaque != "":
		return "", errors.New("endpoint: must begin with https://")
	case u.User != nil:
		return "", errors.New("endpoint: must not hold a user name or password; keys come from the credential chain")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.HasSuffix(s, "#"):
		return "", fmt.Errorf("endpoint %s: nothing may follow the host and port", host)
	case !plainHost(host):
		return "", errors.New("endpoint: the host must be a plain name or an IP address; write https://HOST")
	case scheme == "http" && !loopback(host):
		return "", fmt.Errorf("endpoint %s: plain http is refused unless the host is loopback, for the call carries phone numbers; use https", host)
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	port := u.Port()
	if port == "" {
		if strings.HasSuffix(u.Host, ":") {
			return "", fmt.Errorf("endpoint %s: no port after the colon", host)
		}
		return scheme + "://" + host, nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return "", fmt.Errorf("endpoint %s: port must be 1 to 65535", host)
	}
	if scheme == "https" && n == 443 || scheme == "http" && n == 80 {
		return scheme + "://" + host, nil
	}
	return scheme + "://" + host + ":" + strconv.FormatUint(n, 10), nil
}

// plainHost reports whether the name goes into the Host header, and so into
// the signature, exactly as it stands: net/http rewrites others.
func plainHost(host string) bool {
	if strings.Contains(host, ":") {
		a, err := netip.ParseAddr(host)
		return err == nil && a.Zone() == ""
	}
	for _, r := range host {
		if r != '-' && r != '.' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return host != "" && host[0] != '.'
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
