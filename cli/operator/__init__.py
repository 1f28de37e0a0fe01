"""Commands of operators and Jobs: databases, streams, audit, repair, self-test, reconciliation with the district."""
