"""The tables of the API: the one that partners read, and those of the partners themselves."""

from api.models.documents import Document, DocumentQuerySet, Kind, State, UpdateType
from api.models.partners import Environment, Key, Partner, Scope, SyncPosition, Use

__all__ = [
    "Document",
    "DocumentQuerySet",
    "Environment",
    "Key",
    "Kind",
    "Partner",
    "Scope",
    "State",
    "SyncPosition",
    "UpdateType",
    "Use",
]
