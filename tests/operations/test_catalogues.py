"""The check of the catalogues finds what is missing, unused, untranslated or fuzzy in one."""

import shutil
from pathlib import Path

import pytest

from tests.operations import catalogues

pytestmark = pytest.mark.one_database

HEADER = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: es\n"
"Plural-Forms: nplurals=2; plural=n != 1;\n"

"""
needs_gettext = pytest.mark.skipif(not shutil.which("msgattrib"), reason="gettext is not installed")


def write(base: Path, *entries: str) -> None:
    file = base / "locale" / "es" / "LC_MESSAGES" / "django.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER + "\n".join(entries))


@needs_gettext
def test_each_kind_of_gap_is_named_with_its_language_and_string(tmp_path: Path) -> None:
    good = 'msgid "Good"\nmsgstr "Bueno"\n'
    write(tmp_path / "old", good, 'msgid "Gone"\nmsgstr "Ido"\n')
    write(tmp_path / "new", good, 'msgid "New"\nmsgstr ""\n', '#, fuzzy\nmsgid "Nearly"\nmsgstr "Casi"\n')

    found = catalogues.compared("es", committed=tmp_path / "old", collected=tmp_path / "new")

    assert found == [
        'es: not collected yet: "Nearly"',
        'es: not collected yet: "New"',
        'es: nobody uses any more: "Gone"',
        'es: not translated: "New"',
        'es: fuzzy: "Nearly"',
    ]


@needs_gettext
def test_a_whole_catalogue_lacks_nothing_and_a_language_without_one_is_told(tmp_path: Path) -> None:
    several = 'msgctxt "verb"\nmsgid "One"\nmsgid_plural ""\n"%(count)d "\n"of them"\nmsgstr[0] "Uno"\nmsgstr[1] "%(count)d"\n'
    write(tmp_path, several, 'msgid ""\n"A long "\n"string"\nmsgstr "Larga"\n')

    assert catalogues.compared("es", committed=tmp_path, collected=tmp_path) == []
    assert catalogues.compared("vi", committed=tmp_path, collected=tmp_path) == ["vi: there is no catalogue."]


@needs_gettext
def test_strings_are_collected_from_code_and_templates(tmp_path: Path) -> None:
    for name in catalogues.SOURCES:
        (tmp_path / name).mkdir()
    shutil.copytree(catalogues.ROOT / "cms", tmp_path / "cms", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "library"))
    shutil.copytree(catalogues.ROOT / "api", tmp_path / "api", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "templates" / "one.html").write_text('{% load i18n %}{% translate "Only in this template" %}')

    catalogues.collect(tmp_path)

    for locale in catalogues.LOCALES:
        text = (tmp_path / "locale" / locale / "LC_MESSAGES" / "django.po").read_text()
        assert 'msgid "Only in this template"' in text
        assert 'msgid "Pause for safety"' in text
