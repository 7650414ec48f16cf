"""The clients as the index page searches them: a script beside it that sets one global, since a page of file:// fetches nothing.

Columnar and small: texts of a column joined by line feeds, what repeats as codes into a list of values.
"""

import json
from collections.abc import Mapping, Sequence
from posixpath import relpath
from typing import Any

import polars as pl

from reports.index import LANGUAGES, LEVELS

FILE = "clients.js"
PANEL = ("client_id", "name", "confidential", "rm_name", "branch_id")  # panel columns of `rows`
KINDS = ("risk", "maintenance")
LEVEL_OF = {"risk": "risk_level", "relationship": "relationship_level", "change": "change"}  # page's word → column
_INERT = {"<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029"}  # what could end a script or a line of it
_CONTROLS = r"[\x00-\x1F\x7F-\x9F]+"  # a line feed would part one text into two


def rows(panel: pl.DataFrame, assessments: pl.DataFrame) -> pl.DataFrame:
    """What readers of the page may see of each client, the worst level first; of a confidential one no name."""
    shown = [pl.col(column).cast(pl.Enum(LEVELS[kind])) for kind, column in LEVEL_OF.items()]
    who = panel.select(
        "client_id",
        pl.when(pl.col("confidential").fill_null(value=False)).then(None).otherwise("name").alias("name"),
        pl.col("confidential").fill_null(value=False),
        "rm_name",
        "branch_id",
    )
    levels = assessments.select("client_id", *shown, "since")
    return levels.join(who, on="client_id", how="left").sort("risk_level", "relationship_level", "client_id")


def script(rows: pl.DataFrame, reports: Mapping[str, Mapping[str, Any]], night: str) -> str:
    """The content of `clients.js`: the clients of `rows` and where their reports stand, seen from the folder `night`.

    `reports` is the manifest's: name (client.kind.locale) → entry with its path; `night` such as nights/2015-06-30.
    """
    ids = rows["client_id"].to_list()
    told = {
        "count": len(ids),
        "ids": _joined(rows["client_id"]),
        "names": _joined(rows["name"]),
        "confidential": rows["confidential"].fill_null(value=False).arg_true().to_list(),
        **{kind: _levels(rows[column], LEVELS[kind]) for kind, column in LEVEL_OF.items()},
        "since": _coded(rows["since"].cast(pl.String)),
        "rm": _coded(rows["rm_name"]),
        "branch": _coded(rows["branch_id"]),
        **_links(ids, reports, night),
    }
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for character, written in _INERT.items():
        text = text.replace(character, written)
    return f"globalThis.bellwetherClients={text};\n"


def _plain(texts: pl.Series) -> pl.Series:
    """Texts of one line each; an unknown one is empty."""
    return texts.fill_null("").str.replace_all(_CONTROLS, " ")


def _joined(texts: pl.Series) -> str:
    return "\n".join(_plain(texts))


def _levels(codes: pl.Series, order: Sequence[str]) -> dict[str, list[Any]]:
    return {"values": list(order), "rows": codes.cast(pl.Enum(order)).to_physical().to_list()}


def _coded(texts: pl.Series) -> dict[str, list[Any]]:
    """The column's values, sorted, and each row's place among them."""
    plain = _plain(texts)
    values = plain.unique().sort().to_list()
    place = {value: code for code, value in enumerate(values)}
    return {"values": values, "rows": [place[value] for value in plain]}


def _links(ids: Sequence[str], reports: Mapping[str, Mapping[str, Any]], night: str) -> dict[str, Any]:
    """Where each client's reports stand.

    `folders`: of reports, tonight's and earlier ones. `places`: the two hex digits below it, and the file's first part
    where it is not the id. `reports`: per client the folder of each of the `kinds`, -1 where there is none.
    """
    kinds = [f"{kind}.{locale}" for kind in KINDS for locale in LANGUAGES]
    column = {kind: k for k, kind in enumerate(kinds)}
    folders: dict[str, int] = {}
    places: dict[str, str] = {}
    held: dict[str, list[int]] = {}
    for name, entry in sorted(reports.items()):
        client, kind, locale = name.rsplit(".", 2)
        folder, two, file = entry["path"].rsplit("/", 2)
        file = file.removesuffix(f".{kind}.{locale}.pdf")
        places[client] = two if file == client else f"{two}/{file}"
        held.setdefault(client, [-1] * len(kinds))[column[f"{kind}.{locale}"]] = folders.setdefault(
            folder, len(folders)
        )
    each = [tuple(held.get(client, [-1] * len(kinds))) for client in ids]
    values = sorted(set(each))
    place = {value: code for code, value in enumerate(values)}
    return {
        "folders": [relpath(folder, night) for folder in folders],
        "places": "\n".join(places.get(client, "") for client in ids),
        "kinds": kinds,
        "reports": {"values": values, "rows": [place[value] for value in each]},
    }
