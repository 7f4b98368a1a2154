"""What is answered when the service itself fails: a problem under `/api/`, a page in words for people, JSON for the admin's scripts."""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from api import problems

logger = logging.getLogger(__name__)
RETRY_AFTER_S = 5


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`. Where the database was busy or away it is 503 with `Retry-After`; what was sent is not stored in either case.

    Asks the database nothing: it may be what failed. So the language is the browser's, not that of whoever is logged in.
    """
    if request.path_info.startswith("/api/"):
        return problems.server_error(request)
    is_busy = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    with translation.override(translation.get_language_from_request(request)):
        said = _("The database did not answer in time.") if is_busy else _("Something failed on our side.")
        kept = _("Nothing of what you sent has been stored. Go back, where it still stands, and send it again.")
        answer: HttpResponse
        if request.accepts("text/html"):
            context = {"said": said, "kept": kept if request.method == "POST" else "", "is_busy": is_busy}
            answer = HttpResponse(render_to_string("cms/failing.html", context))
        else:
            answer = JsonResponse({"success": False, "error_message": f"{said} {kept}"})
    answer.status_code = 503 if is_busy else 500
    if is_busy:
        logger.error("The database did not answer", exc_info=sys.exc_info())
        answer["Retry-After"] = str(RETRY_AFTER_S)
    answer["Cache-Control"] = "no-store"
    return answer
