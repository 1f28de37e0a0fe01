"""Applications, from receipt to acceptance or to the end that comes instead of it."""
