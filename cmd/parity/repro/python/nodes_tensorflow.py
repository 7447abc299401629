import tensorflow as tf

FRAMEWORK = "TensorFlow " + tf.__version__


def tensor(v):
    return tf.constant(np.ascontiguousarray(v, np.float32))


def array(v):
    return v.numpy()


def last(x):
    """Puts the channels last, as TensorFlow's kernels for the processor have them."""
    return tf.transpose(x, (0, 2, 3, 1))


def first(x):
    return tf.transpose(x, (0, 3, 1, 2))


def padded(x, pad, value=0.0):
    top, left, bottom, right = pad
    return tf.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)), constant_values=value)


def convolution(x, w, b=None, stride=(1, 1), pad=(0, 0, 0, 0), dilation=(1, 1), groups=1):
    kernel = tf.transpose(w, (2, 3, 1, 0))
    parts = zip(tf.split(padded(last(x), pad), groups, 3), tf.split(kernel, groups, 3))
    y = tf.concat([tf.nn.conv2d(v, k, stride, "VALID", dilations=dilation) for v, k in parts], 3)
    return first(y if b is None else tf.nn.bias_add(y, b))


def inner_product(x, w, b=None):
    y = tf.matmul(tf.reshape(x, (x.shape[0], -1)), w, transpose_b=True)
    return y if b is None else tf.nn.bias_add(y, b)


def max_pool(x, kernel, stride, pad):
    return first(tf.nn.max_pool2d(padded(last(x), pad, -float("inf")), kernel, stride, "VALID"))


def average_pool(x, cells, kernel, stride, pad):
    return first(tf.nn.avg_pool2d(padded(last(x), pad), kernel, stride, "VALID")) * (kernel[0] * kernel[1] / cells)


def lrn(x, size, alpha, beta, k):
    return first(tf.nn.lrn(last(x), size // 2, k, alpha, beta))


def batch_norm(x, mean=None, variance=None, epsilon=0.0):
    if mean is None:
        axes = [a for a in range(len(x.shape)) if a != 1]
        mean, variance = tf.nn.moments(x, axes, keepdims=True)
    return tf.nn.batch_normalization(x, mean, variance, None, None, epsilon)


def affine(x, scale=None, offset=None):
    x = x if scale is None else x * scale
    return x if offset is None else x + offset


def relu(x, slope=0.0):
    return tf.nn.leaky_relu(x, slope) if slope else tf.nn.relu(x)


def prelu(x, slope):
    return tf.where(x > 0, x, x * slope)


def clip(x, least, most):
    return tf.clip_by_value(x, least, most)


def elu(x, alpha):
    return tf.where(x > 0, x, alpha * tf.math.expm1(x))


def sigmoid(x):
    return tf.sigmoid(x)


def tanh(x):
    return tf.tanh(x)


def softmax(x, axis):
    return tf.nn.softmax(x, axis)


def concat(*xs, axis):
    return tf.concat(xs, axis)


def power(x, power, scale, shift):
    x = shift + scale * x
    return x if power == 1 else tf.pow(x, power)


def maximum(*xs):
    out = xs[0]
    for x in xs[1:]:
        out = tf.maximum(out, x)
    return out


def reshape(x, shape):
    return tf.reshape(x, shape)


def permute(x, axes):
    return tf.transpose(x, axes)


def pad(x, before, after, value):
    return tf.pad(x, list(zip(before, after)), constant_values=value)
