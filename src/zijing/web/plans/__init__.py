"""Plans: the tree of what was promised, what slipped, orders, comparisons, minutes."""
