package cases

var caffeHidden = map[string]string{
	"ArgMax.Axis":                     "none of the cases states an axis",
	"Clip.Strict":                     "no element of the case lies on a limit",
	"ContrastiveLoss.Margin":          "the dissimilar pairs of both cases are farther apart than the margin",
	"ContrastiveLoss.SquaredDistance": "the dissimilar pairs of both cases are farther apart than the margin",
	"ConvolutionND.WindowND.After.0":  "no window of the case reaches the padding behind",
	"Dropout.Uniform":                 "the mask of the case is ones and zeros, which either reading keeps",
	"Eltwise.Quotient":                "both forms of the gradient are the same product but for rounding, where no factor is zero",
	"Im2col.WindowND.After.0":         "no window of the case reaches the padding behind",
	"InfogainLoss.Labels.Ignored":     "the case ignores no label",
	"InfogainLoss.Normalization":      "the case has one place an example and ignores none, so that all counts are equal",
	"MaxPool.Spill":                   "no case has a window outside its map",
	"RNN.Recurrence.Truncated":        "the case does not expose its states",
}

var caffeSilent = map[string]string{
	"eltwise_prod2: Eltwise.Quotient":          "no factor is zero",
	"eltwise_prod3: Eltwise.Quotient":          "no factor is zero",
	"eltwise_prod3_unstable: Eltwise.Quotient": "no factor is zero",
	"net_l2_normalize: Reduction.Statistic":    "it adds up squares, which are their own magnitudes",
	"spp_h3_max: MaxPool.Pool.Window.Stride.1": "the column that the last windows lose holds none of the largest values",
}

var tensorFlowHidden = map[string]string{
	"AveragePool.Pool.Ceil":                                       "TensorFlow's pools never round up",
	"AveragePool.Pool.Clip":                                       "TensorFlow's pools never round up",
	"Binary.Operation and as minimum":                             "of truths both are the same",
	"Binary.Operation and as product, 0 for a second factor of 0": "of truths both are the same",
	"Binary.Operation and as product":                             "of truths both are the same",
	"Binary.Operation and as quotient, 0 for a divisor of 0":      "of truths both are the same",
	"Binary.Operation or as maximum":                              "of truths both are the same",
	"Cast.From":                                                   "it only tells whether a gradient flows, which no case shows where the other type is one of whole numbers",
	"Cast.To float32 as float64":                                  "a run has one precision",
	"Cast.To float64 as float32":                                  "a run has one precision",
	"Eltwise.Quotient":                                            "TensorFlow's AddN is a sum",
	"MaxPool.Pool.Clip":                                           "TensorFlow's pools never round up",
	"MaxPool.Spill":                                               "SAME and VALID leave no window outside the map",
	"Reduce.Reducer all as minimum":                               "of truths both are the same",
	"Reduce.Reducer all as product":                               "of truths both are the same",
	"Reduce.Reducer any as maximum":                               "of truths both are the same",
}

var tensorFlowSilent = map[string]string{
	"cond_fed_false_v2: FusedBatchNorm.Epsilon":      "the branch is not taken",
	"cond_fed_v1: FusedBatchNorm.Batch":              "the branch is not taken",
	"cond_fed_v1: FusedBatchNorm.Epsilon":            "the branch is not taken",
	"dynamic_rnn_v2: MatMul.TransposeB":              "the first state is zero",
	"padv2_fed: Pad.Value":                           "another number is chosen there",
	"batch_norm_global_plain: FusedBatchNorm.Factor": "there are no statistics of the batch",
	"fakequant_channel_81: Clip.Min":                 "the numbers are rounded afterwards",
	"denormal_per_op: Eltwise.Combination":           "all numbers count as zeros",
	"denormal_per_op: ReLU.Slope":                    "all numbers count as zeros",
	"denormal_relu_family: Clip.Strict":              "the gradient is not recorded",
	"denormal_relu_family: ELU.Alpha":                "all numbers count as zeros",
	"resize_bicubic_identity: Resize.A":              "places on the cells themselves give them alone",
	"resize_bilinear_ac1_to_1: Resize.Filter":        "places on the cells themselves give them alone",
}

// recognisedHidden and recognisedSilent are the same for the layers that idioms were recognised as.
var (
	recognisedHidden = map[string]string{
		"Deconvolution.Window.Padding.Mode":  "the padding of the case is what either mode gives",
		"L2Normalize.Epsilon":                "no case has a sum of squares between the two limits",
		"MaxPool.Places":                     "no case reads where the largest numbers are",
		"MaxPool.Pool.Clip":                  "TensorFlow's pools never round up",
		"MaxPool.Pool.Window.Padding.Bottom": "no window of the case reaches the padding below",
		"MaxPool.Spill":                      "SAME and VALID leave no window outside the map",
	}
	recognisedSilent = map[string]string{
		"cond_nested_fed_v1: Power.Power":            "the branch is not taken",
		"cond_nested_fed_v1: Power.Scale":            "the branch is not taken",
		"cond_nested_fed_v1: Power.Shift":            "the branch is not taken",
		"switch_case_fed: Power.Power":               "the branch is not taken",
		"switch_case_fed: Power.Scale":               "the branch is not taken",
		"switch_case_fed: Power.Shift":               "the branch is not taken",
		"denormal_per_op: Power.Scale":               "all numbers count as zeros",
		"dropout_tf1_keep_prob_fed: Power.Power":     "its inputs are zeros and ones",
		"fakequant_args_80: Power.Shift":             "the numbers are rounded afterwards",
		"fakequant_vars_40: Power.Scale":             "the numbers are rounded afterwards",
		"fakequant_vars_40: Power.Shift":             "the numbers are rounded afterwards",
		"l2_normalize_zero_row: L2Normalize.Epsilon": "the sum is 0 or greater than both",
		"qdq_v2_auto: Power.Power":                   "a power of 1 for one above it, of a number whose gradient is not recorded",
		"qdq_v2_auto: Power.Scale":                   "the number is the smaller one of two",
		"qdq_v2_ties_up: Power.Shift":                "the numbers are rounded afterwards",
		"qdq_v2_unsigned: Power.Shift":               "the numbers are rounded afterwards",
		"qdq_v2_unsigned: ReLU.Slope":                "its inputs are above 0",
	}
)
