import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent

# without SECRET_KEY every restart signs people out
SECRET_KEY = os.environ.get("SECRET_KEY") or get_random_secret_key()
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "website.urls"
TIME_ZONE = "UTC"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "mozilla_django_oidc",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "website" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Pratu. The library has no discovery, so it needs each address.
ISSUER = os.environ.get("ISSUER", "http://localhost:3000")
AUTHENTICATION_BACKENDS = ["website.backend.PratuBackend"]
OIDC_RP_CLIENT_ID = os.environ.get("CLIENT_ID", "django")
OIDC_RP_CLIENT_SECRET = os.environ.get("CLIENT_SECRET", "")
OIDC_RP_SCOPES = "openid profile email phone"
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_USE_PKCE = True
OIDC_OP_AUTHORIZATION_ENDPOINT = f"{ISSUER}/oauth/authorize"
OIDC_OP_TOKEN_ENDPOINT = f"{ISSUER}/oauth/token"
OIDC_OP_USER_ENDPOINT = f"{ISSUER}/oauth/userinfo"
OIDC_OP_JWKS_ENDPOINT = f"{ISSUER}/oauth/jwks"
OIDC_OP_LOGOUT_URL_METHOD = "website.backend.logout_url"
OIDC_TIMEOUT = 10
LOGIN_URL = "oidc_authentication_init"
LOGIN_REDIRECT_URL = "home"
LOGIN_REDIRECT_URL_FAILURE = "sign-in-failed"
LOGOUT_REDIRECT_URL = "home"
