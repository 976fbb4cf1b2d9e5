// Package realcore holds the words of a contact centre: instants, handles,
// events, effects and the plan. It has no behaviour of its own. The machine
// that speaks these words is realcore/center; every other room, the simulator
// and the live doors alike, exchanges nothing else with it.
//
// The one idea: the centre is a state machine without a clock. An Event goes
// in with the Instant at which it happened; Effects come out, each with the
// instant from which it holds. Some effects are commands that a driver carries
// out (Offer, Connect, Play), the others are facts for the records (Queued,
// AgentState, Closed).
//
// Events and effects are fixed-size values without pointers: they are copied,
// hashed and journalled as they are, and make no garbage.
package realcore
