package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"parity/googlenet/layer"
	"parity/googlenet/train/loss"
	"parity/parity/cause"
	"parity/parity/study"
	"parity/reports"
)

// goPackage is what go list says of a package.
type goPackage struct {
	ImportPath, Doc, Dir string
	Imports              []string
}

const root = "../.."

func packages(t *testing.T) []goPackage {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Doc,Dir,Imports", "./...")
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// arrows lists, for each top-level folder, which packages of this module it may import.
var arrows = map[string][]string{
	"parity/googlenet": {"parity/googlenet"},
	"parity/importers": {"parity/importers", "parity/googlenet", "=parity/fixtures/npz"}, // NumPy's files hold photos and weights too
	"parity/parity":    {"parity/parity", "parity/googlenet"},
	"parity/fixtures":  {"parity/fixtures", "parity/googlenet", "parity/parity/trace"},
	"parity/reports":   {"parity/reports", "=parity/parity", "=parity/parity/study"}, // their Results only
	"parity/cmd":       {"parity"},
}

func within(path, folder string) bool {
	if exact, ok := strings.CutPrefix(folder, "="); ok {
		return path == exact
	}
	return path == folder || strings.HasPrefix(path, folder+"/")
}

func TestImportsFollowTheArrows(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range packages(t) {
		for folder, allowed := range arrows {
			if !within(p.ImportPath, folder) {
				continue
			}
			seen[folder] = true
			for _, imported := range p.Imports {
				if within(imported, "parity") && !slices.ContainsFunc(allowed, func(a string) bool { return within(imported, a) }) {
					t.Errorf("%s imports %s; the arrows allow %v", p.ImportPath, imported, allowed)
				}
				if outside := strings.Contains(strings.Split(imported, "/")[0], "."); outside && folder == "parity/googlenet" && !strings.HasPrefix(imported, "golang.org/x/") {
					t.Errorf("%s imports %s; the engine depends on the standard library and golang.org/x alone", p.ImportPath, imported)
				}
			}
		}
	}
	if len(seen) != len(arrows) {
		t.Errorf("found packages in %d of %d folders", len(seen), len(arrows))
	}
}

func TestEveryPackageHasADocComment(t *testing.T) {
	for _, p := range packages(t) {
		if p.Doc == "" {
			t.Errorf("%s has no doc comment", p.ImportPath)
		}
	}
}

// Whatever is registered stands in a file of its own name.
func TestFilesAreNamedForWhatTheyHold(t *testing.T) {
	var files []string
	for _, k := range layer.Kinds {
		files = append(files, "googlenet/layer/"+snake(k.Name)+".go")
	}
	for _, c := range cause.Catalogue {
		files = append(files, "parity/cause/"+strings.NewReplacer(".", "_", "-", "_").Replace(c.ID)+".go")
	}
	for _, l := range loss.Losses {
		files = append(files, "googlenet/train/loss/"+l.Name()+".go")
	}
	for _, f := range reports.Formats {
		files = append(files, "reports/"+f.Name+".go")
	}
	for _, f := range study.Factors {
		files = append(files, "parity/study/"+f.Name+".go")
	}
	for _, c := range newRoot().Commands() {
		files = append(files, "cmd/parity/"+c.Name()+".go")
	}
	for _, file := range files {
		if _, err := os.Stat(filepath.Join(root, file)); err != nil {
			t.Error(err)
		}
	}
}

// snake turns MaxPool into max_pool and LRN into lrn.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 && unicode.IsLower(rune(name[i-1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.ReplaceAll(b.String(), "re_lu", "relu")
}
