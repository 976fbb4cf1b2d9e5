package realcore

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Bytes returns the plan's canonical form: JSON with the fields in the order
// of the types, without white space. Equal plans have equal bytes.
func (p *Plan) Bytes() []byte {
	b, err := json.Marshal(p)
	if err != nil { // a Plan is slices, integers and strings: nothing that JSON refuses
		panic("realcore: plan does not encode: " + err.Error())
	}
	return b
}

// Digest names the plan: the first 16 bytes of the SHA-256 of Bytes, in hex.
func (p *Plan) Digest() string {
	sum := sha256.Sum256(p.Bytes())
	return hex.EncodeToString(sum[:16])
}

// ParsePlan reads what Bytes wrote and validates it.
func ParsePlan(b []byte) (*Plan, error) {
	var p Plan
	if err := json.Unmarshal(b, &p); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return &p, nil
}
