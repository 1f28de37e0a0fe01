"""The district's catalogue: items, windows and templates as files, and the check that they pass before publication."""
