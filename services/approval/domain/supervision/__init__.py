"""Supervision of cases: cards by their dates, and orders of the district."""
