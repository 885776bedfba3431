package page

// Points of a store, as columns.
type Points struct {
	ID string `json:"id"`
}
