package cases

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parity/googlenet/train/loss"
)

// lossSettings are the parameters of a loss in case.json.
type lossSettings struct {
	Alpha        *float64 `json:"alpha"`
	Beta         *float64 `json:"beta"`
	Base         *float64 `json:"base"`
	Epsilon      *float64 `json:"epsilon"`
	Scale        *float64 `json:"scale"`
	Margin       *float64 `json:"margin"`
	Temperature  *float64 `json:"temperature"`
	Smoothing    *float64 `json:"label_smoothing"`
	Continuation *string  `json:"continuation"`
	Normalize    *bool    `json:"normalize"`
}

// lossKinds builds every loss from its parameters; those not given are as in its paper.
var lossKinds = map[string]func(s *lossSettings) loss.Loss{
	"softmax": func(s *lossSettings) loss.Loss { return loss.Softmax{Smoothing: plain(s.Smoothing, 0)} },
	"ln": func(s *lossSettings) loss.Loss {
		return loss.LN{Alpha: plain(s.Alpha, 16), Smoothing: plain(s.Smoothing, 0)}
	},
	"bn": func(s *lossSettings) loss.Loss {
		return loss.BN{Alpha: plain(s.Alpha, 16), Epsilon: plain(s.Epsilon, 1e-3), Smoothing: plain(s.Smoothing, 0)}
	},
	"normface": func(s *lossSettings) loss.Loss { return loss.NormFace{Scale: plain(s.Scale, 20)} },
	"cosface": func(s *lossSettings) loss.Loss {
		return loss.CosFace{Scale: plain(s.Scale, 30), Margin: plain(s.Margin, 0.35)}
	},
	"arcface": func(s *lossSettings) loss.Loss {
		linear := s.Continuation != nil && *s.Continuation == "linear"
		return loss.ArcFace{Scale: plain(s.Scale, 30), Margin: plain(s.Margin, 0.5), Linear: linear}
	},
	"proxy_nca":         func(s *lossSettings) loss.Loss { return loss.ProxyNCA{Scale: plain(s.Scale, 1)} },
	"proxy_nca_softmax": func(s *lossSettings) loss.Loss { return loss.ProxyNCASoftmax{Scale: plain(s.Scale, 1)} },
	"proxy_anchor": func(s *lossSettings) loss.Loss {
		return loss.ProxyAnchor{Alpha: plain(s.Alpha, 32), Margin: plain(s.Margin, 0.1)}
	},
	"contrastive": func(s *lossSettings) loss.Loss {
		return loss.Contrastive{Margin: plain(s.Margin, 1), Raw: s.Normalize != nil && !*s.Normalize}
	},
	"triplet_semihard": func(s *lossSettings) loss.Loss { return loss.TripletSemiHard{Margin: plain(s.Margin, 1)} },
	"multi_similarity": func(s *lossSettings) loss.Loss {
		return loss.MultiSimilarity{Alpha: plain(s.Alpha, 2), Beta: plain(s.Beta, 50), Base: plain(s.Base, 1), Epsilon: plain(s.Epsilon, 0.1)}
	},
	"supcon": func(s *lossSettings) loss.Loss { return loss.SupCon{Temperature: plain(s.Temperature, 0.1)} },
}

// lossOf builds a loss by its name. Parameters that none has are refused, so that nothing is judged by a formula that it does not follow.
func lossOf(name string, parameters json.RawMessage) (loss.Loss, error) {
	build := lossKinds[name]
	if build == nil {
		return nil, fmt.Errorf("there is no loss %q (there are: %s)", name, strings.Join(lossNames(), ", "))
	}
	s := &lossSettings{}
	if len(parameters) > 0 {
		d := json.NewDecoder(bytes.NewReader(parameters))
		d.DisallowUnknownFields()
		if err := d.Decode(s); err != nil {
			return nil, fmt.Errorf("parameters of %s: %w", name, err)
		}
	}
	if c := s.Continuation; c != nil && *c != "none" && *c != "linear" {
		return nil, fmt.Errorf("expected the continuation none or linear, found %q", *c)
	}
	return build(s), nil
}

func lossNames() []string {
	var list []string
	for name := range lossKinds {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}
