package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"regexp"
)

// A stamp stands near the beginning of a file that people work in: who wrote it,
// for which batch, and a checksum of the whole file. By it a later run knows that
// it may replace the file, and that nobody's corrections go with it. The checksum
// is the file's own, since check keeps no journal that could remember it.
//
//	axgbind-BATCH-CHECKSUM
//
// BATCH is 8 hexadecimal digits, CHECKSUM the first 16 of the SHA-256 of the file
// with zeros in their place.
const (
	stampName   = "axgbind-"
	stampBatch  = 8
	stampDigits = 16
	stampWithin = 64 << 10 // of the file's beginning
)

var (
	stampForm = regexp.MustCompile(stampName + `([0-9a-f]{8})-([0-9a-f]{16})`)
	noDigits  = bytes.Repeat([]byte{'0'}, stampDigits)
)

// Stamp is the stamp of a file for a batch, its checksum yet to be filled in by
// FinishStamp. Batches are told apart by name; "" is none.
func Stamp(batch string) string { return stampName + stampOf(batch) + "-" + string(noDigits) }

func stampOf(batch string) string {
	if batch == "" {
		return "00000000"
	}
	sum := sha256.Sum256([]byte(batch))
	return hex.EncodeToString(sum[:])[:stampBatch]
}

// IsStamp reports whether a header is a stamp.
func IsStamp(header string) bool {
	at := stampForm.FindStringIndex(header)
	return at != nil && at[0] == 0 && at[1] == len(header)
}

// FinishStamp fills in the checksum of a file that is written.
func FinishStamp(f interface {
	io.ReaderAt
	io.WriterAt
}, size int64) error {
	at, err := stamps(f, size)
	if err != nil {
		return err
	}
	for _, s := range at {
		if s.digits == string(noDigits) {
			digits, err := s.checksum(f, size)
			if err == nil {
				_, err = f.WriteAt([]byte(digits), s.at)
			}
			return err
		}
	}
	return nil
}

// ReadStamp reports whether a file is as FinishStamp left it, and whether it is
// of the batch.
func ReadStamp(r io.ReaderAt, size int64, batch string) (unchanged, own bool, err error) {
	at, err := stamps(r, size)
	if err != nil {
		return false, false, err
	}
	for _, s := range at {
		digits, err := s.checksum(r, size)
		if err != nil {
			return false, false, err
		}
		if digits == s.digits {
			return true, s.batch == stampOf(batch), nil
		}
	}
	return false, false, nil
}

// stamped is a stamp in a file.
type stamped struct {
	batch, digits string
	at            int64 // of the digits
}

func stamps(r io.ReaderAt, size int64) (list []stamped, err error) {
	head := make([]byte, min(size, stampWithin))
	if n, err := r.ReadAt(head, 0); err != nil && n < len(head) {
		return nil, err
	}
	for _, at := range stampForm.FindAllSubmatchIndex(head, 4) {
		list = append(list, stamped{string(head[at[2]:at[3]]), string(head[at[4]:at[5]]), int64(at[4])})
	}
	return list, nil
}

// checksum computes what the digits should be.
func (s *stamped) checksum(r io.ReaderAt, size int64) (string, error) {
	h := sha256.New()
	behind := s.at + stampDigits
	for _, part := range []io.Reader{io.NewSectionReader(r, 0, s.at), bytes.NewReader(noDigits), io.NewSectionReader(r, behind, size-behind)} {
		if _, err := io.Copy(h, part); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:stampDigits], nil
}
