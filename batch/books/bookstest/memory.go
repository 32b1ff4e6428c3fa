package bookstest

import (
	"bytes"
	"sync"
)

// Memory is a journal's place in memory. It loses nothing, and its lock is always free.
// The zero value is empty.
type Memory struct {
	mu   sync.Mutex
	text []byte
}

// NewMemory returns a place with a copy of a journal's text.
func NewMemory(text []byte) *Memory { return &Memory{text: bytes.Clone(text)} }

// Text is a copy of what was written.
func (m *Memory) Text() []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return bytes.Clone(m.text)
}

// Set has it keep another text.
func (m *Memory) Set(text []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.text = bytes.Clone(text)
}

// Len is how many bytes there are.
func (m *Memory) Len() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.text)
}

// Append implements journal.Place.
func (m *Memory) Append(b []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.text = append(m.text, b...)
	return nil
}

// ReadAt implements io.ReaderAt.
func (m *Memory) ReadAt(p []byte, at int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return bytes.NewReader(m.text).ReadAt(p, at)
}

// Length implements journal.Place.
func (m *Memory) Length() (int64, error) { return int64(m.Len()), nil }

// Cut implements journal.Place.
func (m *Memory) Cut(length int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.text = m.text[:length]
	return nil
}

// Lock implements journal.Place.
func (m *Memory) Lock() (held bool, err error) { return true, nil }
