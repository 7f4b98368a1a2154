"""URLs of the whole service: the admin, the partner API, and the start page. Wagtail's own page views are not mounted."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls

from cms.views import reading, start

urlpatterns = [
    path("", start.start, name="start"),
    re_path(r"^read/(?P<slug>[-\w]+)/(?P<tag>[-\w]+)/$", reading.read, name="read"),
    path("admin/", include(wagtailadmin_urls)),
    path("api/v1/", include("api.urls")),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

# Whatever fails before a view is found answers a partner as the contract says; only the service's own failures have a page for people.
handler400 = "api.problems.bad_request"
handler404 = "api.problems.not_found"
handler500 = "cms.views.failing.server_error"
