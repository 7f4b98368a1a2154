"""Accounts to try the service with: one for each role, all with one printed password, on a loopback host only."""

import ipaddress
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from cms import languages, roles
from cms.models import Profile

PASSWORD = "mainstay"  # noqa: S105 - printed on purpose; `check --deploy` fails while an account has it
#: Reserved for ever (RFC 2606): nobody gets mail there.
MAIL_DOMAIN = "@demo.invalid"


@dataclass(frozen=True, kw_only=True)
class Account:
    """One login; its name says its role. Without a group it is a superuser. Its qualification claims nothing."""

    username: str
    first_name: str
    last_name: str
    group: str = ""
    languages: tuple[str, ...] = languages.TAGS


ACCOUNTS = (
    Account(username="admin", first_name="Demo", last_name="Superuser"),
    Account(username="administrator", first_name="Demo", last_name="Administrator", group=roles.ADMINISTRATOR),
    Account(username="editor", first_name="Demo", last_name="Editor", group=roles.EDITOR),
    Account(username="translator", first_name="First", last_name="Translator", group=roles.TRANSLATOR),
    Account(username="second-translator", first_name="Second", last_name="Translator", group=roles.TRANSLATOR),
    Account(username="language-reviewer", first_name="Language", last_name="Reviewer", group=roles.LANGUAGE_REVIEWER),
    Account(username="clinical-reviewer", first_name="Clinical", last_name="Reviewer", group=roles.CLINICAL_REVIEWER),
    Account(username="safety-lead", first_name="Safety", last_name="Lead", group=roles.SAFETY_LEAD),
    Account(username="partner-manager", first_name="Partner", last_name="Manager", group=roles.PARTNER_MANAGER),
)


def make_accounts() -> None:
    """Make the accounts that are not there; one that somebody changed stays as it is."""
    for account in ACCOUNTS:
        if not get_user_model().objects.filter(username=account.username).exists():
            _make(account)


def found_accounts() -> list[str]:
    """The usernames of demo accounts on this database: by their address, or by a demo name with the printed password."""
    users = get_user_model().objects.order_by("username")
    by_address = set(users.filter(email__endswith=MAIL_DOMAIN).values_list("username", flat=True))
    named = users.filter(username__in=[account.username for account in ACCOUNTS], is_active=True)
    return sorted(by_address | {user.username for user in named if user.check_password(PASSWORD)})


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens there."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@transaction.atomic
def _make(account: Account) -> None:
    user: Any = get_user_model()(
        username=account.username,
        first_name=account.first_name,
        last_name=account.last_name,
        email=account.username + MAIL_DOMAIN,
        is_superuser=not account.group,
        is_staff=not account.group,
    )
    user.set_password(PASSWORD)
    user.save()
    if account.group:
        user.groups.add(Group.objects.get(name=account.group))
    Profile.objects.create(user=user, languages=list(account.languages), qualification="Demo account")
