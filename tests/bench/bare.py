"""A Django view that does nothing but send bytes: what the server and Django cost by themselves. `BARE` is the folder of the bytes.

Each answer is a file NAME with its body and NAME.json with its headers; to a request with If-None-Match it is 304.
"""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

FOLDER = Path(os.environ.get("BARE", "."))
_answers = {
    file.name: (file.read_bytes(), json.loads(file.with_name(f"{file.name}.json").read_text()))
    for file in FOLDER.iterdir()
    if file.with_name(f"{file.name}.json").exists()
}


def answer(request: HttpRequest, name: str) -> HttpResponse:
    """The bytes as they are, with their headers."""
    content, headers = _answers[name]
    if "HTTP_IF_NONE_MATCH" in request.META:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(content, headers=headers)


urlpatterns = [path("<str:name>", answer)]

settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="only measured", ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[])
application = get_wsgi_application()
