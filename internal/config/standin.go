package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// CheckContent refuses what lies in a file's place although it is another: whoever cloned or saved it has not got the file itself.
func CheckContent(r io.ReaderAt) error {
	head := make([]byte, 512)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return standIn(head[:n])
}

func standIn(head []byte) error {
	text := string(head)
	switch start := strings.ToLower(strings.TrimLeft(strings.TrimPrefix(text, "\ufeff"), " \t\r\n")); {
	case strings.HasPrefix(text, "version https://git-lfs"):
		size := ""
		if _, after, ok := strings.Cut(text, "\nsize "); ok {
			digits, _, _ := strings.Cut(after, "\n")
			size = " of " + digits + " bytes"
		}
		return fmt.Errorf("it is a Git LFS pointer: the file itself%s was not downloaded; git lfs pull does that", size)
	case strings.HasPrefix(text, "/annex/objects/") || strings.HasPrefix(text, "../.git/annex/objects/"):
		return errors.New("it is a git-annex pointer: the file itself was not downloaded; git annex get does that")
	case strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html") || strings.HasPrefix(start, "<?xml") && bytes.Contains(head, []byte("<html")):
		return errors.New("it is a web page (HTML): the page about the file was saved in place of the file; take the link to the raw file")
	}
	return nil
}
