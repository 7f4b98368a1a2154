"""A large library for measurements: copies of one article with everything that was decided about it, by bulk inserts."""

import uuid
from typing import Any

from django.db import connection
from wagtail.models import Page

from cms.models import Approval, Article, Release, SourceChange


def copies(original: Article, number: int) -> None:
    """So many more articles beside this one, in the same states."""
    parent = original.get_parent()
    pages = [_page(original, parent, index) for index in range(1, number + 1)]
    Page.objects.bulk_create(pages)
    Page.objects.filter(pk=parent.pk).update(numchild=number + 1)
    columns = [field.column for field in Article._meta.local_concrete_fields if field.column not in ("page_ptr_id", "public_id")]
    quoted = ", ".join(f'"{column}"' for column in columns)
    public_ids = [uuid.uuid4() for _page in pages]
    written = Article._meta.get_field("public_id").get_db_prep_value
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO cms_article (page_ptr_id, public_id, {quoted}) SELECT %s, %s, {quoted} FROM cms_article WHERE page_ptr_id = %s",  # noqa: S608 - columns of our own
            [
                (page.pk, written(public_id, connection, prepared=False), original.pk)
                for page, public_id in zip(pages, public_ids, strict=True)
            ],
        )
    releases = _again(Release.objects.filter(subject_id=original.public_id), public_ids)
    approvals = _again(Approval.objects.filter(subject_id=original.public_id), public_ids)
    SourceChange.objects.bulk_create(
        _copy(
            change,
            public_id,
            release_id=releases[change.release_id, public_id],
            approval_id=approvals.get((change.approval_id, public_id)),
        )
        for change in SourceChange.objects.filter(subject_id=original.public_id)
        for public_id in public_ids
    )


def _page(original: Article, parent: Page, index: int) -> Page:
    page = Page.objects.get(pk=original.pk)
    page.pk, page.slug, page.title, page.draft_title = None, f"copy-{index}", f"Copy {index}", f"Copy {index}"
    page.path = Page._get_path(parent.path, parent.depth + 1, index + 1)
    page.translation_key, page.latest_revision_id, page.live_revision_id = uuid.uuid4(), None, None
    return page


def _again(rows: Any, public_ids: list[uuid.UUID]) -> dict[tuple[int, uuid.UUID], int]:
    """A copy of each row for each subject: (old key, subject) → new key."""
    old = [(row, public_id) for row in rows for public_id in public_ids]
    made = rows.model.objects.bulk_create(_copy(row, public_id) for row, public_id in old)
    return {(row.pk, public_id): copy.pk for (row, public_id), copy in zip(old, made, strict=True)}


def _copy(row: Any, public_id: uuid.UUID, **changed: Any) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    return type(row)(**{**values, "subject_id": public_id, **changed})
