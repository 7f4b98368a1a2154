"""What is said today of a help contact: the one thing in an answer that is not stored."""

import json

from django.utils import timezone

from api import canonical
from api.models import Document


def stated(document: Document, text: str, requested: str) -> str:
    """A contact, and whether its verification has run out today."""
    content = json.loads(text)
    overdue = content["verify_by"] < timezone.now().date().isoformat()
    named = {} if requested == document.language else {"requested_lang": requested}
    return canonical.dumps({**content, **named, "verification": "overdue" if overdue else "verified"})
