package side

import (
	"fmt"
	"strings"
)

// leaveOut takes inputs that nothing is fed to out of the graph where only losses and other single numbers depend on them, such as
// the labels of a graph that was saved in training; false where more does.
func (m *model) leaveOut(unfed ...string) bool {
	rest, gone := m.graph.Without(unfed...)
	shapes := m.graph.OpenShapes()
	for _, v := range gone {
		if s := shapes[v]; s == nil || s.Len() != 1 {
			return false
		}
	}
	if len(rest.Outputs) == 0 || len(rest.Inputs) == 0 {
		return false
	}
	m.leftOut = append(m.leftOut, fmt.Sprintf("nothing is fed to %s: %s, which depend on that, were left out", strings.Join(unfed, ", "), strings.Join(gone, ", ")))
	m.graph = rest
	return true
}

// leaveOutLosses takes out inputs that only losses depend on until there are as many as are fed, of which some may be known by name.
func (m *model) leaveOutLosses(fed int, known func(input string) bool) {
	for _, in := range m.graph.Fed() {
		if len(m.graph.Fed()) > fed && (known == nil || !known(in.Name)) {
			m.leaveOut(in.Name)
		}
	}
}

// preparedAs says how the inputs were made and what was left out for want of some.
func (m *model) preparedAs() string {
	list := m.leftOut
	if m.prepared != "" {
		list = append([]string{m.prepared}, list...)
	}
	return strings.Join(list, "; ")
}
