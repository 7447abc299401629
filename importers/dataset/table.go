package dataset

import (
	"bufio"
	"os"
	"strconv"
	"strings"

	"parity/importers/source"
)

// row is a line of a list.
type row struct {
	file   string
	line   int
	fields []string
}

func (r row) errorf(format string, args ...any) error {
	return source.Errorf(r.file, source.LineColumn(r.line, 1), format, args...)
}

// readTable reads lines of as many fields as named, with spaces or commas between them; the last one may hold spaces. Empty
// lines, and as many first ones as are a heading, are passed over.
func readTable(file string, heading int, fields ...string) ([]row, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []row
	s := bufio.NewScanner(f)
	for line := 1; s.Scan(); line++ {
		text := strings.TrimSpace(strings.TrimPrefix(s.Text(), "\ufeff"))
		if line <= heading || text == "" {
			continue
		}
		r := row{file: file, line: line}
		for range len(fields) - 1 {
			at := strings.IndexAny(text, " \t,")
			if at < 0 {
				break
			}
			r.fields = append(r.fields, text[:at])
			text = strings.TrimLeft(text[at:], " \t,")
		}
		if r.fields = append(r.fields, text); len(r.fields) != len(fields) || text == "" {
			return nil, r.errorf("expected %s, found %q", strings.Join(fields, ", "), s.Text())
		}
		list = append(list, r)
	}
	if err := s.Err(); err != nil {
		return nil, source.Errorf(file, "", "not a readable list: %v", err)
	}
	return list, nil
}

// whole reads a whole number of a row.
func (r row) whole(field int, what string) (int, error) {
	n, err := strconv.Atoi(r.fields[field])
	if err != nil {
		return 0, r.errorf("expected a whole number as %s, found %q", what, r.fields[field])
	}
	return n, nil
}

// byID turns a list of ids and something into a map; an id may be there once.
func byID(rows []row) (map[string]row, error) {
	m := map[string]row{}
	for _, r := range rows {
		if _, double := m[r.fields[0]]; double {
			return nil, r.errorf("the id %q is there twice", r.fields[0])
		}
		m[r.fields[0]] = r
	}
	return m, nil
}

// photos collects items, each named once.
type photos struct {
	items []Item
	seen  map[string]bool
}

func (p *photos) add(r row, item Item) error {
	if err := within(item.Name); err != nil {
		return r.errorf("%v", err)
	}
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	if p.seen[item.Name] {
		return r.errorf("%v: %s", errDouble, item.Name)
	}
	p.seen[item.Name] = true
	p.items = append(p.items, item)
	return nil
}
