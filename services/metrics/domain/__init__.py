"""What is counted and over which days, and how far a matter is, as pure functions of what was heard."""
