import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The actor of an operation: `account:<id>`, `client:<id>`, `operator:<account id>`, `command:<system user>`, or
 * `system` for operations of the server itself.
 */
export type Actor = 'system' | `${'account' | 'client' | 'operator' | 'command'}:${string}`;

/** The sender of a request, according to the connection and the headers. */
export interface RequestCaller {
  /** The IP address; `unknown` if the connection is closed. */
  address: string;
  /** The `User-Agent` header, empty if absent; not verified. */
  userAgent: string;
}

/** The context of the request or command for which code runs. */
export interface RequestContext {
  requestId?: string;
  /** Undefined until the caller is authenticated. */
  actor?: Actor | undefined;
  /** The scopes of the caller's token; undefined if they are not relevant to any operation. */
  scopes?: ReadonlySet<string> | undefined;
  /** Undefined outside of requests. A function, as it is rarely needed. */
  caller?: () => RequestCaller;
  /** The operator's reason, in the operator's words. */
  note?: string;
  /**
   * The limit for a request to wait for an unresponsive database, and the start of the wait. Undefined for no limit.
   */
  waiting?: { limitMs: number; since?: number | undefined } | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work`, and everything that it starts, in a separate context. */
export const inRequestContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

/** Runs work shared by several requests outside of their contexts. */
export const outsideOfRequests = <T>(work: () => T): T => storage.run({ actor: 'system' }, work);

/** The current context; by default the server itself is the actor, in a job or at its start. */
export const requestContext = (): RequestContext => storage.getStore() ?? { actor: 'system' };

/**
 * Captures the current context to run code in it later: a streamed response is produced after its request has been
 * handled.
 */
export const keepContext = (): (<T>(work: () => T) => T) => AsyncLocalStorage.snapshot();

/** Sets the operator's reason, which every later event of the request includes. */
export function noteOfRequest(note: string): void {
  const context = storage.getStore();
  if (context) context.note = note;
}

/** Sets the actor when the caller is authenticated; has no effect outside of a request. */
export function actAs(actor: Actor, scopes?: ReadonlySet<string>): void {
  const context = storage.getStore();
  if (context) Object.assign(context, { actor, scopes });
}
