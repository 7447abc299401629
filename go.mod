module parity

go 1.26

require (
	github.com/sbinet/npyio v0.9.0
	google.golang.org/protobuf v1.36.12
)

require (
	github.com/google/go-cmp v0.7.0
	github.com/nlpodyssey/gopickle v0.3.0 // indirect
	golang.org/x/text v0.14.0 // indirect
	gonum.org/v1/gonum v0.14.0 // indirect
)
