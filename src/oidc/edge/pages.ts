import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { LOCALES, type Locale } from '../../domain/values/locale.ts';
import { documentHost, isOfDocument } from './document-client.ts';

/** The data of a client that pages display. */
export interface ShownClient {
  id: string;
  name: string;
  /** True for a client without a registration here: its name is the host of its ID. */
  isUnverified?: boolean | undefined;
  logoUri?: string | undefined;
  policyUri?: string | undefined;
  tosUri?: string | undefined;
  /** The registered values for a language, which replace those without one (RFC 7591 §2.2). */
  inLocale?: Partial<Record<Locale, Partial<Omit<ShownClient, 'id' | 'inLocale'>>>>;
}

type Show<Data> = (ctx: KoaContextWithOIDC, data: Data) => void;

/** The reasons why a user code was not accepted. */
export type DeviceProblem = 'no_code' | 'not_found' | 'expired' | 'used' | 'aborted' | 'other';

/** The pages that the library needs; the surface of pages renders them. */
export interface OidcPages {
  logout: Show<{ action: string; xsrf: string; client: ShownClient | undefined }>;
  signedOut: Show<{ client: ShownClient | undefined }>;
  deviceInput: Show<{ action: string; xsrf: string; userCode: string; error?: DeviceProblem | undefined }>;
  deviceConfirm: Show<{
    action: string;
    xsrf: string;
    userCode: string;
    client: ShownClient;
    deviceInfo: { userAgent?: string | undefined; ip?: string | undefined };
  }>;
  deviceDone: Show<{ client: ShownClient | undefined }>;
  /** A form that the browser submits onwards, automatically or after a confirmation. */
  forward: Show<{
    action: string;
    fields: [name: string, value: string][];
    status: number;
    uiLocales?: string | undefined;
  }>;
  error: Show<{ status: number; error: string; description: string }>;
}

/** Returns only the members that are registered for the language; the values without a language apply to the rest. */
function inLocale(client: Client, locale: Locale): Partial<ShownClient> {
  const members = { name: 'client_name', logoUri: 'logo_uri', policyUri: 'policy_uri', tosUri: 'tos_uri' };
  const found = Object.entries(members).map(([key, member]) => [key, client[`${member}#${locale}`]]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/**
 * Returns the data of a client that pages display. A client that is not registered here is named by its host,
 * regardless of the name in its document.
 */
export const shownClient = (client: Client): ShownClient => ({
  id: client.clientId,
  name: isOfDocument(client) ? documentHost(client.clientId) : (client.clientName ?? client.clientId),
  isUnverified: isOfDocument(client),
  logoUri: client.logoUri,
  policyUri: client.policyUri,
  tosUri: client.tosUri,
  inLocale: isOfDocument(client)
    ? {}
    : Object.fromEntries(LOCALES.map((locale) => [locale, inLocale(client, locale)])),
});

const clientOf = (ctx: KoaContextWithOIDC): ShownClient | undefined =>
  ctx.oidc.client && shownClient(ctx.oidc.client);

/**
 * Returns the token of the library's forms, which it stores in the session; its ready-made form contains it as well.
 */
const xsrfOf = (ctx: KoaContextWithOIDC): string => String(ctx.oidc.session?.state?.secret ?? '');

const PROBLEMS: Record<string, DeviceProblem> = {
  NoCodeError: 'no_code',
  NotFoundError: 'not_found',
  ExpiredError: 'expired',
  AlreadyUsedError: 'used',
  AbortedError: 'aborted',
};

/** Returns whether a submitted form of the device page contained a code that no device has. */
export const isUnknownUserCode = ({ state }: { state: Record<string, unknown> }): boolean =>
  state.unknownUserCode === true;

const problemOf = (error: Error | undefined): DeviceProblem | undefined =>
  error && (PROBLEMS[error.constructor.name] ?? 'other');

/**
 * Redirects the browser to the device page when a form came without a session. The form cannot be shown again: the
 * library would store its token in a session that does not exist, and fail. The page creates a session. Returns true
 * when it has redirected.
 */
function beginAgain(ctx: KoaContextWithOIDC): boolean {
  const session = ctx.oidc.session as { exp?: number; touched?: boolean } | undefined;
  if (!session || session.exp !== undefined) return false;
  session.touched = false;
  if (ctx.status >= 500) return false;
  ctx.redirect(ctx.oidc.urlFor('code_verification'));
  ctx.status = 303;
  return true;
}

/** The pages of the device flow (RFC 8628 §3.3), in the form that the library calls. */
export const devicePages = (pages: OidcPages) => ({
  async userCodeInputSource(
    ctx: KoaContextWithOIDC,
    _form: string,
    _out?: unknown,
    error?: Error & { userCode?: string },
  ) {
    ctx.state.unknownUserCode = problemOf(error) === 'not_found';
    if (error && beginAgain(ctx)) return;
    pages.deviceInput(ctx, {
      action: ctx.oidc.urlFor('code_verification'),
      xsrf: xsrfOf(ctx),
      userCode: error?.userCode ?? '',
      error: problemOf(error),
    });
  },
  async userCodeConfirmSource(
    ctx: KoaContextWithOIDC,
    _form: string,
    client: Client,
    deviceInfo: Record<string, unknown>,
    userCode: string,
  ) {
    pages.deviceConfirm(ctx, {
      action: ctx.oidc.urlFor('code_verification'),
      xsrf: xsrfOf(ctx),
      userCode,
      client: shownClient(client),
      deviceInfo: { userAgent: deviceInfo.ua as string | undefined, ip: deviceInfo.ip as string | undefined },
    });
  },
  async successSource(ctx: KoaContextWithOIDC) {
    pages.deviceDone(ctx, { client: clientOf(ctx) });
  },
});

/** The pages of the logout (OpenID Connect RP-Initiated Logout §2). */
export const logoutPages = (pages: OidcPages) => ({
  async logoutSource(ctx: KoaContextWithOIDC) {
    pages.logout(ctx, {
      action: ctx.oidc.urlFor('end_session_confirm'),
      xsrf: xsrfOf(ctx),
      client: clientOf(ctx),
    });
  },
  async postLogoutSuccessSource(ctx: KoaContextWithOIDC) {
    pages.signedOut(ctx, { client: clientOf(ctx) });
  },
});
