"""Makes a `Fiche` out of the values that a reader has collected, the same way for the XML and the CSV exports.

A fiche without usable number or title is set aside whole. Inside an accepted fiche, blocs, outcomes and
correspondences are counted one by one; whatever is dropped is rejected or noticed with its reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from passerelle.namespaces import short_hash
from passerelle.records.fiche import (
    Bloc,
    Catalogue,
    Certifier,
    CohortStatistics,
    Correspondence,
    Dates,
    Fiche,
    LegalText,
    LegalTextKind,
    Partner,
    RouteOpening,
    Texts,
)
from passerelle.records.place import Place
from passerelle.records.tally import Reject, Tally
from passerelle.records.text import Code, Outcome
from passerelle.sources.competence_texts import split
from passerelle.sources.organisations import is_organisation, shows_a_person

Values = dict[str, Any]
"""Field name to value, as the field tables name them; records are Values themselves, lists are lists."""

_KEY_DIGITS = 8
_LEGAL_KINDS: tuple[LegalTextKind, ...] = ("general", "creation", "other")
_TERRITORIES = (("new_caledonia", "NCL"), ("french_polynesia", "PYF"))
_Record = TypeVar("_Record")


@dataclass(slots=True)
class Problem:
    """A value that could not be used: message, element or column, the value itself."""

    message_id: str
    element: str
    value: str = ""


class FicheAssembly:
    """Builds the fiches of one source, and remembers which numbers it has seen."""

    def __init__(self, catalogues: tuple[Catalogue, ...], tally: Tally, *, publish_partners: bool = False) -> None:
        self._catalogues = catalogues
        self._tally = tally
        self._publish_partners = publish_partners
        self._seen: set[str] = set()
        self.other_catalogue = 0
        """Fiches rejected because they belong to the other catalogue."""

    def fiche(self, values: Values, place: Place, problems: list[Problem]) -> Fiche | None:
        """The fiche, or None where it is set aside; `place` names file and line."""
        number: str = values.get("number", "")
        reason = self._refusal(number, values, problems)
        if reason is not None:
            found = next((problem.value for problem in problems if problem.message_id == "value-fiche-number"), "")
            self._tally.reject(Reject("fiche", reason, _at(place, number or found), {"number": number or found or "–"}))
            return None
        self._seen.add(number)
        place = _at(place, number)
        for problem in problems:
            self._notice(problem.message_id, place, element=problem.element, value=problem.value[:80])
        fiche = self._fiche(number, values, place)
        self._tally.accept("fiche")
        return fiche

    def _refusal(self, number: str, values: Values, problems: list[Problem]) -> str | None:
        if not number:
            malformed = any(problem.message_id == "value-fiche-number" for problem in problems)
            return "fiche-number-malformed" if malformed else "fiche-number-missing"
        if _catalogue(number) not in self._catalogues:
            self.other_catalogue += 1
            return "fiche-other-catalogue"
        if number in self._seen:
            return "fiche-duplicate"
        return None if values.get("title") else "fiche-title-missing"

    def _fiche(self, number: str, values: Values, place: Place) -> Fiche:
        blocs = self._blocs(values.get("blocs", ()), place)
        texts = _record(Texts, values)
        partners: list[Values] = values.get("partners", [])
        catalogue = _catalogue(number)
        routes = tuple(
            RouteOpening(
                route["route"], route.get("open"), route.get("jury_composition", ""), route.get("modified", "")
            )
            for route in values.get("routes", ())
        )
        if catalogue == "rs" and any(route.open and route.route.endswith("prior-learning") for route in routes):
            self._notice("rs-open-to-vae", place)
        short_form = values.get("short_form")
        return Fiche(
            number=number,
            catalogue=catalogue,
            title=values["title"],
            source_identifier=values.get("source_identifier", ""),
            state=values.get("state", ""),
            active=values.get("active"),
            short_form=self._code(short_form, place) if short_form else None,
            level=values.get("level"),
            registration_type=values.get("registration_type", ""),
            registration_years=values.get("registration_years"),
            dates=_record(Dates, values),
            texts=texts,
            speciality_fields=self._codes(values, "speciality_fields", place),
            formacodes=self._codes(values, "formacodes", place),
            occupations=self._codes(values, "occupations", place),
            collective_agreements=self._codes(values, "collective_agreements", place),
            certifiers=self._certifiers(values.get("certifiers", ()), place),
            partners=tuple(self._partners(partners)) if self._publish_partners else (),
            partner_count=len(partners),
            routes=routes,
            legal_texts=_legal_texts(values),
            cohorts=self._cohorts(values.get("cohorts", ()), place),
            level_years=tuple(dict.fromkeys(values.get("level_years", ()))),
            territories=tuple(code for name, code in _TERRITORIES if values.get(name)),
            pages=tuple(dict.fromkeys(values.get("pages", ()))),
            partial_validation=values.get("partial_validation"),
            partners_exist=values.get("partners_exist"),
            replaced_by=self._successions(values, "replaced_by", number, place),
            replaces=self._successions(values, "replaces", number, place),
            blocs=blocs,
            outcomes=() if blocs else self._outcomes(texts.attested_capabilities, place),
            correspondences=self._correspondences(values.get("correspondences", ()), place),
        )

    def _blocs(self, found: list[Values], place: Place) -> tuple[Bloc, ...]:
        kept: dict[tuple[str, str, str], Values] = {}
        for values in found:
            same = (values.get("code", ""), values.get("title", ""), values.get("competences_text", ""))
            if not any(same[1:]):
                self._reject("bloc", "bloc-empty", place, code=same[0] or "–")
            elif same in kept:
                self._reject("bloc", "bloc-duplicate", place, code=same[0] or same[1])
            else:
                kept[same] = values
        codes = Counter(code for code, _, _ in kept)
        titles = Counter((code, title) for code, title, _ in kept)
        blocs: list[Bloc] = []
        for (code, title, competences), values in kept.items():
            key = code
            if not code or codes[code] > 1:
                # the title alone decides where it can, so that exports without competence texts give the same key
                words = (title,) if titles[code, title] == 1 else (title, competences)
                key = f"{code}~{short_hash(*words)[:_KEY_DIGITS]}"
                self._notice("bloc-code-repeated" if code else "bloc-code-missing", place, code=code, key=key)
            blocs.append(
                Bloc(
                    key=key,
                    title=title,
                    code=code,
                    competences_text=competences,
                    assessment_methods=values.get("assessment_methods", ""),
                    entry_prerequisites=values.get("entry_prerequisites", ""),
                    validation_prerequisites=values.get("validation_prerequisites", ""),
                    outcomes=self._outcomes(competences, place),
                )
            )
        self._accept("bloc", len(blocs))
        return tuple(blocs)

    def _outcomes(self, text: str, place: Place) -> tuple[Outcome, ...]:
        if not text:
            return ()
        found: dict[str, Outcome] = {}
        for outcome in split(text):
            if found.setdefault(outcome.hash, outcome) is not outcome:
                self._reject("outcome", "outcome-repeated", place, text=outcome.text[:80])
        self._accept("outcome", len(found))
        return tuple(found.values())

    def _correspondences(self, found: list[Values], place: Place) -> tuple[Correspondence, ...]:
        kept: dict[tuple[str, frozenset[str], frozenset[str]], Correspondence] = {}
        for values in found:
            target = values.get("target_number", "")
            source_codes = tuple(dict.fromkeys(values.get("source_codes", ())))
            target_codes = tuple(dict.fromkeys(values.get("target_codes", ())))
            same = (target, frozenset(source_codes), frozenset(target_codes))
            if not target:
                self._reject("correspondence", "correspondence-without-target", place)
            elif same in kept:
                self._reject("correspondence", "correspondence-duplicate", place, target=target)
            else:
                kept[same] = Correspondence(target, source_codes, target_codes)
        self._accept("correspondence", len(kept))
        return tuple(kept.values())

    def _certifiers(self, found: list[Values], place: Place) -> tuple[Certifier, ...]:
        kept: dict[str, Certifier] = {}
        for values in found:
            certifier = _record(Certifier, values)
            key = certifier.siret or certifier.name
            if not key:
                self._notice("certifier-unnamed", place)
            elif shows_a_person(certifier.name) or shows_a_person(certifier.trade_name):
                self._notice("certifier-withheld", place)
            elif key not in kept:
                kept[key] = certifier
            elif kept[key] != certifier:
                self._notice("certifier-repeated", place, siret=certifier.siret or "–")
                # one body, one role: an active line tells more than an inactive one
                if kept[key].state == "Inactif":
                    kept[key] = certifier
        return tuple(kept.values())

    @staticmethod
    def _partners(found: list[Values]) -> list[Partner]:
        kept: dict[str, Partner] = {}
        for values in found:
            name, siret = values.get("name", ""), values.get("siret", "")
            if name and is_organisation(name, siret):
                kept.setdefault(siret, _record(Partner, values))
        return list(kept.values())

    def _cohorts(self, found: list[Values], place: Place) -> tuple[CohortStatistics, ...]:
        kept: dict[int, CohortStatistics] = {}
        for values in found:
            year = values.get("year")
            if year is None:
                self._notice("cohort-without-year", place)
            elif year in kept:
                self._notice("cohort-repeated", place, year=year)
            else:
                kept[year] = _record(CohortStatistics, values)
        return tuple(kept.values())

    def _code(self, values: Values, place: Place) -> Code | None:
        code, label = values.get("code", ""), values.get("label", "")
        if not code:
            self._notice("code-missing", place, label=label)
            return None
        # the CSV export writes "251 : Mécanique générale" for NSF and Formacode
        return Code(code, label.removeprefix(code).lstrip(" :") if label.startswith(f"{code} :") else label)

    def _codes(self, values: Values, name: str, place: Place) -> tuple[Code, ...]:
        kept: dict[str, Code] = {}
        for each in values.get(name, ()):
            code = self._code(each, place)
            if code is not None:
                kept.setdefault(code.code, code)
        return tuple(kept.values())

    def _successions(self, values: Values, name: str, number: str, place: Place) -> tuple[str, ...]:
        found = dict.fromkeys(values.get(name, ()))
        if number in found:
            self._notice("succession-of-itself", place)
            del found[number]
        return tuple(found)

    def _accept(self, item: str, count: int) -> None:
        if count:
            self._tally.accept(item, count)

    def _notice(self, message_id: str, place: Place, **parameters: object) -> None:
        self._tally.notice(Reject("value", message_id, place, parameters))

    def _reject(self, item: str, message_id: str, place: Place, **parameters: object) -> None:
        self._tally.reject(Reject(item, message_id, place, parameters))


def _catalogue(number: str) -> Catalogue:
    return "rncp" if number.startswith("RNCP") else "rs"


def _at(place: Place, number: str) -> Place:
    return Place(file=place.file, line=place.line, record=number[:40])


def _record(kind: type[_Record], values: Values) -> _Record:
    names = _NAMES[kind]
    return kind(**{name: value for name, value in values.items() if name in names})


_NAMES: dict[type, frozenset[str]] = {
    kind: frozenset(each.name for each in fields(kind)) for kind in (Texts, Dates, Certifier, Partner, CohortStatistics)
}


def _legal_texts(values: Values) -> tuple[LegalText, ...]:
    found = (
        LegalText(each.get("title", ""), kind, each.get("date", ""))
        for kind in _LEGAL_KINDS
        for each in values.get(f"legal_texts_{kind}", ())
    )
    return tuple(dict.fromkeys(text for text in found if text.title or text.date))
