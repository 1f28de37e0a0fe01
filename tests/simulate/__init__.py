"""Deterministic simulation: random histories of a district through the real services, on one seeded scheduler."""
