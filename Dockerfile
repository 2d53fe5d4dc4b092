# One image for all that stays at work: the server, workers, `wavecast serve`, and every verb. See docs/containers.md.

FROM python:3.11-slim-bookworm AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /srv/wavecast
# The lock names every library with its hashes, so pip looks no further. It changes seldom: a layer of its own.
COPY requirements.lock ./
RUN /srv/wavecast/bin/pip install --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY rnn rnn
COPY artifacts artifacts
COPY tasks tasks
COPY flows flows
# What builds a package is of no use to one that runs, nor are the libraries' own tests, an eighth of the environment.
RUN /srv/wavecast/bin/pip install --no-index --no-deps --no-build-isolation . \
 && /srv/wavecast/bin/pip uninstall --yes hatchling editables trove-classifiers \
 && /srv/wavecast/bin/pip uninstall --yes setuptools pip \
 && find /srv/wavecast -type d -name tests -prune -exec rm -r {} +

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 wavecast \
 && useradd --uid 10001 --gid 10001 --create-home --shell /usr/sbin/nologin wavecast \
 && install --directory --owner wavecast --group wavecast --mode 750 /data /prefect /backups
COPY --from=build /srv/wavecast /srv/wavecast
COPY --chmod=555 containers/entrypoint.sh /usr/local/bin/entrypoint
# What prefect.toml says in the clone. Prefect's page is put together where this user may write.
ENV PATH=/srv/wavecast/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    DO_NOT_TRACK=1 \
    PREFECT_HOME=/prefect \
    PREFECT_SERVER_UI_STATIC_DIRECTORY=/prefect/ui \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS=120 \
    PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE=prefect.server.concurrency.lease_storage.filesystem \
    PREFECT_CLIENT_RETRY_EXTRA_CODES=500 \
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY=30
WORKDIR /data
USER 10001:10001
ENTRYPOINT ["entrypoint"]
CMD ["wavecast", "serve", "--store", "/data/runs", "--host", "0.0.0.0"]
# Any answer will do, one that asks for the token, or says that the forecast is old: the service is there.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8420, timeout=5); \
c.request('GET', '/health'); exit(c.getresponse().status == 500)"]
