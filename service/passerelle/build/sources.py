"""From options to sources: which reader takes which file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from passerelle.build.options import BuildOptions
from passerelle.errors import SettingsError
from passerelle.linking.review_log import ReviewLog
from passerelle.namespaces import Minting
from passerelle.settings import Settings
from passerelle.sources.archive import ArchiveLimits
from passerelle.sources.esco import EscoDataset
from passerelle.sources.european_learning_model import EuropeanLearningModelFile
from passerelle.sources.france_competences_csv import FranceCompetencesCsv
from passerelle.sources.france_competences_xml import FranceCompetencesXml
from passerelle.sources.rdf_file import RdfFile
from passerelle.sources.rome import RomeCodes
from passerelle.sources.rome_esco import RomeEscoCrosswalk
from passerelle.sources.source import Source
from passerelle.sources.unit_table import UnitTable


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of a build: those that become graphs, and the review logs that decide about links."""

    graph: tuple[Source, ...]
    reviews: tuple[ReviewLog, ...]

    @property
    def all(self) -> tuple[Source, ...]:
        """Both, in the order in which they are read."""
        return (*self.graph, *self.reviews)


def sources_of(options: BuildOptions, settings: Settings) -> Sources:
    """The sources in a fixed order, whatever the order of the command line: equal inputs give equal releases.

    Raises SettingsError when two files would give the same graph, InputError for a file that is refused on sight.
    """
    limits = ArchiveLimits(settings.archive_ratio, settings.archive_bytes)
    minting = Minting(settings.base)
    partners = options.publish_partners
    found: list[Source] = []
    if options.esco:
        found.append(EscoDataset(options.esco, limits))
    found += [RomeCodes(path, next(iter(options.rome3), None), limits) for path in options.rome]
    found += [RomeEscoCrosswalk(path, limits) for path in options.rome_esco]
    found += [FranceCompetencesXml(path, "rncp", limits, publish_partners=partners) for path in options.rncp]
    found += [FranceCompetencesXml(path, "rs", limits, publish_partners=partners) for path in options.rs]
    found += [FranceCompetencesCsv(path, limits, publish_partners=partners) for path in options.france_competences_csv]
    several: list[Source] = [EuropeanLearningModelFile(path, limits, minting) for path in options.qualifications]
    several += [UnitTable(path, limits, minting) for path in options.units]
    several += [RdfFile(path, limits, minting) for path in options.rdf]
    found += sorted(several, key=lambda source: source.slug)
    reviews = tuple(sorted((ReviewLog(path) for path in options.reviews), key=lambda log: log.slug))
    slugs = Counter(source.slug for source in (*found, *reviews))
    for slug, count in slugs.items():
        if count > 1:
            raise SettingsError("build-same-slug", slug=slug)
    return Sources(tuple(found), reviews)
