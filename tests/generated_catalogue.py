"""Makes French catalogues of any size: the XML export V4.1, and the same content as the ten official CSV files.

Seeded: the same arguments give the same bytes. Nothing here is true: numbers start at RNCP900001 and RS900001, names of
bodies say FICTIF. Lengths of texts and numbers of parts follow the real extracts (about 21 kB a fiche).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

FIRST_NUMBER = 900_001


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


VERBS = _words(
    "Analyser|Concevoir|Contrôler|Diagnostiquer|Documenter|Entretenir|Estimer|Installer|Interpréter|Maintenir|Mesurer|"
    "Mettre en service|Modéliser|Organiser|Piloter|Planifier|Préparer|Programmer|Raccorder|Régler|Remplacer|Réparer|"
    "Sécuriser|Superviser|Tester|Transmettre|Vérifier|Évaluer|Équiper|Adapter"
)
OBJECTS = _words(
    "une éolienne terrestre|une centrale photovoltaïque|un réseau électrique intelligent|une armoire de commande|"
    "un transformateur de tension|une pale endommagée|un onduleur de chaîne|un système de supervision|"
    "une liaison hydraulique|un capteur de vibrations|une batterie de stockage|un poste de livraison|"
    "une campagne de mesures|un plan de maintenance prédictive|une équipe d’intervention|un chantier de raccordement|"
    "le dossier des ouvrages exécutés|les données d’exploitation|un multiplicateur de vitesse|la mise à la terre"
)
MEANS = _words(
    "à l’aide des outils numériques adaptés|en respectant les règles de sécurité|à partir d’un cahier des charges|"
    "en s’appuyant sur les relevés de l’exploitant|dans le respect de la norme en vigueur|"
    "avec les méthodes statistiques|"
    "en tenant compte des contraintes du site|selon les procédures de consignation|en coordination avec la R&D|"
    "en intégrant les situations de handicap|par la lecture de schémas|en langue anglaise si nécessaire"
)
ENDS = _words(
    "afin de garantir la continuité de la production|pour réduire les temps d’arrêt|afin de prévenir les risques|"
    "pour répondre aux besoins du client|afin d’assurer la traçabilité des opérations|"
    "en vue de la réception des travaux|"
    "pour limiter l’impact sur l’environnement|afin de préparer la décision de la hiérarchie"
)
FIELDS = {
    "227": "Energie, génie climatique (énergie nucléaire, thermique, hydraulique)",
    "255": "Electricité, électronique",
    "201": "Technologies de commandes des transformations industrielles",
    "326": "Informatique, traitement de l'information",
}
FORMACODES = {"24147": "Énergie éolienne", "24156": "Énergie photovoltaïque", "31624": "Maintenance industrielle"}
OCCUPATIONS = {
    "I1304": "Installation et maintenance d'équipements industriels et d'exploitation",
    "F1106": "Ingénierie et études du BTP",
    "H1102": "Management et ingénierie d'affaires",
    "I1309": "Maintenance électrique",
}
AGREEMENTS = {"3109": "Métallurgie (fictive)", "0833": "Industries électriques (fictive)"}
KINDS = {"BTS": "Brevet de technicien supérieur", "TP": "Titre professionnel", "BUT": "Bachelor universitaire"}
SCOPES = ("HABILITATION_FORMER", "HABILITATION_ORGANISER", "HABILITATION_ORGA_FORM")
ROUTES = {
    "FI": "Après un parcours de formation sous statut d’élève ou d’étudiant",
    "CA": "En contrat d’apprentissage",
    "FC": "Après un parcours de formation continue",
    "CQ": "En contrat de professionnalisation",
    "CL": "Par candidature individuelle",
    "VAE": "Par expérience",
}
STYLES = ("- {}", "C{n}. {}", "{}", "• {}", "A{b}C{n}. {}", "{b}.{n} {}")


@dataclass(frozen=True)
class GeneratedFiche:
    """One fiche: what both formats hold, and (last) what only XML holds."""

    number: str
    identifier: int
    title: str
    kind: str
    level: int
    of_right: bool
    active: bool
    territory: bool
    decision: str
    effect: str
    end: str
    gazette: str
    old: str
    new: str
    fields: tuple[str, ...]
    formacodes: tuple[str, ...]
    occupations: tuple[str, ...]
    agreement: str
    certifiers: tuple[tuple[str, str], ...]
    partners: tuple[tuple[str, str, str], ...]
    routes: tuple[str, ...]
    blocs: tuple[tuple[str, str, str, str], ...]
    texts: dict[str, str]
    correspondences: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]


def sentences(rng: random.Random, count: int) -> list[str]:
    """Competences like the real ones: a verb, its object, means and purpose."""
    choose = rng.choice
    return [
        f"{choose(VERBS)} {choose(OBJECTS)} {choose(MEANS)} et {choose(MEANS)}, {choose(ENDS)}" for _ in range(count)
    ]


def generate(fiches: int, seed: int, catalogue: str = "rncp") -> Iterator[GeneratedFiche]:
    """The fiches of one catalogue, always the same for the same arguments."""
    rng = random.Random(f"{catalogue}-{seed}")
    prefix = catalogue.upper()
    for index in range(fiches):
        yield _fiche(rng, prefix, FIRST_NUMBER + index, index, fiches)


def _day(rng: random.Random, year: int) -> str:
    return f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{year}"


def _fiche(rng: random.Random, prefix: str, digits: int, index: int, fiches: int) -> GeneratedFiche:
    full = prefix == "RNCP"
    number = f"{prefix}{digits}"
    end = rng.randint(2024, 2030)
    of_right = full and rng.random() < 0.4
    blocs = []
    for position in range(1, (rng.choice((0, 2, 3, 4, 4, 5, 6)) if full else 0) + 1):
        style = rng.choice(STYLES)
        items = [
            style.format(text, n=n, b=position) for n, text in enumerate(sentences(rng, rng.randint(3, 11)), start=1)
        ]
        methods = ". ".join(sentences(rng, rng.randint(1, 6)))
        title = rng.choice(sentences(rng, 1)).split(" afin")[0][:120]
        blocs.append((f"{number}BC{position:02}", title, "    ".join(items), methods))
    partners = int(rng.paretovariate(1.1) * 3) % 120 if rng.random() < 0.5 else 0
    correspondences = []
    if blocs and index and rng.random() < 0.15:
        target = f"{prefix}{digits - 1}"
        for code, *_ in blocs[: rng.randint(1, 4)]:
            correspondences.append(((code,), target, (f"{target}BC01",)))
        correspondences.append(((), target, ()))
    return GeneratedFiche(
        number=number,
        identifier=digits,
        title=f"Certification fictive {digits} : {rng.choice(OBJECTS)} (R&D)",
        kind=rng.choice(tuple(KINDS)) if full and rng.random() < 0.6 else "",
        level=rng.randint(3, 8) if full else 0,
        of_right=of_right,
        active=rng.random() < 0.3,
        territory=rng.random() < 0.1,
        decision="" if of_right else _day(rng, end - 5),
        effect=_day(rng, end - 5) if of_right else "",
        end=_day(rng, end),
        gazette=_day(rng, end - 6) if rng.random() < 0.3 else "",
        old=f"{prefix}{digits - 1}" if index and rng.random() < 0.3 else "",
        new=f"{prefix}{digits + 1}" if index + 1 < fiches and rng.random() < 0.3 else "",
        fields=tuple(rng.sample(sorted(FIELDS), rng.randint(1, 3))),
        formacodes=tuple(rng.sample(sorted(FORMACODES), rng.randint(1, 3))),
        occupations=tuple(rng.sample(sorted(OCCUPATIONS), rng.randint(1, 4))) if full else (),
        agreement=rng.choice(sorted(AGREEMENTS)) if rng.random() < 0.05 else "",
        certifiers=tuple(
            (f"99{code:012}" if rng.random() < 0.7 else "", f"ORGANISME FICTIF D'ESSAI {code}")
            for code in rng.sample(range(1, 4000), rng.randint(1, 3))
        ),
        partners=tuple(
            (f"98{code:012}", f"ASSOCIATION DE FORMATION FICTIVE {code}", rng.choice(SCOPES))
            for code in rng.sample(range(1, 30_000), partners)
        ),
        routes=tuple(route for route in ROUTES if rng.random() < 0.6),
        blocs=tuple(blocs),
        texts={
            "CAPACITES_ATTESTEES": "    ".join(f"- {text}" for text in sentences(rng, rng.randint(3, 34))),
            "OBJECTIFS_CONTEXTE": ". ".join(sentences(rng, rng.randint(2, 14))),
            "PREREQUIS_ENTREE_FORMATION": ". ".join(sentences(rng, rng.randint(0, 6))),
            **(
                {
                    "ACTIVITES_VISEES": "    ".join(sentences(rng, rng.randint(2, 36))),
                    "SECTEURS_ACTIVITE": ". ".join(sentences(rng, rng.randint(1, 8))),
                    "TYPE_EMPLOI_ACCESSIBLES": ". ".join(sentences(rng, rng.randint(1, 6))),
                }
                if full
                else {}
            ),
        },
        correspondences=tuple(correspondences),
    )


def write_xml(path: Path, fiches: int, seed: int, catalogue: str = "rncp") -> None:
    """Write the XML export, one fiche in memory at a time."""
    with path.open("w", encoding="utf-8") as file:
        file.write("<?xml version='1.0' encoding='UTF-8'?>\n<FICHES>\n  <VERSION_FLUX>4.1</VERSION_FLUX>\n")
        for fiche in generate(fiches, seed, catalogue):
            file.write(xml_of(fiche))
        file.write("</FICHES>\n")


def _element(tag: str, text: str) -> str:
    return f"    <{tag}>{escape(text)}</{tag}>\n" if text else ""


def _yes(value: bool) -> str:
    return "Oui" if value else "Non"


def _coded(outer: str, inner: str, codes: tuple[str, ...], labels: dict[str, str]) -> str:
    items = "".join(
        f"<{inner}><CODE>{code}</CODE><LIBELLE>{escape(labels[code])}</LIBELLE></{inner}>\n" for code in codes
    )
    return f"    <{outer}>\n{items}    </{outer}>\n" if codes else ""


def xml_of(fiche: GeneratedFiche) -> str:
    """The FICHE element."""
    full = fiche.number.startswith("RNCP")
    parts = ["  <FICHE>\n", _element("ID_FICHE", str(fiche.identifier)), _element("NUMERO_FICHE", fiche.number)]
    for number, outer, inner in (
        (fiche.new, "NOUVELLES_CERTIFICATIONS", "NOUVELLE_CERTIFICATION"),
        (fiche.old, "ANCIENNES_CERTIFICATIONS", "ANCIENNE_CERTIFICATION"),
    ):
        if number:
            parts.append(f"<{outer}><{inner}><ID_FICHE_{inner}>{number}</ID_FICHE_{inner}></{inner}></{outer}>\n")
    parts.append(_element("INTITULE", fiche.title))
    if fiche.kind:
        parts.append(f"<ABREGE><CODE>{fiche.kind}</CODE><LIBELLE>{KINDS[fiche.kind]}</LIBELLE></ABREGE>\n")
    parts.append(_element("ETAT_FICHE", "Publiée"))
    parts.append(_coded("FORMACODES", "FORMACODE", fiche.formacodes, FORMACODES))
    if full:
        parts.append(
            f"<NOMENCLATURE_EUROPE><NIVEAU>NIV{fiche.level}</NIVEAU><LIBELLE>Niveau {fiche.level}</LIBELLE>"
            "</NOMENCLATURE_EUROPE>\n"
        )
    parts.append(_coded("CODES_NSF", "NSF", fiche.fields, FIELDS))
    if fiche.agreement:
        label = AGREEMENTS[fiche.agreement]
        parts.append(f"<CCN_1><NUMERO>{fiche.agreement}</NUMERO><LIBELLE>{label}</LIBELLE></CCN_1>\n")
    parts.append("<CERTIFICATEURS>\n")
    for siret, name in fiche.certifiers:
        parts.append(f"<CERTIFICATEUR>{_element('SIRET_CERTIFICATEUR', siret)}{_element('NOM_CERTIFICATEUR', name)}")
        parts.append(_element("ETAT_CERTIFICATEUR", "Actif") + "</CERTIFICATEUR>\n")
    parts.append("</CERTIFICATEURS>\n")
    if fiche.partners:
        parts.append("<PARTENAIRES>\n")
        for siret, name, scope in fiche.partners:
            parts.append(
                f"      <PARTENAIRE>\n        <NOM_PARTENAIRE>{name}</NOM_PARTENAIRE>\n"
                f"        <SIRET_PARTENAIRE>{siret}</SIRET_PARTENAIRE>\n"
                f"        <HABILITATION_PARTENAIRE>{scope}</HABILITATION_PARTENAIRE>\n"
                "        <ETAT_HABILITATION>Actif</ETAT_HABILITATION>\n"
                "        <DATE_DERNIERE_MODIFICATION_ETAT>01/01/2024</DATE_DERNIERE_MODIFICATION_ETAT>\n"
                "      </PARTENAIRE>\n"
            )
        parts.append("</PARTENAIRES>\n")
    parts += [_element(tag, text) for tag, text in fiche.texts.items()]
    parts.append(_coded("CODES_ROME", "ROME", fiche.occupations, OCCUPATIONS))
    for route in ROUTES:
        composition = _element("COMPOSITION", "Jury fictif composé de deux professionnels et d'un formateur. " * 4)
        parts.append(
            f"<SI_JURY_{route}><ACTIF>{_yes(route in fiche.routes)}</ACTIF>"
            f"{composition if route in fiche.routes else ''}</SI_JURY_{route}>\n"
        )
    parts.append(_element("ACCESSIBLE_NOUVELLE_CALEDONIE", _yes(fiche.territory)))
    parts.append(_element("DATE_DERNIER_JO", fiche.gazette) + _element("DATE_DECISION", fiche.decision))
    parts.append(_element("DATE_FIN_ENREGISTREMENT", fiche.end) + _element("DATE_EFFET", fiche.effect))
    kind = "de droit" if fiche.of_right else "sur demande"
    parts.append(_element("TYPE_ENREGISTREMENT", f"Enregistrement {kind}"))
    parts.append(
        "<STATISTIQUES_PROMOTIONS><STATISTIQUES_PROMOTION><ANNEE>2023</ANNEE><NOMBRE_CERTIFIES>12</NOMBRE_CERTIFIES>"
        "<TAUX_INSERTION_GLOBAL_6MOIS>90</TAUX_INSERTION_GLOBAL_6MOIS></STATISTIQUES_PROMOTION>"
        "</STATISTIQUES_PROMOTIONS>\n"
    )
    if fiche.blocs:
        parts.append("<BLOCS_COMPETENCES>\n")
        for code, title, competences, methods in fiche.blocs:
            parts.append(f"<BLOC_COMPETENCES>\n{_element('CODE', code)}{_element('LIBELLE', title)}")
            parts.append(_element("LISTE_COMPETENCES", competences) + _element("MODALITES_EVALUATION", methods))
            parts.append("</BLOC_COMPETENCES>\n")
        parts.append("</BLOCS_COMPETENCES>\n")
    if fiche.correspondences:
        parts.append("<CORRESPONDANCES>\n")
        for sources, number, targets in fiche.correspondences:
            codes = [f"<BLOC_COMPETENCES><CODE>{code}</CODE></BLOC_COMPETENCES>" for code in sources]
            parts.append(f"<CORRESPONDANCE><SOURCE>{''.join(codes)}</SOURCE><DESTINATION>")
            codes = [f"<BLOC_COMPETENCES><CODE>{code}</CODE></BLOC_COMPETENCES>" for code in targets]
            parts.append(f"<NUMERO_FICHE>{number}</NUMERO_FICHE>{''.join(codes)}</DESTINATION></CORRESPONDANCE>\n")
        parts.append("</CORRESPONDANCES>\n")
    if not full:
        parts.append(_element("VALIDATION_PARTIELLE", "Non"))
    parts.append(_element("ACTIF", _yes(fiche.active)) + "  </FICHE>\n")
    return "".join(parts)


CSV_HEADERS = {
    "Standard": "Id_Fiche Numero_Fiche Intitule Abrege_Libelle Abrege_Intitule Nomenclature_Europe_Niveau "
    "Nomenclature_Europe_Intitule Accessible_Nouvelle_Caledonie Accessible_Polynesie_Francaise Date_dernier_jo "
    "Date_Decision Date_Fin_Enregistrement Date_Effet Type_Enregistrement Validation_Partielle Actif",
    "Ancienne_Nouvelle_Certification": "Numero_Fiche Ancienne_Certification Nouvelle_Certification",
    "Blocs_De_Compétences": "Numero_Fiche Bloc_Competences_Code Bloc_Competences_Libelle",
    "CCN": "Numero_Fiche Ccn_1_Numero Ccn_1_Libelle Ccn_2_Numero Ccn_2_Libelle Ccn_3_Numero Ccn_3_Libelle",
    "Certificateurs": "Numero_Fiche Siret_Certificateur Nom_Certificateur",
    "Formacode": "Numero_Fiche Formacode_Code Formacode_Libelle",
    "Nsf": "Numero_Fiche Nsf_Code Nsf_Intitule",
    "Partenaires": "Numero_Fiche Nom_Partenaire Siret_Partenaire Habilitation_Partenaire",
    "Rome": "Numero_Fiche Codes_Rome_Code Codes_Rome_Libelle",
    "VoixdAccès": "Numero_Fiche Si_Jury",
}


def write_csv(folder: Path, rncp: int, rs: int, seed: int) -> None:
    """Write the ten official CSV files, with all their oddities."""
    with ExitStack() as stack:
        files: dict[str, IO[str]] = {}
        for name, header in CSV_HEADERS.items():
            path = folder / f"export_fiches_CSV_{name}_2026_08_16.csv"
            files[name] = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            _write(files[name], *header.split())
        for catalogue, count in (("rncp", rncp), ("rs", rs)):
            for fiche in generate(count, seed, catalogue):
                _write_fiche(files, fiche)


def _write(file: IO[str], *cells: str) -> None:
    file.write(";".join('"' + cell.replace('"', '""') + '"' if cell else "" for cell in cells) + "\r\n")


def _write_fiche(files: dict[str, IO[str]], fiche: GeneratedFiche) -> None:
    number = fiche.number
    level = (f"NIV{fiche.level}", f"Niveau {fiche.level}") if fiche.level else ("", "")
    _write(
        files["Standard"],
        *(str(fiche.identifier), number, fiche.title, fiche.kind, KINDS.get(fiche.kind, ""), *level),
        *(_yes(fiche.territory), "Non", fiche.gazette, fiche.decision, fiche.end, fiche.effect),
        "Enregistrement de droit" if fiche.of_right else "Enregistrement sur demande",
        *("" if fiche.level else "Non", "ACTIVE" if fiche.active else "INACTIVE"),
    )
    if fiche.old or fiche.new:
        _write(files["Ancienne_Nouvelle_Certification"], number, fiche.old, fiche.new)
    for code, title, *_ in fiche.blocs:
        _write(files["Blocs_De_Compétences"], number, code, title)
    if fiche.agreement:
        _write(files["CCN"], number, fiche.agreement, AGREEMENTS[fiche.agreement], "", "", "", "")
    for siret, name in fiche.certifiers:
        _write(files["Certificateurs"], number, f"\t{siret}" if siret else "", name)
    for code in fiche.formacodes:
        _write(files["Formacode"], number, code, f"{code} : {FORMACODES[code]}")
    for code in fiche.fields:
        _write(files["Nsf"], number, code, f"{code} : {FIELDS[code]}")
    for siret, name, scope in fiche.partners:
        _write(files["Partenaires"], number, name, f"\t{siret}", scope)
    for code in fiche.occupations:
        _write(files["Rome"], number, code, OCCUPATIONS[code].replace("'", "''"))
    for route in fiche.routes:
        _write(files["VoixdAccès"], number, ROUTES[route])
