package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// Whatever is under way, an interrupt ends it with a status of its own and without a report.
func TestInterrupt(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	narrow := root + "/fixtures/narrow_googlenet/"
	for _, args := range [][]string{
		{"compare", narrow + "caffe@native", narrow + "tf"},
		{"compare", narrow + "caffe", narrow + "tf", "--images", root + "/importers/image/jpeg/testdata"},
		{"run", narrow + "caffe", "--out", t.TempDir() + "/out.npz"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(stopped, args, &stdout, &stderr); code != exitInterrupted || stdout.Len() > 0 || !strings.Contains(stderr.String(), "interrupted") {
			t.Errorf("%v: exit status %d, %q, %q", args, code, stdout.String(), stderr.String())
		}
	}
}
