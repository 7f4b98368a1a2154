"""The paths of the API."""

from django.urls import path, re_path
from django.urls.resolvers import URLPattern

from api import account, addresses, service, views

urlpatterns: list[URLPattern] = [
    path("", service.Service.as_view()),
    path("partner/", account.Account.as_view()),
    path("languages/", views.LanguageList.as_view()),
    path("articles/", views.ArticleList.as_view()),
    path("articles/<str:reference>/", views.ArticleDetail.as_view()),
    path("articles/<str:reference>/languages/", views.ArticleLanguages.as_view()),
    path("changes/", views.ChangeList.as_view()),
    path("help-contacts/", views.HelpContactList.as_view()),
    path("help-contacts/<str:reference>/", views.HelpContactDetail.as_view()),
    path("problems/<slug:code>", service.ProblemType.as_view()),
    re_path(r"^openapi\.(?P<suffix>json|yaml)$", service.Description.as_view()),
    path("docs/", service.Documentation.as_view()),
]
for vocabulary, name in addresses.VOCABULARY_PATHS.items():
    urlpatterns += [
        path(f"{name}/", views.TermList.as_view(vocabulary=vocabulary)),
        path(f"{name}/<str:reference>/", views.TermDetail.as_view(vocabulary=vocabulary)),
    ]
urlpatterns += [re_path(r"^(?P<rest>(?s:.*))\Z", service.Anything.as_view())]
