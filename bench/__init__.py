"""Side-by-side measurements: every figure with its yardstick from the same minute."""
