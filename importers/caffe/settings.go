package caffe

import "parity/importers/text"

// ParseSettings reads the fields of one message of caffe.proto in text, such as a TransformationParameter, and checks
// them against the schema. File is what errors call it.
func ParseSettings(kind, file string, data []byte) (*Message, error) {
	t, err := text.Parse(file, data)
	if err != nil {
		return nil, err
	}
	return readText(kind, t)
}

// Floats returns the values of a repeated number field.
func (m *Message) Floats(name string) []float32 { return list[float32](m, name) }
