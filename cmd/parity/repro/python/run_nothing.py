main(("the candidate's recording of %s" % LAYER, lambda: load("expected.npz")["candidate"], True))
