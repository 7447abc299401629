"""Writes state.solverstate.h5 from snap_iter_5.solverstate as Caffe does with snapshot_format: HDF5. The other files are
real Caffe's (BVLC 9b89154, CPU): a run of solver.prototxt after five iterations, and weights in HDF5.

    python make.py    # needs numpy and h5py
"""
import h5py
import numpy as np


def varint(b, i):
    value = shift = 0
    while True:
        value |= (b[i] & 127) << shift
        shift += 7
        i += 1
        if b[i - 1] < 128:
            return value, i


def fields(b):
    i = 0
    while i < len(b):
        tag, i = varint(b, i)
        value, i = varint(b, i)
        if tag & 7 == 2:
            i, value = i + value, b[i:i + value]
        yield tag >> 3, value


def blob(b):
    parts = dict(fields(b))
    dims, i, packed = [], 0, dict(fields(parts[7]))[1]
    while i < len(packed):
        d, i = varint(packed, i)
        dims.append(d)
    return np.frombuffer(parts[5], "<f4").reshape(dims)


state = list(fields(open("snap_iter_5.solverstate", "rb").read()))
scalars = {n: v for n, v in state if n != 3}
with h5py.File("state.solverstate.h5", "w") as f:
    f.create_dataset("iter", data=np.array([scalars[1]], "<i4"))
    name = h5py.h5t.TypeID.copy(h5py.h5t.C_S1)  # H5LTmake_dataset_string: a scalar, with the closing zero
    name.set_size(len(scalars[2]) + 1)
    d = h5py.h5d.create(f.id, b"learned_net", name, h5py.h5s.create(h5py.h5s.SCALAR))
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array(scalars[2], f"S{len(scalars[2]) + 1}"))
    f.create_dataset("current_step", data=np.array([scalars[4]], "<i4"))
    history = f.create_group("history")
    for i, value in enumerate(v for n, v in state if n == 3):
        history.create_dataset(str(i), data=blob(value))
