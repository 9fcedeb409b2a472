import type { Context } from 'koa';
import type { Locale } from '../domain/values/locale.ts';
import type { ClientCertificate } from './client-certificate.ts';
import type { PresentFailure } from './errors.ts';
import type { Refusal } from './refusal.ts';

/** What middleware notes of a request for others: everything in `ctx.state`. */
interface RequestState {
  /** 32 hexadecimal digits, in the log and in `X-Request-Id`. */
  requestId: string;
  /** Of the trace of the request, where requests are traced. */
  traceId?: string;
  /** The pattern of the route, set by surfaces that have no router. */
  route?: string;
  /** The client that the request is of, once it is known. */
  clientId?: string | undefined;
  /** The id that a partner gave its request. */
  clientRequestId?: string | undefined;
  /** Why the request was refused, for the access log. */
  refusal?: Refusal;
  /** The answer has the status of an error and is none: a step of a sign-in inside an app. */
  isExpected?: boolean;
  /** The presenter of the API that has the request. */
  present?: PresentFailure;
  /** A program asks: errors are JSON whatever `Accept` says. */
  program?: boolean;
  /** Completes an error for partners, once the edge has written it. */
  completeError?: (ctx: Context) => void;
  /** What a partner reads in `res_code`. */
  exchangeResult?: string;
  /** The token request came as JSON. */
  sentAsJson?: boolean;
  /** What the library caught and answered 500, to be thrown again. */
  protocolFailure?: unknown;
  /** The entered user code does not exist. */
  unknownUserCode?: boolean;
  /** The value of the CSRF cookie that this answer sets. */
  formCookie?: string;
  /** The certificate that a trusted proxy has passed on. */
  clientCertificate?: ClientCertificate;
  /** The account that the forms of this page act for; they are invalid for any other. */
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
