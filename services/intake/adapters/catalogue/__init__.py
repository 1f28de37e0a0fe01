"""Adapters of the catalogue."""
