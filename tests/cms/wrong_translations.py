"""The sample library as pairs of texts, and wrong translations made of it: one fault each, of a kind that hurts.

The faults are made by this module's own tables, not by those of the checks: what the checks do not know shows as missed.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cms import languages, quality, sample_library
from cms.quality import Term, Words


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A text of the library and its translation, by segment key."""

    name: str
    language: str
    source: dict[str, str]
    target: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One segment, its source, and a translation with one fault."""

    kind: str
    pair: str
    language: str
    key: str
    source: str
    correct: str
    target: str


def articles() -> Iterator[Pair]:
    """The article files through the loader's own readers; blocks are keyed by the names in the files."""
    for path in sorted(sample_library.FILES.glob("articles/*/en.yaml")):
        source = sample_library._read(path)
        texts = {field: source[field] for field in ("headline", "summary", "meta_title", "meta_description")}
        sections: dict[str, dict[str, Any]] = {}
        for section in source["sections"]:
            blocks = {block["id"]: block.get("paragraph") or block.get("warning") or block.get("steps") for block in section["blocks"]}
            sections[section["id"]] = {"heading": section["heading"]} | {key: text for key, text in blocks.items() if text}
        texts |= sample_library._keyed(sections)
        for tag in languages.TARGETS:
            translation = path.with_name(f"{tag}.yaml")
            if translation.exists():
                target = sample_library._target_texts(sample_library._read(translation))
                yield Pair(name=path.parent.name, language=tag, source=texts, target=target)


def snippets() -> Iterator[Pair]:
    """Advice, notices, contacts and vocabulary."""
    for file, fields in (("advice", ("heading", "text")), ("notices", ("text",)), ("contacts", ("name",))):
        for row in sample_library._read(sample_library.FILES / f"{file}.yaml"):
            yield from _by_language(f"{file}:{row['code']}", row, fields)
    for rows in sample_library._read(sample_library.FILES / "vocabulary.yaml").values():
        for row in rows:
            yield from _by_language(f"term:{row['code']}", row, ("label", "description"))


def _by_language(name: str, row: dict[str, Any], fields: tuple[str, ...]) -> Iterator[Pair]:
    for tag in languages.TARGETS:
        source = {field: row[field][languages.SOURCE] for field in fields if row.get(field)}
        yield Pair(name=name, language=tag, source=source, target={field: row[field][tag] for field in source})


def words(tag: str) -> Words:
    """The vocabulary as the file has it."""
    terms = []
    for vocabulary, rows in sample_library._read(sample_library.FILES / "vocabulary.yaml").items():
        for row in rows:
            lists = {
                f"{side}_{name}": tuple(row.get(name, {}).get(language, ()))
                for name in ("preferred", "forbidden")
                for side, language in (("source", languages.SOURCE), ("target", tag))
            }
            labels = {"source_label": row["label"][languages.SOURCE], "target_label": row["label"][tag]}
            terms.append(Term(code=row["code"], vocabulary=vocabulary, **labels, **lists))
    return Words(language=tag, terms=tuple(terms))


# -- faults ----------------------------------------------------------------------------------------------------------

