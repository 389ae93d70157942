"""For comparison only: what Django takes for a view that validates nothing and durably inserts one row."""
