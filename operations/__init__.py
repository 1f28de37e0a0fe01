"""Work of operators and of the cluster's Jobs: databases, roles, migrations, streams, audit, repair, self-test.

The embedded stack calls the same functions before it starts the services.
"""
