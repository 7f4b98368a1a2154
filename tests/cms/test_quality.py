"""The checks of a translation: an example of each in each language, and how they do on the sample library."""

import sys
import time
from collections import Counter
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cms import languages, quality
from cms.quality import Term, Words, lexicon
from tests.cms import wrong_translations

pytestmark = pytest.mark.one_database

NONE = Words(language="es")
BLOCKING = "error"


def found(source: str, target: str, language: str, words: Words | None = None) -> list[tuple[str, str]]:
    findings = quality.findings({"text": source}, {"text": target}, language=language, words=words or Words(language=language))
    return [(finding.check, finding.level) for finding in findings]


def checks(source: str, target: str, language: str, words: Words | None = None) -> set[str]:
    return {check for check, _level in found(source, target, language, words)}


@cache
def words(tag: str) -> Words:
    return wrong_translations.words(tag)


@pytest.fixture(autouse=True)
def links_by_slug(monkeypatch):
    """The files link by slug; no page is in a database here."""
    monkeypatch.setattr("cms.sample_library._with_page_links", str.strip)
    monkeypatch.setattr("cms.sample_library._read", cache(wrong_translations.sample_library._read))


@pytest.fixture
def record(capsys):
    """Show a line whether the test passes or not: these figures are to be read."""

    def show(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n{line}")

    return show


# -- numbers -----------------------------------------------------------------------------------------------------------

FIVE_DAYS = [
    ("es", "Dura 5 días.", "Dura cinco días.", "Dura 6 días.", "Dura 5 semanas."),
    ("fr", "Cela dure 5 jours.", "Cela dure cinq jours.", "Cela dure 6 jours.", "Cela dure 5 semaines."),
    ("pt-BR", "Dura 5 dias.", "Dura cinco dias.", "Dura 6 dias.", "Dura 5 semanas."),
    ("ar", "يستمر ٥ أيام.", "يستمر خمسة أيام.", "يستمر ٦ أيام.", "يستمر ٥ أسابيع."),
    ("ru", "Это длится 5 дней.", "Это длится пять дней.", "Это длится 6 дней.", "Это длится 5 недель."),
    ("vi", "Kéo dài 5 ngày.", "Kéo dài năm ngày.", "Kéo dài 6 ngày.", "Kéo dài 5 tuần."),
    ("zh-Hans", "持续５天。", "持续五天。", "持续六天。", "持续五周。"),
]


@pytest.mark.parametrize(("tag", "digits", "word", "other_number", "other_unit"), FIVE_DAYS)
@pytest.mark.parametrize("source", ["It lasts 5 days.", "It lasts five days."])
def test_digits_and_words_are_one_number(source, tag, digits, word, other_number, other_unit):
    assert found(source, digits, tag) == found(source, word, tag) == []
    assert ("number", BLOCKING) in found(source, other_number, tag)
    assert checks(source, other_unit, tag) & {"unit", "duration"}


@pytest.mark.parametrize(
    ("tag", "right", "wrong"),
    [
        ("es", "Veinticuatro horas", "Veintitrés horas"),
        ("fr", "Vingt-quatre heures", "Vingt-trois heures"),
        ("pt-BR", "Vinte e quatro horas", "Vinte e três horas"),
        ("ar", "أربع وعشرون ساعة", "ثلاث وعشرون ساعة"),
        ("ru", "Двадцать четыре часа", "Двадцать три часа"),
        ("vi", "Hai mươi bốn giờ", "Hai mươi ba giờ"),
        ("zh-Hans", "二十四小时", "二十三小时"),
    ],
)
def test_compound_number_words(tag, right, wrong):
    assert found("24 hours", right, tag) == []
    assert "number" in checks("24 hours", wrong, tag)


@pytest.mark.parametrize("target", ["يومان", "خلال يومين", "٢ يوم", "اثنان من الأيام"])
def test_an_arabic_dual_is_a_number_and_its_unit(target):
    assert found("two days", target, "ar") == []
    assert "number" in checks("three days", target, "ar")


@pytest.mark.parametrize(
    ("tag", "right", "wrong"),
    [
        ("es", "2,5 mg", "2,5 ml"),
        ("fr", "2,5 milligrammes", "2,5 g"),
        ("pt-BR", "2,5 mg", "25 mg"),
        ("ar", "٢٫٥ ملغ", "٢٫٥ مل"),
        ("ru", "2,5 мг", "2,5 мл"),
        ("vi", "2,5 miligam", "2,5 ml"),
        ("zh-Hans", "2.5毫克", "2.5毫升"),
    ],
)
def test_decimals_and_units_of_measure(tag, right, wrong):
    assert found("2.5 mg", right, tag) == []
    assert checks("2.5 mg", wrong, tag) & {"unit", "number"}


@pytest.mark.parametrize(
    ("tag", "target"),
    [
        ("es", "10.000 personas"),
        ("fr", "10 000 personnes"),
        ("pt-BR", "10.000 pessoas"),
        ("ru", "10 000 человек"),
        ("vi", "10.000 người"),
        ("zh-Hans", "10,000人"),
    ],
)
def test_thousands_as_each_language_writes_them(tag, target):
    assert found("10,000 people", target, tag) == []
    assert "number" in checks("11,000 people", target, tag)


@pytest.mark.parametrize(
    ("tag", "right", "wrong"),
    [
        ("es", "de 5 a 7 días", "de 7 a 5 días"),
        ("fr", "entre 5 et 7 jours", "entre 7 et 5 jours"),
        ("pt-BR", "5 a 7 dias", "7 dias, 5"),
        ("ar", "من ٥ إلى ٧ أيام", "٧ أيام أو أكثر، ٥"),
        ("ru", "5–7 дней", "7–5 дней"),
        ("vi", "từ 5 đến 7 ngày", "từ 7 đến 5 ngày"),
        ("zh-Hans", "5至7天", "7至5天"),
    ],
)
def test_ranges_keep_their_ends(tag, right, wrong):
    assert found("5 to 7 days", right, tag) == []
    assert "range" in checks("5 to 7 days", wrong, tag)


@pytest.mark.parametrize(
    ("tag", "right", "wrong"),
    [
        ("es", "Abre a las 20:30", "Abre a las 8:30"),
        ("fr", "Ouvert à 20 h 30", "Ouvert à 20 h 50"),
        ("pt-BR", "Abre às 20h30", "Abre às 19h30"),
        ("ar", "يفتح ٨:٣٠ مساءً", "يفتح ٨:٣٠ صباحًا"),
        ("ru", "Открыто с 20:30", "Открыто с 8:30 утра"),
        ("vi", "Mở cửa lúc 20 giờ 30", "Mở cửa lúc 8 giờ 30"),
        ("zh-Hans", "20点30分开门", "19点30分开门"),
    ],
)
def test_times_of_day(tag, right, wrong):
    assert found("Open at 8:30 pm", right, tag) == []
    assert "time" in checks("Open at 8:30 pm", wrong, tag)


DURATIONS = {
    "es": ("durante semanas o meses", "durante días o meses"),
    "fr": ("des semaines ou des mois", "des jours ou des mois"),
    "pt-BR": ("por semanas ou meses", "por dias ou meses"),
    "ar": ("أسابيع أو أشهرًا", "أيامًا أو أشهرًا"),
    "ru": ("неделями или месяцами", "днями или месяцами"),
    "vi": ("nhiều tuần hoặc nhiều tháng", "nhiều ngày hoặc nhiều tháng"),
    "zh-Hans": ("数周或数月", "数天或数月"),
}


@pytest.mark.parametrize("tag", languages.TARGETS)
def test_durations_without_a_number(tag):
    right, wrong = DURATIONS[tag]
    assert found("for weeks or months", right, tag) == []
    assert ("duration", BLOCKING) in found("for weeks or months", wrong, tag)


@pytest.mark.parametrize("number", ["0300 123 6600", "1-800-662-4357", "+44 20 7946 0018", "116 123", "13 11 14", "024", "988"])
@pytest.mark.parametrize("tag", languages.TARGETS)
def test_phone_numbers_digit_by_digit(tag, number):
    source, target = wrong_translations.CALLS["en"].format(number), wrong_translations.CALLS[tag]
    assert found(source, target.format(number), tag) == []
    wrong = target.format(f"{number[:-1]}{(int(number[-1]) + 1) % 10}")
    assert {level for _check, level in found(source, wrong, tag)} == {BLOCKING}


def test_phone_numbers_may_be_grouped_in_another_way_and_in_arabic_digits():
    assert found("Call 0300 123 6600.", "Appelez le 03 00 12 36 600.", "fr") == []
    assert found("Call 0300 123 6600.", "اتصل بالرقم ٠٣٠٠ ١٢٣ ٦٦٠٠.", "ar") == []


def test_messages_say_what_is_missing():
    findings = quality.findings({"body": "It takes 2 days."}, {"body": "Tarda unos días."}, language="es", words=NONE)
    assert [(finding.key, finding.message) for finding in findings] == [("body", "The source says 2 days; the translation has no 2.")]


# -- form --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "check"),
    [
        ("<p>Lea <b>esto</b>.</p>", "link"),
        ('<p>Lea <b><a linktype="page" id="8">esto</a></b>.</p>', "link"),
        ('<p>Lea <a linktype="page" id="7">esto</a>.</p>', "markup"),
        ('<p>Lea.</p><p><b><a linktype="page" id="7">esto</a></b>.</p>', "markup"),
        ('<p>Lea <b><a linktype="page" id="7">esto</a></b> en www.na.org.</p>', "address"),
    ],
)
def test_links_and_markup(target, check):
    source = '<p>Read <b><a linktype="page" id="7">this</a></b>.</p>'
    assert found(source, '<p>Lea <b><a id="7" linktype="page">esto</a></b>.</p>', "es") == []
    assert (check, BLOCKING) in found(source, target, "es")


