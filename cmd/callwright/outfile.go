package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// apart refuses outputs that are an input, or each other: a scenario or a log
// must not be written over by its own report. Empty names are none.
func apart(inputs []string, outputs ...string) error {
	for i, out := range outputs {
		if out == "" {
			continue
		}
		for _, in := range inputs {
			if sameFile(in, out) {
				return fmt.Errorf("%s is an input and would be written over; want another name for the output: %w", in, errInput)
			}
		}
		for _, other := range outputs[:i] {
			if other != "" && sameFile(other, out) {
				return fmt.Errorf("%s is asked for twice as an output; want two names: %w", out, errInput)
			}
		}
	}
	return nil
}

func sameFile(a, b string) bool {
	if x, err := os.Stat(a); err == nil {
		if y, err := os.Stat(b); err == nil {
			return os.SameFile(x, y)
		}
	}
	x, err1 := filepath.Abs(a)
	y, err2 := filepath.Abs(b)
	return err1 == nil && err2 == nil && x == y
}

// writeWhole writes a file whole or not at all: beside it first, then in its
// place. What is there and is no ordinary file, a pipe say, is written to.
func writeWhole(name string, write func(*os.File) error) error {
	if st, err := os.Stat(name); err == nil && !st.Mode().IsRegular() {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		return write(f)
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // of no effect once it has its name
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
