"""The whole office on one machine: PostgreSQL and NATS from pip, four services, two simulators, one supervisor."""
