"""URLs of our own screens, inside the admin."""

from django.urls import path

from cms.views.close import CloseView
from cms.views.readers import ReadersView
from cms.views.source import SignOffView
from cms.views.translate import TranslateView

app_name = "mainstay"
urlpatterns = [
    path("<slug:kind>/<uuid:public_id>/", ReadersView.as_view(), name="readers"),
    path("<slug:kind>/<uuid:public_id>/sign-off/", SignOffView.as_view(), name="sign_off"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/", TranslateView.as_view(), name="translate"),
    path("<slug:kind>/<uuid:public_id>/<slug:tag>/close/", CloseView.as_view(), name="close"),
]