#: Number words as the translations write them, and what a slip makes of them.
NUMBERS = {
    "es": {"Dos": "Tres", "dos": "tres", "segundo": "quinto", "doce": "diez", "una semana": "dos semanas", "un día": "cuatro días"},
    "fr": {
        "Deux": "Trois",
        "deux": "trois",
        "deuxième": "cinquième",
        "douze": "dix",
        "une semaine": "deux semaines",
        "un jour": "quatre jours",
    },
    "pt-BR": {"Dois": "Três", "dois": "três", "segundo": "quinto", "uma semana": "duas semanas", "um dia": "quatro dias"},
    "ar": {"دواءان": "ثلاثة أدوية", "الثاني": "الخامس", "نوعان": "ثلاثة أنواع", "الاثنتي عشرة": "العشر", "أسبوع تقريبًا": "أسبوعين تقريبًا"},
    "ru": {"два": "три", "второй": "пятый", "за неделю": "за две недели"},
    "vi": {"Hai": "Ba", "thứ hai": "thứ sáu", "một tuần": "hai tuần", "một ngày": "bốn ngày"},
    "zh-Hans": {"两种": "三种", "第二": "第五", "一周": "两周", "一天": "四天"},
}
UNITS = {
    "es": {"días": "semanas", "semanas": "días", "meses": "días", "años": "meses", "día": "mes", "minutos": "horas", "semana": "hora"},
    "fr": {
        "jours": "semaines",
        "semaines": "jours",
        "mois": "jours",
        "années": "semaines",
        "jour": "mois",
        "minutes": "heures",
        "semaine": "heure",
    },
    "pt-BR": {"dias": "semanas", "semanas": "dias", "meses": "dias", "anos": "meses", "dia": "mês", "minutos": "horas", "semana": "hora"},
    "ar": {"أيام": "أسابيع", "الأيام": "الأسابيع", "أسابيع": "أيام", "أشهر": "أيام", "سنوات": "أشهر", "دقائق": "ساعات", "أسبوع": "شهر"},
    "ru": {
        "дней": "недель",
        "дни": "недели",
        "неделями": "днями",
        "месяцы": "дни",
        "годы": "месяцы",
        "минут": "часов",
        "неделю": "час",
        "день": "год",
    },
    "vi": {"ngày": "tuần", "tuần": "ngày", "tháng": "ngày", "năm": "tháng", "phút": "giờ"},
    "zh-Hans": {"天": "周", "周": "天", "数月": "数天", "数年": "数月", "分钟": "小时"},
}
MEDICINES = {
    "es": [("naloxona", "naltrexona"), ("metadona", "buprenorfina")],
    "fr": [("naloxone", "naltrexone"), ("méthadone", "buprénorphine")],
    "pt-BR": [("naloxona", "naltrexona"), ("metadona", "buprenorfina")],
    "ar": [("نالوكسون", "نالتريكسون"), ("ميثادون", "بوبرينورفين")],
    "ru": [("налоксон", "налтрексон"), ("метадон", "бупренорфин")],
    "vi": [("naloxone", "naltrexone"), ("methadone", "buprenorphine")],
    "zh-Hans": [("纳洛酮", "纳曲酮"), ("美沙酮", "丁丙诺啡")],
}
#: A negation and what is left when it is dropped; French loses both its halves.
NEGATIONS = {
    "es": [(r"\b[Nn]o (?=\w)", ""), (r"\bsin\b", "con"), (r"\b[Nn]unca ", ""), (r"\bNinguna?\b", "Cada")],
    "fr": [(r"\b([Nn]e |[Nn]’)((?:\w|[’-])+ (?:(?:\w|[’-])+ ){0,1}?)(?:pas|jamais|plus) ", r"\2"), (r"\bsans\b", "avec")],
    "pt-BR": [(r"\b[Nn]ão ", ""), (r"\bsem\b", "com"), (r"\b[Nn]unca ", "")],
    "ar": [(r"(?<!\w)([وف]?)(?:لا|لم|لن) ", r"\1"), (r"\bمن دون\b", "مع"), (r"\b([وف]?)ليست? ", r"\1هو ")],
    "ru": [(r"\b[Нн]е ", ""), (r"\bбез\b", "с"), (r"\b[Нн]икогда не ", "")],
    "vi": [(r"\b(?:[Kk]hông|[Đđ]ừng|[Cc]hưa) ", "")],
    "zh-Hans": [(r"不要|切勿|不得", "要"), (r"不(?=[能会是需应该建议])", ""), (r"没有", "有")],
}
#: Sentences that the articles do not have, put into the source and the translation alike: a quantity, and a number to call.
QUANTITIES = {
    "en": "The pack holds 12 tablets of 50 mg, enough for 5 to 7 days.",
    "es": "El envase contiene 12 comprimidos de 50 mg, suficiente para 5 a 7 días.",
    "fr": "La boîte contient 12 comprimés de 50 mg, assez pour 5 à 7 jours.",
    "pt-BR": "A embalagem contém 12 comprimidos de 50 mg, suficiente para 5 a 7 dias.",
    "ar": "تحتوي العبوة على ١٢ قرصًا من ٥٠ ملغ، وهي تكفي من ٥ إلى ٧ أيام.",
    "ru": "В упаковке 12 таблеток по 50 мг, этого хватает на 5–7 дней.",
    "vi": "Hộp thuốc có 12 viên 50 mg, đủ dùng từ 5 đến 7 ngày.",
    "zh-Hans": "每盒12片，每片50毫克，够用5至7天。",
}
_SLIPS = {"12": "21", "50": "5", "5": "3", "7": "17", "١٢": "٢١", "٥٠": "٥", "٧": "٩"}
_OTHER_UNITS = {"mg": "g", "ملغ": "مل", "мг": "г", "毫克": "克"}
CALLS = {
    "en": "Call {}.", "es": "Llame al {}.", "fr": "Appelez le {}.", "pt-BR": "Ligue para {}.", "ar": "اتصل بالرقم {}.", "ru": "Звоните {}.",
    "vi": "Hãy gọi {}.", "zh-Hans": "请拨打{}。",
}  # fmt: skip


def _slip(choice: random.Random, text: str, faults: dict[str, str]) -> str | None:
    """The text with one word of the table changed once; None when it has none of them."""
    found = [match for word in faults for match in re.finditer(_whole(word), text)]
    if not found:
        return None
    match = choice.choice(found)
    return text[: match.start()] + faults[match.group()] + text[match.end() :]


def _whole(word: str) -> str:
    return word if re.match("[\u4e00-\u9fff]", word) else rf"(?<!\w){re.escape(word)}(?!\w)"


