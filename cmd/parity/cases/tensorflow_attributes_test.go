package cases

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"parity/importers/tensorflow"
	"parity/importers/tensorflow/graphdef"
	"parity/importers/tensorflow/lower"
	"parity/importers/tensorflow/tensorproto"
)

// TestEveryAttributeOfAFileMatters changes what the graphs of all cases say, one attribute or whole number of a constant at
// a time: some case must then fail, or its graph be refused. An attribute that is not read would hide what a port got wrong.
func TestEveryAttributeOfAFileMatters(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs every recorded case many times")
	}
	dirs := folders(t, "../../../fixtures/tensorflow_cases/layers")
	texts := textsOf(t, dirs)
	shown := map[string]bool{}
	for _, dir := range dirs {
		def := readGraph(t, dir)
		for i, n := range def.Nodes {
			for _, change := range changes(def, n, texts) {
				if !shown[change.what] {
					shown[change.what] = fails(t, dir, i, change)
				}
			}
		}
	}
	for _, what := range slices.Sorted(maps.Keys(shown)) {
		if ok, why := shown[what], unread[what]; !ok && why == "" {
			t.Errorf("%s: no case shows it", what)
		} else if ok && why != "" {
			t.Errorf("%s: a case shows it, though %s", what, why)
		}
	}
}

// unread are attributes, or inputs that are constants, that may be anything, and why.
var unread = map[string]string{
	"Assert.summarize":                                           "it is about a message",
	"FloorMod input 1 0":                                         "the quarter turns come to the same",
	"LessEqual input 1 0":                                        "the quarter turns come to the same",
	"StatelessWhile.output_shapes 0":                             inferredShape,
	"StatelessWhile.output_shapes 1":                             inferredShape,
	"StatelessWhile.output_shapes 2":                             inferredShape,
	"StatelessWhile.output_shapes 3":                             inferredShape,
	"StatelessWhile.output_shapes 4":                             inferredShape,
	"StatelessWhile.output_shapes 5":                             inferredShape,
	"StatelessWhile.parallel_iterations":                         "it is about the order of execution",
	"TensorListFromTensor input 1 0":                             inferredShape,
	"TensorListFromTensor input 1 1":                             inferredShape,
	"TensorListReserve input 0 0":                                inferredShape,
	"TensorListReserve input 0 1":                                inferredShape,
	"TensorListStack input 1 0":                                  inferredShape,
	"TensorListStack input 1 1":                                  inferredShape,
	"TensorListStack.num_elements":                               inferredShape,
	"BatchMatMul.grad_x":                                         gradientMade,
	"BatchMatMul.grad_y":                                         gradientMade,
	"BatchMatMulV2.grad_x":                                       gradientMade,
	"BatchMatMulV2.grad_y":                                       gradientMade,
	"Conv2D.use_cudnn_on_gpu":                                    "it chooses among implementations",
	"Conv2DBackpropInput.use_cudnn_on_gpu":                       "it chooses among implementations",
	"Equal.incompatible_shape_error":                             "the shapes are compatible",
	"Gather.validate_indices":                                    "the indices are valid",
	"MatMul.grad_a":                                              gradientMade,
	"MatMul.grad_b":                                              gradientMade,
	"NotEqual.incompatible_shape_error":                          "the shapes are compatible",
	"QuantizeAndDequantizeV2.round_mode HALF_UP as HALF_TO_EVEN": "a quotient that rounds may be on either side of one half",
	"QuantizeAndDequantizeV3.axis":                               "the range is one number",
	"RandomUniform.seed":                                         "what is drawn is not recorded",
	"RandomUniform.seed2":                                        "what is drawn is not recorded",
	"Range input 2 0":                                            "the range has one number",
	"StridedSlice input 0 2":                                     "the slice of the constant does not reach it",
	"StridedSlice input 0 3":                                     "the slice of the constant does not reach it",
	"StridedSlice input 1 4":                                     "the place of a new axis has no bounds",
	"StridedSlice input 2 4":                                     "the place of a new axis has no bounds",
}

