"""What a build comes to, as tables: sources, links, findings of the shapes, rejects."""

from __future__ import annotations

from passerelle.build.report import BuildReport
from passerelle.cli.console import errors, language, output, say, show_table, shown
from passerelle.graph.manifest import Manifest
from passerelle.validation.batches import ValidationSummary

_MEGABYTE = 1024**2


def show_report(report: BuildReport) -> None:
    """Print the sums of a build, the way to the rejects, the SHACL summary and the release's id."""
    manifest = report.release.manifest
    show_sources(manifest)
    show_validation(manifest)
    show_linking(manifest)
    show_assertions(manifest)
    show_rejects(report)
    show_missing_decisions(report)
    output.print(
        say(
            "cli-build-done",
            identifier=report.release.identifier,
            triples=shown(manifest.triples),
            seconds=f"{manifest.seconds:.1f}",
            peak=shown(manifest.peak_bytes // _MEGABYTE),
        )
    )


def show_rejects(report: BuildReport) -> None:
    """How many records were rejected, how many notices there are, and where both stand with their reasons."""
    rejected = sum(sum(entry.rejected.values()) for entry in report.release.manifest.sources)
    with report.rejects.open(encoding="utf-8") as lines:
        notices = sum(1 for _ in lines) - rejected
    output.print(say("cli-build-rejects", rejected=shown(rejected), notices=shown(notices), path=report.rejects))


def show_missing_decisions(report: BuildReport) -> None:
    """Warn of decisions of the release before that this one was not given: their links are candidates again."""
    for name, count in report.missing_decisions.items():
        errors.print(say("cli-build-missing-decisions", count=shown(count), name=name), markup=False)


def show_sources(manifest: Manifest) -> None:
    """One table for all sources: a row for each kind of item of each source."""
    columns = [say(f"cli-column-{name}") for name in ("source", "item", "read", "accepted", "rejected")]
    columns += [say(f"cli-column-{name}") for name in ("notices", "unresolved", "triples", "seconds", "memory")]
    rows: list[list[object]] = []
    for entry in manifest.sources:
        for position, item in enumerate(sorted(entry.read)):
            row = [entry.read[item], entry.accepted.get(item, 0), entry.rejected.get(item, 0)]
            whole: list[object] = ["", "", "", "", ""]
            if position == 0:
                whole = [sum(entry.notices.values()), entry.unresolved, entry.quads, f"{entry.seconds:.1f}"]
                whole = [*(shown(each) for each in whole), shown(entry.peak_bytes // _MEGABYTE)]
            rows.append([entry.slug if position == 0 else "", say(f"item-{item.replace(' ', '-')}"), *row, *whole])
    show_table(say("cli-table-sources"), columns, rows)


def show_linking(manifest: Manifest) -> None:
    """For each language: texts of outcomes, how many were ranked now, for how many nothing was proposed, or linked."""
    names = ("language", "texts", "distinct", "ranked", "without-candidate", "without-link")
    keys = ("texts", "distinct", "ranked", "without_candidate", "without_link")
    rows = [[tag, *(facts[key] for key in keys)] for tag, facts in sorted(manifest.linking.items())]
    if rows:
        show_table(say("cli-table-linking"), [say(f"cli-column-{name}") for name in names], rows)


def show_assertions(manifest: Manifest) -> None:
    """How many pairs of units the graph states, and from which share on; none is a fact about the links."""
    made = manifest.comparability
    if made:
        threshold = f"{made['threshold']:.0%}".replace("%", "\u202f%" if language() == "fr" else "%")
        counts = {"count": shown(made["assertions"]), "most": made["most"], "cut": shown(made["cut"])}
        output.print(say("cli-build-assertions", threshold=threshold, **counts))


def show_validation(manifest: Manifest) -> None:
    """The SHACL summary: findings by severity and shape."""
    if not manifest.validation:
        output.print(say("cli-validation-off"))
        return
    summary = ValidationSummary.from_json(manifest.validation)
    if not summary.rules:
        output.print(say("cli-validation-clean"))
        return
    french = language() == "fr"
    rows = [
        [say(f"severity-{each.severity.value.lower()}"), each.count, each.message_fr if french else each.message_en]
        for each in summary.rules
    ]
    columns = [say("cli-column-severity"), say("cli-column-count"), say("cli-column-rule")]
    show_table(say("cli-table-validation"), columns, rows)
