package element

import (
	"math"
	"strings"
	"testing"

	"parity/googlenet/tensor"
)

// The value of a half is sign * 2^(e-15) * (1 + f/1024), with e = 0 for what is below 2^-14.
func TestEveryHalf(t *testing.T) {
	for bits := range 1 << 16 {
		sign, e, f := 1-2*float64(bits>>15), float64(bits>>10&31), float64(bits&1023)
		want := sign * math.Exp2(e-15) * (1 + f/1024)
		switch {
		case e == 0:
			want = sign * f * math.Exp2(-24)
		case e == 31 && f == 0:
			want = math.Inf(int(sign))
		case e == 31:
			want = math.NaN()
		}
		got := float64(Half(uint16(bits)))
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.Signbit(got) != math.Signbit(want) && !math.IsNaN(want) {
			t.Fatalf("%04x: got %v, want %v", bits, got, want)
		}
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		d    Type
		data string
		want float64
	}{
		{Float32, "\x00\x00\x80\x3f", 1}, {Float64, "\x00\x00\x00\x00\x00\x00\xf0\xbf", -1}, {Float16, "\x00\x3c", 1}, {BFloat16, "\x80\xbf", -1},
		{Int8, "\xfe", -2}, {Uint8, "\xfe", 254}, {Int16, "\xfe\xff", -2}, {Uint16, "\xfe\xff", 65534}, {Int32, "\xfe\xff\xff\xff", -2},
		{Uint32, "\xfe\xff\xff\xff", 4294967294}, {Int64, "\xfe\xff\xff\xff\xff\xff\xff\xff", -2}, {Bool, "\x01", 1},
	} {
		v, err := Decode(c.d, tensor.Shape{1}, []byte(c.data))
		if err != nil {
			t.Errorf("%s: %v", c.d, err)
		} else if got := tensor.As[float64](v).Data[0]; got != c.want {
			t.Errorf("%s: got %v, want %v", c.d, got, c.want)
		}
		if _, err := Decode(c.d, tensor.Shape{2}, []byte(c.data)); err == nil {
			t.Errorf("%s: want an error for half of the bytes", c.d)
		}
	}
	if _, err := Decode("string", tensor.Shape{1}, nil); err == nil || !strings.Contains(err.Error(), "type string") {
		t.Error(err)
	}
}

func TestClaimedShapes(t *testing.T) {
	for _, s := range []tensor.Shape{{-1}, {math.MaxInt32, math.MaxInt32, math.MaxInt32}, {math.MaxInt / 4}} {
		if _, err := Decode(Float32, s, nil); err == nil {
			t.Errorf("%v: want an error", s)
		}
	}
}
