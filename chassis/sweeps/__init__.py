"""Daily sweeps: acts that time alone brings about, once for each day, in order."""
