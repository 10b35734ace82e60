"""A release as files for the bulk loader of Virtuoso, with the script that loads them."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from passerelle.graph.release import Release
from passerelle.graph.remote.published import CONTROL, JOURNAL, MANIFEST, PUBLICATION, SWITCHING, TOKEN
from passerelle.graph.remote.publishing import Journal, literal
from passerelle.graph.remote.release_graphs import ReleaseGraphs

_SCRIPT = """\
-- Loads the release {release}: isql-vt HOST:PORT dba PASSWORD < load.sql
-- {folder} must be readable for the server and stand in DirsAllowed. Readers get 503 until the last line has run.
log_enable(2);
SPARQL CLEAR GRAPH <{control}>;
SPARQL INSERT DATA {{ GRAPH <{control}> {{ <{publication}> <{token_name}> {switching} }} }};
{clears}
DELETE FROM DB.DBA.load_list WHERE ll_file LIKE '{folder}/%';
ld_dir('{folder}', '*.nt.gz', '{control}');
rdf_loader_run();
log_enable(1);
CREATE PROCEDURE PASSERELLE_PUBLISHED ()
{{
  IF (EXISTS (SELECT 1 FROM DB.DBA.load_list
              WHERE ll_file LIKE '{folder}/%' AND (ll_error IS NOT NULL OR ll_state <> 2)))
    SIGNAL ('PASSE', 'a file was not loaded: SELECT * FROM DB.DBA.load_list WHERE ll_error IS NOT NULL');
{counts}
  EXEC ('SPARQL DELETE DATA {{ GRAPH <{control}> {{ <{publication}> <{token_name}> {switching} }} }}');
  EXEC ('SPARQL INSERT DATA {{ GRAPH <{control}> {{
    <{publication}> <{token_name}> {token} ; <{journal_name}> {journal} }} }}');
}}
;
PASSERELLE_PUBLISHED ();
DROP PROCEDURE PASSERELLE_PUBLISHED;
checkpoint;
"""
_COUNT = """\
  IF ((SELECT COUNT(*) FROM DB.DBA.RDF_QUAD WHERE G = iri_to_id ('{graph}')) <> {size})
    SIGNAL ('PASSE', 'not all triples were loaded: {graph}');"""


def write_bulk_files(release: Release, folder: Path) -> list[Path]:
    """Write one `.nt.gz` a graph with the `.graph` file that names it, `load.sql` and `SHA256SUMS`.

    Returns the files. Raises FileExistsError where the folder holds anything.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(17, "not empty", str(folder))
    graphs = ReleaseGraphs(release)
    sizes = graphs.sizes
    contents = {graph: graphs.pieces(graph) for graph in sizes}
    manifest = f"{MANIFEST}:{release.identifier}"
    contents[manifest] = iter([f"<{PUBLICATION}> <{MANIFEST}> {literal(release.manifest.text())} .\n".encode("ascii")])
    written = []
    for number, (graph, pieces) in enumerate(contents.items()):
        path = folder / f"{number:04}.nt.gz"
        # without a time stamp, so that equal releases are equal files
        with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, 0) as file:
            for piece in pieces:
                file.write(piece)
        # the loader looks for it under the name without .gz
        name = path.with_suffix(".graph")
        name.write_text(f"{graph}\n", encoding="utf-8")
        written += [path, name]
    script = folder / "load.sql"
    script.write_text(_script(release, folder.resolve(), graphs.digests(), sizes, manifest), encoding="utf-8")
    written.append(script)
    sums = folder / "SHA256SUMS"
    sums.write_text("".join(f"{_sha256(path)}  {path.name}\n" for path in written), encoding="utf-8")
    return [*written, sums]


def _script(release: Release, folder: Path, digests: dict[str, str], sizes: dict[str, int], manifest: str) -> str:
    journal = Journal(release=release.identifier, digests=digests, sizes=sizes)
    return _SCRIPT.format(
        release=release.identifier,
        folder=folder,
        control=CONTROL,
        publication=PUBLICATION,
        token_name=TOKEN,
        journal_name=JOURNAL,
        switching=literal(f"{SWITCHING} {release.identifier}"),
        token=literal(journal.token),
        journal=literal(journal.text).replace("\\", "\\\\"),
        clears="\n".join(f"SPARQL CLEAR GRAPH <{graph}>;" for graph in [*sizes, manifest]),
        counts="\n".join(_COUNT.format(graph=graph, size=size) for graph, size in sizes.items()),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
