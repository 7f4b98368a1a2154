"""URLs of our own screens, inside the admin."""

from django.urls import path

from cms.views.alone import ConfirmAloneView
from cms.views.assigning import AssignView
from cms.views.close import CloseView
from cms.views.coverage_report import CoverageReportView
from cms.views.desk.acts import ApproveView, OverrideView, ReturnView, SubmitView
from cms.views.desk.comments import CommentsView, QuestionsView
from cms.views.desk.history import VersionsView, VersionView
from cms.views.desk.preview import PreviewView
from cms.views.desk.screen import TranslateView
from cms.views.desk.segment import ConfirmView, SegmentView
from cms.views.lag_report import LagChangesView, LagReportView
from cms.views.launches import LaunchesView, LaunchView, NewLaunchView
from cms.views.notices import NoticesView
from cms.views.proof import ProofView
from cms.views.readers import ReadersView
from cms.views.reviewed import ReviewedView
from cms.views.severity import EffectsView, RaiseView
from cms.views.source import SignOffView
from cms.views.timeline import TimelineView

app_name = "mainstay"
urlpatterns = [
    path("notices/", NoticesView.as_view(), name="notices"),
    path("coverage/", CoverageReportView.as_view(), name="coverage"),
    path("coverage/results/", CoverageReportView.as_view(results_only=True), name="coverage_results"),
    path("lag/", LagReportView.as_view(), name="lag"),
    path("lag/results/", LagReportView.as_view(results_only=True), name="lag_results"),
    path("lag/changes/", LagChangesView.as_view(), name="lag_changes"),
    path("lag/changes/results/", LagChangesView.as_view(results_only=True), name="lag_changes_results"),
    path("launches/", LaunchesView.as_view(), name="launches"),
    path("launches/new/", NewLaunchView.as_view(), name="new_launch"),
    path("launches/<int:pk>/", LaunchView.as_view(), name="launch"),
    path("<slug:kind>/<uuid:public_id>/", ReadersView.as_view(), name="readers"),
    path("<slug:kind>/<uuid:public_id>/sign-off/", SignOffView.as_view(), name="sign_off"),
    path("<slug:kind>/<uuid:public_id>/questions/", QuestionsView.as_view(), name="questions"),
    path("article/<uuid:public_id>/reviewed/", ReviewedView.as_view(), name="reviewed"),
    path("article/<uuid:public_id>/effects/", EffectsView.as_view(), name="effects"),
    path("article/<uuid:public_id>/changes/<int:change>/raise/", RaiseView.as_view(), name="raise_severity"),
    path("<slug:kind>/<uuid:public_id>/timeline/", TimelineView.as_view(), name="timeline"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/proof/", ProofView.as_view(), name="proof"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/", TranslateView.as_view(), name="translate"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/assign/", AssignView.as_view(), name="assign"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/comments/", CommentsView.as_view(), name="comments"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/versions/", VersionsView.as_view(), name="versions"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/versions/<int:pk>/", VersionView.as_view(), name="version"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/preview/", PreviewView.as_view(), name="preview"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/segment/", SegmentView.as_view(), name="segment"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/confirm/", ConfirmView.as_view(), name="confirm"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/submit/", SubmitView.as_view(), name="submit"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/return/", ReturnView.as_view(), name="return"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/let-pass/", OverrideView.as_view(), name="override"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/approve/", ApproveView.as_view(), name="approve"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/confirm-alone/", ConfirmAloneView.as_view(), name="confirm_alone"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/close/", CloseView.as_view(), name="close"),
]
