package simulator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"
)

// Server is a Service behind a loopback socket, HTTP/1.1 with or without TLS.
type Server struct {
	running *running
	url     string
	cert    string
}

// Listen serves s on addr, HOST:PORT, until Close. HOST must be a loopback
// address or localhost, PORT 0 takes any free one. With useTLS it makes a
// self-signed certificate for the loopback addresses, valid for a year, and
// writes it to a temporary file that Close removes.
func Listen(s *Service, addr string, useTLS bool) (*Server, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("simulator: listen address %q: want HOST:PORT: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("simulator: listen address %q is not on loopback, want 127.0.0.1:PORT, [::1]:PORT or localhost:PORT", addr)
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	if tcp, ok := ln.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		ln.Close()
		return nil, fmt.Errorf("simulator: %q resolved to %v, which is not on loopback", addr, ln.Addr())
	}
	srv := &Server{url: "http://" + ln.Addr().String()}
	if useTLS {
		cert, file, err := selfSigned()
		if err != nil {
			ln.Close()
			return nil, fmt.Errorf("simulator: certificate: %w", err)
		}
		srv.cert, srv.url = file, "https://"+ln.Addr().String()
		// HTTP/1.1 only: a connection shared by many calls could not be cut for one.
		ln = tls.NewListener(ln, &tls.Config{Certificates: []tls.Certificate{cert}, NextProtos: []string{"http/1.1"}})
	}
	srv.running = open(s, ln)
	return srv, nil
}

// URL is the endpoint, http://127.0.0.1:PORT or its https form.
func (s *Server) URL() string { return s.url }

// CertFile is the path of the certificate in PEM form, "" without TLS.
func (s *Server) CertFile() string { return s.cert }

// Close stops serving, cuts every connection and returns when all goroutines
// of the server have ended. Calls not executed by then never are. A second
// Close does nothing more.
func (s *Server) Close() error {
	err := s.running.close()
	if s.cert == "" {
		return err
	}
	if e := os.Remove(s.cert); e != nil && !errors.Is(e, os.ErrNotExist) {
		err = errors.Join(err, fmt.Errorf("simulator: certificate: %w", e))
	}
	return err
}

func selfSigned() (tls.Certificate, string, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return tls.Certificate{}, "", err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "axgbind simulator"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA:        true, BasicConstraintsValid: true,
		DNSNames:    []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	f, err := os.CreateTemp("", "axgbind-simulator-*.pem")
	if err != nil {
		return tls.Certificate{}, "", err
	}
	err = pem.Encode(f, &pem.Block{Type: "CERTIFICATE", Bytes: der})
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		os.Remove(f.Name())
		return tls.Certificate{}, "", err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}, f.Name(), nil
}
