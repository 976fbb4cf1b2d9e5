package scenarios

import "time"

// Format is the whole file: each field is a key, each doc what it means.
type Format struct {
	Version     int           `key:"callwright" min:"1" max:"1" doc:"Version of this format: 1. Every file has it."`
	Name        string        `key:"name" doc:"Short name; default: the file's."`
	Title       Title         `key:"title" doc:"What reports put above it, in English (en) and Japanese (ja)."`
	Notes       []string      `key:"notes" one:"yes" doc:"What the author wants every report to say: sources, and what was assumed."`
	Zone        string        `key:"zone" doc:"IANA zone of all times, as Asia/Tokyo; default UTC."`
	Start       Date          `key:"start" doc:"First day, as 2026-11-25; default 2026-04-06, a Monday."`
	Day         Hours         `key:"day" doc:"The stretch of each day that is simulated, as 09:00-18:00; default 00:00-24:00. Lists by interval begin with it, agents by interval work in it."`
	Days        int           `key:"days" min:"1" max:"4000" doc:"How many days in a row; default 1."`
	Interval    time.Duration `key:"interval" doc:"Reporting slot, and that of lists by interval; default 30m."`
	MostCalls   int           `key:"most-calls" max:"1000000000" doc:"Stop arrivals after so many over all streams, whatever the days say; rates and staff then last as long as needed."`
	Stop        string        `key:"stop" of:"drained,closing" doc:"drained: the run ends when the last contact has gone (default); closing: with the last day, whoever is still there."`
	Stay        time.Duration `key:"stay" doc:"How long agents of a day's last interval stay to serve who waits, on days before the last; default 30m. On the last day: until the last contact has gone."`
	Seed        int           `key:"seed" max:"1000000000000" doc:"Seed of a run that is not given one; default 1."`
	MostAtOnce  int           `key:"most-contacts" min:"1" max:"16777216" doc:"Contacts in the centre at once; more are blocked. Default 1048576."`
	Uncertainty *Uncertainty  `key:"uncertainty" doc:"How far the forecast errs, for every stream that does not say so itself."`
	Holidays    []Date        `key:"holidays" doc:"Dates on which calendars and days: say holiday."`
	Hours       Map[Week]     `key:"hours" doc:"Opening hours by name, for queues and flows."`
	Prompts     Map[Prompt]   `key:"prompts" doc:"What callers hear, by name, with its length: welcome: 12s."`
	Trunks      Map[Trunk]    `key:"trunks" doc:"Groups of lines that callers come in on, by name: isdn: 60."`
	Vendors     Map[Vendor]   `key:"vendors" doc:"Where calls may overflow to: an agency, another site."`
	Groups      Map[Group]    `key:"groups" doc:"Agents with equal skills, by name."`
	Queues      Map[Queue]    `key:"queues" doc:"Where contacts wait, by name."`
	Flows       Map[Flow]     `key:"flows" doc:"What happens before the queue: prompts, menus, hours."`
	Numbers     Map[Number]   `key:"numbers" doc:"Dialled numbers, by name: where each leads and on which lines. Streams may also name a queue or flow themselves."`
	Scripts     Scripts       `key:"scripts" doc:"What test callers, answerers and agents do on real telephones (callwright load); the simulator has no use for it."`
	Calls       Map[Stream]   `key:"calls" doc:"Who calls, by name: how many, when, how long, how patient. A renamed stream has other callers."`
}

// Title is a text in two languages.
type Title struct {
	En string `key:"en"`
	Ja string `key:"ja"`
}

// Prompt is something callers hear.
type Prompt struct {
	Length time.Duration
}

func (p *Prompt) read(d *decoder, t *tree, path string) { p.Length = d.length(t, path) }

// Trunk is a group of lines.
type Trunk struct {
	Lines int
}

func (x *Trunk) read(d *decoder, t *tree, path string) { x.Lines = d.whole(t, path, 1, 1_000_000) }

// Vendor is the far side of an overflow.
type Vendor struct {
	Lines  int      `key:"lines" doc:"Calls it takes at once; default: no limit."`
	Answer Law      `key:"answer" bare:"always" doc:"Time to its answer; default at once."`
	Handle *Law     `key:"handle" doc:"How long it is on a call."`
	Refuse Fraction `key:"refuse" doc:"Part of the calls that it does not take."`
}

// Number is a dialled number.
type Number struct {
	Queue string `key:"queue" doc:"Leads to this queue,"`
	Flow  string `key:"flow" doc:"or this flow."`
	Trunk string `key:"trunk" doc:"Comes in on these lines; default: always a line."`
	Tier  Name   `key:"tier" doc:"Tier of the queue, by name or number."`
}

