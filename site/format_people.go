package site

// Person is somebody who works here: an agent of the scenario with a telephone, or
// somebody with a screen alone.
type Person struct {
	Agent     string   `key:"agent" doc:"Whom of the scenario this is, as sales-1: the group and a number. Default: no agent."`
	Extension string   `key:"extension" form:"code" doc:"Number of the telephone, for colleagues."`
	SIP       *Account `key:"sip" doc:"What the telephone logs in with."`
	Role      string   `key:"role" doc:"What this person may do on the screen; default agent."`
	Password  Password `key:"password" doc:"Of the screen, as argon2id: callwright site password makes one. Default: no screen."`
}

// Device is a telephone that is nobody's.
type Device struct {
	Extension string   `key:"extension" form:"code" must:"the number it is called by" doc:"Number it is called by."`
	SIP       *Account `key:"sip" must:"what it logs in with" doc:"What it logs in with."`
}

// Account is what a telephone logs in with. The password itself is not here:
// what is here lets somebody log in as this telephone, but nowhere else.
type Account struct {
	User   string `key:"user" form:"user" must:"a user" doc:"User, different for each telephone."`
	Realm  string `key:"realm" form:"realm" doc:"The realm for which md5 and sha-256 were made; default the site's, and it must be that."`
	MD5    MD5    `key:"md5" doc:"MD5 of user:realm:password."`
	SHA256 SHA256 `key:"sha-256" doc:"SHA-256 of user:realm:password."`
}

// Role is what people and programs may do.
type Role struct {
	May    []string `key:"may" of:"state,call,wallboard,agents,listen,whisper,barge,recordings,records,plan" doc:"state: one's own; call: answer, hold, transfer, dial; wallboard; agents: others' states; listen, whisper, barge; recordings and records: read them; plan: change it."`
	Queues []string `key:"queues" doc:"Only about these queues; default all."`
}

// rights are the built-in roles', in the order of roleNames.
var (
	roleNames = []string{"agent", "supervisor", "listener"}
	rights    = [][]string{{"state", "call", "wallboard"},
		{"state", "call", "wallboard", "agents", "listen", "whisper", "barge", "recordings", "records", "plan"},
		{"wallboard", "agents", "listen"}}
)

// APIToken is a program that uses the interface. The token itself is 256 random bits, so
// that its SHA-256 tells nothing.
type APIToken struct {
	SHA256  SHA256 `key:"sha-256" must:"the token's SHA-256" doc:"SHA-256 of the token."`
	Role    string `key:"role" must:"a role" doc:"What it may do."`
	Expires string `key:"expires" form:"date" doc:"The last day on which it is good; default never."`
}
