// Package routing holds the rules by which a contact centre chooses: ordering
// keys for ready agents, scores for waiting contacts, shares for a percentage
// split, and the ranks of groups that a skill requirement compiles into.
//
// Each rule is a pure function from a few integers to an integer, tested
// alone. The lists that are kept in these orders belong to realcore/center;
// the scenario compiler uses Ranks to write pools into a Plan.
package routing
