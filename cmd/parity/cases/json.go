package cases

import (
	"encoding/json"
	"fmt"
	"os"
)

// readJSON reads a file of a case.
func readJSON(file string, to any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, to); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
