"""What a report knows of one client, gathered from the judged frames; and of the run it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from transforms.relationship import forms

SERIES = (
    "statement_history",
    "peer_years",
    "flow_series",
    "balance_series",
    "credit_series",
    "contact_history",
    "complaint_history",
)
RELATED = (*forms.SHARD_FRAMES, *forms.OF_CLIENT)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """The run a report belongs to.

    Attributes: `provenance`: of the source (docs/frames.md section 7); `feeds`: table → business date of its newest delivery;
    `tables`: table → {"counts", "notices"} of the validation; `policy`: hash; `catalogue`: version; `names`: staff and
    products → id → name.
    """

    as_of: date
    currency: str
    policy: str
    catalogue: str
    provenance: Row
    feeds: Mapping[str, date]
    tables: Mapping[str, Row]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """One client: panel row, assessment, findings, answers, gaps, series, and the run.

    `moves`: of its findings and, without a signal_id, of its risk level (contracts.MOVES); `related`: relationship frame
    (forms.FRAMES) → the client's rows, in the frame's order.
    """

    client: Row
    assessment: Row
    findings: list[Row]
    answers: Row
    gaps: list[Row]
    series: Mapping[str, list[Row]]
    held: list[Row]
    moves: list[Row]
    related: Mapping[str, list[Row]]
    run: Run = field(repr=False)

    @property
    def client_id(self) -> str:
        """The client's id."""
        return str(self.client["client_id"])


def _by_client(frame: pl.DataFrame) -> dict[str, list[Row]]:
    parts = frame.partition_by("client_id", as_dict=True, maintain_order=True)
    return {str(key[0]): list[Row](part.to_dicts()) for key, part in parts.items()}


def gather(frames: Mapping[str, pl.DataFrame], run: Run) -> list[Facts]:
    """Facts of every client of `frames["panel"]`, sorted by client_id.

    `frames`: panel, assessments, findings, answers, gaps, moves, held, the long series and the relationship frames.
    """
    parts = {name: _by_client(frame) for name, frame in frames.items()}
    gathered = []
    for client_id in sorted(parts["panel"]):
        answers = dict(parts["answers"][client_id][0])
        answers.pop("client_id")
        gathered.append(
            Facts(
                client=parts["panel"][client_id][0],
                assessment=parts["assessments"][client_id][0],
                findings=parts["findings"].get(client_id, []),
                answers=answers,
                gaps=parts["gaps"].get(client_id, []),
                series={name: parts[name].get(client_id, []) for name in SERIES},
                held=parts["held"].get(client_id, []),
                moves=parts["moves"].get(client_id, []),
                related={name: parts[name].get(client_id, []) for name in RELATED},
                run=run,
            )
        )
    return gathered
