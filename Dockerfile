# One image for the four services, the Jobs and the command. `make images` builds it; gen/ must be there (`make setup`).
ARG BASE=docker.io/library/python:3.11.14-slim-bookworm

FROM ${BASE} AS build
# What makes our own wheel stays in this stage. The locks decide: wheels alone, each with its hash.
# pip's index and authorities come from the machine that builds, as secrets, so that nothing of them stays in a layer.
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
# What a service or a Job imports is in the lock, or nothing is built.
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
# 65532 has a name, so that no library stumbles over a user whom nobody knows.
RUN echo 'onewindow:x:65532:65532::/tmp:/usr/sbin/nologin' >>/etc/passwd && echo 'onewindow:x:65532:' >>/etc/group
COPY --from=build /opt/onewindow /opt/onewindow
# Nothing is written but /tmp: modules are compiled already.
ENV PATH=/opt/onewindow/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 HOME=/tmp PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
USER 65532:65532
# Who runs it says what: python -m services.<name>, or onewindow <command>. No shell is asked for.
ENTRYPOINT []
CMD ["/opt/onewindow/bin/onewindow", "--help"]