def changed_number(choice: random.Random, source: str, target: str, tag: str) -> tuple[str, str, str] | None:
    if choice.random() < 0.3:
        source, target = _with_sentence(source, QUANTITIES["en"]), _with_sentence(target, QUANTITIES[tag])
        number = choice.choice(re.findall(r"\d+", QUANTITIES[tag]))
        return source, target, re.sub(rf"(?<!\d){number}(?!\d)", _SLIPS.get(number, "9"), target, count=1)
    wrong = _slip(choice, target, NUMBERS[tag])
    return (source, target, wrong) if wrong else None


def changed_unit(choice: random.Random, source: str, target: str, tag: str) -> tuple[str, str, str] | None:
    if choice.random() < 0.2:
        source, target = _with_sentence(source, QUANTITIES["en"]), _with_sentence(target, QUANTITIES[tag])
        unit = next(unit for unit in _OTHER_UNITS if unit in QUANTITIES[tag])
        return source, target, target.replace(unit, _OTHER_UNITS[unit], 1)
    wrong = _slip(choice, target, UNITS[tag])
    return (source, target, wrong) if wrong else None


def changed_phone(choice: random.Random, source: str, target: str, tag: str) -> tuple[str, str, str] | None:
    """The articles name no number, so a contact's is put into both texts; then one digit slips, or two change places."""
    rows = sample_library._read(sample_library.FILES / "contacts.yaml")
    number = choice.choice(rows)["display"]
    digits = [index for index, character in enumerate(number) if character.isdigit()]
    index = choice.choice(digits)
    wrong = f"{number[:index]}{(int(number[index]) + choice.randint(1, 9)) % 10}{number[index + 1 :]}"
    correct = _with_sentence(target, CALLS[tag].format(number))
    return _with_sentence(source, CALLS["en"].format(number)), correct, _with_sentence(target, CALLS[tag].format(wrong))


def changed_link(choice: random.Random, source: str, target: str, tag: str) -> tuple[str, str, str] | None:
    if "<a " not in target:
        return None
    kinds: list[Callable[[str], str]] = [
        lambda text: re.sub(r'="([^"]+)"', '="another-article"', text, count=1),
        lambda text: re.sub(r"<a [^>]*>(.*?)</a>", r"\1", text, count=1),
    ]
    return source, target, choice.choice(kinds)(target)


def dropped_negation(choice: random.Random, source: str, target: str, tag: str) -> tuple[str, str, str] | None:
    found = [(match, left) for pattern, left in NEGATIONS[tag] for match in re.finditer(pattern, target)]
    if not found or not re.search(r"\b(?:not|never|no|without|cannot)\b", source):
        return None
    match, left = choice.choice(found)
    return source, target, target[: match.start()] + match.expand(left) + target[match.end() :]


def swapped_medicine(choice: random.Random, source: str, target: str, tag: str) -> tuple[str, str, str] | None:
    found = []
    for one, other in MEDICINES[tag]:
        for here, there in ((one, other), (other, one)):
            found += [(match, there) for match in re.finditer(here, target, re.IGNORECASE)]
    if not found:
        return None
    match, name = choice.choice(found)
    return source, target, target[: match.start()] + name + target[match.end() :]


KINDS: dict[str, Callable[[random.Random, str, str, str], tuple[str, str, str] | None]] = {
    "number": changed_number,
    "unit": changed_unit,
    "phone": changed_phone,
    "link": changed_link,
    "negation": dropped_negation,
    "medicine": swapped_medicine,
}


def _with_sentence(text: str, sentence: str) -> str:
    return re.sub(r"</p>$", f" {sentence}</p>", text) if text.endswith("</p>") else f"{text} {sentence}"


def wrong_translations(count: int, *, seed: int) -> list[Wrong]:
    """As many of each kind and language as go, from all over the articles; the same ones for a seed."""
    choice = random.Random(seed)  # noqa: S311 - a repeatable sample, no secret
    segments = [(pair, key) for pair in articles() for key in pair.source]
    by_language = {tag: [entry for entry in segments if entry[0].language == tag] for tag in languages.TARGETS}
    found: list[Wrong] = []
    while len(found) < count:
        kind = list(KINDS)[len(found) % len(KINDS)]
        tag = languages.TARGETS[len(found) // len(KINDS) % len(languages.TARGETS)]
        for pair, key in choice.sample(by_language[tag], len(by_language[tag])):
            made = KINDS[kind](choice, pair.source[key], pair.target[key], tag)
            if made and made[1] != made[2]:
                names = {"kind": kind, "pair": pair.name, "language": tag, "key": key}
                found.append(Wrong(**names, source=made[0], correct=made[1], target=made[2]))
                break
        else:
            raise LookupError(f"No segment in {tag} can have the fault {kind}.")
    return found


def caught(wrong: Wrong) -> bool:
    """Whether the checks find something in the wrong translation."""
    found = quality.findings({"text": wrong.source}, {"text": wrong.target}, language=wrong.language, words=words(wrong.language))
    return bool(found)
