package caffe

import (
	"fmt"
	"strings"
)

// v1Types names the layer types that V1 files give as an enum.
var v1Types = map[string]string{
	"NONE": "", "ABSVAL": "AbsVal", "ACCURACY": "Accuracy", "ARGMAX": "ArgMax", "BNLL": "BNLL", "CONCAT": "Concat",
	"CONTRASTIVE_LOSS": "ContrastiveLoss", "CONVOLUTION": "Convolution", "DATA": "Data", "DECONVOLUTION": "Deconvolution",
	"DROPOUT": "Dropout", "DUMMY_DATA": "DummyData", "EUCLIDEAN_LOSS": "EuclideanLoss", "ELTWISE": "Eltwise", "EXP": "Exp",
	"FLATTEN": "Flatten", "HDF5_DATA": "HDF5Data", "HDF5_OUTPUT": "HDF5Output", "HINGE_LOSS": "HingeLoss", "IM2COL": "Im2col",
	"IMAGE_DATA": "ImageData", "INFOGAIN_LOSS": "InfogainLoss", "INNER_PRODUCT": "InnerProduct", "LRN": "LRN",
	"MEMORY_DATA": "MemoryData", "MULTINOMIAL_LOGISTIC_LOSS": "MultinomialLogisticLoss", "MVN": "MVN", "POOLING": "Pooling",
	"POWER": "Power", "RELU": "ReLU", "SIGMOID": "Sigmoid", "SIGMOID_CROSS_ENTROPY_LOSS": "SigmoidCrossEntropyLoss",
	"SILENCE": "Silence", "SOFTMAX": "Softmax", "SOFTMAX_LOSS": "SoftmaxWithLoss", "SPLIT": "Split", "SLICE": "Slice",
	"TANH": "TanH", "WINDOW_DATA": "WindowData", "THRESHOLD": "Threshold",
}

// v0Types names the layer types of the first format, and the message that took over their flat fields.
var v0Types = map[string]struct{ kind, message string }{
	"accuracy": {"Accuracy", ""}, "bnll": {"BNLL", ""}, "concat": {"Concat", "concat_param"}, "conv": {"Convolution", "convolution_param"},
	"data": {"Data", "data_param"}, "dropout": {"Dropout", "dropout_param"}, "euclidean_loss": {"EuclideanLoss", ""},
	"flatten": {"Flatten", ""}, "hdf5_data": {"HDF5Data", "hdf5_data_param"}, "hdf5_output": {"HDF5Output", ""}, "im2col": {"Im2col", ""},
	"images": {"ImageData", "image_data_param"}, "infogain_loss": {"InfogainLoss", "infogain_loss_param"},
	"innerproduct": {"InnerProduct", "inner_product_param"}, "lrn": {"LRN", "lrn_param"},
	"multinomial_logistic_loss": {"MultinomialLogisticLoss", ""}, "padding": {paddingType, ""}, "pool": {"Pooling", "pooling_param"},
	"relu": {"ReLU", ""}, "sigmoid": {"Sigmoid", ""}, "softmax": {"Softmax", ""}, "softmax_loss": {"SoftmaxWithLoss", ""},
	"split": {"Split", ""}, "tanh": {"TanH", ""}, "window_data": {"WindowData", "window_data_param"},
}

// v0Field is a flat field of the first format: the types that it applies to (none for transform_param, which all have)
// and its present name.
type v0Field struct{ types, name string }

var v0Fields = map[string]v0Field{
	"num_output": {"conv innerproduct", "num_output"}, "biasterm": {"conv innerproduct", "bias_term"},
	"weight_filler": {"conv innerproduct", "weight_filler"}, "bias_filler": {"conv innerproduct", "bias_filler"},
	"pad": {"conv pool padding", "pad"}, "kernelsize": {"conv pool", "kernel_size"}, "group": {"conv", "group"}, "stride": {"conv pool", "stride"},
	"pool": {"pool", "pool"}, "dropout_ratio": {"dropout", "dropout_ratio"},
	"local_size": {"lrn", "local_size"}, "alpha": {"lrn", "alpha"}, "beta": {"lrn", "beta"}, "k": {"lrn", "k"},
	"source":    {"data hdf5_data images window_data infogain_loss", "source"},
	"batchsize": {"data hdf5_data images window_data", "batch_size"}, "rand_skip": {"data images", "rand_skip"},
	"shuffle_images": {"images", "shuffle"}, "new_height": {"images", "new_height"}, "new_width": {"images", "new_width"},
	"concat_dim":       {"concat", "concat_dim"},
	"det_fg_threshold": {"window_data", "fg_threshold"}, "det_bg_threshold": {"window_data", "bg_threshold"},
	"det_fg_fraction": {"window_data", "fg_fraction"}, "det_context_pad": {"window_data", "context_pad"}, "det_crop_mode": {"window_data", "crop_mode"},
	"scale": {"", "scale"}, "meanfile": {"", "mean_file"}, "cropsize": {"", "crop_size"}, "mirror": {"", "mirror"},
}

