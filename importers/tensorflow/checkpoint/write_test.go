package checkpoint

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/golang/snappy"
	"google.golang.org/protobuf/encoding/protowire"

	"parity/googlenet/tensor"
	"parity/importers/tensorflow/tensorflowtest"
	"parity/importers/tensorflow/tensorproto"
)

// pair is an entry of a table.
type pair struct{ key, value string }

// writeTable writes LevelDB's format: entries in blocks of a few, each key without what it shares with the one before.
func writeTable(pairs []pair, packed bool) []byte {
	slices.SortFunc(pairs, func(a, b pair) int { return slices.Compare([]byte(a.key), []byte(b.key)) })
	var file []byte
	var index []pair
	for group := range slices.Chunk(pairs, 3) {
		var h []byte
		file, h = appendBlock(file, group, packed)
		index = append(index, pair{group[len(group)-1].key, string(h)})
	}
	file, properties := appendBlock(file, nil, false)
	file, places := appendBlock(file, index, false)
	footer := append(properties, places...)
	footer = append(footer, make([]byte, footerSize-8-len(footer))...)
	return append(file, binary.LittleEndian.AppendUint64(footer, tableMagic)...)
}

func appendBlock(file []byte, pairs []pair, packed bool) (out, place []byte) {
	var b []byte
	last := ""
	for _, p := range pairs {
		shared := 0
		for shared < min(len(last), len(p.key)) && last[shared] == p.key[shared] {
			shared++
		}
		for _, n := range []int{shared, len(p.key) - shared, len(p.value)} {
			b = binary.AppendUvarint(b, uint64(n))
		}
		b = append(b, p.key[shared:]+p.value...)
		last = p.key
	}
	b = binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(b, 0), 1) // one restart point, at 0
	kind := byte(noCompressed)
	if packed {
		b, kind = snappy.Encode(nil, b), snappyPacked
	}
	place = binary.AppendUvarint(binary.AppendUvarint(nil, uint64(len(file))), uint64(len(b)))
	b = append(b, kind)
	return append(file, binary.LittleEndian.AppendUint32(b, checksum(b))...), place
}

// saved is one tensor of a checkpoint to be written.
type saved struct {
	name   string
	shape  tensor.Shape
	values []float32
	shard  int
	slice  *Slice // of a part
	slices []Slice
}

// write writes a checkpoint with two shards and returns its prefix.
func write(t *testing.T, tensors []saved) string {
	t.Helper()
	prefix := filepath.Join(t.TempDir(), "model.ckpt")
	pairs := []pair{{"", string(tensorflowtest.Varint(nil, 1, 2))}}
	var shards [2][]byte
	for _, s := range tensors {
		e := tensorflowtest.Varint(nil, 1, int64(tensorproto.Float))
		e = tensorflowtest.Bytes(e, 2, tensorflowtest.Shape(s.shape))
		if s.slices == nil {
			e = place(e, s, len(shards[s.shard]))
			shards[s.shard] = append(shards[s.shard], littleEndian(s.values)...)
		}
		for _, part := range s.slices {
			e = tensorflowtest.Bytes(e, 7, part.proto())
		}
		key := s.name
		if s.slice != nil {
			key = s.slice.key(s.name)
		}
		pairs = append(pairs, pair{key, string(e)})
	}
	save(t, prefix+".index", writeTable(pairs, false))
	for i, data := range shards {
		save(t, fmt.Sprintf("%s.data-%05d-of-00002", prefix, i), data)
	}
	return prefix
}

func place(e []byte, s saved, at int) []byte {
	data := littleEndian(s.values)
	e = tensorflowtest.Varint(e, 3, int64(s.shard))
	e = tensorflowtest.Varint(e, 4, int64(at))
	e = tensorflowtest.Varint(e, 5, int64(len(data)))
	crc := mask(crc32.Checksum(data, castagnoli))
	return protowire.AppendFixed32(protowire.AppendTag(e, 6, protowire.Fixed32Type), crc)
}

func littleEndian(values []float32) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

func (s Slice) proto() []byte {
	var b []byte
	for i := range s.Start {
		var extent []byte
		if s.Length[i] != fullExtent {
			extent = tensorflowtest.Varint(tensorflowtest.Varint(nil, 1, s.Start[i]), 2, s.Length[i])
		}
		b = tensorflowtest.Bytes(b, 1, extent)
	}
	return b
}

func save(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
