package lower

// operation says how one of ONNX's operations is lowered.
type operation struct {
	lower func(*call) error
	// data is how many of its first inputs hold data; the others are weights and settings, which have to be constant. 0 is
	// for all.
	data int
	// several says that it lowers its further outputs too.
	several bool
}

// operations lists the operations that are lowered. All others keep their place as layer.Unknown.
var operations = map[string]operation{
	"Add":               {lower: add},
	"AveragePool":       {lower: averagePool},
	"Cast":              {lower: cast},
	"Concat":            {lower: concat},
	"Conv":              {lower: convolution, data: 1},
	"Dropout":           {lower: dropout, data: 1},
	"Flatten":           {lower: flatten},
	"Gemm":              {lower: gemm, data: 1},
	"GlobalAveragePool": {lower: globalAveragePool},
	"GlobalMaxPool":     {lower: globalMaxPool},
	"Identity":          {lower: (*call).alias},
	"LRN":               {lower: lrn},
	"LeakyRelu":         {lower: leakyRelu},
	"MatMul":            {lower: matMul, data: 1},
	"MaxPool":           {lower: maxPool},
	"Mean":              {lower: single},
	"Max":               {lower: single},
	"Min":               {lower: single},
	"Pad":               {lower: pad, data: 1},
	"ReduceMean":        {lower: reduceMean, data: 1},
	"Relu":              {lower: relu},
	"Reshape":           {lower: reshape, data: 1},
	"Softmax":           {lower: softmax},
	"Squeeze":           {lower: squeeze, data: 1},
	"Sub":               {lower: sub},
	"Sum":               {lower: single},
	"Transpose":         {lower: transpose},
	"Unsqueeze":         {lower: unsqueeze, data: 1},
}
