"""Receipts, decisions and returns of the district, and the comparison with its records."""
