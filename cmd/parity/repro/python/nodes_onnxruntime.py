import onnxruntime
from onnx import TensorProto, helper

FRAMEWORK = "ONNX Runtime " + onnxruntime.__version__


def tensor(v):
    return np.ascontiguousarray(v, np.float32)


def array(v):
    return v


def op(kind, *inputs, **attributes):
    """Runs one operation of ONNX."""
    types = {np.dtype(np.float32): TensorProto.FLOAT, np.dtype(np.int64): TensorProto.INT64}
    names = ["x%d" % i for i in range(len(inputs))]
    values = [helper.make_tensor_value_info(n, types[v.dtype], v.shape) for n, v in zip(names, inputs)]
    node = helper.make_node(kind, names, ["y"], **attributes)
    graph = helper.make_graph([node], "layer", values, [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["y"], dict(zip(names, inputs)))[0]


def padded(x, pad, value=0.0):
    top, left, bottom, right = pad
    return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)), constant_values=np.float32(value))


def convolution(x, w, b=None, stride=(1, 1), pad=(0, 0, 0, 0), dilation=(1, 1), groups=1):
    return op("Conv", x, w, *(() if b is None else (b,)), strides=stride, pads=pad, dilations=dilation, group=groups)


def inner_product(x, w, b=None):
    return op("Gemm", x.reshape(len(x), -1), w, *(() if b is None else (b,)), transB=1)


def max_pool(x, kernel, stride, pad):
    return op("MaxPool", padded(x, pad, -np.inf), kernel_shape=kernel, strides=stride)


def average_pool(x, cells, kernel, stride, pad):
    return op("AveragePool", padded(x, pad), kernel_shape=kernel, strides=stride) * (np.float32(kernel[0] * kernel[1]) / cells)


def lrn(x, size, alpha, beta, k):
    return op("LRN", x, size=size, alpha=alpha * size, beta=beta, bias=k)


def batch_norm(x, mean=None, variance=None, epsilon=0.0):
    if mean is None:
        axes = tuple(a for a in range(x.ndim) if a != 1)
        mean, variance = x.mean(axes), x.var(axes)
    ones, zeros = np.ones(x.shape[1], np.float32), np.zeros(x.shape[1], np.float32)
    return op("BatchNormalization", x, ones, zeros, mean.reshape(-1), variance.reshape(-1), epsilon=epsilon)


def affine(x, scale=None, offset=None):
    x = x if scale is None else op("Mul", x, scale)
    return x if offset is None else op("Add", x, offset)


def relu(x, slope=0.0):
    return op("LeakyRelu", x, alpha=slope) if slope else op("Relu", x)


def prelu(x, slope):
    return op("PRelu", x, slope.reshape((-1,) + (1,) * (x.ndim - 2)))


def clip(x, least, most):
    return op("Clip", x, np.float32(least).reshape(()), np.float32(most).reshape(()))


def elu(x, alpha):
    return op("Elu", x, alpha=alpha)


def sigmoid(x):
    return op("Sigmoid", x)


def tanh(x):
    return op("Tanh", x)


def softmax(x, axis):
    return op("Softmax", x, axis=axis)


def concat(*xs, axis):
    return op("Concat", *xs, axis=axis)


def power(x, power, scale, shift):
    x = np.float32(shift) + np.float32(scale) * x
    return x if power == 1 else op("Pow", x, np.float32(power).reshape(()))


def maximum(*xs):
    return op("Max", *xs)


def reshape(x, shape):
    return x.reshape(shape)


def permute(x, axes):
    return op("Transpose", x, perm=axes)


def pad(x, before, after, value):
    return np.pad(x, list(zip(before, after)), constant_values=np.float32(value))