def test_lists_keep_their_items():
    source = "<ul><li>water</li><li>rest</li></ul>"
    assert found(source, "<ul><li>agua</li><li>descanso</li></ul>", "es") == []
    assert ("markup", BLOCKING) in found(source, "<ul><li>agua y descanso</li></ul>", "es")


def test_the_words_of_a_line_may_change_places():
    assert found("<p>Read <b>this</b> <i>now</i>.</p>", "<p>Lea <em>ahora</em> <strong>esto</strong>.</p>", "es") == []


@pytest.mark.parametrize("address", ["help@example.org", "https://www.na.org/find?x=1", "na.org"])
@pytest.mark.parametrize("tag", languages.TARGETS)
def test_addresses_letter_by_letter(tag, address):
    target = {"ar": "اكتب إلى {} الآن", "ru": "Пишите на {} сейчас", "zh-Hans": "请写信到{}。"}.get(tag, "Xyz {} abcde")
    assert "address" not in checks(f"Write to {address} now", target.format(address), tag)
    assert ("address", BLOCKING) in found(f"Write to {address} now", target.format(address.replace("o", "0")), tag)


def test_lengths_far_out_of_range_are_a_warning():
    source = "Withdrawal also affects how you feel, sleep and think. These symptoms can be harder to bear than others."
    assert found(source, "La abstinencia afecta.", "es") == [("length", "warning")]
    assert ("length", "warning") in found(source, "La abstinencia afecta también a cómo se siente. " * 6, "es")


