"""System checks: that the columns fit the list of languages, and that nothing made for trying it out goes into service."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import DatabaseError
from modeltranslation.translator import translator

from cms import demo, languages
from cms.models import Article, HelpContact, Term

Messages = list[checks.CheckMessage]
_WITH_SAMPLES = (Article, Term, HelpContact)


@checks.register(checks.Tags.models)
def columns_fit_languages(app_configs: Any, **kwargs: Any) -> Messages:
    """Every registered field has a column in each language of `api.languages`, and in no other."""
    return [
        checks.Error(
            f"{model.__name__}.{field} has the columns {', '.join(sorted(found))} instead of {', '.join(sorted(wanted))}.",
            hint="The languages are the list in api/languages.py; no other setting may name them.",
            obj=model,
            id="cms.E001",
        )
        for model, field, found, wanted in _translated_columns()
        if found != wanted
    ]


def _translated_columns() -> Iterator[tuple[Any, str, set[str], set[str]]]:
    for model in translator.get_registered_models(abstract=False):
        if model._meta.app_label == "cms":
            options = translator.get_options_for_model(model)
            concrete = {column.name for column in model._meta.get_fields()}
            for field, columns in options.all_fields.items():
                found = {column.name for column in columns} & concrete
                yield model, field, found, {languages.column(field, tag) for tag in languages.TAGS}


@checks.register(checks.Tags.security, deploy=True)
def no_sample_content(app_configs: Any, **kwargs: Any) -> Messages:
    """The sample library is text that nobody checked."""
    try:
        counts = {model._meta.verbose_name_plural: model._default_manager.filter(sample=True).count() for model in _WITH_SAMPLES}
    except DatabaseError as error:
        return [_not_looked(error, "cms.E010")]
    if not any(counts.values()):
        return []
    found = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    hint = "Delete it, or begin with an empty database."
    return [checks.Error(f"There is sample content, which nobody has checked: {found}.", hint=hint, id="cms.E010")]


@checks.register(checks.Tags.security, deploy=True)
def no_demo_account(app_configs: Any, **kwargs: Any) -> Messages:
    """The password of the demo accounts is public."""
    try:
        found = demo.found_accounts()
    except DatabaseError as error:
        return [_not_looked(error, "cms.E011")]
    if not found:
        return []
    return [checks.Error(f"There are demo accounts, whose password is public: {', '.join(found)}.", hint="Delete them.", id="cms.E011")]


@checks.register(checks.Tags.security, deploy=True)
def base_url_is_public(app_configs: Any, **kwargs: Any) -> Messages:
    """Documents carry absolute addresses for as long as partners keep them."""
    address = urlsplit(settings.BASE_URL)
    if address.scheme == "https" and not demo.is_loopback(address.hostname or ""):
        return []
    hint = "Set it to the https address at which partners reach this service."
    return [checks.Error(f"BASE_URL is {settings.BASE_URL}.", hint=hint, id="cms.E012")]


def _not_looked(error: DatabaseError, code: str) -> checks.CheckMessage:
    """A check that could not look has not passed."""
    return checks.Error(f"The database could not be asked: {error}", hint="Migrate it, and check again.", id=code)
