"""Adapters of tickets."""
