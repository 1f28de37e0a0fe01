"""Generation from proto/, the checks of `make check`, measuring scripts, delivery and cluster commands."""
