"""Fail unless OpenCV computes the same outputs, to the last bit, from two caffemodels of one network.

    python3 opencv.py deploy.prototxt one.caffemodel other.caffemodel

It needs opencv-python 4 (version 5 has no Caffe reader) and NumPy.
"""

import sys

import cv2
import numpy as np


def outputs(prototxt, model):
    net = cv2.dnn.readNetFromCaffe(prototxt, model)
    image = np.random.default_rng(1).uniform(-120, 130, (1, 3, 224, 224)).astype(np.float32)
    net.setInput(image)
    names = net.getUnconnectedOutLayersNames()
    return dict(zip(names, net.forward(names)))


prototxt, one, other = sys.argv[1:]
a, b = outputs(prototxt, one), outputs(prototxt, other)
if not a or a.keys() != b.keys():
    sys.exit(f"expected the outputs {list(a)}, found {list(b)}")
for name in a:
    if not np.isfinite(a[name]).all() or np.ptp(a[name]) == 0 or a[name].tobytes() != b[name].tobytes():
        sys.exit(f"{name}: the outputs differ by {np.abs(a[name] - b[name]).max()}")
