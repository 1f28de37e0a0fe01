"""Server side of gRPC: identity, access, deadlines, validation, and refusals on the wire."""