const inferredShape = "shapes are inferred"

const gradientMade = "it says that the node was made for a gradient"

// change is a way to change a node of a graph.
type change struct {
	what  string
	apply func(n *graphdef.Node)
}

func readGraph(t *testing.T, dir string) *graphdef.Graph {
	t.Helper()
	def, err := tensorflow.Read(tensorFlowModel(dir))
	if err != nil {
		t.Fatal(err)
	}
	return def
}

// textsOf collects the values that a text of an operation has somewhere.
func textsOf(t *testing.T, dirs []string) map[string][]string {
	t.Helper()
	texts := map[string][]string{}
	for _, dir := range dirs {
		for _, n := range readGraph(t, dir).Nodes {
			for name, a := range n.Attrs {
				what := n.Op + "." + name
				if a.Field == "s" && !slices.Contains(texts[what], string(a.Bytes)) {
					texts[what] = append(texts[what], string(a.Bytes))
				}
			}
		}
	}
	return texts
}

// changes lists the ways to change a node: every number of its attributes, a truth turned round, a text replaced by each other
// one that is there for the operation, and the whole numbers of a constant.
func changes(def *graphdef.Graph, n *graphdef.Node, texts map[string][]string) []change {
	if n.Op == "Const" {
		return numbersOf(def, n)
	}
	var list []change
	for _, name := range slices.Sorted(maps.Keys(n.Attrs)) {
		what := n.Op + "." + name
		if name[0] == '_' { // TensorFlow's own marks
			continue
		}
		switch a := n.Attrs[name]; a.Field {
		case "s":
			for _, text := range texts[what] {
				if text != string(a.Bytes) {
					list = append(list, change{what + " " + string(a.Bytes) + " as " + text, func(n *graphdef.Node) { n.Attrs[name].Bytes = []byte(text) }})
				}
			}
		case "i", "f", "b":
			list = append(list, change{what, func(n *graphdef.Node) { alter(n.Attrs[name]) }})
		case "list":
			for i, e := range a.List {
				if e.Field == "type" {
					continue
				}
				list = append(list, change{what + " " + strconv.Itoa(i), func(n *graphdef.Node) { alter(n.Attrs[name].List[i]) }})
			}
		}
	}
	return list
}

func alter(a *graphdef.Attr) {
	a.Int, a.Float, a.Bool = a.Int+1, a.Float*1.01+0.0137, !a.Bool
}

// numbersOf changes the first whole numbers of a constant, which are named after who reads them.
func numbersOf(def *graphdef.Graph, n *graphdef.Node) []change {
	k, err := n.Tensor("value")
	if err != nil || k.DType.IsFloat() || k.DType == tensorproto.Bool {
		return nil
	}
	numbers, err := k.Integers()
	if err != nil {
		return nil
	}
	var list []change
	for _, reader := range def.Nodes {
		for at, in := range reader.Inputs {
			if in != n.Name {
				continue
			}
			for i := range numbers[:min(len(numbers), 8)] {
				list = append(list, change{reader.Op + " input " + strconv.Itoa(at) + " " + strconv.Itoa(i), func(n *graphdef.Node) {
					changed := tensorproto.Tensor{DType: k.DType, Shape: k.Shape}
					for j, v := range numbers {
						if j == i {
							v++
						}
						changed.Ints = append(changed.Ints, int64(v))
					}
					n.Attrs["value"].Tensor = &changed
				}})
			}
		}
	}
	return list
}

// fails runs a case with a node changed.
func fails(t *testing.T, dir string, node int, change change) (failed bool) {
	t.Helper()
	files, err := readFiles(dir, tensorFlowFiles)
	if err != nil {
		t.Fatal(err)
	}
	c := &tensorFlowLayer{files: files}
	def := readGraph(t, dir)
	change.apply(def.Nodes[node])
	if c.graph, err = lower.LowerWith(def, nil, c.options()); err != nil {
		return true
	}
	n, err := c.network(1)
	if err != nil {
		return true
	}
	return !(&specimen{judged: c, name: filepath.Base(dir), network: n}).passes(t)
}
