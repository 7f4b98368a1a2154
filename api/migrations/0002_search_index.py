"""What the search index needs and Django does not know: GIN on PostgreSQL, a table of FTS5 on SQLite."""

from django.db import migrations

POSTGRESQL = [
    "CREATE INDEX search_by_vector ON api_searchentry USING gin (vector) WITH (gin_pending_list_limit = 256)",
    "CREATE INDEX search_by_head ON api_searchentry USING gin (head) WITH (gin_pending_list_limit = 256)",
]
POSTGRESQL_BACK = ["DROP INDEX search_by_head", "DROP INDEX search_by_vector"]
SQLITE = [
    "CREATE VIRTUAL TABLE api_searchindex USING fts5(title, summary, headings, body, tokenize = 'unicode61 remove_diacritics 0')",
    "CREATE TRIGGER search_forgets AFTER DELETE ON api_searchentry "
    "BEGIN DELETE FROM api_searchindex WHERE rowid = old.document_id; END",
]
SQLITE_BACK = ["DROP TRIGGER search_forgets", "DROP TABLE api_searchindex"]


def _run(statements):
    def run(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [
        migrations.RunPython(
            _run({"postgresql": POSTGRESQL, "sqlite": SQLITE}), _run({"postgresql": POSTGRESQL_BACK, "sqlite": SQLITE_BACK})
        )
    ]
