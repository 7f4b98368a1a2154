"""People in Wagtail's user screens: the languages that they hold, their qualification, and who may change whom."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from cms import languages, people, roles
from cms.models import Profile
from tests.cms import factories

pytestmark = pytest.mark.django_db
LIST, ADD = "wagtailusers_users:index", "wagtailusers_users:add"


def edit_url(user: Any) -> str:
    return reverse("wagtailusers_users:edit", args=[user.pk])


def account(user: Any, **more: Any) -> dict[str, Any]:
    """What the form of an account sends."""
    return {
        "username": user.username,
        "email": "x@example.org",
        "first_name": "Tariq",
        "last_name": "Aziz",
        "is_active": "on",
        "groups": [group.pk for group in user.groups.all()],
        **more,
    }


@pytest.fixture
def administrator() -> Any:
    """No superuser, only of the role."""
    return factories.user("adam", roles.ADMINISTRATOR)


def test_an_administrator_gives_a_person_languages_and_a_qualification(client: Client, administrator: Any) -> None:
    translator = factories.translator()
    client.force_login(administrator)

    page = client.get(edit_url(translator)).content.decode()
    answer = client.post(edit_url(translator), account(translator, languages=["ar", "es"], qualification=" Sworn translator "))

    assert "العربية" in page
    assert "Français" in page
    assert answer.status_code == 302
    assert Profile.objects.get(user=translator).languages == ["es", "ar"]
    assert people.held(translator) == {"es", "ar"}
    assert people.qualification(get_user_model().objects.get(pk=translator.pk)) == "Sworn translator"


def test_the_form_shows_what_is_held_and_an_account_without_a_profile_gets_one(client: Client, administrator: Any) -> None:
    newcomer = get_user_model().objects.create(username="nina", password="!")
    client.force_login(administrator)

    assert people.held(newcomer) == frozenset()
    client.post(edit_url(newcomer), account(newcomer, languages=["vi"]))
    form = client.get(edit_url(newcomer)).context["form"]

    assert form["languages"].value() == ["vi"]


def test_a_new_account_has_its_languages_at_once(client: Client, administrator: Any) -> None:
    client.force_login(administrator)
    person = get_user_model()(username="nina")
    sent = {
        "username": "nina",
        "email": "n@example.org",
        "first_name": "N",
        "last_name": "N",
        "password1": "long-and-odd-7431",
        "password2": "long-and-odd-7431",
        "groups": [Group.objects.get(name=roles.TRANSLATOR).pk],
        "languages": ["ru"],
        "qualification": "",
    }

    assert client.post(reverse(ADD), sent).status_code == 302
    assert people.held(get_user_model().objects.get(username=person.username)) == {"ru"}


@pytest.mark.parametrize("tag", ["de", "EN", "", "en; drop"])
def test_a_language_that_the_library_has_not_is_refused(client: Client, administrator: Any, tag: str) -> None:
    translator = factories.translator()
    client.force_login(administrator)

    client.post(edit_url(translator), account(translator, languages=[tag]))

    assert people.held(translator) == set(languages.TAGS)


def test_the_list_of_people_says_what_each_holds_in_a_constant_number_of_queries(
    client: Client, administrator: Any, django_assert_max_num_queries: Any
) -> None:
    factories.translator()
    for number in range(10):
        someone = factories.user(f"person-{number}", roles.TRANSLATOR)
        Profile.objects.filter(user=someone).update(languages=["ar"], qualification="Sworn translator")
    client.force_login(administrator)

    with django_assert_max_num_queries(25):
        page = client.get(reverse(LIST)).content.decode()

    assert "Sworn translator" in page
    assert "العربية" in page
    assert "All languages" in page
    assert roles.TRANSLATOR in page


def test_an_administrator_makes_no_superuser_and_takes_over_none(client: Client, administrator: Any) -> None:
    superuser, translator = factories.administrator(), factories.translator()
    before = superuser.password
    client.force_login(administrator)

    client.post(edit_url(translator), account(translator, is_superuser="on"))
    taken = account(superuser, password1="long-and-odd-7431", password2="long-and-odd-7431")
    client.post(edit_url(superuser), taken)

    assert not get_user_model().objects.get(pk=translator.pk).is_superuser
    assert get_user_model().objects.get(pk=superuser.pk).password == before


def test_an_administrator_switches_no_superuser_off_in_bulk(client: Client, administrator: Any) -> None:
    superuser, translator = factories.administrator(), factories.translator()
    client.force_login(administrator)
    url = reverse("wagtail_bulk_action", args=["auth", "user", "set_active_state"])

    client.post(f"{url}?id={superuser.pk}&id={translator.pk}", {"mark_as_active": "False"})
    assert get_user_model().objects.get(pk=superuser.pk).is_active

    client.post(f"{url}?id={translator.pk}", {"mark_as_active": "False"})
    assert not get_user_model().objects.get(pk=translator.pk).is_active


@pytest.mark.parametrize("role", [role for role in roles.ROLES if role != roles.ADMINISTRATOR])
def test_nobody_else_gives_themselves_a_language(client: Client, role: str) -> None:
    person = factories.user("pat", role)
    Profile.objects.filter(user=person).update(languages=[])
    client.force_login(person)

    client.post(edit_url(person), account(person, languages=["ar"]))
    client.post(reverse("wagtailadmin_account"), {"languages": ["ar"], "profile-languages": ["ar"]})

    assert people.held(person) == frozenset()


def test_a_superuser_holds_no_language_by_being_one() -> None:
    root = get_user_model().objects.create(username="root", is_superuser=True)

    with pytest.raises(people.LanguageNotHeld):
        people.require(root, "ar")


@pytest.mark.parametrize("tag", languages.TAGS)
def test_everybody_chooses_the_language_of_their_admin_among_the_eight(client: Client, tag: str) -> None:
    """Wagtail has no Vietnamese, so it must not be Wagtail's list that is offered."""
    person = factories.user("pat", roles.TRANSLATOR)
    client.force_login(person)
    form = client.get(reverse("wagtailadmin_account")).content.decode()
    sent = {
        "name_email-first_name": "Pat",
        "name_email-last_name": "Pat",
        "name_email-email": "p@example.org",
        "locale-preferred_language": languages.code(tag),
        "locale-current_time_zone": "UTC",
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
    }

    answer = client.post(reverse("wagtailadmin_account"), sent)
    home = client.get(reverse("wagtailadmin_home")).content.decode()

    assert f'<option value="{languages.code(tag)}"' in form
    assert answer.status_code == 302
    assert f'<html lang="{languages.code(tag)}" dir="{languages.get(tag).direction}"' in " ".join(home[:400].split())