// upgrade appends the layers of a file in one of the two older formats.
func (n *Net) upgrade(old []*Message) error {
	v0 := false
	for _, m := range old {
		v0 = v0 || m.Has("layer")
	}
	for _, m := range old {
		l := newV1Layer(m)
		if v0 {
			var err error
			if l, err = n.newV0Layer(m); err != nil {
				return err
			}
		}
		n.Layers = append(n.Layers, l)
	}
	return n.foldPadding()
}

func newV1Layer(m *Message) *Layer {
	l := newLayer(m)
	l.Type = v1Types[m.Text("type", "NONE")]
	l.Params = oldParams(m)
	for i, name := range list[string](m, "param") {
		l.spec(i).Name = name
	}
	for i, mode := range list[string](m, "blob_share_mode") {
		l.spec(i).Permissive = mode == "PERMISSIVE"
	}
	return l
}

// oldParams reads the learning rates and decays that stood in the layer itself.
func oldParams(m *Message) []ParamSpec {
	l := &Layer{}
	for i, v := range list[float32](m, "blobs_lr") {
		l.spec(i).LR, l.spec(i).LRStated = v, true
	}
	for i, v := range list[float32](m, "weight_decay") {
		l.spec(i).Decay, l.spec(i).DecayStated = v, true
	}
	return l.Params
}

// spec returns a blob's ParamSpec to write to.
func (l *Layer) spec(i int) *ParamSpec {
	for len(l.Params) <= i {
		l.Params = append(l.Params, ParamSpec{LR: 1, Decay: 1})
	}
	return &l.Params[i]
}

// newV0Layer reads `layers { layer { ... } bottom top }`, where all settings are fields of the inner layer.
func (n *Net) newV0Layer(m *Message) (*Layer, error) {
	inner := m.Sub("layer")
	if inner == nil {
		return nil, m.Errorf("", "expected layers { layer { ... } } as elsewhere in this file, found a layer without it")
	}
	kind, ok := v0Types[inner.Text("type", "")]
	if !ok {
		return nil, inner.Errorf("type", "unknown layer type %q%s", inner.Text("type", ""), didYouMean(inner.Text("type", ""), keys(v0Types)))
	}
	s := &Message{Type: "LayerParameter", File: m.File, Position: m.Position}
	for _, f := range inner.Fields {
		n.moveV0(inner, f, s, kind.message)
	}
	return &Layer{
		Name: inner.Text("name", ""), Type: kind.kind, Bottom: list[string](m, "bottom"), Top: list[string](m, "top"),
		Blobs: list[*Blob](inner, "blobs"), Params: oldParams(inner), Settings: s, Parts: []string{inner.Text("name", "")},
	}, nil
}

// moveV0 moves a flat field to the message where it stands today. Caffe ignores one that its layer does not have.
func (n *Net) moveV0(inner *Message, f *Field, to *Message, message string) {
	rule, ok := v0Fields[f.Name]
	if !ok {
		return
	}
	kind := inner.Text("type", "")
	switch {
	case rule.types == "":
		message = "transform_param"
	case !contains(rule.types, kind):
		n.Notes = append(n.Notes, fmt.Sprintf("%s:%s: Caffe ignores %s in a layer of type %s", to.File, f.Position, f.Name, kind))
		return
	case message == "":
		to.set(f.Name, f.Position, f.Value)
		return
	}
	to.sub(message, f.Position).set(rule.name, f.Position, f.Value)
}

// contains tells whether a word is in a list of words.
func contains(words, word string) bool {
	return word != "" && strings.Contains(" "+words+" ", " "+word+" ")
}

// freezeStatistics sets the rates of a BatchNorm with three param messages to 0, whatever they say: files from before the
// layer did so itself had to state them.
func (l *Layer) freezeStatistics() {
	if l.Type != "BatchNorm" || len(l.Params) != 3 {
		return
	}
	for i, p := range l.Params {
		if p.LR != 0 {
			l.Transforms = append(l.Transforms, fmt.Sprintf("lr_mult %v of statistic %d set to 0", p.LR, i))
		}
		l.Params[i].LR, l.Params[i].Decay = 0, 0
	}
}