@pytest.mark.parametrize("tag", languages.TARGETS)
def test_an_untranslated_copy(tag):
    assert ("copy", BLOCKING) in found("It is common to feel low.", "<p>It is common to feel low.</p>", tag)


@pytest.mark.parametrize("text", ["Narcotics Anonymous", "Heroin", "FRANK", "24/7", "0300 123 6600", "SMART Recovery"])
def test_names_and_numbers_stay_as_they_are(text):
    assert found(text, text, "vi", words("vi")) == []


def test_a_part_in_the_source_language():
    source = "Rest. You may feel much better after a long night of sleep. Drink."
    assert ("copy", "warning") in found(source, "Descanse. You may feel much better after a long night of sleep. Beba.", "es")


@pytest.mark.parametrize(
    ("tag", "right", "wrong"),
    [
        ("es", "El sueño y el ánimo", "El sueño y el áнимо"),
        ("fr", "Le cœur et l’œil", "Le cœur и глаз"),
        ("pt-BR", "O coração e a mão", "O coração 和 a mão"),
        ("vi", "Giấc ngủ và tâm trạng", "Giấc ngủ и tâm trạng"),
        ("ar", "النوم والمزاج", "النوم والمزاج sommeil"),
        ("ru", "Сон и настроение", "Сон и нacтроение"),
        ("ru", "Сон и настроение", "Сон і настрій"),
        ("zh-Hans", "睡眠和情绪", "睡眠和情绪 sommeil"),
        ("zh-Hans", "药物治疗", "藥物治療"),
    ],
)
def test_letters_of_another_script(tag, right, wrong):
    assert found("Sleep and mood", right, tag) == []
    assert ("script", BLOCKING) in found("Sleep and mood", wrong, tag)


