package scenarios

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"callwright/traffic/callscript"
	"callwright/yamlfile"
)

// Schema returns the JSON Schema (draft 2020-12) of the scenario file, for
// editors that complete and check while one types. It comes from the same types
// and tags as the reader; what depends on other parts of the file, as names, the
// reader alone checks.
func Schema() []byte {
	s := schemas{defs: object{}}
	root := s.structure(reflect.TypeFor[Format]())
	root["required"] = []string{"callwright"}
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "Callwright scenario"
	root["$defs"] = s.defs
	b, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic("scenarios: " + err.Error()) // objects of strings and numbers
	}
	return append(b, '\n')
}

type object = map[string]any

// schemas makes the schema; structures with names become definitions, since
// flows hold flows.
type schemas struct{ defs object }

func pattern(p, doc string) object {
	return object{"type": "string", "pattern": p, "description": doc}
}

func anyOf(list ...any) object     { return object{"anyOf": list} }
func listOf(item any) object       { return object{"type": "array", "items": item} }
func mappingOf(item any) object    { return object{"type": "object", "additionalProperties": item} }
func number(lo, hi float64) object { return object{"type": "number", "minimum": lo, "maximum": hi} }
func whole(lo, hi float64) object  { return object{"type": "integer", "minimum": lo, "maximum": hi} }

var (
	aText     = object{"type": "string", "minLength": 1}
	aLength   = pattern(lengthForm.String(), "a length of time, as 90s, 5m or 1h30m")
	aFraction = number(0, 1)
	aDate     = pattern(`^\d{4}-\d{2}-\d{2}$`, "a date, as 2026-11-25")
	hoursForm = pattern(`^\d\d:\d\d(:\d\d)? ?- ?\d\d:\d\d(:\d\d)?$`, "hours, as 09:00-18:00")
)

// of returns the schema of a type.
func (s *schemas) of(t reflect.Type, tag reflect.StructTag) any {
	if x := s.written(t); x != nil {
		return x
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem(), tag)
	case reflect.Struct:
		if strings.HasPrefix(t.Name(), "Map[") {
			return mappingOf(anyOf(s.of(t.Field(1).Type.Elem().Elem(), ""), object{"type": "null"}))
		}
		return s.def(t)
	case reflect.Slice:
		item := s.of(t.Elem(), tag)
		if tag.Get("one") != "" {
			return anyOf(item, listOf(item))
		}
		return listOf(item)
	case reflect.String:
		if of := tag.Get("of"); of != "" {
			return object{"enum": strings.Split(of, ",")}
		}
		return anyOf(aText, object{"type": "number"}) // a name may look like a number
	case reflect.Int:
		lo, hi := yamlfile.Bounds(tag, 0, 1_000_000)
		return whole(lo, hi)
	case reflect.Float64:
		lo, hi := yamlfile.Bounds(tag, 0, 1e12)
		return number(lo, hi)
	case reflect.Bool:
		return object{"type": "boolean"}
	}
	panic("scenarios: no schema for " + t.String())
}

