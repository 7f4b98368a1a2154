"""Fills a fresh database for the browser's tests: `python -m tests.browser.library <sessions.json>`, with DATABASE_URL set.

The sample library, an account for each role, and a session for each account, so that a test need not log in.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

import django

#: Accounts beside those of the demonstration: a second person for what takes two, and people whose admin speaks Arabic.
MORE = {
    "second-editor": ("Editors", "en"),
    "second-safety-lead": ("Safety leads", "en"),
    "second-clinical-reviewer": ("Clinical reviewers", "en"),
    "arabic-editor": ("Editors", "ar"),
    "arabic-translator": ("Translators", "ar"),
    "arabic-language-reviewer": ("Language reviewers", "ar"),
    "arabic-clinical-reviewer": ("Clinical reviewers", "ar"),
    "arabic-safety-lead": ("Safety leads", "ar"),
    "arabic-partner-manager": ("Partner managers", "ar"),
    "arabic-administrator": ("Administrators", "ar"),
}


def fill(sessions_file: Path) -> None:
    """Migrate, load, and write the session key of each account, by username, to the file."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.auth.models import Group
    from django.core.management import call_command
    from django.db import connection, transaction
    from wagtail.users.models import UserProfile

    from cms import demo, languages, sample_library
    from cms.models import Profile

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        sample_library.load(lambda line: None)
    demo.make_accounts()
    users = get_user_model().objects
    for name, (group, tag) in MORE.items():
        user = users.create(username=name, first_name=name.replace("-", " ").title(), password="!")
        user.groups.add(Group.objects.get(name=group))
        UserProfile.objects.create(user=user, preferred_language=tag)
        Profile.objects.create(user=user, languages=list(languages.TAGS))
    store = import_module(settings.SESSION_ENGINE)
    keys = {}
    for user in users.all():
        session = store.SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys[user.get_username()] = session.session_key
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # everything into the one file, which is then copied
    connection.close()
    sessions_file.write_text(json.dumps(keys))


if __name__ == "__main__":
    django.setup()
    fill(Path(sys.argv[1]))
