package cases

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"parity/fixtures/npz"
	"parity/googlenet/tensor"
	"parity/importers/caffe"
	"parity/importers/image"
	"parity/importers/image/caffeio"
)

// isDataTransforms: pictures that Caffe's data layers have transformed, listed in index*.json.
func isDataTransforms(dir string) bool {
	list, err := readIndex[transformEntry](dir)
	return err == nil && len(list) > 0 && list[0].Image != "" && list[0].Phase != ""
}

// transformEntry is one transform_param on one picture, drawn some times.
type transformEntry struct {
	Name  string
	Image string // in__IMAGE.npy, channels x height x width
	Param string
	Phase caffe.Phase
	Draws [][3]int `json:"h_off_w_off_mirror"`
}

func runDataTransforms(_ context.Context, dir string, o Options) (*Result, error) {
	entries, err := readIndex[transformEntry](dir)
	if err != nil {
		return nil, err
	}
	return runEntries(dir, o, entries, func(e transformEntry) string { return e.Name + ".npy" }, func(e transformEntry) (value, tensor.Any, error) {
		expect, err := npz.ReadNpy(filepath.Join(dir, e.Name+".npy"))
		if err != nil {
			return value{}, nil, err
		}
		v, err := same(e.run(dir))
		return v, expect, err
	})
}

