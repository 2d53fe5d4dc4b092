"""A PostgreSQL of a test's own: on a free port of this machine, in a folder that goes with it, without passwords.

It is Debian's package (apt-get install postgresql), or any whose `initdb` is on the PATH. PostgreSQL does not run as
root; root starts it as the user `postgres` that the package makes, else as `nobody`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.processes import free_port

HOST = "127.0.0.1"
USER = "wavecast"
PATIENCE = 300.0
"""Seconds until a database that has not come up on a slow machine is called missing."""
QUICK = "fsync=off", "synchronous_commit=off", "full_page_writes=off"
"""Nothing that a test writes must outlive a power cut."""


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL's programs; None where there is none."""
    debian = Path("/usr/lib/postgresql")
    versions = sorted(debian.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])) if debian.is_dir() else []
    found = shutil.which("initdb")
    return versions[-1].parent if versions else Path(found).resolve().parent if found else None


def owner() -> str | None:
    """The user that runs it; None for the present one, who is not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@dataclass
class Postgres:
    """A cluster in a folder; `start` and `stop` it as often as a test likes, it keeps its port and its contents."""

    programs: Path
    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def url(self, database: str, driver: str = "", user: str = USER) -> str:
        """The database's URL: `driver` is SQLAlchemy's, such as asyncpg or psycopg."""
        scheme = f"postgresql+{driver}" if driver else "postgresql"
        return f"{scheme}://{user}@{HOST}:{self.port}/{database}"

    def initialise(self) -> None:
        """Make the cluster, and the role `wavecast`, who may do everything in it."""
        cluster = [f"--pgdata={self.folder}/data", f"--username={USER}", "--auth=trust"]
        self._run("initdb", *cluster, "--encoding=UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        """Start the server, and wait until it takes connections."""
        options = [word for option in QUICK for word in ("-c", option)]
        command = [f"{self.programs}/postgres", "-D", f"{self.folder}/data", "-h", HOST, "-p", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "-k", str(self.folder), *options], cwd=self.folder, user=owner(), stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            if self._run("pg_isready", f"--host={HOST}", f"--port={self.port}", check=False) == 0:
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "server.log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT lets it end all connections and write everything down, SIGQUIT ends it as a crash."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None

    def create(self, database: str, owner: str = USER) -> None:
        """Make an empty database; another `owner` is a new role that may do nothing outside of it."""
        if owner != USER:
            self.execute("postgres", f'create role "{owner}" login')
        self.execute("postgres", f'create database "{database}" owner "{owner}"')

    def execute(self, database: str, statement: str) -> None:
        """Run one SQL statement in a database."""
        where = [f"--host={HOST}", f"--port={self.port}", f"--username={USER}", f"--dbname={database}"]
        self._run("psql", *where, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--command={statement}")

    def _run(self, program: str, *words: str, check: bool = True) -> int:
        command = [str(self.programs / program), *words]
        done = subprocess.run(command, cwd=self.folder, user=owner(), capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")
        return done.returncode


def for_prefect(postgres: Postgres) -> dict[str, str]:
    """A database for a Prefect server, as docs/operating.md makes it; returns the variable that names it."""
    postgres.create("prefect", owner="prefect")
    return {"PREFECT_API_DATABASE_CONNECTION_URL": postgres.url("prefect", "asyncpg", user="prefect")}


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A PostgreSQL that runs while the block does; the test is skipped where none is installed."""
    programs = binaries()
    if programs is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    # Not below pytest's folders, which are root's alone; and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="wavecast-postgres-"))
    user = owner()
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    try:
        postgres = Postgres(programs, folder, free_port())
        postgres.initialise()
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
