package lower

import "parity/googlenet/layer"

// operations are those of TensorFlow that Keras 2 takes into a model as layers, by the function's name.
var operations = map[string]func(*call) (*value, error){
	"__operators__.add":               add,
	"clip_by_value":                   clip,
	"concat":                          concat,
	"math.add":                        add,
	"math.maximum":                    maximum,
	"math.minimum":                    minimum,
	"math.multiply":                   multiply,
	"math.sigmoid":                    named("sigmoid"),
	"math.tanh":                       named("tanh"),
	"nn.elu":                          named("elu"),
	"nn.local_response_normalization": lrn,
	"nn.lrn":                          lrn,
	"nn.relu":                         named("relu"),
	"nn.relu6":                        named("relu6"),
	"nn.sigmoid":                      named("sigmoid"),
	"nn.silu":                         named("silu"),
	"nn.softmax":                      named("softmax"),
	"nn.tanh":                         named("tanh"),
	"compat.v1.nn.softmax":            named("softmax"),
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

func named(activation string) func(*call) (*value, error) {
	return func(c *call) (*value, error) { return c.activate(c.in[0], activation) }
}

func clip(c *call) (*value, error) {
	low, ok1 := c.arguments["clip_value_min"].(float64)
	high, ok2 := c.arguments["clip_value_max"].(float64)
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
