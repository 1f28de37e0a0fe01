"""Reference system of a district: the behaviour that onewindow expects of the system it hands cases to."""
