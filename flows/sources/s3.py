"""S3-compatible object storage as a shelf of a source folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from expectations.model import Refused
from flows.secrets import redact
from flows.sources.config import Place

_BLOCK = 8 * 1024 * 1024


class Bucket:
    """A bucket, or what lies below a prefix of one; a lost connection is tried again by obstore, with back-off."""

    def __init__(self, place: Place) -> None:
        told = place.options
        self.prefix = str(told.get("prefix", "")).strip("/")
        self.told = "/".join(filter(None, (f"s3://{told['bucket']}", self.prefix)))
        keys = {name: told[name].reveal() for name in ("access_key", "secret_key") if name in told}
        if not all("!" <= letter <= "~" for letter in keys.get("access_key", "")):  # obstore panics
            raise Refused(f"The access_key of {self.told} is none: it has a blank or a letter no key has; set it anew.")
        endpoint = told.get("endpoint")
        more: dict[str, Any] = {"endpoint": endpoint, "virtual_hosted_style_request": False} if endpoint else {}
        if len(keys) == 2:
            more |= {"access_key_id": keys["access_key"], "secret_access_key": keys["secret_key"]}
        try:
            self.store = S3Store(
                told["bucket"],
                prefix=self.prefix or None,
                region=told.get("region", "us-east-1"),
                client_options={"allow_http": str(endpoint).startswith("http://"), "timeout": "120s"},
                retry_config={"max_retries": 6},
                **more,
            )
        except Exception as error:  # a bucket, region or key that can be none
            raise Refused(f"The object storage {self.told} cannot be addressed ({_first(error)}); mend it.") from None

    def names(self, table: str | None) -> list[str]:
        """See Shelf."""
        try:
            found = obstore.list_with_delimiter(self.store)["objects"] if table is None else self._below(table)
        except BaseError as error:
            raise Refused(self._lost(error)) from None
        return sorted(str(one["path"]) for one in found)

    def _below(self, table: str) -> list[Any]:
        return [
            one
            for page in obstore.list(self.store, prefix=f"{table}/")
            for one in page
            if str(one["path"]).count("/") == 2
        ]

    def text(self, name: str) -> str:
        """See Shelf."""
        try:
            return bytes(obstore.get(self.store, name).bytes()).decode()
        except (BaseError, FileNotFoundError, ValueError) as error:
            raise Refused(f"The file {self.path(name)} cannot be read ({_first(error)}); mend it.") from None

    def stamp(self, name: str) -> str:
        """See Shelf."""
        try:
            head = obstore.head(self.store, name)
        except BaseError as error:
            raise Refused(self._lost(error)) from None
        return f"{head['e_tag']} {head['last_modified'].isoformat()} {head['size']}"

    def fetch(self, name: str, into: Path) -> Path:
        """See Shelf."""
        target = into / name.replace("/", "_")
        into.mkdir(parents=True, exist_ok=True)
        try:
            with target.open("wb") as file:
                for block in obstore.get(self.store, name).stream(min_chunk_size=_BLOCK):
                    file.write(block)
        except (NotFoundError, FileNotFoundError):
            raise FileNotFoundError(name) from None
        except BaseError as error:
            raise Refused(self._lost(error)) from None
        return target

    def path(self, name: str) -> str:
        """See Shelf."""
        return f"{self.told}/{name}"

    def _lost(self, error: Exception) -> str:
        return f"The object storage {self.told} does not answer as it should ({_first(error)}); mend it and call again."


def _first(error: Exception) -> str:
    """What happened, in one line without secrets."""
    return (redact(str(error)).splitlines() or [type(error).__name__])[0][:200]
