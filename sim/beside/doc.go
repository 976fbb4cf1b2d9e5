// Package beside sets the answers about a centre side by side, for every queue
// and interval: what Erlang C and Erlang A predict, what the centre's own
// routing code gave in simulation, with an interval, and what was measured
// where a log is given. Each number names its definition.
//
// A formula sees what the simulation saw on average: the offered contacts, the
// agents, the handle time. So what differs is the model, not the input; package
// bridge says which assumption makes which part of it.
package beside