// Group is agents with equal skills.
type Group struct {
	Agents     *Staff        `key:"agents" doc:"How many: a number, a list by interval, or a mapping (every, count, by-day, csv, shifts)."`
	Skills     Skills        `key:"skills" doc:"What they can: a list, or a mapping to levels, the higher the better."`
	Takes      Takes         `key:"takes" doc:"Which waiting contact a freed agent takes: longest-wait (default), priority (default where tiers have credit), or a list of queues in fixed order; queue/tier names one tier."`
	Ring       Law           `key:"ring" bare:"always" doc:"Time from the offer to picking up; default at once."`
	RingLimit  time.Duration `key:"ring-limit" doc:"After this the call goes to somebody else (RONA); default 15s."`
	Miss       Fraction      `key:"miss" doc:"Part of the offers that nobody picks up."`
	Rona       time.Duration `key:"rona" doc:"How long an agent who missed an offer is taken out; default 1m."`
	Reject     Fraction      `key:"reject" doc:"Part of the offers that are declined."`
	RejectRest time.Duration `key:"reject-penalty" doc:"How long an agent who declined is taken out; default 1m."`
	WrapUpCap  time.Duration `key:"wrapup-limit" doc:"Wrap-up ends after this at the latest; default: never."`
	Pace       float64       `key:"pace" min:"0.05" max:"20" doc:"Factor on handle times: 1.3 for novices."`
	Slots      *Slots        `key:"slots" doc:"Contacts at once by channel; default one voice call, or one of each channel the group serves."`
}

// Slots is an agent's room by channel.
type Slots struct {
	Voice int `key:"voice" max:"1"`
	Chat  int `key:"chat" max:"16"`
	Mail  int `key:"mail" max:"16"`
}

// Queue is a place where contacts wait.
type Queue struct {
	Channel   string        `key:"channel" of:"voice,chat,mail" doc:"voice (default), chat or mail."`
	Target    *Target       `key:"target" doc:"What service is promised: 0.80 within 20s, or a mapping (level, within, rule, short)."`
	Hours     *HoursRef     `key:"hours" doc:"Open then: a name of hours, or 09:00-18:00; default always."`
	Closed    Action        `key:"closed" doc:"For who comes outside the hours; default disconnect."`
	Most      Most          `key:"most-waiting" doc:"Contacts waiting at once, or none; default no limit."`
	Full      Action        `key:"full" doc:"For who comes when so many wait; default disconnect."`
	Groups    GroupRanks    `key:"groups" doc:"Who serves it: [a, b] together, [[a], [b, c]] one rank after the other, {a: 70, b: 30} by shares. Default: every group, unless needs is given."`
	Needs     Skills        `key:"needs" doc:"Skills a group must have to serve it, with the least level."`
	Select    string        `key:"select" of:"together,in-order,most-skilled,split" doc:"How groups rank: together (default), in-order (as listed), most-skilled (level of the first skill needed), split (by shares)."`
	Agent     string        `key:"agent" of:"longest-idle,fewest-contacts,least-occupied,round-robin" doc:"Which ready agent of a rank: longest-idle (default), fewest-contacts, least-occupied, round-robin."`
	Reserve   int           `key:"reserve" doc:"Ready agents a group must keep for other queues: blending."`
	Preferred time.Duration `key:"preferred-wait" doc:"How long a contact waits for its preferred agent alone; default: only if ready."`
	Tiers     []Tier        `key:"tiers" doc:"Ranks of contacts; the first is the normal one."`
	Waiting   []Step        `key:"while-waiting" doc:"What happens while a contact waits, by time waited."`
}

// Tier is a rank of contacts in a queue.
type Tier struct {
	Name    string        `key:"name" doc:"For streams and numbers to refer to."`
	Credit  time.Duration `key:"credit" doc:"Waiting time it begins with, for groups that take by priority."`
	Ageing  *float64      `key:"ageing" min:"0.001" max:"1000" doc:"Seconds of priority a second waited; default 1."`
	Waiting []Step        `key:"while-waiting" doc:"Instead of the queue's."`
}

// Step is what happens after a stretch of waiting.
type Step struct {
	After  time.Duration `key:"after"`
	Do     Action        `key:"do" doc:"announce [PROMPT], offer-callback [PROMPT], widen, queue NAME, vendor NAME, voicemail, flow NAME or disconnect."`
	Groups GroupRanks    `key:"groups" doc:"With widen: search these groups too."`
	Needs  Skills        `key:"needs" doc:"With widen: search groups with these skills too."`
	Repeat time.Duration `key:"repeat" doc:"Once more every so often, for the last step, an announcement or a vendor."`
}

// Target is a promise of service.
type Target struct {
	Level  Fraction      `key:"level"`
	Within time.Duration `key:"within"`
	Rule   string        `key:"rule" of:"offered,answered,exclude-within,exclude-short,count-within,attempts" doc:"What is divided by what; default offered."`
	Short  time.Duration `key:"short" doc:"Abandons up to this are short, for exclude-short; default 5s."`
}
