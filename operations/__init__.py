"""What has to be there before the services start: databases, roles, their newest schema, streams, durables.

The embedded stack does it for itself; in a cluster it is what the Jobs do. Both call the same functions.
"""
