"""Titles and texts of a credential: none empty, each with its language, in the language that is displayed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from passerelle.namespaces import expand
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.authority import language_tag
from passerelle.validation.credentials.layers.statements import Statements
from passerelle.validation.credentials.layers.wholes import Edge
from passerelle.validation.credentials.model import LITERAL, Observation, Term

_TITLE, _NAME, _LEGAL_NAME = expand("dcterms:title"), expand("schema:name"), expand("rov:legalName")
_NOTE, _DESCRIPTION, _NARRATIVE = expand("elm:noteLiteral"), expand("dcterms:description"), expand("ob:narrative")
_OUTCOME = expand("elm:LearningOutcome")
_DISPLAY = expand("elm:displayParameter")
_LANGUAGE, _PRIMARY = expand("dcterms:language"), expand("elm:primaryLanguage")
_SUBJECT, _CLAIM = expand("cred:credentialSubject"), expand("elm:hasClaim")
_PARTIAL, _QUALIFICATION = expand("elm:isPartialQualification"), expand("elm:Qualification")
_GRADE, _SPECIFIED_BY, _SCHEME = expand("elm:grade"), expand("elm:specifiedBy"), expand("elm:gradingScheme")
_NO_LANGUAGE = ("", "und")


class Texts:
    """The texts of one credential."""

    def __init__(self, graph: CredentialGraph, statements: Statements, parts: Sequence[Edge]) -> None:
        self._graph = graph
        self._statements = statements
        self._parts = parts

    def observe(self, roots: Sequence[str]) -> Iterator[Observation]:
        """Texts that are empty, without language, or in another language than the one displayed; parts and wholes."""
        yield from self._empty()
        yield from self._without_language()
        yield from self._same_title()
        yield from self._partial()
        yield from self._grades()
        for root in roots:
            for display in self._graph.objects(root, _DISPLAY):
                yield from self._displayed(root, display)

    def _empty(self) -> Iterator[Observation]:
        outcomes = set(self._graph.instances(_OUTCOME))
        for node, path, value in self._statements.literals(_TITLE, _NAME, _LEGAL_NAME):
            if not value.value.strip():
                code = "ELM-FIELDS-OUTCOME-EMPTY" if node in outcomes else "ELM-FIELDS-TITLE-EMPTY"
                yield Observation(code, node, path, value.value)
        for node, path, value in self._statements.literals(_NOTE, _DESCRIPTION, _NARRATIVE):
            if not value.value.strip():
                yield Observation("ELM-FIELDS-TEXT-EMPTY", node, path, value.value)

    def _without_language(self) -> Iterator[Observation]:
        for node, path, value in self._statements.literals(_TITLE, _LEGAL_NAME):
            if (value.language or "").lower() in _NO_LANGUAGE and value.value.strip():
                yield Observation("ELM-FIELDS-TITLE-NO-LANGUAGE", node, path, value.value)

    def _same_title(self) -> Iterator[Observation]:
        of_wholes: dict[str, set[tuple[str, str]]] = {}
        for edge in self._parts:
            if edge.whole not in of_wholes:
                of_wholes[edge.whole] = {_normal(each) for each in self._titles(edge.whole)}
            for title in self._titles(edge.part):
                if _normal(title) in of_wholes[edge.whole] and title.value.strip():
                    told = {"title": title.value.strip()}
                    yield Observation("ELM-FIELDS-SAME-TITLE", edge.part, _TITLE, title.value, parameters=told)
                    break

    def _titles(self, node: str) -> Iterator[Term]:
        return (each for each in self._graph.values(node, _TITLE) if each.kind == LITERAL)

    def _partial(self) -> Iterator[Observation]:
        """What is said of being partial, against what is said of a whole."""
        wholes: dict[str, str] = {}
        for edge in self._parts:
            if _QUALIFICATION in self._graph.types(edge.whole):
                wholes.setdefault(edge.part, edge.whole)
        for node, path, value in self._statements.literals(_PARTIAL):
            partial = value.value in ("true", "1")
            if partial and node not in wholes:
                yield Observation("ELM-FIELDS-PARTIAL-ALONE", node, path, value.value)
            elif not partial and node in wholes:
                told = {"whole": wholes[node]}
                yield Observation("ELM-FIELDS-PART-SAID-FULL", node, path, value.value, parameters=told)

    def _grades(self) -> Iterator[Observation]:
        """Grades that cannot be read without a scale, and have none."""
        for node in self._statements.nodes(_GRADE):
            if any(self._graph.values(each, _SCHEME) for each in self._graph.objects(node, _SPECIFIED_BY)):
                continue
            notes = self._graph.objects(node, _GRADE)
            grade = next((text for note in notes for text in self._graph.texts(note, _NOTE) if _on_a_scale(text)), None)
            if grade is not None:
                yield Observation("ELM-FIELDS-GRADE-NO-SCHEME", node, _GRADE, grade, parameters={"grade": grade})

    def _displayed(self, root: str, display: str) -> Iterator[Observation]:
        languages = self._graph.objects(display, _LANGUAGE)
        for primary in self._graph.objects(display, _PRIMARY):
            if languages and primary not in languages:
                told = {"languages": ", ".join(each.rpartition("/")[2] for each in languages)}
                yield Observation("ELM-FIELDS-PRIMARY-LANGUAGE", display, _PRIMARY, primary, parameters=told)
            tag = language_tag(primary)
            claims = [each for subject in self._graph.objects(root, _SUBJECT) for each in self._claims(subject)]
            for node in (display, *claims) if tag else ():
                found = sorted({(each.language or "").lower() for each in self._titles(node)} - set(_NO_LANGUAGE))
                if found and not any(each.partition("-")[0] == tag for each in found):
                    told = {"language": tag, "found": ", ".join(found)}
                    yield Observation("ELM-FIELDS-TITLE-NOT-DISPLAYED", node, _TITLE, parameters=told)

    def _claims(self, subject: str) -> list[str]:
        return self._graph.objects(subject, _CLAIM)


def _normal(title: Term) -> tuple[str, str]:
    return " ".join(title.value.casefold().split()), (title.language or "").lower()


def _on_a_scale(grade: str) -> bool:
    """Whether a grade says nothing without its scale: a number or a single letter; "Pass" can be read alone."""
    return any(each.isdigit() for each in grade) or len(grade.strip(" +-")) == 1
