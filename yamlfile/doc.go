// Package yamlfile reads strict YAML files and says where every mistake stands. It is
// what the scenario file and the site file have in common: the mistake with its place
// (Error, Faults), the walk over the text that refuses what the YAML parser shall never
// see (Walk), the tree with places (Tree), and the reading of trees into Go structures by
// their tags (Decoder).
//
// The one idea in it: a file is read by a Format, a plain value that says in what its
// files differ from others: limits, words, and what reads itself. A format's own package
// keeps that value, its Guard and the readers of its own types.
//
//	d, t, err := format.Read("day.yaml", r) // the mistakes of the text
//	d.Own = own                             // readers of the format's own types
//	d.Value(reflect.ValueOf(&file).Elem(), t, "", "")
//	err = d.Err()                           // all mistakes, in the order of the text
//
// The tags of a field: key is its name in the file, and "-" lends the keys of a structure
// to the one it stands in; must says what is wanted if the key is missing; of lists the
// words a text may be; min and max bound a number; one lets a single value stand for a
// list.
//
// It knows no scenario and no site, opens nothing and prints nothing. scenarios and site
// import it; no other room sees YAML.
package yamlfile
