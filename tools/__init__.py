"""What keeps the repository's rules: generation from proto/, and the checks of `make check`."""
