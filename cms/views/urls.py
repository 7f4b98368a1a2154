"""URLs of our own screens, inside the admin."""

from django.urls import path

from cms.views.close import CloseView
from cms.views.coverage_report import CoverageReportView
from cms.views.notices import NoticesView
from cms.views.readers import ReadersView
from cms.views.source import SignOffView
from cms.views.timeline import ProofView, TimelineView
from cms.views.translate import TranslateView

app_name = "mainstay"
urlpatterns = [
    path("notices/", NoticesView.as_view(), name="notices"),
    path("coverage/", CoverageReportView.as_view(), name="coverage"),
    path("coverage/results/", CoverageReportView.as_view(results_only=True), name="coverage_results"),
    path("<slug:kind>/<uuid:public_id>/", ReadersView.as_view(), name="readers"),
    path("<slug:kind>/<uuid:public_id>/sign-off/", SignOffView.as_view(), name="sign_off"),
    path("<slug:kind>/<uuid:public_id>/timeline/", TimelineView.as_view(), name="timeline"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/proof/", ProofView.as_view(), name="proof"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/", TranslateView.as_view(), name="translate"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/close/", CloseView.as_view(), name="close"),
]
