"""What the admin gets from us: snippets, screens, panels, menu items, and what is switched off."""

from typing import Any

from wagtail import hooks

from cms import audit


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    audit.register(actions)
