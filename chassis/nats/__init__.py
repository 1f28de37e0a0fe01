"""NATS: the connection of a service, publishing of batches, stream and consumer configuration."""
