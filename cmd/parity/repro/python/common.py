import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def load(*path):
    """Reads the arrays of a file beside this script."""
    with np.load(os.path.join(HERE, *path)) as arrays:
        return {name: arrays[name] for name in arrays.files}


def compare(got, want, bound, against):
    """Prints how far a result is from an expected one; false if it is beyond the rounding bound."""
    got, want = np.asarray(got, np.float64), np.asarray(want, np.float64)
    if np.squeeze(got).shape != np.squeeze(want).shape:
        print("  has the shape %s, %s %s" % (got.shape, against, want.shape))
        return False
    got = got.reshape(want.shape)
    bound = np.zeros(want.shape) if bound is None else bound.reshape(want.shape)
    with np.errstate(all="ignore"):
        difference = np.where(got == want, 0, np.abs(got - want))
        ratio = np.where(difference == 0, 0, difference / bound)
    ratio = np.where(np.isnan(ratio), np.inf, ratio)
    at = np.unravel_index(np.argmax(ratio), ratio.shape) if ratio.size else ()
    worst = ratio[at] if ratio.size else 0.0
    if worst <= 1:
        print("  equals %s up to rounding (%.2g of the bound)" % (against, worst))
        return True
    print("  differs from %s by up to %.6g: %.6g instead of %.6g at %s, %.2g times the rounding bound"
          % (against, np.nanmax(difference), got[at], want[at], [int(i) for i in at], worst))
    return False


def main(*runs):
    """Runs the layer in each way, and holds the results against both outputs that are here.

    A run is a text, a function, and whether it computes as the candidate does: then it may round as that."""
    expected = load("expected.npz")
    bound, shown = expected.get("bound"), False
    own = expected.get("candidate_bound", bound)
    if own is not None and "candidate" in expected and own.size == expected["candidate"].size:  # the framework itself may round anew
        own = np.maximum(own, 2.0 ** -21 * np.nanmax(np.abs(np.where(np.isfinite(expected["candidate"]), expected["candidate"], 0))))
    for what, run, as_candidate in runs:
        print(what)
        got = run()
        for name, limit, against in (("reference", bound, "the reference's result"), ("candidate", own if as_candidate else bound, "the candidate's recording")):
            if name in expected and not compare(got, expected[name], limit, against):
                shown = True
    sys.exit(1 if shown else 0)
