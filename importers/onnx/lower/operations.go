package lower

import (
	"math"

	"parity/googlenet/layer"
)

// operation says how one of ONNX's operations is lowered.
type operation struct {
	lower func(*call) error
	// data is how many of its first inputs hold data; the others are weights and settings, which have to be constant. 0 is
	// for all.
	data int
	// several says that it lowers its further outputs too.
	several bool
	// real says that its layer computes with real numbers: integers, which wrap around and divide otherwise, are left alone.
	real bool
}

// operations lists the operations that are lowered. All others keep their place as layer.Unknown.
var operations = map[string]operation{
	"Abs":                {lower: elementwiseAs(layer.Abs{}), real: true},
	"Add":                {lower: add, real: true},
	"AveragePool":        {lower: averagePool},
	"BatchNormalization": {lower: batchNormalization, data: 1},
	"Cast":               {lower: cast},
	"Clip":               {lower: clip, data: 1},
	"Concat":             {lower: concat},
	"Conv":               {lower: convolution, data: 1},
	"Div":                {lower: div, real: true},
	"Dropout":            {lower: dropout, data: 1},
	"Elu":                {lower: elu},
	"Exp":                {lower: elementwiseAs(layer.Exp{Base: math.E, Scale: 1})},
	"Flatten":            {lower: flatten},
	"Gemm":               {lower: gemm, data: 1, real: true},
	"GlobalAveragePool":  {lower: globalAveragePool},
	"GlobalMaxPool":      {lower: globalMaxPool},
	"HardSigmoid":        {lower: hardSigmoid},
	"Identity":           {lower: (*call).alias},
	"LRN":                {lower: lrn},
	"LeakyRelu":          {lower: leakyRelu},
	"Log":                {lower: elementwiseAs(layer.Log{Base: math.E, Scale: 1})},
	"MatMul":             {lower: matMul, data: 1, real: true},
	"Max":                {lower: largest},
	"MaxPool":            {lower: maxPool},
	"Mul":                {lower: mul, real: true},
	"Neg":                {lower: elementwiseAs(minus), real: true},
	"PRelu":              {lower: prelu, data: 1},
	"Pad":                {lower: pad, data: 1},
	"Pow":                {lower: pow, data: 1, real: true},
	"Reciprocal":         {lower: elementwiseAs(reciprocal)},
	"ReduceMean":         {lower: reduceMean, data: 1, real: true},
	"Relu":               {lower: relu},
	"Reshape":            {lower: reshape, data: 1},
	"Sigmoid":            {lower: elementwiseAs(layer.Sigmoid{})},
	"Softmax":            {lower: softmax},
	"Softplus":           {lower: elementwiseAs(layer.Softplus{})},
	"Sqrt":               {lower: elementwiseAs(layer.Power{Power: 0.5, Scale: 1})},
	"Squeeze":            {lower: squeeze, data: 1},
	"Sub":                {lower: sub, real: true},
	"Sum":                {lower: sum, real: true},
	"Tanh":               {lower: elementwiseAs(layer.Tanh{})},
	"Transpose":          {lower: transpose},
	"Unsqueeze":          {lower: unsqueeze, data: 1},
}
