package checkpoint

import (
	"encoding/binary"
	"os"
	"path/filepath"
)

// IsFile tells whether a path is that of a file of a checkpoint: a V1 checkpoint, an index, a shard, or the note of
// the latest one. A *.meta
// is none, as it holds a graph.
func IsFile(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	return filepath.Base(path) == "checkpoint" || shardName.MatchString(path) || endsAsTable(path, info.Size())
}

// Exists tells whether a path is the prefix of a checkpoint.
func Exists(prefix string) bool {
	_, err := os.Stat(prefix + ".index")
	return err == nil || len(v1Files(prefix)) > 0
}

// IsV1 tells whether a file is a V1 checkpoint, or a shard of one.
func IsV1(path string) bool { return filepath.Ext(path) != ".index" && isTable(path) }

// isTable tells whether a file is a table.
func isTable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && endsAsTable(path, info.Size())
}

// endsAsTable looks for the magic number of an index.
func endsAsTable(path string, size int64) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var magic [8]byte
	_, err = f.ReadAt(magic[:], size-int64(len(magic)))
	return size >= footerSize && err == nil && binary.LittleEndian.Uint64(magic[:]) == tableMagic
}
