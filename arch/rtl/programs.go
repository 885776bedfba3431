package rtl

import (
	"fmt"
	"path"
	"strings"

	"satsim/arch/vector"
)

// programsFolder has the vector unit's programs as it loads them, by name, each with a listing beside it, and their tables of functions.
const programsFolder = "programs"

// programs adds them to a bundle.
func (b *Bundle) programs() error {
	all, err := vector.Programmed()
	if err != nil {
		return fmt.Errorf("writing programs: %w", err)
	}
	for _, l := range all {
		p := l.Program
		b.Files[path.Join(programsFolder, p.Name+".hex")] = []byte(l.Words)
		b.Files[path.Join(programsFolder, p.Name+".txt")] = []byte(l.Listing)
		if p.Table != nil {
			b.Files[path.Join(programsFolder, "tables", p.Table.Name+".hex")] = []byte(vector.TableWords(p.Table))
		}
	}
	return nil
}

// listPrograms names them in the README.
func listPrograms(p func(string, ...any)) error {
	all, err := vector.Programmed()
	if err != nil {
		return fmt.Errorf("listing programs: %w", err)
	}
	p("### Programs\n\n`%[1]s/NAME.hex` is a program as the unit loads it, a line of 19 hexadecimal digits a word: word_data, the literal first. `%[1]s/NAME.txt` says word by word what it reads, computes and writes, what ports, constants, "+
		"scalars and sums are, and what is left to the controller. Line k goes to word_to = base + k, and a job has the base as job_word and the number of lines as job_words. The words of the bench, `bench/vector/words.hex`, are those of its jobs' programs, one after the other.\n", programsFolder)
	p("`%s/tables/NAME.hex` is a table of a function, 4 times 64 lines of a number each: coefficients 0, 1 and 2 of its segments, for constant_index 4 to 6 at the table and segment; then of constant_index 7 what the function is below (line 0) and above the "+
		"table (1), and how it is read (2). All lanes are given the same.\n", programsFolder)
	p("| program | kind of work | words an element | in sweeps | words once a row | table |\n|---|---|---|---|---|---|")
	for _, l := range all {
		var kinds []string
		for _, k := range l.Kinds {
			kinds = append(kinds, string(k))
		}
		q, once, table := l.Program, 0, ""
		for _, words := range q.Between {
			once += len(words)
		}
		if q.Table != nil {
			table = "`" + q.Table.Name + "`"
		}
		p("| `%s` | %s | %d | %d | %d | %s |", q.Name, strings.Join(kinds, ", "), q.Words(), len(q.Sweeps), once, table)
	}
	p("")
	return nil
}
