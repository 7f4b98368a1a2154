"""`manage.py load_sandbox`: put the sandbox's documents where partners find them. What is there already stays as it is."""

from typing import Any

from django.core.management.base import BaseCommand

from api import canonical, sandbox, store


class Command(BaseCommand):
    help = "Put the sandbox's documents where partners find them with `sample=sandbox`."

    def handle(self, *args: Any, **options: Any) -> None:
        with store.writing():
            written = sum(_take(step) for step in _due())
        self.stdout.write(f"{written} documents of the sandbox written.")


def _due() -> list[sandbox.Step]:
    """The steps, less those that lead to a later one which has been taken."""
    steps = list(sandbox.steps())
    last = {(step.subject_id, step.language): step for step in steps}
    taken = {place for place, step in last.items() if _is_taken(step)}
    return [step for step in steps if (step.subject_id, step.language) not in taken]


def _is_taken(step: sandbox.Step) -> bool:
    """Whether readers have this already: an earlier step would only write it anew."""
    row = store.current(kind=step.kind, subject_id=step.subject_id, language=step.language)
    if row is None:
        return False
    if step.content is None:
        return (row.state, row.reason) == (step.state, step.reason)
    return row.content_digest == canonical.digest(canonical.dumps(step.content))


def _take(step: sandbox.Step) -> bool:
    """Whether a row was written."""
    place: dict[str, Any] = {"kind": step.kind, "subject_id": step.subject_id, "language": step.language}
    if step.content is None:
        return bool(store.close(**place, state=step.state, reason=step.reason, details=step.details))
    digest = canonical.digest(canonical.dumps(step.content.get("sections", [])))
    return bool(store.put(**place, content=step.content, text_digest=digest, update_type="minor"))
