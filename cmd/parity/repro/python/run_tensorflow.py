import tensorflow as tf


def run():
    """Runs the nodes that were cut out of the graph."""
    definition = tf.compat.v1.GraphDef()
    with open(os.path.join(HERE, SIDE, MODEL), "rb") as f:
        definition.ParseFromString(f.read())
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(definition, name="")
    feeds = {}
    for name, value in load(SIDE, "inputs.npz").items():
        tensor = graph.get_tensor_by_name(name + ":0")
        feeds[tensor] = value.astype(tensor.dtype.as_numpy_dtype)
    fetch = OUTPUT if ":" in OUTPUT else OUTPUT + ":0"
    with tf.compat.v1.Session(graph=graph) as session:
        return session.run(fetch, feeds)


main(("TensorFlow %s runs %s" % (tf.__version__, LAYER), run, True))
