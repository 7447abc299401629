package cases

import (
	"context"
	"path/filepath"
)

// judged is a recorded network whose values can be compared and dumped.
type judged interface {
	dumped
	compare(n *network, r *Result) error
}

// judge runs the network of the case in dir, compares it with what was recorded, and dumps what was computed if asked to.
func judge(ctx context.Context, c judged, n *network, dir string, o Options) (*Result, error) {
	if err := n.run(ctx); err != nil {
		return nil, err
	}
	r := &Result{}
	if err := c.compare(n, r); err != nil {
		return r, err
	}
	if o.Dump == "" {
		return r, nil
	}
	return r, dump(c, n, filepath.Join(o.Dump, filepath.Base(filepath.Clean(dir))))
}
