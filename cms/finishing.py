"""What a finished workflow does (the setting `WAGTAIL_FINISH_WORKFLOW_ACTION`).

Wagtail imports this while its own models load, so nothing of Wagtail's or ours may be imported here.
"""

import logging
from typing import Any

logger = logging.getLogger(__name__)


def release_signed_off(workflow_state: Any, user: Any = None) -> None:
    """Publish the revision that was signed off, if it is still the latest; a newer one waits for its own workflow.

    Wagtail's own action publishes the latest revision, reviewed or not.
    """
    article = workflow_state.content_object
    reviewed = workflow_state.current_task_state.revision
    if reviewed.pk == article.latest_revision_id:
        reviewed.publish(user=user, skip_permission_checks=True)
    else:
        logger.warning(
            "Workflow %s finished on revision %s, which is not the latest: nothing was published.", workflow_state.pk, reviewed.pk
        )
