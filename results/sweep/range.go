package sweep

import (
	"fmt"
	"regexp"
	"strconv"
)

// ranged are whole numbers from one to another, both among them: 8..48, or 16..128 step 16.
var ranged = regexp.MustCompile(`^(-?[0-9]+)\.\.(-?[0-9]+)(?: step ([0-9]+))?$`)

// acceptedRanges says what is one.
const acceptedRanges = "a range goes up, such as 8..48 or 16..128 step 16"

// each is values with every range as the numbers that it stands for, no more than a sweep has points.
func each(values []Value) ([]Value, error) {
	var out []Value
	for i, v := range values {
		m := ranged.FindStringSubmatch(string(v))
		if m == nil {
			out = append(out, v)
			continue
		}
		numbers := [3]int64{2: 1}
		for k := range numbers {
			if m[k+1] == "" {
				continue
			}
			var err error
			if numbers[k], err = strconv.ParseInt(m[k+1], 10, 32); err != nil {
				return nil, fmt.Errorf("value %d, %s: %s is too large a number", i+1, v, m[k+1])
			}
		}
		from, to, step := numbers[0], numbers[1], numbers[2]
		switch {
		case step == 0:
			return nil, fmt.Errorf("value %d, %s: the step is 0", i+1, v)
		case from > to:
			return nil, fmt.Errorf("value %d, %s: it goes down", i+1, v)
		case (to-from)/step >= maxPoints:
			return nil, fmt.Errorf("value %d, %s: it has more than %d numbers", i+1, v, maxPoints)
		case int64(len(out))+(to-from)/step >= maxPoints:
			return nil, fmt.Errorf("value %d, %s: with those before it there are more than %d", i+1, v, maxPoints)
		}
		for n := from; n <= to; n += step {
			out = append(out, Value(strconv.FormatInt(n, 10)))
		}
	}
	return out, nil
}
