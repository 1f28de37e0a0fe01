"""What the tests reach and notice: branch coverage and mutation testing."""
