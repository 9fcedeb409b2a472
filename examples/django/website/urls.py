from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("", TemplateView.as_view(template_name="home.html"), name="home"),
    path("sign-in-failed", TemplateView.as_view(template_name="failed.html"), name="sign-in-failed"),
    path("oidc/", include("mozilla_django_oidc.urls")),
]
