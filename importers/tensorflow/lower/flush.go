package lower

// moving are the operations whose kernels pass denormal numbers on: they move or select elements, or change nothing but their
// sign. All others run with denormal numbers flushed to zero, before and after (set_denormal.h, and found so in TensorFlow 2.21).
var moving = set(
	"Abs", "BatchToSpace", "BatchToSpaceND", "BroadcastTo", "CheckNumerics", "CheckNumericsV2", "Concat", "ConcatV2",
	"ConjugateTranspose", "DepthToSpace", "EnsureShape", "ExpandDims", "Fill", "Gather", "GatherNd", "GatherV2", "Identity",
	"IdentityN", "Max", "MaxPool", "MaxPoolV2", "Min", "MirrorPad", "Neg", "OneHot", "OnesLike", "Pack", "Pad", "PadV2",
	"PreventGradient", "Print", "Range", "Rank", "RefIdentity", "Reshape", "ResizeNearestNeighbor", "Reverse", "ReverseV2",
	"Select", "SelectV2", "Shape", "ShapeN", "Size", "Slice", "Snapshot", "SpaceToBatch", "SpaceToBatchND", "SpaceToDepth",
	"Split", "SplitV", "Squeeze", "StopGradient", "StridedSlice", "Tile", "Transpose", "Unpack", "Where", "ZerosLike",
)
