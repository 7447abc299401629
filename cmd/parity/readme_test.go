package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// block is a fenced block of a document: its language and lines.
type block struct {
	language string
	lines    []string
}

func blocks(t *testing.T, file string) []block {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []block
	for _, m := range regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(string(data), -1) {
		list = append(list, block{m[1], strings.Split(strings.TrimSuffix(m[2], "\n"), "\n")})
	}
	return list
}

// TestReadme runs every command of the README, each in a folder that looks like the repository, and looks for the
// lines of the text block that follows it in what it prints.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs every command of the README")
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, name := range []string{"fixtures", "importers", "README.md"} {
		if err := os.Symlink(filepath.Join(top, name), filepath.Join(dir, name)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	t.Chdir(dir)
	var printed string
	commands, texts := 0, 0
	for _, b := range blocks(t, "README.md") {
		for _, line := range b.lines {
			switch b.language {
			case "sh", "parity":
				if args, status, ok := command(line); ok {
					printed = execute(t, line, args, status)
					commands++
				}
			case "text":
				texts++
				if !strings.Contains(printed, line) {
					t.Errorf("README promises the line %q, got\n%s", line, printed)
				}
			}
		}
	}
	if commands < 5 || texts < 3 {
		t.Errorf("the README has %d commands and %d lines of output; is it read rightly?", commands, texts)
	}
}

// command splits `parity ARGS  # exit N`; other commands are not this program's.
func command(line string) (args []string, status int, ok bool) {
	line, comment, _ := strings.Cut(line, "#")
	if n, found := strings.CutPrefix(strings.TrimSpace(comment), "exit "); found {
		status, _ = strconv.Atoi(n)
	}
	line = strings.Replace(line, "go run ./cmd/parity", "parity", 1)
	args = strings.Fields(strings.ReplaceAll(line, `"`, ""))
	return args, status, len(args) > 0 && args[0] == "parity"
}

func execute(t *testing.T, line string, args []string, status int) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if got := run(context.Background(), args[1:], &stdout, &stderr); got != status {
		t.Errorf("%s: exit status %d, want %d\n%s", line, got, status, stderr.String())
	}
	return stdout.String()
}

// TestReadmeNamesEveryDependency holds the table of dependencies against go.mod.
func TestReadmeNamesEveryDependency(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	direct := regexp.MustCompile(`(?m)^\t(\S+?)(/v\d+)? v\S+$`).FindAllStringSubmatch(string(mod), -1)
	if len(direct) < 5 {
		t.Fatalf("go.mod is not read rightly: %v", direct)
	}
	for _, m := range direct {
		if !strings.Contains(string(readme), m[1]) {
			t.Errorf("the README does not say what %s is for", m[1])
		}
	}
}

// TestReadmeLinks looks for every file that the README links to.
func TestReadmeLinks(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(string(data), -1) {
		if strings.Contains(m[1], "://") {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
			t.Error(err)
		}
	}
}
