package lower

import "parity/googlenet/layer"

// operations are those of TensorFlow that Keras 2 takes into a model as layers, by the function's name.
var operations = map[string]func(*call) (*value, error){
	"__operators__.add":               joined(layer.Sum),
	"clip_by_value":                   clip,
	"concat":                          concat,
	"math.abs":                        applied(as(layer.Abs{})),
	"math.add":                        joined(layer.Sum),
	"math.divide":                     joined(layer.Quotient),
	"math.exp":                        applied(activations["exponential"]),
	"math.maximum":                    joined(layer.Larger),
	"math.minimum":                    joined(layer.Smaller),
	"math.multiply":                   joined(layer.Product),
	"math.negative":                   applied(as(layer.Unary{Function: layer.Negative})),
	"math.reduce_max":                 reduced(layer.ReduceMax),
	"math.reduce_mean":                reduced(layer.ReduceMean),
	"math.reduce_min":                 reduced(layer.ReduceMin),
	"math.reduce_sum":                 reduced(layer.ReduceSum),
	"math.sigmoid":                    applied(as(layer.Sigmoid{})),
	"math.sqrt":                       applied(as(layer.Unary{Function: layer.Sqrt})),
	"math.square":                     applied(as(layer.Unary{Function: layer.Square})),
	"math.subtract":                   joined(layer.Difference),
	"math.tanh":                       applied(as(layer.Tanh{})),
	"math.truediv":                    joined(layer.Quotient),
	"nn.elu":                          applied(activations["elu"]),
	"nn.local_response_normalization": lrn,
	"nn.lrn":                          lrn,
	"nn.relu":                         applied(as(layer.ReLU{})),
	"nn.relu6":                        applied(activations["relu6"]),
	"nn.sigmoid":                      applied(as(layer.Sigmoid{})),
	"nn.silu":                         applied(activations["silu"]),
	"nn.softmax":                      softmaxOf,
	"nn.tanh":                         applied(as(layer.Tanh{})),
	"compat.v1.nn.softmax":            softmaxOf,
	"identity":                        passed,
	"stop_gradient":                   passed,
}

func operation(c *call) (*value, error) {
	function, err := c.layer.Text("function")
	if err != nil {
		return nil, err
	}
	lower, known := operations[function]
	if !known {
		return c.unknown("the function " + function + " is not one that is known")
	}
	return lower(c)
}

// operators are the operations that Keras 3 takes into a model like layers, by class.
var operators = map[string]func(*call) (*value, error){
	"Absolute":    applied(as(layer.Abs{})),
	"Add":         joined(layer.Sum),
	"Clip":        clipped,
	"Concatenate": concatenate,
	"Divide":      joined(layer.Quotient),
	"Elu":         elu,
	"Exp":         applied(activations["exponential"]),
	"Gelu":        geluOf,
	"HardSigmoid": applied(hardSigmoid),
	"HardSilu":    applied(hardSiLU),
	"HardTanh":    applied(activations["hard_tanh"]),
	"LeakyRelu":   leakyReLU,
	"LogSigmoid":  applied(logSigmoid),
	"LogSoftmax":  logSoftmax,
	"Max":         reduced(layer.ReduceMax),
	"Maximum":     joined(layer.Larger),
	"Mean":        reduced(layer.ReduceMean),
	"Min":         reduced(layer.ReduceMin),
	"Minimum":     joined(layer.Smaller),
	"Mish":        applied(mish),
	"Multiply":    joined(layer.Product),
	"Negative":    applied(as(layer.Unary{Function: layer.Negative})),
	"Relu":        applied(as(layer.ReLU{})),
	"Relu6":       applied(activations["relu6"]),
	"Rsqrt":       applied(as(layer.Unary{Function: layer.Rsqrt})),
	"Selu":        applied(activations["selu"]),
	"Sigmoid":     applied(as(layer.Sigmoid{})),
	"Silu":        applied(activations["silu"]),
	"Softmax":     softmax,
	"Softplus":    applied(activations["softplus"]),
	"Softsign":    applied(activations["softsign"]),
	"Sqrt":        applied(as(layer.Unary{Function: layer.Sqrt})),
	"Square":      applied(as(layer.Unary{Function: layer.Square})),
	"Subtract":    joined(layer.Difference),
	"Sum":         reduced(layer.ReduceSum),
	"Tanh":        applied(as(layer.Tanh{})),
	"TrueDivide":  joined(layer.Quotient),
}

// applied is a function of the one operand.
func applied(f function) func(*call) (*value, error) {
	return func(c *call) (*value, error) { return f(c, c.in[0]), nil }
}

// setting is what an operation is told by name: among the layer's settings, or in the call.
func (c *call) setting(name string) any {
	if v, ok := c.layer.Settings[name]; ok {
		return v
	}
	return c.arguments[name]
}

func softmaxOf(c *call) (*value, error) {
	axis, ok := c.setting("axis").(float64)
	if !ok {
		axis = -1
	}
	return c.softmax(c.in[0], int(axis), func(axis int) layer.Layer { return layer.Softmax{Axis: axis} })
}

func logSoftmax(c *call) (*value, error) {
	axis, err := c.layer.Int("axis", -1)
	if err != nil {
		return nil, err
	}
	return c.softmax(c.in[0], axis, func(axis int) layer.Layer { return layer.LogSoftmax{Axis: axis} })
}

// geluOf is approximate unless told otherwise.
func geluOf(c *call) (*value, error) {
	approximate, err := c.layer.Bool("approximate", true)
	if err != nil {
		return nil, err
	}
	if approximate {
		return approximateGELU(c, c.in[0]), nil
	}
	return gelu(c, c.in[0]), nil
}

func clip(c *call) (*value, error) { return c.clip("clip_value_min", "clip_value_max") }

func clipped(c *call) (*value, error) { return c.clip("x_min", "x_max") }

func (c *call) clip(least, most string) (*value, error) {
	low, ok1 := c.setting(least).(float64)
	high, ok2 := c.setting(most).(float64)
	if !ok1 || !ok2 {
		return c.unknown("its limits are not known")
	}
	return c.emit(c.name, layer.Clip{Min: float64(float32(low)), Max: float64(float32(high))}, nil, c.in[0]), nil
}

func concat(c *call) (*value, error) {
	axis, ok := c.arguments["axis"].(float64)
	if !ok {
		return c.unknown("its axis is not known")
	}
	return c.concatenate(int(axis))
}
