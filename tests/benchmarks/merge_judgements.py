"""Adds judged pairs to data/judgements: `python tests/benchmarks/merge_judgements.py ROUND FIRST SECOND THIRD`.

FIRST, SECOND and THIRD are TSV files with the columns hash, skill and relation (of `passerelle link report --unjudged`,
filled in): what the two passes say of the same pairs, and the third reading of those on which they differ. The pairs
are written with the number of the ROUND; nothing that was judged before is changed. Then the tables of the README are
printed. data/judgements/README.md tells how judging is done.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from passerelle.linking.agreement import agreement
from passerelle.linking.judgements import (
    CORRECT,
    JUDGEMENTS_FILE,
    NO_TERM,
    RELATION_OF_PREDICATE,
    RELATIONS,
    JudgedOutcome,
    read_judgements,
)
from passerelle.linking.resampling import Estimate
from passerelle.namespaces import ESCO_SKILL
from passerelle.resources import folder

FILE = folder("data") / JUDGEMENTS_FILE
PREDICATES: dict[str, str] = {str(relation): predicate for predicate, relation in RELATION_OF_PREDICATE.items()}
OF_OUTCOME = ("subject_id", "outcome_language", "unit_kind", "outcome_origin", "eqf_level", "nsf_code")
JUSTIFICATION = "semapv:ManualMappingCuration"

Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("round", type=int)
    parser.add_argument("passes", nargs=3, type=Path, metavar="FILE")
    given = parser.parse_args()
    first, second, third = (relations(path) for path in given.passes)
    lines = FILE.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("#")]
    columns = lines[len(header)].split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[len(header) + 1 :]]
    merged = [row for row in rows if row["object_id"] != NO_TERM] + added(rows, given.round, first, second, third)
    merged += without_skill(merged)
    written = sorted([row.get(name, "") for name in columns] for row in merged)
    FILE.write_text("\n".join([*header, *("\t".join(row) for row in [columns, *written])]) + "\n", encoding="utf-8")
    for line in tables(read_judgements()):
        print(line)


def relations(path: Path) -> dict[tuple[str, str], str]:
    """The relation of each pair of outcome hash and skill (IRI). Raises ValueError for what is no relation."""
    with path.open(encoding="utf-8", newline="") as file:
        found = {(row["hash"], row["skill"]): row["relation"] for row in csv.DictReader(file, delimiter="\t")}
    if unknown := {pair: relation for pair, relation in found.items() if relation not in RELATIONS}:
        raise ValueError(f"{path}: {unknown}")
    return found


def added(
    rows: Iterable[Row],
    number: int,
    first: dict[tuple[str, str], str],
    second: dict[tuple[str, str], str],
    third: dict[tuple[str, str], str],
) -> list[Row]:
    """The rows of a round. Raises ValueError where the passes differ in their pairs, or a difference is not settled."""
    known = {(row["subject_id"], row["object_id"]) for row in rows}
    facts = {row["subject_id"]: {name: row[name] for name in OF_OUTCOME} for row in rows}
    differing = {pair for pair in first if first[pair] != second.get(pair)}
    if first.keys() != second.keys() or differing != third.keys():
        raise ValueError(f"not judged twice, or not settled: {first.keys() ^ second.keys() | differing ^ third.keys()}")
    found = []
    for (key, skill), relation in first.items():
        settled = third.get((key, skill), relation)
        subject, target = f"outcome:{key}", f"esco:skill/{skill.removeprefix(ESCO_SKILL)}"
        if (subject, target) in known:
            raise ValueError(f"judged before: {subject} {target}")
        found.append(
            {
                **facts[subject],
                "object_id": target,
                "predicate_id": PREDICATES[settled],
                "predicate_modifier": "Not" if settled == "none" else "",
                "mapping_justification": JUSTIFICATION,
                "first_pass": relation,
                "second_pass": second[key, skill],
                "adjudicated": "true" if (key, skill) in third else "false",
                "pooled": "true",
                "judging_round": str(number),
            }
        )
    return found


def without_skill(rows: list[Row]) -> list[Row]:
    """A row for each outcome for which no correct skill was found."""
    correct = {PREDICATES[relation] for relation in CORRECT}
    answered = {row["subject_id"] for row in rows if row["predicate_id"] in correct}
    facts = {row["subject_id"]: {name: row[name] for name in OF_OUTCOME} for row in rows}
    said = {"predicate_id": PREDICATES["exact"], "object_id": NO_TERM, "mapping_justification": JUSTIFICATION}
    rest = {"adjudicated": "false", "pooled": "false", "judging_round": "1"}
    return [{**facts[subject], **said, **rest} for subject in sorted(facts.keys() - answered)]


def tables(judged: dict[str, JudgedOutcome]) -> Iterable[str]:
    """The rows of the README: what the file holds, and the agreement of each round, by language."""
    languages = ("fr", "de", "et", "all")
    for language in languages:
        chosen = [each for each in judged.values() if language in {each.language, "all"}]
        counts = Counter(each.relation for outcome in chosen for each in outcome.judgements)
        cells = [language, len(chosen), counts.total(), *(counts[name] for name in RELATIONS)]
        yield f"| {' | '.join(map(str, [*cells, sum(not each.correct for each in chosen)]))} |"
    for number in sorted({each.round for outcome in judged.values() for each in outcome.judgements}):
        for language in languages:
            found = agreement((each for each in judged.values() if language in {each.language, "all"}), number)
            estimates = (found.on_correct, found.kappa_on_correct, found.on_relation, found.kappa_on_relation)
            cells = [number, language, found.outcomes, found.pairs, *map(shown, estimates)]
            yield f"| {' | '.join(map(str, cells))} |"


def shown(found: Estimate) -> str:
    """An estimate with its interval."""
    return "–" if found.value is None else f"{found.value:.2f} ({found.lower:.2f}–{found.upper:.2f})"


if __name__ == "__main__":
    main()
