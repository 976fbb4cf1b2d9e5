package traffic

// The purposes of what people do, and what is drawn k times for each. Whoever
// plays them, a simulator or a load generator, asks for these, so that both meet
// the same person. A new purpose disturbs no other.
var (
	ForTalk      = PurposeOf("talk")          // k-th talk of the caller
	ForWrapUp    = PurposeOf("wrap-up")       // likewise
	ForPatience  = PurposeOf("patience")      // k-th wait
	ForRing      = PurposeOf("ring")          // k-th offer of him to an agent
	ForMiss      = PurposeOf("miss")          // likewise
	ForMenu      = PurposeOf("menu")          // k-th menu
	ForCallback  = PurposeOf("callback")      // k-th offer of one
	ForMessage   = PurposeOf("message")       // length
	ForReached   = PurposeOf("reached")       // k-th outbound leg to him
	ForPickUp    = PurposeOf("pick-up")       // likewise
	ForVendor    = PurposeOf("vendor")        // 2k: the answer of his k-th, 2k+1: its handling
	ForRefuse    = PurposeOf("vendor-refuse") // whether his k-th refuses him
	ForPreferred = PurposeOf("preferred")     // whether he asks for one agent, and whom
	ForTransfer  = PurposeOf("transfer")      // after the k-th talk
)
