"""`passerelle query`: ask a release on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pyoxigraph as ox
from rich.markup import escape

from passerelle.cli.console import errors, help_of, language, output, reporting, say, show_table, shown
from passerelle.errors import InputError, NotAcceptable, ParameterError
from passerelle.graph.answering.embedded import SOLUTION_FORMATS, TRIPLE_FORMATS, Answer, EmbeddedStore
from passerelle.graph.answering.question import Question
from passerelle.graph.release import Releases
from passerelle.namespaces import COUNTRY, EQF, ESCO_SKILL, PREFIXES
from passerelle.queries import catalogue, named_query
from passerelle.records.place import Place
from passerelle.settings import Settings
from passerelle.sparql.authorise import authorise

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

SHORT_PREFIXES = (*PREFIXES.items(), ("country", COUNTRY), ("eqf", EQF), ("skill", ESCO_SKILL))

_DESCRIBED = "ASK {{ {thing} a <https://w3id.org/passerelle/ontology#ComparableSpecification> }}"
"""An empty answer about something that nobody describes says nothing about it: the user must know."""

_MEDIA_TYPES = {
    "table": "application/sparql-results+json",
    "json": "application/sparql-results+json",
    "csv": "text/csv",
    "turtle": "text/turtle",
}


@click.command("query", help=help_of("cli-query"))
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--name", help=help_of("cli-query-name"))
@click.option("--param", "parameters", multiple=True, metavar="NAME=VALUE", help=help_of("cli-query-param"))
@click.option("--format", "form", type=click.Choice(list(_MEDIA_TYPES)), help=help_of("cli-query-format"))
@click.option("--release", "identifier", help=help_of("cli-query-release"))
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help=help_of("cli-releases"))
@reporting
def query_command(
    file: Path | None,
    name: str | None,
    parameters: tuple[str, ...],
    form: str | None,
    identifier: str | None,
    releases: Path | None,
) -> None:
    """Answers on standard output; what is said about them on standard error."""
    if file is None and name is None:
        _list_questions()
        return
    if file is not None and name is not None:
        raise ParameterError("query-name-or-file")
    settings = Settings.of(releases=releases)
    folder = Releases(settings.releases)
    release = folder.get(identifier) if identifier else folder.current()
    manifest = release.manifest
    values = _values(parameters)
    text = named_query(name).bind(values, manifest.base) if name else _text(file)
    authorised = authorise(text, manifest.graphs, size_limit=settings.query_bytes)
    solutions = authorised.kind != "triples"
    form = form or ("table" if solutions else "turtle")
    media_type = _MEDIA_TYPES[form]
    if media_type not in (SOLUTION_FORMATS if solutions else TRIPLE_FORMATS):
        raise NotAcceptable("query-format-form", format=form)
    store = EmbeddedStore.open(release.store)
    answer = store.ask(Question(text, media_type, own_dataset=authorised.own_dataset))
    if form == "table":
        found = _show(answer, manifest.base)
        if name and not found and (meaning := named_query(name).none(language())):
            errors.print(escape(meaning))
    else:
        answer.write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    if manifest.demo:
        errors.print(say("cli-demo"))
    if name:
        for given, thing in named_query(name).things(values, manifest.base).items():
            if not store.ask(Question(_DESCRIBED.format(thing=thing), _MEDIA_TYPES["json"])).results:
                errors.print(escape(say("cli-query-not-described", given=given)))
        errors.print(say("cli-not-recognition"))


def _values(parameters: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for given in parameters:
        key, equals, value = given.partition("=")
        if not equals:
            raise ParameterError("query-param-form", given=given)
        values[key] = value
    return values


def _text(file: Path | None) -> str:
    if file is None or str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("query-file", place=Place(file=file.name), reason=str(error)) from error


def _list_questions() -> None:
    rows = [
        [query.name, query.title(language()), ", ".join(each.name for each in query.parameters)]
        for query in catalogue().values()
    ]
    columns = [say("cli-column-name"), say("cli-column-title"), say("cli-column-parameters")]
    show_table(say("cli-table-queries"), columns, rows)


def _show(answer: Answer, base: str) -> bool:
    """Print a table or a yes or no; whether there was a row."""
    results = answer.results
    if isinstance(results, ox.QuerySolutions):
        columns = [variable.value for variable in results.variables]
        rows = [["" if cell is None else _short(cell, base) for cell in row] for row in results]
        show_table("", columns, rows)
        errors.print(escape(say("cli-query-rows", count=shown(len(rows)))))
        return bool(rows)
    output.print(str(bool(results)).lower())
    return True


def _short(cell: Term, base: str) -> str:
    """A term as a person reads it: IRIs of known vocabularies and of the release's base as CURIEs."""
    if not isinstance(cell, ox.NamedNode):
        return cell.value if isinstance(cell, ox.Literal) else str(cell)
    for prefix, start in (("", base + "/id/"), *SHORT_PREFIXES):
        if cell.value.startswith(start):
            return f"{prefix}:{cell.value.removeprefix(start)}"
    return cell.value
