"""The door of a service: who calls, may they, is the request whole, in time, and how a refusal is told."""
