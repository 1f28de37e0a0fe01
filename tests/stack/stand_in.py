"""A service of a few lines: answers gRPC health SERVING on the port it is given and says its environment."""

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc


def main() -> None:
    server = grpc.server(ThreadPoolExecutor(2))
    state = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(state, server)
    server.add_insecure_port(sys.argv[1])
    state.set("", health_pb2.HealthCheckResponse.SERVING)
    server.start()
    print(json.dumps(dict(os.environ)), flush=True)  # noqa: TID251 # what it was told is what the test asks about
    signal.sigwait({signal.SIGTERM})
    server.stop(1).wait()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    main()
