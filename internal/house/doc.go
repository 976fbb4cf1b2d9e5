// Package house holds the rules of the house: which room may import which,
// and what a PURE room must not touch (ARCHITECTURE.md has the map). Its test
// checks every package of the module and plants violations to see that they
// are found. Nothing imports it.
package house
