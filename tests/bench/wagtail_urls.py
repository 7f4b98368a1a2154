"""Wagtail's API v2 on the same library, as its documentation sets it up. It is here to be measured beside; the service never mounts it."""

from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from cms.models import Article

FIELDS = [
    "headline_es",
    "summary_es",
    "body_es",
    "meta_title_es",
    "meta_description_es",
    "audience",
    "reviewed_on",
    "licence",
    "terms",
    "advice",
    "references",
    "related",
]
Article.api_fields = FIELDS  # type: ignore[attr-defined] # as a site that uses this API would declare them

router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PagesAPIViewSet)
urlpatterns = [path("api/v2/", router.urls)]