// run applies the transform once for every draw.
func (e transformEntry) run(dir string) (*tensor.Tensor[float32], error) {
	in, err := npz.ReadNpy(filepath.Join(dir, "in__"+e.Image+".npy"))
	if err != nil {
		return nil, err
	}
	how, err := caffeio.ParseDataTransform(e.Name, []byte(e.Param), e.Phase == caffe.Train)
	if err != nil {
		return nil, err
	}
	if how.MeanFile != "" {
		mean, err := caffe.ReadMean(filepath.Join(dir, filepath.Base(how.MeanFile)))
		if err != nil {
			return nil, err
		}
		how.Mean = tensor.As[float32](mean.Value)
	}
	var all []*tensor.Tensor[float32]
	for _, d := range e.Draws {
		x, err := how.Apply(tensor.As[float32](in), caffeio.Draw{Top: d[0], Left: d[1], Mirror: d[2] != 0})
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return stacked(all)
}

// stacked joins tensors of one shape along a new first axis.
func stacked(list []*tensor.Tensor[float32]) (*tensor.Tensor[float32], error) {
	if len(list) == 0 {
		return nil, fmt.Errorf("the entry has no draws")
	}
	var data []float32
	for _, t := range list {
		data = append(data, t.Data...)
	}
	return tensor.From(data, append([]int{len(list)}, list[0].Shape...)...), nil
}

// readings are what the names of recordings say of how Caffe's Python module or its ImageData layer read a picture.
var readings = []struct {
	name *regexp.Regexp
	run  func(dir string, found []string) (*tensor.Tensor[float32], error)
}{
	{regexp.MustCompile(`^resize_(.+)_(\d+)x(\d+)_(aa|noaa)\.npy$`), resizedAsRead},
	{regexp.MustCompile(`^transformer_(\d+)_googlenet_(.+)_(aa|noaa)\.npy$`), transformedAsRead},
	{regexp.MustCompile(`^(.+)_raw_bgr\.npy$`), dataAsRead},
	{regexp.MustCompile(`^(.+?)_resize(\d+)(?:_crop(\d+))?(_mean3)?\.npy$`), dataAsRead},
}

// readingOf finds what a recording's name says, nil for other files.
func readingOf(name string) func(dir string) (*tensor.Tensor[float32], error) {
	for _, r := range readings {
		if found := r.name.FindStringSubmatch(name); found != nil {
			return func(dir string) (*tensor.Tensor[float32], error) { return r.run(dir, found) }
		}
	}
	return nil
}

func recordedReadings(dir string) []string {
	files, _ := filepath.Glob(filepath.Join(dir, "*.npy"))
	var names []string
	for _, f := range files {
		if name := filepath.Base(f); readingOf(name) != nil {
			names = append(names, name)
		}
	}
	return names
}

// isReadings: pictures as Caffe's Python module and its ImageData layer have read them, whose names say how.
func isReadings(dir string) bool {
	return !has(dir, "index.json") && slices.ContainsFunc(recordedReadings(dir), func(name string) bool {
		return readings[0].name.MatchString(name)
	})
}

func runReadings(_ context.Context, dir string, o Options) (*Result, error) {
	return runEntries(dir, o, recordedReadings(dir), func(name string) string { return name }, func(name string) (value, tensor.Any, error) {
		expect, err := npz.ReadNpy(filepath.Join(dir, name))
		if err != nil {
			return value{}, nil, err
		}
		v, err := same(readingOf(name)(dir))
		return v, expect, err
	})
}

// counted reads digits that a pattern has found.
func counted(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

// pictureNamed reads a picture file as caffe.io.load_image does, or the array of that name, which ends in its extents.
func pictureNamed(dir, name string) (*tensor.Tensor[float32], error) {
	if has(dir, name) {
		return caffeio.LoadImage(filepath.Join(dir, name), true)
	}
	if file, err := fileNamed(dir, name); err == nil {
		return caffeio.LoadImage(file, true)
	}
	files, _ := filepath.Glob(filepath.Join(dir, name+"_*x*x*.npy"))
	if len(files) != 1 {
		return nil, fmt.Errorf("expected one picture %s, or %s_HxWxC.npy, found %d", name, name, len(files))
	}
	a, err := npz.ReadNpy(files[0])
	if err != nil {
		return nil, err
	}
	return tensor.As[float32](a), nil
}

// fileNamed finds a picture file without its extension.
func fileNamed(dir, name string) (string, error) {
	for _, extension := range []string{".jpg", ".jpeg", ".png"} {
		if has(dir, name+extension) {
			return filepath.Join(dir, name+extension), nil
		}
	}
	return "", fmt.Errorf("there is no picture %s", name)
}

// resizedAsRead is caffe.io.resize_image.
func resizedAsRead(dir string, found []string) (*tensor.Tensor[float32], error) {
	x, err := pictureNamed(dir, found[1])
	if err != nil {
		return nil, err
	}
	return caffeio.ResizeImage(x, image.Size{Height: counted(found[2]), Width: counted(found[3])}, found[4] == "aa"), nil
}

// The mean of ILSVRC 2012, in the order blue, green, red.
var ilsvrc = []float32{104, 117, 123}

// transformedAsRead is caffe.io.Transformer as it is set up for GoogLeNet.
func transformedAsRead(dir string, found []string) (*tensor.Tensor[float32], error) {
	x, err := pictureNamed(dir, found[2])
	if err != nil {
		return nil, err
	}
	side, full := counted(found[1]), 255.0
	how := caffeio.Transformer{
		Channels: 3, Size: image.Size{Height: side, Width: side}, Smooth: found[3] == "aa",
		Transpose: []int{2, 0, 1}, ChannelSwap: []int{2, 1, 0}, RawScale: &full,
	}
	if err := how.SetMean(tensor.As[float64](tensor.From(ilsvrc, 3))); err != nil {
		return nil, err
	}
	return how.Preprocess(x)
}

// dataAsRead is an ImageData layer with new_height and new_width, and a transform_param.
func dataAsRead(dir string, found []string) (*tensor.Tensor[float32], error) {
	file, err := fileNamed(dir, found[1])
	if err != nil {
		return nil, err
	}
	layer, transform := caffeio.ImageData{}, caffeio.DataTransform{Scale: 1}
	if len(found) > 2 {
		layer.Height, layer.Width = counted(found[2]), counted(found[2])
		transform.Crop = counted(found[3])
		if found[4] != "" {
			transform.MeanValues = ilsvrc
		}
	}
	x, err := layer.Read(file)
	if err == nil {
		x, err = transform.Apply(x, caffeio.Draw{})
	}
	if err != nil {
		return nil, err
	}
	return stacked([]*tensor.Tensor[float32]{x})
}
