"""Writes the files beside it with h5py 3.14 (HDF5 1.14).

chunks.h5 has arrays in every layout and filter that people use, all from NumPy's arange. levels.h5 has a group whose index has three
levels: that takes hundreds of members unless the nodes are told to be small, which h5py cannot, but its library; and links.
dense.h5 has names that are not ASCII, too many for their group's header.
"""

import ctypes
import glob
import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def small_nodes():
    library = ctypes.CDLL(glob.glob(os.path.join(os.path.dirname(h5py.__file__), "..", "h5py.libs", "libhdf5-*"))[0])
    library.H5Pset_sym_k.argtypes = [ctypes.c_int64, ctypes.c_uint, ctypes.c_uint]
    plist = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    library.H5Pset_sym_k(plist.id, 2, 1)
    return plist


def levels(path):
    with h5py.File(h5py.h5f.create(path.encode(), h5py.h5f.ACC_TRUNC, fcpl=small_nodes())) as h:
        for k in range(11):
            group = h.create_group("layer_%d/inner" % k)
            group.attrs["name"] = "n%d" % k
            group.create_dataset("w", data=np.arange(k + 1, dtype="f4"))
        h["utf/größe"] = np.zeros(3, "f4")
        h["utf/第二/x"] = np.zeros(2, "f4")
        h["z hard"] = h["layer_0"]
        h["z soft"] = h5py.SoftLink("/layer_1")
        h["z text"] = "open"
        h["z text 2"] = np.bytes_("fixed")
        h.attrs["numbers"] = np.arange(3)


def chunks(path):
    r = np.arange(7 * 5 * 3, dtype="f4").reshape(7, 5, 3) / 8
    with h5py.File(path, "w") as h:
        h.create_dataset("plain", data=r, chunks=(3, 2, 3))
        h.create_dataset("gzip", data=r, chunks=(4, 5, 2), compression="gzip")
        h.create_dataset("all", data=r, chunks=(2, 2, 2), compression="gzip", shuffle=True, fletcher32=True)
        h.create_dataset("sum", data=r, chunks=(7, 1, 1), fletcher32=True)
        h.create_dataset("odd", data=np.arange(9, dtype="f2"), chunks=(9,), fletcher32=True)
        h.create_dataset("skipped", data=np.arange(2, dtype="f4"), chunks=(2,), compression="gzip")  # would be longer
        h.create_dataset("double", data=r.astype("f8"), chunks=(5, 5, 3), compression="gzip", shuffle=True)
        h.create_dataset("half", data=r.astype("f2"))
        h.create_dataset("tree", data=np.arange(150, dtype="f4"), chunks=(1,))
        h.create_dataset("missing", shape=(4,), dtype="f4", chunks=(2,))[0:2] = [0, 1]
        h.create_dataset("unwritten", shape=(4,), dtype="f4")
        h.create_dataset("lzf", data=r, chunks=(7, 5, 3), compression="lzf")
        h.create_dataset("big", data=r.astype(">f4"))
        h.create_dataset("empty", shape=(0, 3), dtype="f4")


def dense(path):
    with h5py.File(path, "w") as h:
        for k in range(12):
            h["größe %d" % k] = np.zeros(3, "f4")


if __name__ == "__main__":
    dense(os.path.join(HERE, "dense.h5"))
    levels(os.path.join(HERE, "levels.h5"))
    chunks(os.path.join(HERE, "chunks.h5"))
