package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"

	"callwright/sim/beside"
)

// JSON writes a study, indented. What is undefined is null; a number that JSON
// cannot hold where null is not allowed is an error that names it.
func JSON(w io.Writer, s *beside.Study) error {
	return writeJSON(w, "study", s)
}

func writeJSON[T any](w io.Writer, name string, x *T) error {
	v := reflect.New(reflect.TypeFor[T]()).Elem()
	if err := finite(name, reflect.ValueOf(x).Elem(), v); err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v.Addr().Interface())
}

// finite copies from into to, pointers to NaN and infinity as nil.
func finite(path string, from, to reflect.Value) error {
	switch from.Kind() {
	case reflect.Pointer:
		if from.IsNil() {
			return nil
		}
		if x := from.Elem(); x.Kind() == reflect.Float64 && notFinite(x.Float()) {
			return nil
		}
		to.Set(reflect.New(from.Type().Elem()))
		return finite(path, from.Elem(), to.Elem())
	case reflect.Struct:
		var errs []error
		for i := range from.NumField() {
			errs = append(errs, finite(path+"."+from.Type().Field(i).Name, from.Field(i), to.Field(i)))
		}
		return errors.Join(errs...)
	case reflect.Slice:
		// An empty list is [], not null, so that readers need not ask.
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		var errs []error
		for i := range from.Len() {
			errs = append(errs, finite(fmt.Sprintf("%s[%d]", path, i), from.Index(i), to.Index(i)))
		}
		return errors.Join(errs...)
	case reflect.Float64:
		if notFinite(from.Float()) {
			return fmt.Errorf("report: %s is %v; want a finite number", path, from.Float())
		}
	}
	to.Set(from)
	return nil
}

func notFinite(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
