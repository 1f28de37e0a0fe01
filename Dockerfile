# One image for the four services, the Jobs and the command. `make images` builds it; gen/ must be there (`make setup`).
ARG BASE=docker.io/library/python:3.11.14-slim-bookworm

FROM ${BASE} AS build
# The build backend stays in this stage. Libraries are installed from the locks: wheels only, each with its hash.
# pip's index and authorities come from the building machine as secrets, so that they stay in no layer.
ENV PIP_CONFIG_FILE=/run/secrets/pip PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements.lock ./
RUN --mount=type=secret,id=pip --mount=type=secret,id=authorities \
    python3 -m venv --without-pip /opt/onewindow && \
    python3 -m pip --python /opt/onewindow/bin/python install --no-compile --no-deps --only-binary :all: \
    --require-hashes -r requirements.lock
COPY requirements-build.lock ./
RUN --mount=type=secret,id=pip --mount=type=secret,id=authorities \
    python3 -m venv /opt/build && \
    /opt/build/bin/python -m pip install --no-deps --only-binary :all: --require-hashes -r requirements-build.lock
COPY . ./
RUN /opt/build/bin/python -m pip wheel --no-index --no-deps --no-build-isolation --wheel-dir /wheels . && \
    python3 -m pip --python /opt/onewindow/bin/python install --no-compile --no-index --no-deps /wheels/*.whl && \
    find /opt/onewindow -name direct_url.json -delete && \
    /opt/onewindow/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/onewindow/lib
# The build fails when a service or a Job imports a library that is not in the lock.
WORKDIR /
RUN /opt/onewindow/bin/python -B -c "import services.intake.app, services.approval.app, services.notify.app, \
    services.metrics.app, simulation.district, simulation.sms_gateway, simulation.dev_reload" && \
    for name in "database provide" "database migrate" "streams apply" "streams recreate" selftest republish redrive rebuild \
      "audit verify" "district reconcile" "catalogue publish" "calendar publish"; do \
      /opt/onewindow/bin/onewindow $name --help >/dev/null || exit 1; done && \
    /opt/onewindow/bin/dbmate --version

FROM ${BASE}
ARG VERSION
LABEL org.opencontainers.image.title="onewindow" \
      org.opencontainers.image.description="One-window administrative approvals: intake, approval, notify, metrics" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
# User 65532 has a name, because some libraries fail for a user without one.
RUN echo 'onewindow:x:65532:65532::/tmp:/usr/sbin/nologin' >>/etc/passwd && echo 'onewindow:x:65532:' >>/etc/group
COPY --from=build /opt/onewindow /opt/onewindow
# Only /tmp is written to: modules are compiled already.
ENV PATH=/opt/onewindow/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 HOME=/tmp PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
USER 65532:65532
# The runner gives the command: python -m services.<name>, or onewindow <command>. No shell is needed.
ENTRYPOINT []
CMD ["/opt/onewindow/bin/onewindow", "--help"]
