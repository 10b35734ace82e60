"""Dates of a credential against each other, against the learner's life, and against today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from passerelle.namespaces import expand
from passerelle.validation.credentials.graph import CredentialGraph
from passerelle.validation.credentials.layers.moments import Moment, has_form_of_date, moment
from passerelle.validation.credentials.layers.statements import Statements
from passerelle.validation.credentials.model import Observation

_ISSUED, _ISSUANCE = expand("cred:issued"), expand("cred:issuanceDate")
_EXPIRATION = expand("cred:expirationDate")
_VALID_FROM, _VALID_UNTIL = expand("cred:validFrom"), expand("cred:validUntil")
_SUBJECT = expand("cred:credentialSubject")
_BIRTH = expand("elm:dateOfBirth")
_OB_BIRTH = expand("ob:dateOfBirth")
_CLAIM, _PART = expand("elm:hasClaim"), expand("elm:hasPart")
_AWARDED_BY, _AWARDING_DATE = expand("elm:awardedBy"), expand("elm:awardingDate")
_OB_AWARDED = expand("ob:awardedDate")
_PROVEN_BY, _INFLUENCED_BY = expand("elm:provenBy"), expand("elm:influencedBy")
_TEMPORAL = expand("dcterms:temporal")
_START, _END = expand("elm:startDate"), expand("elm:endDate")
_OB_START, _OB_END = expand("ob:activityStartDate"), expand("ob:activityEndDate")
_GIVEN, _EXPIRY = expand("dcterms:issued"), expand("elm:expiryDate")
_EVIDENCE, _ACCREDITATION = expand("cred:evidence"), expand("elm:accreditation")
_ISSUER = expand("cred:issuer")
_MODIFIED = expand("dcterms:modified")
_DATES = (
    *(_ISSUED, _ISSUANCE, _EXPIRATION, _VALID_FROM, _VALID_UNTIL, _BIRTH, _OB_BIRTH, _AWARDING_DATE, _OB_AWARDED),
    *(_START, _END, _OB_START, _OB_END, _GIVEN, _EXPIRY, _MODIFIED, expand("dcterms:valid")),
    *(expand("elm:reviewDate"), expand("elm:applicationDeadline")),
)
_CLOCKS_APART = 300
"""Seconds that the clocks of issuer and validator may be apart."""
_FIRST_YEAR = 1950
_LONGEST_LIFE = 130


class _Dated(NamedTuple):
    """A date where it stands."""

    node: str
    path: str
    text: str
    moment: Moment


class Dates:
    """The dates of one credential. `now` is the moment to compare with."""

    def __init__(self, graph: CredentialGraph, statements: Statements, now: Moment) -> None:
        self._graph = graph
        self._statements = statements
        self._now = now
        # of this credential only: a date of birth must not outlive the call
        self._moments: dict[str, Moment | None] = {}

    def observe(self, roots: Sequence[str]) -> Iterator[Observation]:
        """Dates that are none, and dates that contradict each other."""
        yield from self._unreadable()
        yield from self._periods()
        yield from self._expiries()
        for root in roots:
            issue = self._first(root, _ISSUED, _ISSUANCE)
            yield from self._validity(root, issue)
            for subject in self._graph.objects(root, _SUBJECT):
                yield from self._learner(subject, issue)
                yield from self._learning(subject, issue)
            if issue is not None:
                yield from self._accreditations(root, issue)

    def _first(self, node: str, *paths: str) -> _Dated | None:
        """The first date that can be read, in the order of the properties."""
        for path in paths:
            for text in self._graph.texts(node, path):
                found = self._moment(text)
                if found is not None:
                    return _Dated(node, path, text, found)
        return None

    def _moment(self, text: str) -> Moment | None:
        if text not in self._moments:
            self._moments[text] = moment(text)
        return self._moments[text]

    def _unreadable(self) -> Iterator[Observation]:
        for node, path, value in self._statements.literals(*_DATES):
            if self._moment(value.value) is None:
                code = "ELM-FIELDS-BAD-DATE" if has_form_of_date(value.value) else "ELM-FIELDS-DATE-FORM"
                yield Observation(code, node, path, value.value)

    def _periods(self) -> Iterator[Observation]:
        for start_path, end_path in ((_START, _END), (_OB_START, _OB_END)):
            for node in self._statements.nodes(end_path):
                start, end = self._first(node, start_path), self._first(node, end_path)
                if start and end and end.moment.is_before(start.moment):
                    yield _between("ELM-FIELDS-END-BEFORE-START", end, start=start.text, end=end.text)

    def _expiries(self) -> Iterator[Observation]:
        """Accreditations and entitlements that end before they were given."""
        for node in self._statements.nodes(_EXPIRY):
            given, expiry = self._first(node, _GIVEN), self._first(node, _EXPIRY)
            if given and expiry and expiry.moment.is_before(given.moment):
                yield _between("ELM-FIELDS-EXPIRY-BEFORE-GIVEN", expiry, expiry=expiry.text, issued=given.text)

    def _validity(self, root: str, issue: _Dated | None) -> Iterator[Observation]:
        expiry = self._first(root, _EXPIRATION)
        start, until = self._first(root, _VALID_FROM), self._first(root, _VALID_UNTIL)
        if issue is not None:
            yield from self._issue(root, issue)
        too_early = []
        if expiry and issue and expiry.moment.is_before(issue.moment):
            told = {"expiry": expiry.text, "issued": issue.text}
            too_early.append(_between("ELM-FIELDS-EXPIRY-BEFORE-ISSUE", expiry, **told))
        elif expiry and start and expiry.moment.is_before(start.moment):
            too_early.append(_between("ELM-FIELDS-EXPIRY-BEFORE-VALID", expiry, expiry=expiry.text, start=start.text))
        same = bool(expiry and until and expiry.moment == until.moment)
        if same and too_early:
            pass  # one date in two properties is one cause
        elif until and start and until.moment.is_before(start.moment):
            too_early.append(_between("ELM-FIELDS-UNTIL-BEFORE-FROM", until, until=until.text, start=start.text))
        elif until and issue and until.moment.is_before(issue.moment):
            too_early.append(_between("ELM-FIELDS-UNTIL-BEFORE-ISSUE", until, until=until.text, issued=issue.text))
        yield from too_early
        if expiry and until and (expiry.moment.is_before(until.moment) or until.moment.is_before(expiry.moment)):
            yield _between("ELM-FIELDS-TWO-EXPIRIES", expiry, expiry=expiry.text, until=until.text)
        if start and self._now.is_before(start.moment):
            yield _between("ELM-FIELDS-NOT-YET-VALID", start, start=start.text)
        ends = [each for each in (expiry, until) if each is not None]
        first = min(ends, key=lambda each: each.moment.seconds, default=None)
        if first is not None and not too_early and first.moment.is_before(self._now):
            yield _between("ELM-FIELDS-EXPIRED", first, expiry=first.text)

    def _issue(self, root: str, issue: _Dated) -> Iterator[Observation]:
        other = self._first(root, _ISSUANCE)
        if other and (other.moment.is_before(issue.moment) or issue.moment.is_before(other.moment)):
            yield _between("ELM-FIELDS-TWO-ISSUE-DATES", other, issued=issue.text, issuance=other.text)
        if self._now._replace(seconds=self._now.seconds + _CLOCKS_APART).is_before(issue.moment):
            yield _between("ELM-FIELDS-ISSUED-IN-FUTURE", issue, issued=issue.text)
        elif issue.moment.year < _FIRST_YEAR:
            yield _between("ELM-FIELDS-ISSUED-TOO-EARLY", issue, issued=issue.text)

    def _learner(self, subject: str, issue: _Dated | None) -> Iterator[Observation]:
        birth = self._first(subject, _BIRTH, _OB_BIRTH)
        if birth is None:
            return
        until = issue.moment if issue else self._now
        if self._now.is_before(birth.moment):
            yield _between("ELM-FIELDS-BIRTH-IN-FUTURE", birth, birth=birth.text)
        elif issue and (birth.moment.seconds == issue.moment.seconds or issue.moment.is_before(birth.moment)):
            yield _between("ELM-FIELDS-BIRTH-AFTER-ISSUE", birth, birth=birth.text, issued=issue.text)
        elif birth.moment.plus_years(_LONGEST_LIFE).is_before(until):
            yield _between("ELM-FIELDS-BIRTH-TOO-EARLY", birth, birth=birth.text)
        for award in self._awards(subject):
            if award.moment.is_before(birth.moment):
                yield _between("ELM-FIELDS-AWARDED-BEFORE-BIRTH", award, awarded=award.text, birth=birth.text)

    def _learning(self, subject: str, issue: _Dated | None) -> Iterator[Observation]:
        if issue is None:
            return
        for award in self._awards(subject):
            if issue.moment.is_before(award.moment):
                yield _between("ELM-FIELDS-AWARDED-AFTER-ISSUE", award, awarded=award.text, issued=issue.text)
        for claim in self._claims(subject):
            for period in self._graph.objects(claim, _TEMPORAL):
                start = self._first(period, _START)
                if start and issue.moment.is_before(start.moment):
                    yield _between("ELM-FIELDS-STARTED-AFTER-ISSUE", start, start=start.text, issued=issue.text)
            given = self._first(claim, _GIVEN)
            if given and issue.moment.is_before(given.moment):
                yield _between("ELM-FIELDS-CLAIM-AFTER-ISSUE", given, given=given.text, issued=issue.text)

    def _claims(self, subject: str) -> list[str]:
        """The claims of a learner, their parts, and the assessments and activities behind them."""
        found: dict[str, None] = {}
        waiting = self._graph.objects(subject, _CLAIM)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found[node] = None
                waiting.extend(self._graph.objects(node, _PART, _PROVEN_BY, _INFLUENCED_BY))
        return list(found)

    def _awards(self, subject: str) -> Iterator[_Dated]:
        """The dates of the awards of a learner's claims, each once."""
        processes = (each for claim in self._claims(subject) for each in self._graph.objects(claim, _AWARDED_BY))
        for process in dict.fromkeys(processes):
            award = self._first(process, _AWARDING_DATE)
            if award is not None:
                yield award

    def _accreditations(self, root: str, issue: _Dated) -> Iterator[Observation]:
        """Accreditations that the credential rests on, and that had ended when it was issued."""
        holders = [root, *self._graph.objects(root, _EVIDENCE), *self._graph.objects(root, _ISSUER)]
        for node in dict.fromkeys(each for holder in holders for each in self._graph.objects(holder, _ACCREDITATION)):
            expiry = self._first(node, _EXPIRY)
            if expiry and expiry.moment.is_before(issue.moment):
                yield _between("ELM-FIELDS-ACCREDITATION-EXPIRED", expiry, expiry=expiry.text, issued=issue.text)


def _between(code: str, where: _Dated, **parameters: str) -> Observation:
    return Observation(code, where.node, where.path, where.text, parameters=parameters)
