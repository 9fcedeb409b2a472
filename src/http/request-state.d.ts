import type { Context } from 'koa';
import type { Locale } from '../domain/values/locale.ts';
import type { ClientCertificate } from './client-certificate.ts';
import type { PresentFailure } from './errors.ts';
import type { Refusal } from './refusal.ts';

/** The data about a request that middleware shares: everything in `ctx.state`. */
interface RequestState {
  /** 32 hexadecimal digits, in the log and in `X-Request-Id`. */
  requestId: string;
  /** The id of the request's trace, if requests are traced. */
  traceId?: string;
  /** The pattern of the route, set by surfaces that have no router. */
  route?: string;
  /** The client of the request, once it has been identified. */
  clientId?: string | undefined;
  /** The id that a partner gave its request. */
  clientRequestId?: string | undefined;
  /** Why the request was refused, for the access log. */
  refusal?: Refusal;
  /** The response has an error status but is not an error: a step of a sign-in inside an app. */
  isExpected?: boolean;
  /** The error presenter of the API that handles the request. */
  present?: PresentFailure;
  /** The caller is a program: errors are JSON regardless of `Accept`. */
  program?: boolean;
  /** Completes an error response for partners, once the error boundary has written it. */
  completeError?: (ctx: Context) => void;
  /** The value of `res_code` for a partner. */
  exchangeResult?: string;
  /** The token request was sent as JSON. */
  sentAsJson?: boolean;
  /** The error that the library caught and turned into a 500, to be thrown again. */
  protocolFailure?: unknown;
  /** The entered user code does not exist. */
  unknownUserCode?: boolean;
  /** The value of the CSRF cookie that this response sets. */
  formCookie?: string;
  /** The certificate that a trusted proxy has forwarded. */
  clientCertificate?: ClientCertificate;
  /** The account that the forms of this page are bound to. They are invalid for any other account. */
  formSubject?: number;
  /** The languages of the pages. */
  locales?: readonly Locale[];
  /** `ui_locales` of the authorization request that a page is part of. */
  uiLocales?: string | undefined;
}

declare module 'koa' {
  // merged with Koa's own
  interface DefaultState extends RequestState {}
}
