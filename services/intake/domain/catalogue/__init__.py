"""The catalogue of the district: items, holiday notices, windows."""
