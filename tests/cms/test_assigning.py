"""Assignments: who may give what to whom, what the server refuses and why, when it ends, and what is recorded of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from cms import assigning, glance, people, roles
from cms.assigning import NotAssignable, Work
from cms.models import Article, Assignment, Profile
from cms.views import home
from tests.cms import factories

pytestmark = pytest.mark.django_db


def holding(user: Any, *tags: str) -> Any:
    Profile.objects.filter(user=user).update(languages=list(tags))
    return user.__class__.objects.get(pk=user.pk)


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def give(article: Article, tag: str = "fr", *, by: Any = None, **work: Any) -> Assignment:
    [made] = assigning.assign([(article, tag)], Work(**work), by=by or factories.editor())
    return made


def refused(article: Article, tag: str = "fr", **work: Any) -> dict[str, str]:
    with pytest.raises(NotAssignable) as found:
        give(article, tag, **work)
    assert not Assignment.objects.exists()
    return found.value.errors


def open_of(article: Article, tag: str = "fr") -> Assignment | None:
    return Assignment.objects.of(article.public_id, tag)


@pytest.fixture
def shelf() -> factories.Shelf:
    return factories.shelf(targets=("es", "ar", "fr"))


@pytest.fixture
def article(shelf: factories.Shelf) -> Article:
    """Live in English, Spanish and Arabic."""
    made = factories.article(shelf)
    factories.go_live(made)
    for tag in factories.TARGETS:
        factories.translated(made, tag)
    return factories.fresh(made)


@pytest.fixture
def tina() -> Any:
    return holding(factories.second_translator(), "es", "fr")


def test_a_language_is_given_to_a_person_and_it_is_logged_with_its_language(article: Article, tina: Any) -> None:
    made = give(article, to=tina, due_on=tomorrow(), note="  For the helpline. ")

    assert open_of(article) == made
    assert (made.person, made.due_on, made.note, made.by_name) == (tina, tomorrow(), "For the helpline.", "edith")
    entry = PageLogEntry.objects.get(action="mainstay.assign")
    assert (entry.user, entry.data["language"], entry.data["to"]) == (factories.editor(), "fr", "tina")
    assert entry.message.startswith("Assigned the translation (fr): tina, until ")


def test_given_anew_it_ends_the_one_before_and_given_the_same_it_changes_nothing(article: Article, tina: Any) -> None:
    first = give(article, to=tina)
    assert assigning.assign([(article, "fr")], Work(to=tina), by=factories.editor()) == []

    second = give(article, to=assigning.TEAM, by=factories.safety_lead())

    first.refresh_from_db()
    assert (first.ended_as, first.ended_by_name) == ("given-anew", "sven")
    assert open_of(article) == second


def test_the_database_keeps_one_open_assignment_a_text(article: Article, tina: Any) -> None:
    made = give(article, to=tina)
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


def test_taken_back_it_is_nobodys(article: Article, tina: Any) -> None:
    give(article, to=tina)

    assert assigning.take_back(article, "fr", by=factories.editor())
    assert not assigning.take_back(article, "fr", by=factories.editor())

    assert open_of(article) is None
    assert PageLogEntry.objects.get(action="mainstay.take_back").message == "Took the assignment back (fr): tina"


def test_it_ends_by_itself_when_the_translation_of_the_newest_source_is_approved(article: Article, tina: Any) -> None:
    made = give(article, to=tina)

    factories.translate(article, "fr", by=tina)
    assert open_of(article) == made
    factories.approve_target(article, "fr")

    made.refresh_from_db()
    assert (made.ended_as, made.ended_by_name) == ("approved", "rosa")
    assert assigning.assign([(article, "fr")], Work(to=tina), by=factories.editor()) == []


def test_a_first_check_of_two_does_not_end_it(shelf: factories.Shelf, tina: Any) -> None:
    article = factories.go_live(factories.article(shelf, "risky", risk=Article.Risk.HIGH))
    made = give(article, to=tina)
    factories.translate(article, "fr", by=tina)

    assert not factories.approve_target(article, "fr").is_complete
    assert open_of(article) == made
    assert factories.approve_target(article, "fr", by=factories.second_reviewer(), check="clinical").is_complete
    assert open_of(article) is None


def test_what_is_translated_is_left_out_and_a_change_of_the_source_makes_it_assignable(article: Article, tina: Any) -> None:
    assert assigning.assign([(article, "es")], Work(to=tina), by=factories.editor()) == []

    factories.edit(article, body=factories.small_body("<p>It lasts for 5 to 9 days.</p>"))
    factories.go_live(article, severity="substantive")

    assert give(article, "es", to=tina).language == "es"


def test_each_refusal_is_in_words_at_its_field(article: Article, tina: Any) -> None:
    left = factories.user("lena", roles.TRANSLATOR)
    left.is_active = False
    left.save()

    assert refused(article, "ar", to=tina) == {"to": "tina does not work in العربية."}
    assert refused(article, to=factories.editor()) == {"to": "edith is no translator."}
    assert refused(article, to=left) == {"to": "lena cannot log in any more."}
    assert refused(article, to=tina, due_on=timezone.localdate() - timedelta(days=1)) == {"due_on": "This day is past."}
    assert refused(article, "xx", to=tina) == {"language": "Nothing is translated into xx."}
    assert refused(article, "en", to=tina) == {"language": "Nothing is translated into en."}
    assert refused(article, to=tina, note="x" * 501) == {"note": "At most 500 characters."}
    Profile.objects.update(languages=[])
    assert refused(article, to=assigning.TEAM) == {"to": "Nobody translates into Français yet."}


def test_only_editors_safety_leads_and_administrators_give_anything(article: Article, tina: Any) -> None:
    for person in (factories.editor(), factories.safety_lead(), factories.user("adam", roles.ADMINISTRATOR)):
        give(article, to=tina, by=person, note=str(person))
    for person in (tina, factories.reviewer(), factories.user("petra", roles.PARTNER_MANAGER)):
        with pytest.raises(PermissionDenied):
            give(article, to=tina, by=person, note="mine")
        with pytest.raises(PermissionDenied):
            assigning.take_back(article, "fr", by=person)


# -- the screens -----------------------------------------------------------------------------------------------------


@pytest.fixture
def as_(client: Client) -> Callable[[Any], Client]:
    def logged_in(user: Any) -> Client:
        client.force_login(user)
        return client

    return logged_in


def address(article: Article, tag: str = "fr") -> str:
    return reverse("mainstay:assign", args=["article", article.public_id, tag])


def said(to: Any = "team", **more: Any) -> dict[str, Any]:
    return {"to": to, "due_on": "", "note": "", **more}


def test_the_form_offers_the_team_and_those_who_hold_the_language(as_: Any, article: Article, tina: Any) -> None:
    holding(factories.translator(), "ar")
    form = as_(factories.editor()).get(address(article)).context["form"]

    assert [label for _value, label in form.fields["to"].choices] == [
        "Choose…",
        "Everybody who translates into Français (2 people)",
        "rosa",
        "tina",
    ]


def test_an_editor_assigns_on_the_screen_and_takes_back(as_: Any, article: Article, tina: Any) -> None:
    client = as_(factories.editor())
    answer = client.post(address(article), said(tina.pk, due_on=tomorrow().isoformat()), follow=True)
    assert "Assigned to tina." in answer.content.decode()
    assert "Assigned to tina ·" in answer.content.decode()

    client.post(address(article), {"take_back": "1"})
    assert open_of(article) is None


def test_crafted_answers_are_refused_by_field(as_: Any, article: Article, tina: Any) -> None:
    client = as_(factories.editor())
    past = (timezone.localdate() - timedelta(days=1)).isoformat()
    for posted, errors in (
        (said(factories.editor().pk), {"to": ["edith is no translator."]}),
        (said(10**18), {"to": ["There is no such person."]}),
        (said("x' OR 1=1"), {"to": ["There is no such person."]}),
        (said(""), {"to": ["This field is required."]}),
        (said(tina.pk, due_on=past), {"due_on": ["This day is past."]}),
        (said(tina.pk, due_on="soon"), {"due_on": ["Enter a valid date."]}),
        (said(tina.pk, note="x" * 501), {"note": ["Ensure this value has at most 500 characters (it has 501)."]}),
    ):
        answer = client.post(address(article), posted)
        assert (answer.status_code, answer.context["form"].errors) == (200, errors)
    for tag in ("xx", "en"):
        assert client.post(address(article, tag), said(tina.pk)).status_code == 404
    assert not Assignment.objects.exists()


def test_who_may_not_assign_is_not_let_in(as_: Any, article: Article, tina: Any) -> None:
    give(article, to=tina)
    bulk = reverse("wagtail_bulk_action", args=["cms", "article", "assign"]) + f"?id={article.pk}"
    for person in (tina, factories.reviewer(), factories.user("petra", roles.PARTNER_MANAGER)):
        client = as_(person)
        for answer in (
            client.post(address(article), {"take_back": "1"}),
            client.post(bulk, {**said(), "languages": ["fr"]}),
        ):
            assert answer.status_code in (302, 403)
    assert open_of(article).person == tina


def test_the_desk_says_to_whom_it_is_given_until_when_and_by_whom(as_: Any, article: Article, tina: Any) -> None:
    give(article, to=tina, due_on=tomorrow(), note="For the helpline.")
    desk = reverse("mainstay:translate", args=["article", article.public_id, "fr"])

    seen = as_(tina).get(desk).content.decode()
    assert "Assigned to tina" in seen
    assert "by edith on" in seen
    assert "For the helpline." in seen
    assert address(article) not in seen
    assert address(article) in as_(factories.safety_lead()).get(desk).content.decode()


def test_several_articles_and_languages_are_given_at_once_and_what_is_done_is_left_out(
    as_: Any, article: Article, shelf: factories.Shelf, tina: Any
) -> None:
    other = factories.go_live(factories.article(shelf, "other"))
    bulk = reverse("wagtail_bulk_action", args=["cms", "article", "assign"]) + f"?id={article.pk}&id={other.pk}"
    client = as_(factories.editor())

    refused = client.post(bulk, {**said(tina.pk), "languages": ["es", "fr", "vi", "ru"]})
    assert refused.context["form"].errors == {"to": ["tina does not work in Tiếng Việt and Русский."]}
    refused = client.post(bulk, {**said(tina.pk), "languages": ["xx"]})
    assert list(refused.context["form"].errors) == ["languages"]

    done = client.post(bulk, {**said(tina.pk, due_on=tomorrow().isoformat()), "languages": ["es", "fr"]}, follow=True)

    assert "3 translations were assigned. 1 was left out" in done.content.decode()
    given = {(row.subject_id, row.language) for row in Assignment.objects.open()}
    assert given == {(article.public_id, "fr"), (other.public_id, "es"), (other.public_id, "fr")}


def test_a_whole_collection_is_given_from_the_explorer(as_: Any, article: Article, shelf: factories.Shelf, tina: Any) -> None:
    factories.article(shelf, "draft-of-tomorrow")
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "assign"]) + f"?id={shelf.collection.pk}"

    as_(factories.editor()).post(bulk, {**said(), "languages": ["fr"]})

    assert Assignment.objects.open().filter(language="fr", person=None).count() == 2


def test_all_that_the_filters_choose_is_given_and_nothing_else(as_: Any, article: Article, shelf: factories.Shelf, tina: Any) -> None:
    factories.go_live(factories.article(shelf, "other"))
    bulk = reverse("wagtail_bulk_action", args=["cms", "article", "assign"]) + "?id=all&language=es&state=none"

    form = as_(factories.editor()).get(bulk).context["form"]
    as_(factories.editor()).post(bulk, {**said(tina.pk), "languages": ["es", "fr"]})

    assert form.initial["languages"] == ["es"]
    assert {row.subject_id for row in Assignment.objects.open()} == {Article.objects.get(slug="other").public_id}


# -- the first screen ------------------------------------------------------------------------------------------------


def assigned(user: Any) -> list[tuple[str, str]]:
    found = {section.name: section for section in home.sections(user, glance.of_library())}["assigned"]
    return [(item.name, item.language.tag) for item in found.items]


def test_what_is_given_to_somebody_and_their_teams_stands_by_its_day(article: Article, shelf: factories.Shelf, tina: Any) -> None:
    second, third = (factories.go_live(factories.article(shelf, slug)) for slug in ("second", "third"))
    tariq = holding(factories.translator(), "fr")
    give(article, to=tina, due_on=tomorrow() + timedelta(days=9))
    give(second, to=assigning.TEAM, due_on=tomorrow())
    give(third, to=tina)
    give(third, "es", to=tina, due_on=tomorrow() + timedelta(days=3))

    assert assigned(tina) == [("Second", "fr"), ("Third", "es"), (article.title, "fr"), ("Third", "fr")]
    assert assigned(tariq) == [("Second", "fr")]
    sections = {section.name: section for section in home.sections(tina, glance.of_library())}
    assert sections["assigned"].items[2].why.startswith("Assigned to tina by edith on ")
    assert (article.title, "fr") not in [(item.name, item.language.tag) for item in sections["to-translate"].items]


def test_what_is_given_to_another_stands_last_and_says_to_whom(article: Article, shelf: factories.Shelf, tina: Any) -> None:
    factories.go_live(factories.article(shelf, "second"))
    tariq = holding(factories.translator(), "fr")
    give(article, to=tina)

    found = {section.name: section for section in home.sections(tariq, glance.of_library())}["to-translate"].items

    articles = [item for item in found if item.url.startswith("/admin/mainstay/article/")]
    assert [item.name for item in articles] == ["Second", article.title]
    assert "Assigned to tina by edith" in articles[-1].why


def test_a_deleted_account_leaves_its_work_to_the_team(article: Article, tina: Any) -> None:
    give(article, to=tina)
    tina.delete()

    assert assigned(holding(factories.translator(), "fr")) == [(article.title, "fr")]


# -- mail ------------------------------------------------------------------------------------------------------------


def test_whoever_has_to_do_it_gets_one_mail_for_all_of_it(
    article: Article, shelf: factories.Shelf, tina: Any, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    other = factories.go_live(factories.article(shelf, "other"))
    tariq = holding(factories.translator(), "fr")
    with django_capture_on_commit_callbacks(execute=True):
        assigning.assign(
            [(article, "fr"), (other, "fr"), (other, "es")],
            Work(to=tina, due_on=tomorrow(), note="For the helpline."),
            by=factories.editor(),
        )
    [message] = mailoutbox
    assert (message.to, message.subject) == (["tina@example.org"], "3 translations assigned to you")
    for part in ("edith assigned to you:", "Other, Français", "Other, Español", "Due on", "For the helpline."):
        assert part in message.body

    mailoutbox.clear()
    Profile.objects.filter(user=tina).update(muted=["assigned"])
    with django_capture_on_commit_callbacks(execute=True):
        give(article, to=assigning.TEAM)
    reviewer = factories.reviewer()  # translates by her role, too
    assert [message.to for message in mailoutbox] == [[reviewer.email], [tariq.email]]


# -- the matrix ------------------------------------------------------------------------------------------------------


def test_the_matrix_shows_and_filters_by_assignment_age_and_words(as_: Any, article: Article, shelf: factories.Shelf, tina: Any) -> None:
    factories.go_live(factories.article(shelf, "other"))
    give(article, to=tina, due_on=tomorrow())
    client, report = as_(factories.editor()), reverse("mainstay:coverage")

    def titles(**asked: Any) -> list[str]:
        return [line.title for line in client.get(report, asked).context["object_list"]]

    [place] = [
        place
        for line in client.get(report).context["object_list"]
        for place in line.places
        if (line.title, place.tag) == (article.title, "fr")
    ]
    assert (place.assigned_to, place.load.passages > 0, place.load.words > 0, place.cell.days) == ("tina", True, True, 0)
    assert titles(assigned="somebody") == titles(assigned=str(tina.pk)) == [article.title]
    assert titles(assigned="late") == titles(age="7") == titles(words="1000") == []
    assert titles(language="es", words="1") == ["Other"]
    assert titles(age="' OR 1", words="x", state="?") == []


def test_the_spreadsheet_carries_age_words_and_assignment(as_: Any, article: Article, tina: Any) -> None:
    give(article, to=tina, due_on=tomorrow())
    text = b"".join(as_(factories.editor()).get(reverse("mainstay:coverage"), {"export": "csv"}).streaming_content).decode()
    heading, line = text.splitlines()

    found = dict(zip(heading.split(","), line.split(","), strict=True))
    assert (found["fr"], found["fr: assigned to"], found["fr: due"]) == ("Missing", "tina", tomorrow().isoformat())
    assert int(found["fr: words to do"]) > 0
    assert (found["es"], found["es: words to do"], found["es: since"]) == ("Current", "0", timezone.localdate().isoformat())


def test_the_report_with_all_it_shows_takes_ten_queries(article: Article, tina: Any) -> None:
    from cms.views.coverage_report import Report

    give(article, to=tina)
    with CaptureQueriesContext(connection) as captured:
        report = Report.of_library(may_work=True)
        report.count_words(report.lines)
    assert len(captured) <= 10


def test_the_candidates_are_read_in_one_query(tina: Any) -> None:
    factories.translator()
    with CaptureQueriesContext(connection) as captured:
        assert tina in people.translators()
    assert len(captured) == 1
