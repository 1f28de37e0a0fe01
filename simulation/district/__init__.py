"""A reference system of the district: what onewindow expects of the system it hands cases to."""
