"""The form of a named question: one field a parameter, with its choices, its hint and what is wrong with its value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from passerelle.errors import ParameterError
from passerelle.messages import Language, catalogue, message
from passerelle.queries import NamedQuery
from passerelle.queries.parameters import Parameter
from passerelle.records.unit_tables import Country, countries
from passerelle.web.questions.labels import Names, chosen, country_name, sorting_key
from passerelle.web.responses.wording import day

LONGEST_CHOICE = 12
"""Whole numbers up to so many are a list to choose from."""

_THINGS = frozenset({"unit", "fiche", "rome", "iri"})

Control = Literal["select", "date", "number", "text"]
Choice = tuple[str, str]
"""A value and what it is called."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. `choices` belong to a select; `fault` is about its value."""

    name: str
    label: str
    value: str
    required: bool
    control: Control
    hint: str
    choices: tuple[Choice, ...] = ()
    fault: ParameterError | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A parameter of an answer: `thing` is the IRI that it stands for (if it does), `name` what that is called."""

    label: str
    value: str
    thing: str = ""
    name: str = ""


def asked_values(query: NamedQuery, given: Mapping[str, str], language: Language) -> dict[str, str]:
    """What a page asks: the values given, and titles in the language of the page unless another is asked for."""
    own = {p.name: language for p in query.parameters if p.kind == "language" and p.default and p.name not in given}
    return {**given, **own}


def faults_of(query: NamedQuery, values: Mapping[str, str], base: str) -> dict[str, ParameterError]:
    """What is wrong with the values, by name of the parameter; "" for a name that is none of the question's."""
    faults: dict[str, ParameterError] = {}
    for parameter in query.parameters:
        # one parameter at a time, because a reader wants to hear of all faults at once
        alone = NamedQuery(query.name, "", "", "", "", (parameter,), "")
        try:
            alone.bind({parameter.name: values.get(parameter.name, "")}, base)
        except ParameterError as error:
            faults[parameter.name] = error
    if not faults:
        try:
            query.bind(values, base)
        except ParameterError as error:
            faults[""] = error
    return faults


def fields_of(
    query: NamedQuery,
    values: Mapping[str, str],
    faults: Mapping[str, ParameterError],
    offered: tuple[Country, ...],
    language: Language,
) -> tuple[Field, ...]:
    """The fields in the order of the question; `offered` are the countries to choose from (none: to be typed)."""
    return tuple(
        _field(each, values.get(each.name, each.default), faults.get(each.name), offered, language)
        for each in query.parameters
    )


def things_asked(query: NamedQuery, values: Mapping[str, str], base: str) -> dict[str, str]:
    """The IRIs that valid values stand for, by name of the parameter."""
    given = {each.name: each for each in query.parameters if each.kind in _THINGS and values.get(each.name, "").strip()}
    return {name: each.term(values[name], base).strip("<>") for name, each in given.items()}


def asked(
    query: NamedQuery, values: Mapping[str, str], things: Mapping[str, str], names: Names, language: Language
) -> tuple[Asked, ...]:
    """What an answer is about, in words: its parameters with the names of what they stand for."""
    found = []
    for each in query.parameters:
        value = values.get(each.name, "").strip() or each.default
        if not value:
            continue
        label = each.label(language)
        if each.name in things:
            thing = things[each.name]
            name = chosen(names.get(thing, ()), language, "en")
            found.append(Asked(label, value, thing, name.text if name else ""))
        elif each.kind == "country":
            found.append(Asked(label, _country(value, language)))
        elif each.kind == "date":
            found.append(Asked(label, day(value, language)))
        elif each.kind == "language":
            found.append(Asked(label, dict(_languages(language)).get(value.lower(), value)))
        else:
            found.append(Asked(label, value))
    return tuple(found)


def _field(
    each: Parameter, value: str, fault: ParameterError | None, offered: tuple[Country, ...], language: Language
) -> Field:
    choices: tuple[Choice, ...] = ()
    control: Control = "text"
    hint = message("page-example").what(language, example=each.example)
    if each.kind == "country" and offered:
        choices = tuple((country.alpha2, country_name(country, language)) for country in offered)
        value = _code(value)
    elif each.kind == "level":
        choices = tuple((str(level), str(level)) for level in range(1, 9))
    elif each.kind == "language":
        choices, value = _languages(language), value.lower()
    elif each.kind == "integer" and each.maximum - each.minimum < LONGEST_CHOICE:
        choices = tuple((str(number), str(number)) for number in range(each.minimum, each.maximum + 1))
    elif each.kind == "integer":
        control = "number"
        hint = message("page-whole-number").what(language, minimum=each.minimum, maximum=each.maximum)
    elif each.kind == "date" and fault is None:
        control = "date"  # shows nothing for what is no date, so a faulty value stays a text
    if choices:
        control, hint = "select", ""
        if not each.required and not each.default:
            choices = (("", message("page-any").what(language)), *choices)
        if value and value not in dict(choices):
            choices = (*choices, (value, _country(value, language) if each.kind == "country" else value))
    return Field(each.name, each.label(language), value, each.required, control, hint, choices, fault)


def _languages(language: Language) -> tuple[Choice, ...]:
    tags = (name.partition("-")[2] for name in catalogue() if name.startswith("language-"))
    named = ((tag, message(f"language-{tag}").what(language)) for tag in tags)
    return tuple(sorted(named, key=lambda choice: sorting_key(choice[1])))


def _code(value: str) -> str:
    found = countries().get(value.strip().upper())
    by_iri = {country.iri: country.alpha2 for country in countries().values()}
    return found.alpha2 if found else by_iri.get(value.strip(), value)


def _country(value: str, language: Language) -> str:
    found = countries().get(_code(value))
    return country_name(found, language) if found else value
