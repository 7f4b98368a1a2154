"""Two translators at work at once (row 11): in two languages nobody notices the other, in one the second gets both texts."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from cms import desk, segments, versions
from tests import conftest
from tests.cms import factories

pytestmark = pytest.mark.django_db
INTERLEAVINGS = 200


@dataclass
class Desk:
    """What one person has on the screen: what was stored when they last looked, and what they typed since."""

    article: Any
    language: str
    by: Any
    seen: dict[str, str] = field(default_factory=dict)
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    overwritten: int = 0

    def stored(self) -> dict[str, str]:
        return factories.fresh(self.article).texts_in(self.language)

    def open(self) -> None:
        self.seen = self.stored()

    def save_passage(self, key: str, text: str, *, keep_mine: bool) -> None:
        before = self.stored().get(key, "")
        try:
            started = {key: versions.digest(self.seen.get(key, ""))}
            desk.save_segments(self.article, self.language, {key: text}, started_from=started, by=self.by)
        except desk.TextMoved as moved:
            self.choose(key, text, self.shown(moved.theirs, before={key: before})[key], keep_mine=keep_mine)
        else:
            self.overwritten += before not in (self.seen.get(key, ""), text)
            self.seen[key] = text

    def shown(self, theirs: dict[str, str], *, before: dict[str, str]) -> dict[str, str]:
        """The other text, which must be what is stored, and still as it was before this save was tried."""
        self.overwritten += sum(theirs.get(key, "") != text or self.stored().get(key, "") != text for key, text in before.items())
        return theirs

    def choose(self, key: str, mine: str, theirs: str, *, keep_mine: bool) -> None:
        self.conflicts.append((mine, theirs))
        self.seen[key] = theirs
        if keep_mine:
            self.save_passage(key, mine, keep_mine=True)

    def save_form(self, key: str, text: str, *, keep_mine: bool) -> None:
        """The whole form, as it is posted without a script."""
        before = self.stored()
        try:
            desk.save(self.article, self.language, {**self.seen, key: text}, started_from=segments.text_digest(self.seen), by=self.by)
        except desk.TextMoved as moved:
            self.seen = self.shown(moved.theirs, before=before)
            self.conflicts.append((text, moved.theirs.get(key, "")))
            if keep_mine:
                self.save_form(key, text, keep_mine=True)
        else:
            self.overwritten += sum(before.get(name) != self.seen.get(name) for name in before if name != key or before[name] != text)
            self.seen = self.stored()


def day(desk_of: Desk, keys: list[str], chance: random.Random, words: str) -> Iterator[Callable[[], None]]:
    """What one person does, in order: opens the desk, and saves some passages in one way or the other."""
    yield desk_of.open
    for number in range(3):
        key, keep = chance.choice(keys), chance.random() < 0.5
        text = factories.in_language({key: desk_of.article.texts_in("en")[key]}, desk_of.language, f"{words} {number}")[key]
        save = chance.choice([desk_of.save_passage, desk_of.save_form])
        yield lambda save=save, key=key, text=text, keep=keep: save(key, text, keep_mine=keep)


def interleaved(first: list[Callable[[], None]], second: list[Callable[[], None]], chance: random.Random) -> None:
    order = [first] * len(first) + [second] * len(second)
    chance.shuffle(order)
    iterators = {id(first): iter(first), id(second): iter(second)}
    for whose in order:
        next(iterators[id(whose)])()


@pytest.mark.figure(11)
def test_in_two_languages_nobody_loses_anything_and_in_one_the_second_gets_both_texts(figure: Callable[..., None]) -> None:
    tariq, tina = factories.translator(), factories.second_translator()
    article = factories.translate(factories.go_live(factories.article(factories.shelf(targets=()), body=factories.full_body())), "fr")
    keys = list(article.texts_in("en"))[:4]
    tries = max(conftest.examples(INTERLEAVINGS), 10)
    lost = met = 0
    for seed in range(tries):
        chance = random.Random(seed)  # noqa: S311 - an order, no secret
        for languages in (("fr", "ru"), ("fr", "fr")):
            desks = [Desk(article, language, by) for language, by in zip(languages, (tariq, tina), strict=True)]
            days = [list(day(one, keys, chance, f"{seed} {one.by.username}")) for one in desks]
            interleaved(*days, chance)
            conflicts = sum(len(one.conflicts) for one in desks)
            lost += sum(one.overwritten for one in desks)
            if languages[0] != languages[1]:
                lost += conflicts + sum(one.stored() != one.seen for one in desks)
            else:
                met += conflicts
                assert all(mine and theirs is not None for one in desks for mine, theirs in one.conflicts)
    assert met > tries / 4
    figure(row=11, name=f"texts lost in {tries} interleavings of two languages, and {tries} of one", value=lost, limit=0)