@pytest.mark.parametrize(
    ("tag", "text"), [("ar", "مجموعة Narcotics Anonymous"), ("ru", "Группа Narcotics Anonymous"), ("zh-Hans", "Narcotics Anonymous小组")]
)
def test_latin_names_of_the_vocabulary_may_stand_in_any_script(tag, text):
    assert found("The group Narcotics Anonymous", text, tag, words(tag)) == []


# -- vocabulary --------------------------------------------------------------------------------------------------------

GIVE_NALOXONE = [
    ("es", "Dé naloxona.", "Dé naltrexona."),
    ("fr", "Donnez de l’ancienne naloxone.", "Donnez de la naltrexone."),
    ("pt-BR", "Dê naloxona.", "Dê naltrexona."),
    ("ar", "أعطِ النالوكسون.", "أعطِ النالتريكسون."),
    ("ar", "بالنالوكسون", "بالنالتريكسون"),
    ("ar", "ونالوكسون", "ونالتريكسون"),
    ("ar", "للنالوكسون", "للنالتريكسون"),
    ("ru", "Введите налоксон.", "Введите налтрексон."),
    ("ru", "Доза налоксона.", "Доза налтрексона."),
    ("ru", "Помогите налоксоном.", "Помогите налтрексоном."),
    ("vi", "Hãy dùng naloxone.", "Hãy dùng naltrexone."),
    ("zh-Hans", "请使用纳洛酮。", "请使用纳曲酮。"),
]


@pytest.mark.parametrize(("tag", "right", "wrong"), GIVE_NALOXONE)
def test_look_alike_medicines_are_errors_in_every_form(tag, right, wrong):
    assert found("Give naloxone.", right, tag, words(tag)) == []
    assert found("Give naloxone.", wrong, tag, words(tag)).count(("medicine", BLOCKING)) == 2


def test_one_of_several_mentions_exchanged():
    source = "Naloxone helps. Naltrexone does not. Keep naloxone."
    assert found(source, "La naloxona ayuda. La naltrexona no. Guarde naloxona.", "es", words("es")) == []
    assert ("medicine", BLOCKING) in found(source, "La naloxona ayuda. La naltrexona no. Guarde naltrexona.", "es", words("es"))


def test_medicines_in_another_order_are_a_warning():
    source, target = "First methadone, then buprenorphine.", "Primero buprenorfina, luego metadona."
    assert found(source, target, "es", words("es")) == [("medicine", "warning")]


def test_a_later_mention_may_be_a_pronoun():
    assert found("Keep naloxone. Give naloxone.", "Guarde naloxona. Adminístrela.", "es", words("es")) == []


@pytest.mark.parametrize("tag", languages.TARGETS)
def test_organisations_as_the_vocabulary_writes_them(tag):
    assert "organisation" not in checks("SMART Recovery", "SMART Recovery", tag, words(tag))
    assert ("organisation", BLOCKING) in found(
        "SMART Recovery", {"ru": "Группа", "ar": "مجموعة", "zh-Hans": "小组"}.get(tag, "X"), tag, words(tag)
    )


FORBIDDEN = [
    ("es", "Tome su droga."), ("fr", "Prenez votre stupéfiant."), ("pt-BR", "Tome seu entorpecente."), ("ar", "خذ المخدر."),
    ("ru", "Примите свой наркотик."), ("vi", "Hãy uống ma túy."), ("zh-Hans", "请服用毒品。"),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "target"), FORBIDDEN)
