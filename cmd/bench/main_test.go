package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestServe(t *testing.T) {
	var out bytes.Buffer
	orders := `{"mode": "forward", "batch": 1, "threads": 2, "runs": 2}
{"mode": "float64", "batch": 1, "threads": 2, "runs": 1}
{"mode": "train", "batch": 1, "threads": 2, "runs": 1}`
	if err := serve(t.Context(), strings.NewReader(orders), &out); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(&out)
	for _, runs := range []int{2, 1, 1} {
		var times [][2]float64
		if err := d.Decode(&times); err != nil || len(times) != runs || times[0][0] <= 0 {
			t.Errorf("got %v (%v), want %d times", times, err, runs)
		}
	}
	for order, want := range map[string]string{`{"mode": "fast", "batch": 1, "threads": 1}`: `mode "fast": expected forward`, `{"mode": "forward"}`: "at least 1"} {
		if err := serve(t.Context(), strings.NewReader(order), &out); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", order, err)
		}
	}
}
