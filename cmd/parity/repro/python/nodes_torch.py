import torch
import torch.nn.functional as F

FRAMEWORK = "PyTorch " + torch.__version__


def tensor(v):
    return torch.from_numpy(np.ascontiguousarray(v, np.float32))


def array(v):
    return v.numpy()


def padded(x, pad, value=0.0):
    top, left, bottom, right = pad
    return F.pad(x, (left, right, top, bottom), value=value)


def convolution(x, w, b=None, stride=(1, 1), pad=(0, 0, 0, 0), dilation=(1, 1), groups=1):
    return F.conv2d(padded(x, pad), w, b, stride, 0, dilation, groups)


def inner_product(x, w, b=None):
    return F.linear(x.flatten(1), w, b)


def max_pool(x, kernel, stride, pad):
    return F.max_pool2d(padded(x, pad, -float("inf")), kernel, stride)


def average_pool(x, cells, kernel, stride, pad):
    return F.avg_pool2d(padded(x, pad), kernel, stride) * (kernel[0] * kernel[1] / cells)


def lrn(x, size, alpha, beta, k):
    squares = F.pad(x * x, (0, 0, 0, 0, size // 2, size // 2))
    return x * (k + alpha * sum(squares[:, i:i + x.shape[1]] for i in range(size))) ** -beta


def batch_norm(x, mean=None, variance=None, epsilon=0.0):
    if mean is None:
        return F.batch_norm(x, None, None, training=True, eps=epsilon)
    return F.batch_norm(x, mean.flatten(), variance.flatten(), eps=epsilon)


def affine(x, scale=None, offset=None):
    x = x if scale is None else x * scale
    return x if offset is None else x + offset


def relu(x, slope=0.0):
    return F.leaky_relu(x, slope)


def prelu(x, slope):
    return F.prelu(x, slope.flatten())


def clip(x, least, most):
    return torch.clamp(x, least, most)


def elu(x, alpha):
    return F.elu(x, alpha)


def sigmoid(x):
    return torch.sigmoid(x)


def tanh(x):
    return torch.tanh(x)


def softmax(x, axis):
    return F.softmax(x, axis)


def concat(*xs, axis):
    return torch.cat(xs, axis)


def power(x, power, scale, shift):
    x = shift + scale * x
    return x if power == 1 else x ** power


def maximum(*xs):
    out = xs[0]
    for x in xs[1:]:
        out = torch.maximum(out, x)
    return out


def reshape(x, shape):
    return x.reshape(shape)


def permute(x, axes):
    return x.permute(axes)


def pad(x, before, after, value):
    return F.pad(x, [n for pair in reversed(list(zip(before, after))) for n in pair], value=value)