def test_forced_and_forbidden_words(tag, target):
    assert set(found("Take your medicine.", target, tag, words(tag))) >= {("forbidden-term", BLOCKING), ("forced-term", "warning")}


def test_a_word_refused_for_a_term_may_be_right_for_another():
    assert "forbidden-term" not in checks("Tell them about drugs.", "Hábleles de drogas.", "es", words("es"))
    assert found("Tell them about it.", "Hábleles de drogas.", "es", words("es")) == [("forbidden-term", "warning")]


def test_terms_of_a_segment():
    terms = quality.in_source("Naloxone is no medicine for withdrawal. Ask SMART Recovery.", words("es"))
    assert [term.code for term in terms if term.vocabulary in ("medicine", "organisation")] == ["naloxone", "smart-recovery"]
    assert {"withdrawal", "medicine"} <= {term.code for term in terms}
    assert not {"recovery"} & {term.code for term in terms}


# -- meaning -----------------------------------------------------------------------------------------------------------

NEGATED = [
    ("es", "No lo deje de golpe. Llame.", "Déjelo de golpe. Llame."),
    ("es", "Nunca lo deje de golpe. Llame.", "Déjelo de golpe. Llame."),
    ("fr", "N’arrêtez pas brusquement. Appelez.", "Arrêtez brusquement. Appelez."),
    ("pt-BR", "Não pare de repente. Ligue.", "Pare de repente. Ligue."),
    ("ar", "لا تتوقف فجأة. اتصل.", "توقف فجأة. اتصل."),
    ("ar", "فلا تتوقفي فجأة. اتصلي.", "توقفي فجأة. اتصلي."),
    ("ru", "Не прекращайте резко. Звоните.", "Прекращайте резко. Звоните."),
    ("vi", "Đừng ngừng đột ngột. Hãy gọi.", "Hãy ngừng đột ngột. Hãy gọi."),
    ("zh-Hans", "请勿突然停用。请拨打电话。", "请突然停用。请拨打电话。"),
]


@pytest.mark.parametrize(("tag", "right", "wrong"), NEGATED)
def test_a_dropped_negation_is_a_warning(tag, right, wrong):
    assert found("Do not stop suddenly. Call.", right, tag) == []
    assert found("Do not stop suddenly. Call.", wrong, tag) == [("negation", "warning")]


CONDITIONS = {
    "es": ("Nunca pare; solo después, salvo si puede.", "No; después, si puede."),
    "fr": ("N’arrêtez jamais ; seulement après, sauf si possible.", "Ne pas, non ; après, si possible."),
    "pt-BR": ("Nunca pare; só depois, a menos que possa.", "Não; depois, não se puder."),
    "ar": ("لا تتوقف أبدًا؛ فقط بعد ذلك، ما لم تستطع.", "لا تأخذ؛ بعد ذلك، لا."),
    "ru": ("Никогда не прекращайте; только после, если не можете.", "Не надо; после, не если."),
    "vi": ("Không bao giờ ngừng; chỉ sau đó, trừ khi có thể.", "Không; sau đó, không thể."),
    "zh-Hans": ("绝不停用；只在之后，除非可以。", "不；在之后，不可以。"),
}


@pytest.mark.parametrize("tag", languages.TARGETS)
def test_words_of_stopping_and_of_conditions(tag):
    source = "Never stop; only after that, unless you can."
    right, wrong = CONDITIONS[tag]
    assert checks(source, right, tag) == set()
    assert {"never", "stop", "only", "unless"} <= checks(source, wrong, tag)


def test_every_language_has_a_whole_lexicon():
    source = lexicon.of(languages.SOURCE)
    for tag in languages.TARGETS:
        lex = lexicon.of(tag)
        assert lex.times.keys() == source.times.keys(), tag
        assert lex.conditions.keys() == source.conditions.keys(), tag
        assert lex.negations.pattern


# -- any text ----------------------------------------------------------------------------------------------------------

