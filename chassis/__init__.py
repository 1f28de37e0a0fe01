"""Technical foundation of every service: processes, gRPC, storage, streams, time. It knows no term of the office.

Public names are imported from the modules that define them; `event_store`, `inbox`, `audit` and `vault`, whose users
need many names at a time, export theirs from the package.
"""
