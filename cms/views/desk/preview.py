"""The saved translation as a reader will see it, for whoever writes and checks it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from cms.models import Article
from cms.views.desk.base import DeskView


@method_decorator(xframe_options_sameorigin, name="dispatch")
class PreviewView(DeskView):
    """A page of its own, which the desk also shows at its side. Only articles are read by themselves."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        if not isinstance(self.subject, Article):
            raise Http404("Only an article is read by itself.")
        return render(request, "cms/preview.html", {"article": self.subject, "tag": self.language.tag})
