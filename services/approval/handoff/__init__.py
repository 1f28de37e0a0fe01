"""Hand-off of referred cases to the district's own approval system, and its reports on them."""
