"""The office on a Kubernetes cluster for trying out: PostgreSQL, NATS and simulators of deploy/dev, and the chart."""
