"""Where editors, translators and reviewers work; also the Django project (settings, URLs, WSGI)."""
