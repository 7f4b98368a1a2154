"""Random operations on a small library, all by the functions that editors' screens call. What is refused counts too."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from cms import closing, desk, notices, sign_off
from cms.models import Approval, Article, Notice, NoticePosting
from tests.cms import factories

LANGUAGES = ("en", *factories.TARGETS)
SEVERITIES = ("", "minor", "substantive", "safety")
REFUSALS = (sign_off.NotApprovable, closing.NotClosable, closing.NotBackYet, desk.TextMoved)


class RandomEdits:
    """A shelf with three articles, a contact and a danger notice, and people who work on them in no order."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.shelf = factories.shelf()
        self.danger = factories.notice("danger", targets=factories.TARGETS)
        self.articles = [factories.article(self.shelf, f"article-{n}", sample=n == 0) for n in range(3)]
        self.subjects: Sequence[Any] = [
            *self.articles,
            self.shelf.topic,
            self.shelf.term,
            self.shelf.advice,
            factories.contact(targets=("es",)),
        ]

    def run(self, count: int) -> None:
        operations: list[Callable[[], Any]] = [
            self.edit, self.edit, self.publish, self.publish, self.approve_source, self.translate, self.approve_target, self.approve_target,
            self.pause, self.retire, self.recall, self.bring_back, self.revoke, self.post, self.lift, self.change_snippet, self.unpublish,
            self.rename,
        ]  # fmt: skip
        for _ in range(count):
            operation = self.random.choice(operations)
            try:
                operation()
                self.done[operation.__name__] += 1
            except REFUSALS:
                self.refused[operation.__name__] += 1

    # -- pages ---------------------------------------------------------------------------------------------------------

    def edit(self) -> None:
        factories.edit(self._article(), summary_en=self._words(), headline_en=self._words())

    def publish(self) -> None:
        article = self._article()
        self._go_live(article) if self.random.random() < 0.5 else factories.publish(article, **self._severity())

    def unpublish(self) -> None:
        article = self._article()
        if article.live:
            article.unpublish(user=factories.editor())

    def rename(self) -> None:
        collection = factories.fresh(self.shelf.collection)
        collection.slug = f"withdrawal-{self.random.randrange(100)}"
        collection.save_revision(user=factories.editor()).publish(user=factories.editor())

    def _go_live(self, article: Article) -> None:
        factories.go_live(article, **self._severity())

    def _severity(self) -> dict[str, str]:
        return {"severity": self.random.choice(SEVERITIES), "harm": self.random.choice(["yes", "no"])}

    # -- approvals -----------------------------------------------------------------------------------------------------

    def approve_source(self) -> None:
        factories.approve_source(self._subject())

    def translate(self) -> None:
        factories.translate(self._subject(), self._target(), words=self._words())

    def approve_target(self) -> None:
        factories.translated(self._subject(), self._target(), words=self._words())

    def revoke(self) -> None:
        approval = self.random.choice(list(Approval.objects.filter(revoked_at__isnull=True).order_by("pk")))
        subject = next((row for row in self.subjects if row.public_id == approval.subject_id), None)
        if subject:
            sign_off.revoke(factories.fresh(subject), approval, by=factories.safety_lead(), reason="A mistake.")

    def change_snippet(self) -> None:
        term = factories.fresh(self.random.choice([self.shelf.term, self.shelf.topic]))
        term.label_en = self._words()
        term.save()
        factories.approve_source(term)

    # -- closures and notices ------------------------------------------------------------------------------------------

    def pause(self) -> None:
        closing.pause(self._article(), self._language(), by=factories.safety_lead(), reason="Look at it.")

    def retire(self) -> None:
        closing.retire(self._article(), self._language(), by=factories.safety_lead(), reason="Old.")

    def recall(self) -> None:
        closing.recall(self._article(), self._language(), by=factories.safety_lead(), reason="Wrong.")

    def bring_back(self) -> None:
        closing.bring_back(self._article(), self._language(), by=factories.administrator(), reason="Right again.")

    def post(self) -> None:
        scope = self.random.choice(list(NoticePosting.Scope))
        subject_id = {"article": self._article().public_id, "term": self.shelf.term.public_id, "library": notices.LIBRARY}[scope]
        notice = Notice.objects.get(pk=self.danger.pk)
        notices.post(notice, scope=scope, subject_id=subject_id, by=factories.safety_lead())

    def lift(self) -> None:
        posting = NoticePosting.objects.filter(lifted_at__isnull=True).first()
        if posting:
            notices.lift(posting, by=factories.safety_lead())

    # -- choices -------------------------------------------------------------------------------------------------------

    def _article(self) -> Article:
        return factories.fresh(self.random.choice(self.articles))

    def _subject(self) -> Any:
        return factories.fresh(self.random.choice(self.subjects))

    def _language(self) -> str:
        return self.random.choice(LANGUAGES)

    def _target(self) -> str:
        return self.random.choice(factories.TARGETS)

    def _words(self) -> str:
        return self.random.choice(["Rest and water", "Call a doctor", "It lasts a week", "Not alone"])
