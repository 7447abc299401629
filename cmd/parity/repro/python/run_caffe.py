import caffe


def run():
    """Runs the layers that were cut out of the network."""
    caffe.set_mode_cpu()
    weights = os.path.join(HERE, SIDE, WEIGHTS)
    net = caffe.Net(os.path.join(HERE, SIDE, MODEL), *([weights] if WEIGHTS else []), caffe.TEST)
    for name, value in load(SIDE, "inputs.npz").items():
        net.blobs[name].reshape(*value.shape)
        net.blobs[name].data[...] = value
    net.forward()
    return net.blobs[OUTPUT.split("@")[0]].data.copy()


main(("Caffe runs %s" % LAYER, run, True))
