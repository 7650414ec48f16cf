"""What the page does not know, where its data come from, and how to contest it."""

from collections.abc import Collection, Mapping
from functools import partial
from itertools import groupby
from typing import Any

from reports.facts import Facts
from reports.sections import Section
from reports.sections.level import RISK, why
from reports.words import Words
from transforms import text
from transforms.signals import CATALOGUE


def compact(signal_ids: Collection[str], w: Words) -> str:
    """Ids with their group named once and neighbours joined.

    >>> compact(["FIN-05", "FIN-06", "FIN-07", "FIN-14", "MGT-09"], Words("en"))
    'FIN-05–07, 14; MGT-09'
    """
    groups = []
    for group, members in groupby(sorted(signal_ids), key=lambda signal_id: signal_id[:3]):
        runs: list[list[str]] = []
        for number in (member[4:] for member in members):
            if runs and int(number) == int(runs[-1][-1]) + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        joined = [w.join(run) if len(run) < 3 else f"{run[0]}–{run[-1]}" for run in runs]
        groups.append(f"{group}-{w.join(joined)}")
    order = list(dict.fromkeys(signal[:3] for signal in CATALOGUE))
    groups.sort(key=lambda said: order.index(said[:3]))
    return ("；" if w.locale == "zh" else "; ").join(groups)


def _lacking(f: Facts, unanswered: Collection[str], w: Words) -> list[dict[str, str]]:
    """What is missing → how many signals want it and which, the most wanted first."""
    missing = {row["signal_id"]: row["missing"] for row in f.gaps}
    wanted: dict[str, list[str]] = {}
    for signal_id in unanswered:
        if signal_id not in missing:  # every test ran, but the rule asks a person
            names = {w.gettext("the relationship manager's answer")}
        elif not missing[signal_id]:
            names = {w.gettext("a base to compare with")}
        else:
            names = {w.label("table", name.split(".")[0]) for name in missing[signal_id]}
        for name in sorted(names):
            wanted.setdefault(name, []).append(signal_id)
    ranked = sorted(wanted.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        {"missing": name, "count": text.count(len(ids), w.locale), "signals": compact(ids, w)} for name, ids in ranked
    ]


def facts(f: Facts, w: Words, categories: Collection[str] = RISK) -> Mapping[str, Any]:
    """What the validation withholds of the client; what is missing and which signals want it; those answered in part."""
    asked = [signal_id for signal_id in CATALOGUE if signal_id[:3] in categories]
    applicable = [signal_id for signal_id in asked if f.answers[signal_id] != "NOT_APPLICABLE"]
    unanswered = [signal_id for signal_id in applicable if f.answers[signal_id] == "NO_DATA"]
    partly = [row["signal_id"] for row in f.gaps if row["answer"] == "CLEAR" and row["signal_id"] in asked]
    return {
        "coverage": f.assessment["coverage"],
        "withheld": [
            {"table": w.label("table", row["withholds"]), "why": why(row, w)} for row in f.held if row["withholds"]
        ],
        "unanswered": text.count(len(unanswered), w.locale) if unanswered else None,
        "applicable": text.count(len(applicable), w.locale),
        "lacking": _lacking(f, unanswered, w),
        "partly": compact(partly, w) if partly else None,
        "partly_count": text.count(len(partly), w.locale),
        "policy": f.run.policy,
        "catalogue": f.run.catalogue,
    }


SECTION = Section("data_notes", facts)
OF_ALL = Section("data_notes", partial(facts, categories=(*RISK, "REL")))
