package explore

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"satsim/internal/config"
	"satsim/results/store"
	"satsim/results/sweep"
)

// Schema of certificates.
const Schema = "satsim.explore/1"

// BoundsVersion is the version of the bounds that rule designs out: closed forms of cycles and joules, and what schedules take at the least. It is raised whenever one of
// them moves, so that a certificate says by what its designs were ruled out. The test of testdata/bounds.txt forces it up.
const BoundsVersion = 4

// Certificate is what a search found, and all that is needed to check it.
type Certificate struct {
	Schema     string          `json:"schema"`
	Model      string          `json:"model"`  // whose figures these are
	Bounds     int             `json:"bounds"` // BoundsVersion
	Space      json.RawMessage `json:"space"`  // the file, of kind sweep
	Set        []string        `json:"set,omitempty"`
	Designs    int             `json:"designs"`
	Objectives []Objective     `json:"objectives"`
	Each       bool            `json:"each,omitempty"`
	Fit        FitRule         `json:"fit"`
	Corner     Corner          `json:"corner"`
	Complete   bool            `json:"complete"` // no design is open
	Gap        float64         `json:"gap"`
	Base       Best            `json:"base"`
	Front      []Best          `json:"front"`
	Counts     Counts          `json:"counts"`
	Trained    []Trained       `json:"trained,omitempty"` // the accuracies that count, if accuracy is an objective
	Refused    []Reason        `json:"refused,omitempty"`
}

// Certify makes the certificate of a result.
func Certify(f *sweep.File, before []config.Override, o Options, r *Result, s *Space, by store.Origin) (*Certificate, error) {
	text, err := config.MarshalJSON(*f)
	if err != nil {
		return nil, fmt.Errorf("printing space %s: %w", f.Name, err)
	}
	c := &Certificate{
		Schema: Schema, Model: by.String(), Bounds: BoundsVersion, Space: text, Designs: s.Size, Objectives: o.Objectives, Each: o.Each, Fit: o.Fit, Corner: o.Corner, Complete: r.Counts.Open == 0,
		Gap: r.Gap, Base: r.Base, Front: r.Front, Counts: r.Counts, Refused: r.Reasons, Trained: s.Trained(),
	}
	for _, b := range before {
		c.Set = append(c.Set, b.Path+"="+b.Value)
	}
	return c, nil
}

// Write writes it.
func (c *Certificate) Write(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(c)
}

// Read reads a certificate, and the space that it is of.
func Read(path string) (*Certificate, *sweep.File, []config.Override, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("reading a certificate: %w", err)
	}
	fail := func(err error) (*Certificate, *sweep.File, []config.Override, error) {
		return nil, nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	var c Certificate
	if err := json.Unmarshal(data, &c); err != nil {
		return fail(fmt.Errorf("it is no certificate of satsim explore: %w", err))
	}
	if c.Schema != Schema {
		return fail(fmt.Errorf("its schema is %q; %s is accepted", c.Schema, Schema))
	}
	if len(c.Front) == 0 {
		return fail(errors.New("it has no front: there is nothing to verify"))
	}
	if c.Gap < 0 {
		return fail(errors.New("its search ended before any gap was known: there is nothing to verify"))
	}
	if err := c.options(); err != nil {
		return fail(err)
	}
	if !bytes.HasPrefix(c.Space, []byte("{")) {
		return fail(errors.New("space is no object; that of a file of kind sweep is accepted"))
	}
	f := sweep.Default()
	text := append([]byte(`{"kind":"sweep",`), c.Space[1:]...)
	if err := config.Decode(config.Source{Name: path, Data: text}, "sweep", &f); err != nil {
		return nil, nil, nil, err
	}
	var before []config.Override
	for _, text := range c.Set {
		o, err := config.ParseOverride(text, path)
		if err != nil {
			return nil, nil, nil, err
		}
		before = append(before, o)
	}
	values := len(Columns(c.Objectives, len(f.Networks)*max(len(f.Batches), 1), c.Each))
	for i := range c.Front {
		if b := &c.Front[i]; len(b.Values) != values || b.Design < 0 || b.Design >= c.Designs {
			return fail(fmt.Errorf("front[%d]: design %d with %d values; %d designs and %d objectives are there", i, b.Design, len(b.Values), c.Designs, values))
		}
	}
	return &c, &f, before, nil
}

// options refuses what no search was told.
func (c *Certificate) options() error {
	var texts []string
	for _, o := range c.Objectives {
		texts = append(texts, string(o))
	}
	_, errO := ParseObjectives(texts)
	_, errF := ParseFit(string(c.Fit))
	_, errC := ParseCorner(string(c.Corner))
	return errors.Join(errO, errF, errC)
}
