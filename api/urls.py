"""The paths of the API."""

from django.urls import path, re_path
from django.urls.resolvers import URLPattern

from api import account, addresses, embed, service
from api.views import changes, detail, languages, lists, reports, served

urlpatterns: list[URLPattern] = [
    path("", service.Service.as_view()),
    path("partner/", account.Account.as_view()),
    path("partner/served/", served.Served.as_view()),
    path("languages/", languages.LanguageList.as_view()),
    path("articles/", lists.ArticleList.as_view()),
    path("articles/<str:reference>/", detail.ArticleDetail.as_view()),
    path("articles/<str:reference>/languages/", languages.ArticleLanguages.as_view()),
    path("articles/<str:reference>/reports/", reports.ArticleReports.as_view()),
    path("changes/", changes.ChangeList.as_view()),
    path("help-contacts/", lists.HelpContactList.as_view()),
    path("help-contacts/<str:reference>/", detail.HelpContactDetail.as_view()),
    path("problems/<slug:code>", service.ProblemType.as_view()),
    re_path(r"^openapi\.(?P<suffix>json|yaml)$", service.Description.as_view()),
    path("embed.js", embed.Script.as_view()),
    path("docs/", service.Documentation.as_view()),
]
for vocabulary, name in addresses.VOCABULARY_PATHS.items():
    urlpatterns += [
        path(f"{name}/", lists.TermList.as_view(vocabulary=vocabulary)),
        path(f"{name}/<str:reference>/", detail.TermDetail.as_view(vocabulary=vocabulary)),
    ]
urlpatterns += [re_path(r"^(?P<rest>(?s:.*))\Z", service.Anything.as_view())]
