.DEFAULT_GOAL := help
.PHONY: help test short race portable lint conformance conformance-list opencv bench bench-peers browser schemas generate check-generate size ci

GO ?= go
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

test: ## all tests
	$(GO) test ./...

short: ## the tests that take under a minute
	$(GO) test -short ./...

race: ## the tests under the race detector
	$(GO) test -race -short ./...

portable: ## the tests of the kernels' portable twins
	PARITY_CPU=portable $(GO) test -count 1 -short ./googlenet/...

lint: ## gofmt, go vet, staticcheck
	@test -z "$$(gofmt -s -l .)" || { echo 'not formatted:'; gofmt -s -l .; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...

ONNX_DATA = /usr/share/libonnx-testdata/data
ONNX_TEST = $(GO) run ./cmd/conformance -data $(ONNX_DATA) -version "$$(dpkg-query -W -f '$${Version}' libonnx-testdata)"

conformance: ## ONNX's conformance tests, from Debian's package
	@test -d $(ONNX_DATA) || apt-get install -y libonnx-testdata
	$(ONNX_TEST)

opencv: ## OpenCV's Caffe reader runs a caffemodel written here (installs opencv-python 4)
	python3 -m venv .opencv && .opencv/bin/pip install -q 'opencv-python-headless>=4,<5'
	PYTHON=$(CURDIR)/.opencv/bin/python $(GO) test -tags opencv -run OpenCV -count 1 -v ./importers/caffe

check-export: ## exported networks pass onnx.checker and run in ONNX Runtime within bounds (installs both)
	python3 -m venv .ort && .ort/bin/pip install -q onnxruntime onnx numpy
	PYTHON=$(CURDIR)/.ort/bin/python $(GO) test -tags onnxcheck -run ONNXRuntimeRuns -count 1 -v ./cmd/parity

browser: ## the HTML report in a headless Chromium (installs it)
	@command -v chromium >/dev/null || apt-get install -y chromium
	$(GO) test -tags browser -count 1 -run Page ./reports

schemas: ## reports follow the schemas of their formats (installs libxml2-utils)
	@command -v xmllint >/dev/null || apt-get install -y libxml2-utils
	xmllint --noout --schema reports/junit.xsd reports/testdata/*.xml
	$(GO) test -count 1 -run Schema ./reports

conformance-list: ## rewrite the list of their results
	$(ONNX_TEST) -write

bench: ## benchmarks of the kernels (GFLOP/s) and of the whole network (ms an image)
	$(GO) test -run '^$$' -bench . ./googlenet/kernel ./googlenet/engine ./googlenet/train/step
	$(GO) run ./cmd/parity run caffe --profile

PEERS = openvino tensorflow onnxruntime onnx opencv-python-headless torch

bench-peers: ## this engine beside others (installs them into .peers; takes long)
	python3 -m venv .peers && .peers/bin/pip install -q $(PEERS)
	$(GO) build -o .peers/bench ./cmd/bench
	.peers/bin/python fixtures/gen/bench_peers.py --bench .peers/bench

generate: ## rewrite everything that is generated
	$(GO) generate ./...

check-generate: generate ## fail if the tree is not as generated
	git diff --exit-code

size: ## lines of code and of tests in each package
	@$(GO) list -f '{{.Dir}}' ./... | while read d; do \
	  code=$$(cat $$d/*.go 2>/dev/null | wc -l); tests=$$(cat $$d/*_test.go 2>/dev/null | wc -l); \
	  printf '%6d code %6d tests  %s\n' $$((code - tests)) $$tests "$${d#$(CURDIR)/}"; done

ci: ## what CI runs
	.ci/run
