"""Clients of the services, as docs/integration/clients.md describes them: channels, deadlines, retries, refusals."""
