package checkpoint

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"parity/importers/proto"
	"parity/importers/source"
	"parity/importers/tensorflow/tensorproto"
)

// The messages of tensorflow/core/protobuf/trackable_object_graph.proto.
var (
	objectsSchema   = proto.Schema{Name: "TrackableObjectGraph", Fields: map[protowire.Number]string{1: "nodes"}}
	objectSchema    = proto.Schema{Name: "TrackableObject", Fields: map[protowire.Number]string{1: "children", 2: "attributes", 3: "slot_variables"}}
	childSchema     = proto.Schema{Name: "ObjectReference", Fields: map[protowire.Number]string{1: "node_id", 2: "local_name"}}
	attributeSchema = proto.Schema{Name: "SerializedTensor", Fields: map[protowire.Number]string{1: "name", 2: "full_name", 3: "checkpoint_key"}}
)

// objectGraph is the key of the description of the objects that a tf.train.Checkpoint was made of.
const objectGraph = "_CHECKPOINTABLE_OBJECT_GRAPH"

// readObjects reads what the checkpoint says of the objects that own its tensors: their keys are paths through objects, such as
// "model/layer-1/kernel/.ATTRIBUTES/VARIABLE_VALUE", and the variables' own names stand here. A name that several variables
// have is of no use.
func (c *Checkpoint) readObjects() error {
	e := c.byName[objectGraph]
	if e == nil {
		return nil
	}
	if _, err := os.Stat(c.shard(e.shard)); errors.Is(err, fs.ErrNotExist) {
		return nil // whoever reads a tensor is told
	}
	data, err := c.readString(e)
	if err != nil {
		return err
	}
	c.byVariable = map[string]*Entry{}
	return eachMessage(proto.Binary(c.index(), data), objectsSchema, "nodes", func(m proto.Message) error {
		o := &object{children: map[string]int{}}
		c.objects = append(c.objects, o)
		if err := eachMessage(m, objectSchema, "children", o.readChild); err != nil {
			return err
		}
		return eachMessage(m, objectSchema, "attributes", func(m proto.Message) error { return c.readAttribute(m, o) })
	})
}

// object is one that owns tensors, or others by name.
type object struct {
	children map[string]int // places among the checkpoint's objects
	entry    *Entry         // of a variable
}

func (o *object) readChild(m proto.Message) error {
	var node int64
	var name string
	for f, err := range m.Fields(childSchema) {
		switch {
		case err != nil:
		case f.Name == "node_id":
			node, err = f.Int()
		case f.Name == "local_name":
			name, err = f.String()
		}
		if err != nil {
			return err
		}
	}
	o.children[name] = int(node)
	return nil
}

// Objects lists what the first object holds by name, which is what was saved; nil where there are none.
func (c *Checkpoint) Objects() []string {
	if len(c.objects) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(c.objects[0].children))
}

// At returns the entry of the variable that names lead to from the first object on.
func (c *Checkpoint) At(names ...string) (*Entry, bool) {
	if len(c.objects) == 0 {
		return nil, false
	}
	o := c.objects[0]
	for _, name := range names {
		i, ok := o.children[name]
		if !ok || i < 0 || i >= len(c.objects) {
			return nil, false
		}
		o = c.objects[i]
	}
	return o.entry, o.entry != nil
}

func (c *Checkpoint) readAttribute(m proto.Message, of *object) error {
	var name, key string
	for f, err := range m.Fields(attributeSchema) {
		switch {
		case err != nil:
		case f.Name == "full_name":
			name, err = f.String()
		case f.Name == "checkpoint_key":
			key, err = f.String()
		}
		if err != nil {
			return err
		}
	}
	e := c.byName[key]
	if e == nil {
		return nil
	}
	if of.entry = e; name == "" {
		return nil
	}
	e.Variable = name
	if other, taken := c.byVariable[name]; taken && other != e {
		e = nil
	}
	c.byVariable[name] = e
	return nil
}

// readString reads a scalar string: its length, a checksum of the lengths, and its bytes. The entry's checksum covers the
// length as a fixed number.
func (c *Checkpoint) readString(e *Entry) ([]byte, error) {
	if e.DType != tensorproto.String || len(e.Shape) != 0 || len(e.Slices) > 0 {
		return nil, source.Errorf(c.index(), "", "%q should be one string, found %v %v", e.Name, e.DType, e.Shape)
	}
	data, err := c.raw(e, e.Name)
	if err != nil {
		return nil, err
	}
	length, n := binary.Uvarint(data)
	const sum = 4
	if n <= 0 || len(data) < n+sum || length != uint64(len(data)-n-sum) {
		return nil, source.Errorf(c.shard(e.shard), source.Offset(int(e.offset)), "%q should be one string of %d bytes in all, found a length of %d", e.Name, len(data), length)
	}
	whole := crc32.Checksum(fixed(length), castagnoli)
	whole = crc32.Update(whole, castagnoli, data[n:])
	if mask(whole) != e.crc {
		return nil, c.damaged(e, e.Name)
	}
	return data[n+sum:], nil
}

// fixed is a length as the checksum has it: of four bytes, or eight if it needs them.
func fixed(length uint64) []byte {
	if length>>32 == 0 {
		return binary.LittleEndian.AppendUint32(nil, uint32(length))
	}
	return binary.LittleEndian.AppendUint64(nil, length)
}

// Role is what a tensor of a checkpoint is for: a variable has an empty one.
type Role string

// average is what tf.train.ExponentialMovingAverage puts behind a variable's name.
const average = "/ExponentialMovingAverage"

// Role tells variables from what training keeps beside them.
func (c *Checkpoint) Role(e *Entry) Role {
	if e.Name == objectGraph {
		return "the objects that own the tensors"
	}
	if of, ok := strings.CutSuffix(e.Name, average); ok {
		return Role("moving average of " + of)
	}
	if of, slot, ok := strings.Cut(e.Name, "/.OPTIMIZER_SLOT/"); ok {
		slot, _, _ = strings.Cut(slot, "/.ATTRIBUTES/")
		return Role("slot " + slot + " of " + of)
	}
	path, _, objects := strings.Cut(e.Name, "/.ATTRIBUTES/")
	if objects {
		return objectRole(path)
	}
	if i := strings.LastIndexByte(e.Name, '/'); i >= 0 && c.byName[e.Name[:i]] != nil {
		return Role("slot " + e.Name[i+1:] + " of " + e.Name[:i])
	}
	return scalarRole(e)
}

// objectRole tells by the path of objects. What an optimiser of Keras 3 trains are the model's own weights, whose shortest path may
// lead by way of it.
func objectRole(path string) Role {
	parts := strings.Split(path, "/")
	if slices.Contains(parts, "_trainable_variables") {
		return ""
	}
	for _, part := range parts {
		switch part {
		case "optimizer", "_optimizer":
			return "state of the optimiser"
		case "save_counter", "global_step":
			return "step"
		case "keras_api", "loss_tracker", "compile_metrics", "train_metrics", "_compile_metrics":
			return "metric"
		}
	}
	return ""
}

// scalarRole knows the scalars of TensorFlow 1's optimisers by their names.
func scalarRole(e *Entry) Role {
	last := e.Name[strings.LastIndexByte(e.Name, '/')+1:]
	switch {
	case len(e.Shape) > 0:
	case last == "global_step":
		return "step"
	case strings.HasPrefix(last, "beta1_power"), strings.HasPrefix(last, "beta2_power"):
		return "state of the optimiser"
	}
	return ""
}
