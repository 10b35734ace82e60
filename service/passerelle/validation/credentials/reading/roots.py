"""What a file is about: its credentials, or the qualifications it describes, and the profile that it declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from passerelle.namespaces import expand
from passerelle.validation.credentials.model import IRI, Observation, Triple
from passerelle.validation.credentials.reading.model_terms import ModelTerms

_TYPE = expand("rdf:type")
_SUBJECT = expand("cred:credentialSubject")
_SCHEMA = expand("cred:credentialSchema")
_EUROPEAN = frozenset({expand("elm:EuropeanDigitalCredential")})
_BADGE = frozenset({expand("ob:OpenBadgeCredential"), expand("ob:AchievementCredential")})
_QUALIFICATIONS = (
    frozenset({expand("elm:Qualification"), expand("elm:LearningAchievementSpecification")}),
    frozenset({expand("elm:LearningOpportunity")}),
    frozenset({expand("elm:Accreditation")}),
)
_MOST_SHOWN = 20


def roots_of(triples: Sequence[Triple]) -> tuple[str, ...]:
    """The nodes that the profile is about: European credentials, else badges, else what documents of LOQ or AMS are.

    The contents of a credential are no roots, whatever their classes.
    """
    typed = [(subject.node, value.value) for subject, predicate, value in triples if predicate.value == _TYPE]
    for classes in (_EUROPEAN, _BADGE):
        if found := tuple(dict.fromkeys(node for node, each in typed if each in classes)):
            return found
    if any(predicate.value == _SUBJECT for _, predicate, _ in triples):
        return ()
    for classes in _QUALIFICATIONS:
        if found := tuple(dict.fromkeys(node for node, each in typed if each in classes)):
            return found
    return ()


def is_badge(roots: Iterable[str], triples: Iterable[Triple]) -> bool:
    """Whether the roots are Open Badges and nothing else."""
    wanted = set(roots)
    classes = {
        value.value for subject, predicate, value in triples if predicate.value == _TYPE and subject.node in wanted
    }
    return bool(classes & _BADGE) and not classes & _EUROPEAN


def declared_schemas(triples: Iterable[Triple], roots: Sequence[str] = ()) -> tuple[str, ...]:
    """The addresses that the credentials give as their schema, as written, each once.

    With `roots` only theirs count: nothing else in the file may choose what they are checked against.
    """
    found = (
        value.value
        for subject, predicate, value in triples
        if predicate.value == _SCHEMA and value.kind == IRI and (not roots or subject.node in roots)
    )
    return tuple(dict.fromkeys(found))


def about_roots(triples: Sequence[Triple], roots: Sequence[str]) -> Iterator[Observation]:
    """Terms that the model does not have; what keeps a file from being checked as a credential, or makes it several.

    Where a class is misspelt, that alone is told, and not that the class is missing.
    """
    if not triples:
        return
    terms = ModelTerms(triples)
    yield from terms.observations
    if not roots:
        shaped = dict.fromkeys(subject.node for subject, predicate, _ in triples if predicate.value == _SUBJECT)
        for node in [each for each in shaped if each not in terms.mistyped][:_MOST_SHOWN]:
            yield Observation("ELM-FILE-TYPE-MISSING", node, _TYPE)
        if not shaped and not terms.mistyped:
            yield Observation("ELM-FILE-NO-CREDENTIAL")
        return
    if len(roots) > 1 and any(predicate.value == _SUBJECT for _, predicate, _ in triples):
        yield Observation("ELM-FILE-SEVERAL-IN-ONE", roots[1], parameters={"count": str(len(roots))})
