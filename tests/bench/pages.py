"""The same library as Wagtail pages, for Wagtail's own API: copies of a few sample pages, by SQL, with what hangs on them.

A page holds its eight languages in columns, as ours do; each body is two of the sample's, about 2,000 words.
"""

import json
import random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from wagtail.models import Page
from wagtail.search import index

from cms import languages
from cms.models import Article, Collection

_CHILDREN = ("cms_articleterm", "cms_articleadvice", "cms_articlereference", "cms_relatedarticle")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def make(*, pages: int, templates: int) -> None:
    """Copies of `templates` pages of about 2,000 words a language, until there are as many as wanted."""
    samples = list(Article.objects.order_by("pk"))
    collection = Collection.objects.get(slug="withdrawal")
    generator = random.Random(4)
    originals = [_template(number, samples, collection, generator) for number in range(templates)]
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        _copy(cursor, originals, collection, pages - templates)
        cursor.execute("VACUUM ANALYZE wagtailcore_page, cms_article, wagtailsearch_indexentry, " + ", ".join(_CHILDREN))


def _template(number: int, samples: list[Article], collection: Collection, generator: random.Random) -> int:
    base = samples[number % len(samples)]
    page = Article(title=f"{base.title} {number}", slug=f"page-{number}", live=True, sample=True, audience=base.audience)
    page.headline_en, page.summary_en, page.body_en = base.headline_en, base.summary_en, base.body_en
    texts: dict[str, Any] = {}
    for tag in languages.TAGS:
        written = [sample for sample in samples if getattr(sample, languages.column("headline", tag))]
        chosen = generator.sample(written, 2)
        for field in ("headline", "summary", "meta_title", "meta_description"):
            texts[languages.column(field, tag)] = getattr(chosen[0], languages.column(field, tag))
        body = [section for sample in chosen for section in getattr(sample, languages.column("body", tag)).raw_data]
        texts[languages.column("body", tag)] = json.dumps(list(body), ensure_ascii=False)
    for name in ("terms", "advice", "references", "related"):
        relation = getattr(base, name)
        setattr(page, name, [_again(row) for row in relation.all()])
    collection.refresh_from_db()
    collection.add_child(instance=page)
    with connection.cursor() as cursor:
        columns = ", ".join(f"{name} = %s" for name in texts)
        cursor.execute(f"UPDATE cms_article SET {columns} WHERE page_ptr_id = %s", [*texts.values(), page.pk])
    index.insert_or_update_object(Article.objects.get(pk=page.pk))
    return int(page.pk)


def _again(row: Any) -> Any:
    row.pk = None
    row.page = None
    return row


def _copy(cursor: Any, originals: list[int], collection: Collection, copies: int) -> None:
    first = Page.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    collection.refresh_from_db()
    at = collection.numchild + 1
    cursor.execute("CREATE TEMPORARY TABLE copied (made bigint, original bigint, path text, number bigint)")
    with cursor.copy("COPY copied FROM STDIN") as copy:
        for number in range(copies):
            copy.write_row((first + number, originals[number % len(originals)], collection.path + _step(at + number), number))
    page_values = {
        "id": "copied.made",
        "path": "copied.path",
        "slug": "'copied-' || copied.number",
        "url_path": "original.url_path || copied.number",
        "translation_key": "gen_random_uuid()",
    }
    _insert(cursor, "wagtailcore_page", "id", page_values)
    _insert(cursor, "cms_article", "page_ptr_id", {"page_ptr_id": "copied.made", "public_id": "gen_random_uuid()"})
    for table in _CHILDREN:
        _insert(cursor, table, "page_id", {"id": None, "page_id": "copied.made"})
    kinds = ContentType.objects.get_for_models(Article, Page, for_concrete_models=False)
    kind = ", ".join(str(found.pk) for found in kinds.values())
    entry_values = {"id": None, "object_id": "copied.made::text"}
    _insert(cursor, "wagtailsearch_indexentry", "object_id", entry_values, f"original.content_type_id IN ({kind})", "::bigint")
    cursor.execute("UPDATE wagtailcore_page SET numchild = numchild + %s WHERE id = %s", [copies, collection.pk])
    cursor.execute("SELECT setval(pg_get_serial_sequence('wagtailcore_page', 'id'), (SELECT max(id) FROM wagtailcore_page))")
    cursor.execute("DROP TABLE copied")


def _insert(cursor: Any, table: str, key: str, values: dict[str, str | None], where: str = "true", cast: str = "") -> None:
    """Rows like those of the originals; a column without a value takes its default."""
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table])
    columns = [name for (name,) in cursor.fetchall() if values.get(name, "") is not None]
    selected = ", ".join(values.get(name) or f'original."{name}"' for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({named}) SELECT {selected} FROM copied JOIN {table} original"
        f" ON original.{key}{cast} = copied.original WHERE {where}"
    )


def _step(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits.rjust(4, "0")
