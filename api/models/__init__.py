"""The tables of the API: the one that partners read, and those of the partners themselves."""

from api.models.documents import Document, DocumentQuerySet, Kind, SearchEntry, SearchWord, State, UpdateType, Vector
from api.models.partners import Environment, Key, Partner, Scope, SyncPosition, Use

__all__ = [
    "Document",
    "DocumentQuerySet",
    "Environment",
    "Key",
    "Kind",
    "Partner",
    "Scope",
    "SearchEntry",
    "SearchWord",
    "State",
    "SyncPosition",
    "UpdateType",
    "Use",
    "Vector",
]
