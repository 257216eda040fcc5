"""What a supplier hands in: brought into the store, matched to its line, published."""
