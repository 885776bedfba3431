package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"satsim/results/record"
	"satsim/results/store"
)

// A point is found by what it is of: models, baseline and origin. Another value of a model is another point.
func Example() {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Memory)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	of := store.Origin{Schema: record.Schema, Model: "5"}
	p := store.Point{
		Arch: json.RawMessage(`{"name":"mine","stce":{"rows":16}}`), Network: json.RawMessage(`{"name":"net"}`), Recipe: json.RawMessage(`{"name":"dense"}`),
		Batch: 4, Origin: of, Run: &record.Run{Recipe: "dense", Sparsity: "1:1", Total: record.Figures{Cycles: 1200}},
	}
	if err := s.Put(ctx, &p); err != nil {
		log.Fatal(err)
	}
	other := p
	other.Arch = json.RawMessage(`{"name":"mine","stce":{"rows":32}}`)
	for _, q := range []*store.Point{&p, &other} {
		state, err := s.State(ctx, q.Key())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(q.Arch), state == store.Done)
	}
	held, err := s.List(ctx, of)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(held), held[0].Run.Recipe, held[0].Run.Total.Cycles)
	// Output:
	// {"name":"mine","stce":{"rows":16}} true
	// {"name":"mine","stce":{"rows":32}} false
	// 1 dense 1200
}
