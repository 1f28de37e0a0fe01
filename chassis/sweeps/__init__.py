"""Daily sweeps: acts that are due by date alone, done once for each day, in order."""
