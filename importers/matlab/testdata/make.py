"""Write small MAT files in the form of the Cars196 devkit with SciPy: python3 make.py"""
import numpy as np
import scipy.io

names = np.array(["AM General Hummer SUV 2000", "Acura RL Sedan 2012", "Bugatti Veyron 16.4 Coupé 2009"], dtype=object)
kind = [("relative_im_path", object), ("bbox_x1", object), ("class", object), ("test", object)]
rows = [("car_ims/%06d.jpg" % (i + 1), 10 * i, c, t) for i, (c, t) in enumerate([(1, 0), (3, 0), (2, 1), (1, 1), (3, 1)])]
annotations = np.zeros((1, len(rows)), dtype=kind)
for i, row in enumerate(rows):
    annotations[0, i] = (row[0], np.uint16(row[1]), np.uint8(row[2]), np.uint8(row[3]))
scipy.io.savemat("cars_annos.mat", {"annotations": annotations, "class_names": names[None]}, do_compression=True)
scipy.io.savemat("plain.mat", {"annotations": annotations, "class_names": names[None], "pi": 3.25, "list": np.arange(3, dtype=np.int16), "empty": np.zeros((0, 2))})
scipy.io.savemat("complex.mat", {"z": np.array([1 + 2j])})

# The devkit of the split download.
kit = [("bbox_x1", object), ("class", object), ("fname", object)]
for part, rows in {"train": [(1, "00001.jpg"), (3, "00002.jpg")], "test": [(2, "00001.jpg"), (3, "00002.jpg"), (1, "00003.jpg")]}.items():
    a = np.zeros((1, len(rows)), dtype=kit)
    for i, (c, f) in enumerate(rows):
        a[0, i] = (np.uint8(1), np.uint8(c), f)
    scipy.io.savemat("cars_%s_annos%s.mat" % (part, "_withlabels" if part == "test" else ""), {"annotations": a}, do_compression=True)
scipy.io.savemat("cars_meta.mat", {"class_names": names[None]})
