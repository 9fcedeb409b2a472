import { type Framework, SIGN_IN_SCOPE, WEB } from './framework.ts';

const spring: Framework = {
  title: 'Spring Boot (OAuth2 client)',
  url: 'http://localhost:8080',
  redirect: ['/login/oauth2/code/pratu'],
  metadata: WEB,
  snippets: ({ issuer, id, secret }) => [
    {
      file: 'src/main/resources/application.yaml',
      language: 'yaml',
      text: `spring:
  security:
    oauth2:
      client:
        registration:
          pratu:
            client-id: '${id}'
            client-secret: '${secret}'
            scope: ${SIGN_IN_SCOPE.replaceAll(' ', ', ')}
        provider:
          pratu:
            issuer-uri: ${issuer}`,
    },
  ],
  remark: 'The redirect URI ends with the name of the registration, `pratu`.',
};

const django: Framework = {
  title: 'Django with mozilla-django-oidc',
  url: 'http://localhost:8000',
  redirect: ['/oidc/callback/'],
  // the library sends its credentials in the body
  metadata: { ...WEB, token_endpoint_auth_method: 'client_secret_post' },
  snippets: ({ issuer, id, secret }) => [
    {
      file: 'settings.py',
      language: 'python',
      text: `OIDC_RP_CLIENT_ID = '${id}'
OIDC_RP_CLIENT_SECRET = '${secret}'
OIDC_RP_SIGN_ALGO = 'RS256'
OIDC_RP_SCOPES = '${SIGN_IN_SCOPE}'
OIDC_USE_PKCE = True
OIDC_OP_AUTHORIZATION_ENDPOINT = '${issuer}/oauth/authorize'
OIDC_OP_TOKEN_ENDPOINT = '${issuer}/oauth/token'
OIDC_OP_USER_ENDPOINT = '${issuer}/oauth/userinfo'
OIDC_OP_JWKS_ENDPOINT = '${issuer}/oauth/jwks'
INSTALLED_APPS += ['mozilla_django_oidc']
AUTHENTICATION_BACKENDS = ['mozilla_django_oidc.auth.OIDCAuthenticationBackend']`,
    },
    {
      file: 'urls.py',
      language: 'python',
      text: `urlpatterns += [path('oidc/', include('mozilla_django_oidc.urls'))]`,
    },
  ],
  remark:
    'The library finds users by e-mail address. For accounts without one, derive a backend whose `filter_users_by_claims` and `verify_claims` use `sub`.',
};

const flask: Framework = {
  title: 'Flask with Authlib',
  url: 'http://localhost:5000',
  redirect: ['/callback'],
  metadata: WEB,
  snippets: ({ issuer, id, secret }) => [
    {
      file: 'app.py',
      language: 'python',
      text: `from authlib.integrations.flask_client import OAuth

oauth = OAuth(app)
oauth.register(
    'pratu',
    server_metadata_url='${issuer}/.well-known/openid-configuration',
    client_id='${id}',
    client_secret='${secret}',
    client_kwargs={'scope': '${SIGN_IN_SCOPE}', 'code_challenge_method': 'S256'},
)`,
    },
  ],
};

const go: Framework = {
  title: 'Go with go-oidc',
  url: 'http://localhost:8080',
  redirect: ['/callback'],
  metadata: WEB,
  snippets: ({ issuer, id, secret, redirectUri }) => [
    {
      file: 'main.go',
      language: 'go',
      text: `provider, err := oidc.NewProvider(ctx, "${issuer}")
if err != nil {
	log.Fatal(err)
}
config := oauth2.Config{
	ClientID:     "${id}",
	ClientSecret: "${secret}",
	RedirectURL:  "${redirectUri}",
	Endpoint:     provider.Endpoint(),
	Scopes:       []string{oidc.ScopeOpenID, "profile", "email"},
}
verifier := provider.Verifier(&oidc.Config{ClientID: config.ClientID})`,
    },
  ],
  remark: 'Send `oauth2.S256ChallengeOption` with the request and `oauth2.VerifierOption` with the exchange.',
};

const oauth2Proxy: Framework = {
  title: 'oauth2-proxy',
  url: 'http://localhost:4180',
  redirect: ['/oauth2/callback'],
  metadata: WEB,
  snippets: ({ issuer, id, secret, redirectUri }) => [
    {
      file: 'oauth2-proxy.cfg',
      language: 'toml',
      text: `provider = "oidc"
oidc_issuer_url = "${issuer}"
client_id = "${id}"
client_secret = "${secret}"
redirect_url = "${redirectUri}"
scope = "${SIGN_IN_SCOPE}"
code_challenge_method = "S256"
# accounts may have no e-mail address
oidc_email_claim = "sub"
email_domains = ["*"]`,
    },
  ],
  remark: 'It also needs `upstreams` and a random `cookie_secret`.',
};

export const SERVERS = { spring, django, flask, go, 'oauth2-proxy': oauth2Proxy } as const;
