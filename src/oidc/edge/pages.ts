import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { LOCALES, type Locale } from '../../domain/values/locale.ts';
import { documentHost, isOfDocument } from './document-client.ts';

/** What people are shown of a client. */
export interface ShownClient {
  id: string;
  name: string;
  /** Registered by nobody here: the name is the host of its ID. */
  isUnverified?: boolean | undefined;
  logoUri?: string | undefined;
  policyUri?: string | undefined;
  tosUri?: string | undefined;
  /** What the registration has in a language, in place of what it has without one (RFC 7591 §2.2). */
  inLocale?: Partial<Record<Locale, Partial<Omit<ShownClient, 'id' | 'inLocale'>>>>;
}

type Show<Data> = (ctx: KoaContextWithOIDC, data: Data) => void;

/** Why a device's code was not taken. */
export type DeviceProblem = 'no_code' | 'not_found' | 'expired' | 'used' | 'aborted' | 'other';

/** The pages that the library asks for; the surface of pages makes them. */
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
  /** A form that the browser sends on, with or without being asked. */
  forward: Show<{
    action: string;
    fields: [name: string, value: string][];
    status: number;
    uiLocales?: string | undefined;
  }>;
  error: Show<{ status: number; error: string; description: string }>;
}

/** Only what is there, so that the rest is what has no language. */
function inLocale(client: Client, locale: Locale): Partial<ShownClient> {
  const members = { name: 'client_name', logoUri: 'logo_uri', policyUri: 'policy_uri', tosUri: 'tos_uri' };
  const found = Object.entries(members).map(([key, member]) => [key, client[`${member}#${locale}`]]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

/** A client that nobody here knows is called by its host, whatever it calls itself. */
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

/** The library keeps the token of its own forms in the session; it is in the ready-made form as well. */
const xsrfOf = (ctx: KoaContextWithOIDC): string => String(ctx.oidc.session?.state?.secret ?? '');

const PROBLEMS: Record<string, DeviceProblem> = {
  NoCodeError: 'no_code',
  NotFoundError: 'not_found',
  ExpiredError: 'expired',
  AlreadyUsedError: 'used',
  AbortedError: 'aborted',
};

/** Whether the form of the device page that was answered had a code that no device has. */
export const isUnknownUserCode = ({ state }: { state: Record<string, unknown> }): boolean =>
  state.unknownUserCode === true;

const problemOf = (error: Error | undefined): DeviceProblem | undefined =>
  error && (PROBLEMS[error.constructor.name] ?? 'other');

/**
 * A form that came without a session cannot be shown again: the library would keep its token in a session that does
 * not exist, and fail. The browser begins again at the page, which makes one. True when that is the answer.
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

/** The device flow's pages (RFC 8628 §3.3), as the library calls for them. */
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

/** The logout's pages (OpenID Connect RP-Initiated Logout §2). */
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