// written returns the schemas of what reads itself.
func (s *schemas) written(t reflect.Type) any {
	numbers := listOf(number(0, 1e12))
	switch t {
	case reflect.TypeFor[time.Duration](), reflect.TypeFor[Prompt]():
		return aLength
	case reflect.TypeFor[Fraction]():
		return aFraction
	case reflect.TypeFor[Factor]():
		return number(0, 1000)
	case reflect.TypeFor[Date]():
		return aDate
	case reflect.TypeFor[Clock]():
		return pattern(clockForm.String(), "a time of day, as 09:30")
	case reflect.TypeFor[Hours]():
		return hoursForm
	case reflect.TypeFor[Week]():
		return anyOf(aText, listOf(hoursForm), mappingOf(anyOf(aText, listOf(hoursForm))))
	case reflect.TypeFor[HoursRef](), reflect.TypeFor[PromptRef]():
		return aText
	case reflect.TypeFor[ScriptStep]():
		return scriptStep()
	case reflect.TypeFor[Name]():
		return anyOf(aText, object{"type": "number"})
	case reflect.TypeFor[Trunk]():
		return whole(1, 1_000_000)
	case reflect.TypeFor[Most]():
		return anyOf(object{"const": "none"}, whole(1, 1_000_000))
	case reflect.TypeFor[Law]():
		return s.either("Law", lawWanted, reflect.TypeFor[lawParts](), aText)
	case reflect.TypeFor[Action]():
		return s.either("Action", "what is done to a contact, as queue NAME", reflect.TypeFor[actionParts](), pattern(`^(`+strings.Join(verbs, "|")+`)\b`, ""))
	case reflect.TypeFor[Title](), reflect.TypeFor[Target](), reflect.TypeFor[CSV](), reflect.TypeFor[Rate](), reflect.TypeFor[FlowStep]():
		return s.either(t.Name(), "", t, aText)
	case reflect.TypeFor[Skills]():
		return anyOf(aText, listOf(aText), mappingOf(whole(1, 1000)))
	case reflect.TypeFor[GroupRanks]():
		return anyOf(aText, listOf(anyOf(aText, listOf(aText))), mappingOf(whole(1, 1_000_000)))
	case reflect.TypeFor[Takes]():
		return anyOf(object{"enum": []string{"longest-wait", "priority"}}, listOf(aText))
	case reflect.TypeFor[Spread]():
		return anyOf(number(0, 10), pattern(`^shape `, "the shape of a gamma factor, as shape 25"))
	case reflect.TypeFor[DaySet]():
		return anyOf(aText, listOf(aText))
	case reflect.TypeFor[points]():
		return mappingOf(aLength)
	case reflect.TypeFor[Choices]():
		return mappingOf(aFraction)
	case reflect.TypeFor[MenuKeys]():
		return mappingOf(s.def(reflect.TypeFor[MenuKey]()))
	case reflect.TypeFor[Flow]():
		return anyOf(s.written(reflect.TypeFor[FlowStep]()), listOf(s.written(reflect.TypeFor[FlowStep]())))
	case reflect.TypeFor[Counts]():
		return anyOf(whole(0, 100_000), listOf(whole(0, 100_000)))
	case reflect.TypeFor[Volumes]():
		return numbers
	case reflect.TypeFor[Staff]():
		return s.either("Staff", "how many agents", reflect.TypeFor[StaffPlan](), whole(0, 100_000), listOf(whole(0, 100_000)))
	case reflect.TypeFor[Volume]():
		return s.either("Volume", "calls by interval", t, number(0, 1e12), numbers)
	case reflect.TypeFor[Trace]():
		return anyOf(s.written(reflect.TypeFor[CSV]()), listOf(aLength))
	}
	return nil
}

// scriptStep is a word, or one key with what it needs.
func scriptStep() object {
	words := callscript.Ops()
	var forms []string
	for _, w := range words {
		op, _ := callscript.OpOf(w)
		forms = append(forms, stepForms[op])
	}
	one := object{"type": "object", "minProperties": 1, "maxProperties": 1, "propertyNames": object{"enum": words}}
	x := anyOf(object{"enum": words}, one)
	x["description"] = "a step: " + strings.Join(forms, "; ")
	return x
}

// either is a definition of a structure that may also be written shorter.
func (s *schemas) either(name, doc string, t reflect.Type, short ...any) object {
	ref := object{"$ref": "#/$defs/" + name}
	if _, ok := s.defs[name]; !ok {
		s.defs[name] = nil // being made
		x := anyOf(append(short, s.structure(t))...)
		if doc != "" {
			x["description"] = doc
		}
		s.defs[name] = x
	}
	return ref
}

// def is a definition of a structure.
func (s *schemas) def(t reflect.Type) object {
	if _, ok := s.defs[t.Name()]; !ok {
		s.defs[t.Name()] = nil
		s.defs[t.Name()] = s.structure(t)
	}
	return object{"$ref": "#/$defs/" + t.Name()}
}

func (s *schemas) structure(t reflect.Type) object {
	p := object{}
	for _, f := range yamlfile.Fields(t) {
		x := s.of(f.Type, f.Tag)
		if doc := f.Tag.Get("doc"); doc != "" {
			x = object{"allOf": []any{x}, "description": doc}
		}
		p[f.Tag.Get("key")] = x
	}
	return object{"type": "object", "properties": p, "additionalProperties": false}
}

// plain is a tree as JSON has it: what a schema sees of a file.
func plain(t *tree) any {
	switch t.Kind {
	case yamlfile.Nothing:
		return nil
	case yamlfile.List:
		l := make([]any, len(t.Items))
		for i, x := range t.Items {
			l[i] = plain(x)
		}
		return l
	case yamlfile.Mapping:
		m := object{}
		for i, k := range t.Keys {
			m[k.Text] = plain(t.Items[i])
		}
		return m
	}
	if !t.Quoted {
		if numberForm.MatchString(t.Text) {
			x, _ := strconv.ParseFloat(t.Text, 64)
			return x
		}
		if t.Text == "true" || t.Text == "false" {
			return t.Text == "true"
		}
	}
	return t.Text
}
