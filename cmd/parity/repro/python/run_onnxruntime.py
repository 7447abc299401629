import onnxruntime


def run():
    """Runs the nodes that were cut out of the model, each as it stands."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(os.path.join(HERE, SIDE, MODEL), options, providers=["CPUExecutionProvider"])
    types = {i.name: i.type for i in session.get_inputs()}
    numpy_types = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(float16)": np.float16, "tensor(int64)": np.int64,
                   "tensor(int32)": np.int32, "tensor(bool)": np.bool_}
    feeds = {name: value.astype(numpy_types[types[name]]) for name, value in load(SIDE, "inputs.npz").items() if name in types}
    return session.run([OUTPUT], feeds)[0]


main(("ONNX Runtime %s runs %s" % (onnxruntime.__version__, LAYER), run, True))
