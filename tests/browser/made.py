"""Articles made inside the service for one journey, by the functions that editors' and reviewers' actions call.

`in_service("from tests.browser import made; made.short_article()")`; what the journey itself is about goes through the browser.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cms import comments, desk, launching, partners, reference, reports, sign_off, submitting
from cms.models import Approval, Article, ArticleAdvice, Collection, Notice, SafetyAdvice, Term
from tests.cms import factories
from tests.cms.factories import Shelf

SHORT, LONG = "keeping-naloxone-at-home", "day-by-day"
#: What the short article says, passage by passage, and how it is said in two more languages, so that the checks find nothing.
ENGLISH = (
    "Keeping naloxone at home",
    "Where to keep it, and who should know about it.",
    "Where to keep it",
    "<p>Keep it where everybody can find it.</p>",
    "<p>Call for help first.</p>",
)
IN_OTHER_WORDS: Mapping[str, tuple[str, ...]] = {
    "ar": (
        "الاحتفاظ بالنالوكسون في البيت",
        "أين تحفظه، ومن ينبغي أن يعرف به.",
        "أين تحفظه",
        "<p>احفظه حيث يستطيع الجميع العثور عليه.</p>",
        "<p>اتصل طلبًا للمساعدة أولًا.</p>",
    ),
    "fr": (
        "Garder de la naloxone à la maison",
        "Où la garder, et qui doit le savoir.",
        "Où la garder",
        "<p>Gardez-la là où tout le monde peut la trouver.</p>",
        "<p>Appelez d’abord à l’aide.</p>",
    ),
}
#: Without these no editor can publish an article about withdrawal.
ADVICE = ("overdose", "tolerance", "alcohol-and-sedatives")
#: Paragraphs of the long article: with its headline, its summary and two headings they are sixty passages.
DAYS = 56


def short_article(*targets: str, risk: str = Article.Risk.HIGH, slug: str = SHORT, **given: Any) -> Article:
    """Five passages, live in English, and in `targets` with all the checks that its risk asks for; `given` goes with these."""
    title, summary, heading, text, warning = ENGLISH
    body = [
        factories.section(
            "where", factories.block("where.text", "paragraph", text), factories.block("where.first", "warning", warning), heading=heading
        )
    ]
    article = _live(factories.article(_shelf(), slug, headline=title, body=body, risk=risk), summary)
    for tag in targets:
        source, _digest = desk.source(article)
        factories.translate(article, tag, texts=dict(zip(source, IN_OTHER_WORDS[tag], strict=True)))
        _check(article, tag, **given)
    return factories.fresh(article)


def long_article() -> None:
    """Sixty passages, live in English and in Arabic."""
    article = _live(factories.article(_shelf(), LONG, headline="Day by day", body=_days()), "What to do on each day.")
    source, _digest = desk.source(article)
    plain = iter(("يومًا بيوم", "ماذا تفعل في كل يوم.", *("أيام",) * 2))
    days = iter(range(1, DAYS + 1))
    factories.translate(
        article,
        "ar",
        texts={
            key: f"<p>في اليوم {next(days)}، استرح واشرب الماء.</p>" if text.startswith("<p>") else next(plain)
            for key, text in source.items()
        },
    )
    _check(article, "ar")


def change_two_days() -> None:
    """An editor changes two passages of the long article, and somebody signs it off."""
    article = Article.objects.get(slug=LONG)
    factories.edit(article, body=_days(changed=(7, 30)))
    factories.approve_source(article)
    factories.publish(article, severity=Article.Severity.SUBSTANTIVE, note="Water alone is not enough.")


def take_back_notice(tag: str) -> None:
    """The notice for a safety change of the source loses its approval in one language."""
    notice = Notice.objects.get(purpose=Notice.Purpose.SOURCE_CHANGED)
    for approval in Approval.objects.filter(subject_id=notice.public_id, language=tag, revoked_at=None):
        sign_off.revoke(notice, approval, by=factories.safety_lead(), reason="A wrong word.")


def busy_house() -> None:
    """Something on each screen: approved alone, submitted, asked, reported; in a launch, and approved for another."""
    article = short_article("ar", "fr")
    for tag in ("ar", "fr"):
        factories.translate(article, tag, texts={**factories.fresh(article).texts_in(tag), "headline": f"{IN_OTHER_WORDS[tag][0]} !"})
    factories.approve_target(article, "ar", by=factories.safety_lead(), alone_because="A contaminated supply tonight.")
    article = factories.fresh(article)
    submitting.submit(article, "fr", by=factories.translator(), shown=reference.shown_digest(article, "fr"), note="Only the headline.")
    question = comments.say(article, comments.SOURCE, "headline", "In which room?", by=factories.translator())
    comments.reply(article, question, "In any.", by=factories.editor())
    comments.say(article, "ar", "summary", "«يعرف» أم «يعلم»؟", by=factories.translator())
    factories.edit(article, translator_note="Home is wherever somebody lives.")
    short_article("ar", "fr", slug="for-later", at_once=False)
    launching.make("Spring", launching.waiting()[:1], by=factories.editor(), due_at=timezone.now() + timedelta(days=9))
    _report(article)


def _report(article: Article) -> None:
    partner = partners.Partner.objects.create(name="Helpline North")
    key = partners.issue(
        partner,
        by=factories.administrator(),
        environment=partners.Environment.TEST,
        scopes=[partners.Scope.READ],
        label="",
        requests_per_minute=None,
        expires_at=timezone.now() + timedelta(days=12),
    ).key
    named = {"subject_id": article.public_id, "language": "ar", "version": 1, "title": IN_OTHER_WORDS["ar"][0]}
    said = {"what": "The second sentence.", "severity": reports.Harm.SAFETY, "reported_at": timezone.now()}
    reports.Report.objects.create(partner=partner, key=key, **named, **said)


def _days(changed: Iterable[int] = ()) -> list[dict[str, Any]]:
    def text(day: int) -> str:
        return f"<p>On day {day}, rest{', eat a little' if day in changed else ''} and drink water.</p>"

    half = DAYS // 2
    blocks = [factories.block(f"day.{day}", "paragraph", text(day)) for day in range(1, DAYS + 1)]
    return [factories.section(name, *part, heading="Days") for name, part in (("one", blocks[:half]), ("two", blocks[half:]))]


def _shelf() -> Shelf:
    """A shelf of the loaded library."""
    collection = Collection.objects.get(slug="withdrawal")
    purpose = Notice.Purpose
    return Shelf(
        collection=collection,
        topic=collection.topic,
        term=Term.objects.get(vocabulary=Term.Vocabulary.MEDICINE, code="naloxone"),
        advice=SafetyAdvice.objects.get(code=ADVICE[0]),
        sample=Notice.objects.get(purpose=purpose.SAMPLE),
        outdated=Notice.objects.get(purpose=purpose.OUTDATED),
        source_changed=Notice.objects.get(purpose=purpose.SOURCE_CHANGED),
    )


def _live(article: Article, summary: str) -> Article:
    advice = [ArticleAdvice(advice=SafetyAdvice.objects.get(code=code), sort_order=order) for order, code in enumerate(ADVICE)]
    factories.edit(article, summary_en=summary, advice=advice)
    return factories.go_live(article)


def _check(article: Article, tag: str, **given: Any) -> None:
    """The first check, and where the risk asks for one the second, by somebody else."""
    first = factories.approve_target(article, tag, check=Approval.Check.LANGUAGE, **given)
    if not first.is_complete:
        factories.approve_target(article, tag, by=factories.second_reviewer(), check=Approval.Check.CLINICAL, **given)
