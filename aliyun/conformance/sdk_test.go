package conformance_test

import (
	"errors"
	"net/http"
	"testing"

	"axgbind/aliyun"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth"
	oldcredentials "github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	olderrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/dyplsapi"
	"github.com/aliyun/credentials-go/credentials"
)

const apiVersion = "2017-05-25"

// genericCall is one call through the generic SDK; zero fields are its usual.
type genericCall struct {
	action  string
	version string            // "" is apiVersion
	method  string            // "" is POST
	query   map[string]string // with V1 it may replace common parameters
	form    map[string]string
	headers map[string]string // with V3 they may replace the SDK's own
}

// generic is the generic SDK. Not for use by several goroutines at a time:
// the SDK is not race-clean.
type generic struct {
	client   *openapi.Client
	protocol string
}

type genericOptions struct {
	v1         bool
	key        aliyun.Credential
	bareKey    bool            // do not name the credentials' provider in a header
	httpClient dara.HttpClient // nil: the SDK's own pool
}

func newGeneric(tb testing.TB, st *stage, o genericOptions) *generic {
	tb.Helper()
	config := &openapi.Config{Endpoint: tea.String(st.host), HttpClient: o.httpClient}
	if o.bareKey {
		config.Credential = bareKey{o.key}
	} else {
		config.AccessKeyId, config.AccessKeySecret = tea.String(o.key.AccessKeyID), tea.String(o.key.AccessKeySecret)
		if o.key.SecurityToken != "" {
			config.SecurityToken = tea.String(o.key.SecurityToken)
		}
	}
	g := &generic{protocol: "HTTP"}
	if st.pem != "" {
		g.protocol = "HTTPS"
		config.Ca = tea.String(st.pem)
	}
	if o.v1 {
		config.SignatureAlgorithm = tea.String("v2") // the vendor's name for V1
	}
	c, err := openapi.NewClient(config)
	if err != nil {
		tb.Fatal(err)
	}
	g.client = c
	return g
}

// call returns the body of an answer. A refusal by the gateway is an error.
func (g *generic) call(c genericCall) (map[string]any, error) {
	if c.version == "" {
		c.version = apiVersion
	}
	if c.method == "" {
		c.method = http.MethodPost
	}
	params := &openapi.Params{
		Action: tea.String(c.action), Version: tea.String(c.version), Protocol: tea.String(g.protocol), Method: tea.String(c.method),
		Pathname: tea.String("/"), AuthType: tea.String("AK"), Style: tea.String("RPC"), ReqBodyType: tea.String("formData"), BodyType: tea.String("json"),
	}
	request := &openapi.OpenApiRequest{Query: pointers(c.query), Headers: pointers(c.headers)}
	if c.form != nil {
		request.Body = c.form
	}
	answer, err := g.client.CallApi(params, request, &dara.RuntimeOptions{})
	if err != nil {
		return nil, err
	}
	body, _ := answer["body"].(map[string]any)
	return body, nil
}

func pointers(m map[string]string) map[string]*string {
	p := make(map[string]*string, len(m))
	for name, value := range m {
		p[name] = tea.String(value)
	}
	return p
}

// end is the code and the HTTP status with which a call of either SDK ended;
// the status is 0 where the SDK does not tell.
func end(body map[string]any, err error) (string, int) {
	var generic *tea.SDKError
	var typed *olderrors.ServerError
	var respond dara.ResponseError
	switch {
	case err == nil:
		code, _ := body["Code"].(string)
		return code, http.StatusOK
	case errors.As(err, &generic):
		return tea.StringValue(generic.Code), tea.IntValue(generic.StatusCode)
	case errors.As(err, &typed):
		return typed.ErrorCode(), typed.HttpStatus()
	case errors.As(err, &respond):
		return tea.StringValue(respond.GetCode()), tea.IntValue(respond.GetStatusCode())
	}
	return err.Error(), 0
}

// bareKey is a key for the generic SDK that names no provider. The SDK puts a
// provider's name into a header of its own, which is then signed; our client
// has no such header, so requests are comparable only without.
type bareKey struct{ key aliyun.Credential }

func (b bareKey) GetAccessKeyId() (*string, error)     { return tea.String(b.key.AccessKeyID), nil }
func (b bareKey) GetAccessKeySecret() (*string, error) { return tea.String(b.key.AccessKeySecret), nil }
func (b bareKey) GetSecurityToken() (*string, error)   { return tea.String(b.key.SecurityToken), nil }
func (b bareKey) GetBearerToken() *string              { return tea.String("") }
func (b bareKey) GetType() *string                     { return tea.String("access_key") }
func (b bareKey) GetCredential() (*credentials.CredentialModel, error) {
	return &credentials.CredentialModel{AccessKeyId: tea.String(b.key.AccessKeyID), AccessKeySecret: tea.String(b.key.AccessKeySecret),
		SecurityToken: tea.String(b.key.SecurityToken), Type: b.GetType()}, nil
}

// newTyped returns the old typed SDK.
func newTyped(tb testing.TB, st *stage, key aliyun.Credential) *dyplsapi.Client {
	tb.Helper()
	var credential auth.Credential = oldcredentials.NewAccessKeyCredential(key.AccessKeyID, key.AccessKeySecret)
	if key.SecurityToken != "" {
		credential = oldcredentials.NewStsTokenCredential(key.AccessKeyID, key.AccessKeySecret, key.SecurityToken)
	}
	scheme := "http"
	if st.pem != "" {
		scheme = "https"
	}
	c, err := dyplsapi.NewClientWithOptions("cn-hangzhou", sdk.NewConfig().WithScheme(scheme).WithHttpTransport(st.transport(tb)), credential)
	if err != nil {
		tb.Fatal(err)
	}
	c.Domain = st.host
	return c
}
