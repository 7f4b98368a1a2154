"""How the public pages answer: made without the request, so without session, cookie or language guess, and under a strict policy."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string

POLICY = "default-src 'self'; img-src 'self' {images}; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def page(template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A page for people. It is asked for anew each time: what may be read can change at any moment."""
    return HttpResponse(
        render_to_string(template, dict(context)),
        status=status,
        headers={
            "Cache-Control": "no-cache" if status == 200 else "no-store",
            "Content-Security-Policy": POLICY.format(images=settings.BASE_URL),
        },
    )
