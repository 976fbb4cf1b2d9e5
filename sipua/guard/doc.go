// Package guard decides which bytes become SIP messages: it reads a datagram or a
// stream strictly, within limits, before callwright's parser (sipgo) sees it, and
// writes the answer to a request that is none. It also has the checks that RFC 3261
// 8.2 asks of a server, for callwright/sipua to make in order. It opens nothing and
// keeps nothing: PURE.
//
// What the parser would let pass and what it would misread ends here: control
// characters, bare CR or LF, lengths that disagree, numbers that do not fit, lines
// without end, two of what must be one. The RFC 4475 torture messages say why.
package guard
