"""The tables of the API: the one that partners read, and those of the partners themselves."""

from api.models.documents import Document, DocumentQuerySet, Kind, SearchEntry, SearchWord, State, UpdateType, Vector
from api.models.partners import Environment, Key, Partner, Scope, SyncPosition, Use
from api.models.reports import Harm, Report

__all__ = [
    "Document",
    "DocumentQuerySet",
    "Environment",
    "Harm",
    "Key",
    "Kind",
    "Partner",
    "Report",
    "Scope",
    "SearchEntry",
    "SearchWord",
    "State",
    "SyncPosition",
    "UpdateType",
    "Use",
    "Vector",
]
