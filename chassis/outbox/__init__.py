"""Transactional outbox: stored rows are published to JetStream in order per file."""