ANYTHING = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                '<a href="',
                '">',
                "<",
                ">",
                "&#",
                "99999999999;",
                "5 to 7 ",
                "12:30 pm ",
                "٣٫٥ ",
                "二十",
                "not ",
                "لا ",
                "n’",
                "a@b.c ",
            ]
        ),
        max_size=30,
    ).map("".join),
)


@given(source=ANYTHING, target=ANYTHING, tag=st.sampled_from(languages.TARGETS))
@settings(max_examples=150)
@example(source="1\ud800 day", target="\udfff", tag="es")
@example(source="&#" + "9" * 5000 + ";", target="9" * 5000, tag="zh-Hans")
def test_no_text_raises(source, target, tag):
    vocabulary = Words(language=tag, terms=(Term(code="x", vocabulary="medicine", source_label="(", target_label="[a\\"),))
    assert isinstance(quality.findings({"a": source}, {"a": target}, language=tag, words=vocabulary), list)


@pytest.mark.parametrize(
    "piece", ["a", "1", "1,", "+1-", "<", "<a ", "a@", "a.", "not ", "5 to 7 days ", "naloxone ", "二十", "ne ", "لا ", "&#", "."]
)
def test_time_is_linear_in_the_text(piece):
    """Ten times the text may take twenty times as long, not a hundred."""

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        start = time.process_time()
        quality.findings({"a": text}, {"a": f"{text} "}, language="ar", words=NONE)
        return time.process_time() - start

    seconds(100)
    small = seconds(10_000)
    assert seconds(100_000) < 20 * small + 0.5


# -- the sample library ------------------------------------------------------------------------------------------------

WRONG = 200


def test_wrong_translations_are_caught(record):
    """At least 95 of 100, and what is found is the fault: it is not found in the correct translation."""
    made = wrong_translations.wrong_translations(WRONG, seed=20)
    caught = {wrong: _finds_the_fault(wrong) for wrong in made}
    for kind in wrong_translations.KINDS:
        of_kind = Counter(wrong.language for wrong in made if wrong.kind == kind)
        by_language = Counter(wrong.language for wrong, is_caught in caught.items() if is_caught and wrong.kind == kind)
        record(f"{kind:9}" + "  ".join(f"{tag} {by_language[tag]}/{of_kind[tag]}" for tag in of_kind))
    missed = [(wrong.kind, wrong.language, wrong.pair, wrong.target) for wrong, is_caught in caught.items() if not is_caught]
    assert len(made) == WRONG
    assert len(missed) <= WRONG * 0.05, missed


def test_wrong_translations_are_the_same_for_a_seed():
    assert wrong_translations.wrong_translations(20, seed=3) == wrong_translations.wrong_translations(20, seed=3)


def _finds_the_fault(wrong: wrong_translations.Wrong) -> bool:
    vocabulary = words(wrong.language)
    before = quality.findings({"a": wrong.source}, {"a": wrong.correct}, language=wrong.language, words=vocabulary)
    after = quality.findings({"a": wrong.source}, {"a": wrong.target}, language=wrong.language, words=vocabulary)
    return bool(set(after) - set(before))


@pytest.mark.parametrize("tag", languages.TARGETS)
def test_correct_translations_are_let_be(tag, record):
    """At most 2 of 100 segments with a false error, 5 with a false warning, in each language."""
    segments: int = 0
    faults: list[tuple[str, quality.Finding]] = []
    for pair in (*wrong_translations.articles(), *wrong_translations.snippets()):
        if pair.language == tag:
            segments += len(pair.source)
            faults += [(pair.name, finding) for finding in quality.findings(pair.source, pair.target, language=tag, words=words(tag))]
    flagged = {level: {(name, finding.key) for name, finding in faults if finding.level == level} for level in ("error", "warning")}
    record(f"{tag}: {segments} segments, {len(flagged['error'])} with an error, {len(flagged['warning'])} with a warning")
    for name, finding in faults:
        record(f"   {name} {finding.key[-12:]} {finding.level} {finding.check}: {finding.message}")
    assert len(flagged["error"]) <= segments * 0.02
    assert len(flagged["warning"]) <= segments * 0.05
