import type { Configuration } from 'oidc-provider';

/** Where the endpoints are. */
export const routes = {
  authorization: '/oauth/authorize',
  backchannel_authentication: '/oauth/backchannel',
  code_verification: '/device',
  device_authorization: '/oauth/device',
  end_session: '/oauth/logout',
  introspection: '/oauth/introspect',
  jwks: '/oauth/jwks',
  pushed_authorization_request: '/oauth/par',
  registration: '/oauth/register',
  revocation: '/oauth/revoke',
  token: '/oauth/token',
  userinfo: '/oauth/userinfo',
} as const satisfies NonNullable<Configuration['routes']>;

/** Where apps sign people in without a browser: beside the library's endpoints, served by its router. */
export const AUTHORIZATION_CHALLENGE = '/oauth/authorize-challenge';

/** Where the form of the logout page goes. */
export const LOGOUT_CONFIRMED = `${routes.end_session}/confirm`;

export const DISCOVERY = [
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
] as const;

const PUBLISHED: readonly string[] = [...DISCOVERY, routes.jwks];

/** What says the same to everyone: the keys and the metadata of the server. */
export const isPublished = (path: string): boolean => PUBLISHED.includes(path);

/** Endpoints that programs call: they answer JSON whatever `Accept` says. */
const PROGRAM_PATHS: readonly string[] = [
  ...DISCOVERY,
  AUTHORIZATION_CHALLENGE,
  routes.backchannel_authentication,
  routes.device_authorization,
  routes.introspection,
  routes.jwks,
  routes.pushed_authorization_request,
  routes.revocation,
  routes.token,
  routes.userinfo,
];

export const isProgramPath = (path: string): boolean =>
  PROGRAM_PATHS.includes(path) || path === routes.registration || path.startsWith(`${routes.registration}/`);

const METHODS: Record<string, readonly string[]> = {
  ...Object.fromEntries(DISCOVERY.map((path) => [path, ['GET', 'HEAD']])),
  [routes.jwks]: ['GET', 'HEAD'],
  [routes.userinfo]: ['GET', 'HEAD', 'POST'],
  [routes.token]: ['POST'],
  [routes.introspection]: ['POST'],
  [routes.revocation]: ['POST'],
  [routes.pushed_authorization_request]: ['POST'],
  [routes.backchannel_authentication]: ['POST'],
  [routes.device_authorization]: ['POST'],
  [routes.registration]: ['POST'],
  [AUTHORIZATION_CHALLENGE]: ['POST'],
  [routes.authorization]: ['GET', 'HEAD', 'POST'],
  [routes.code_verification]: ['GET', 'HEAD', 'POST'],
  [routes.end_session]: ['GET', 'HEAD', 'POST'],
};

/** The methods of an endpoint; undefined for the paths below one, which the library knows. */
export const methodsOf = (path: string): readonly string[] | undefined => METHODS[path];

/** Endpoints that scripts of public clients' origins may call. */
export const CORS_PATHS: readonly string[] = [
  ...DISCOVERY,
  routes.jwks,
  routes.pushed_authorization_request,
  routes.revocation,
  routes.token,
  routes.userinfo,
];

const hasChildren = [routes.registration, routes.authorization, routes.code_verification, routes.end_session];

/** Every path that the library answers; with a slash at the end it would take more than is documented. */
export const isLibraryPath = (path: string): boolean =>
  !path.endsWith('/') &&
  (isProgramPath(path) || hasChildren.some((route) => path === route || path.startsWith(`${route}/`)));
