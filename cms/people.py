"""Who may work in which language: the languages that a person's profile holds. Superusers are not exempt.

A loader signs with an unsaved user: it is no person, and works in every language.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from cms import languages
from cms.models import Profile


class LanguageNotHeld(PermissionError):
    """The person does not hold the language that they tried to work in."""

    def __init__(self, language: str) -> None:
        super().__init__(languages.own_name(language))
        self.language = language


def held(user: Any) -> frozenset[str]:
    """The tags of the languages that somebody holds; none without a profile."""
    if user is None or user.pk is None:
        return frozenset(languages.TAGS)
    profile = Profile.objects.filter(user_id=user.pk).first()
    return frozenset(profile.languages) & frozenset(languages.TAGS) if profile else frozenset()


def able(permission: str) -> Any:
    """Those who log in and may do this by their role, with what is known of them; a superuser without a role is none of them."""
    backend = "django.contrib.auth.backends.ModelBackend"
    found = get_user_model().objects.with_perm(f"cms.{permission}", is_active=True, include_superusers=False, backend=backend)
    people = get_user_model().objects.filter(pk__in=found.values("pk"))
    return people.select_related("profile", "wagtail_userprofile").order_by("first_name", "last_name", "username")


def translators() -> dict[Any, frozenset[str]]:
    """Whoever translates by their role, by name, and into which languages. Who holds none is left out."""
    found = {user: frozenset(languages.TARGETS) & known(user) for user in able("translate")}
    return {user: tags for user, tags in found.items() if tags}


def known(user: Any) -> frozenset[str]:
    """The tags of the languages that somebody holds whose profile was read with them: no query."""
    profile = getattr(user, "profile", None)
    return frozenset(profile.languages) if profile else frozenset()


def name(user: Any) -> str:
    """How a person is called."""
    return str(user.get_full_name() or user.get_username())


def languages_in_words(user: Any) -> str:
    """The languages that somebody holds, by their own names; all of them has a word of its own."""
    profile = getattr(user, "profile", None)
    tags = [tag for tag in languages.TAGS if profile and tag in profile.languages]
    return str(_("All languages")) if len(tags) == len(languages.TAGS) else ", ".join(languages.own_name(tag) for tag in tags)


def qualification(user: Any) -> str:
    """What a person is qualified in, as their profile says; "" where nothing is claimed."""
    profile = getattr(user, "profile", None)
    return profile.qualification if profile else ""


def require(user: Any, language: str) -> None:
    """Raise LanguageNotHeld unless the person holds the language."""
    if language not in held(user):
        raise LanguageNotHeld(language)
