"""Maps accounts of Pratu to users of Django."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend


class PratuBackend(OIDCAuthenticationBackend):
    """
    The library identifies users by e-mail address. An account may have a mobile number and no e-mail address, so `sub`
    is the user name here: it never changes, and is never given to another person.
    """

    def verify_claims(self, claims):
        return "sub" in claims

    def filter_users_by_claims(self, claims):
        return self.UserModel.objects.filter(username=claims["sub"])

    def create_user(self, claims):
        return self.update_user(self.UserModel(username=claims["sub"]), claims)

    def update_user(self, user, claims):
        user.first_name = claims.get("given_name", "")
        user.last_name = claims.get("family_name", "")
        user.email = claims.get("email", "")
        if user.pk is None:
            user.set_unusable_password()
        user.save()
        return user

    def get_userinfo(self, access_token, id_token, payload):
        """Adds checks that the library leaves out (OpenID Connect Core, sections 3.1.3.7 and 5.3.2)."""
        if payload.get("iss") != settings.ISSUER:
            raise SuspiciousOperation("The ID token has another issuer.")
        if payload.get("aud") != settings.OIDC_RP_CLIENT_ID:
            raise SuspiciousOperation("The ID token is for another client.")
        claims = super().get_userinfo(access_token, id_token, payload)
        if claims.get("sub") != payload["sub"]:
            raise SuspiciousOperation("The claims are those of another person.")
        return claims


def logout_url(request):
    """Signs out of Pratu as well. Otherwise the next sign-in needs no password."""
    query = {
        "client_id": settings.OIDC_RP_CLIENT_ID,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("home")),
    }
    return f"{settings.ISSUER}/oauth/logout?{urlencode(query)}"
