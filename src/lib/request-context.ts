import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Who does something: `account:<id>`, `client:<id>`, `operator:<account id>`, `command:<system user>`, or `system` for
 * what the server does on its own.
 */
export type Actor = 'system' | `${'account' | 'client' | 'operator' | 'command'}:${string}`;

/** Who sends a request, as far as the connection and the headers tell. */
export interface RequestCaller {
  /** The IP address; `unknown` when the connection is gone. */
  address: string;
  /** The `User-Agent` header, empty without one: the caller's own words. */
  userAgent: string;
}

/** What is known of the request, or of the command, that code runs for. */
export interface RequestContext {
  requestId?: string;
  /** Undefined until the caller is authenticated. */
  actor?: Actor | undefined;
  /** Undefined where no request runs. A function, as few requests ask. */
  caller?: () => RequestCaller;
  /** Why an operator does it, in the operator's words. */
  note?: string;
  /** How long a request waits for the database without an answer, and since when it does. Undefined for no limit. */
  waiting?: { limitMs: number; since?: number | undefined } | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs `work`, and everything that it starts, in a context of its own. */
export const inRequestContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);

/** Runs what several requests share, in the context of none of them. */
export const outsideOfRequests = <T>(work: () => T): T => storage.run({ actor: 'system' }, work);

/** The context of this code; without one it is the server that acts, by a job or at its start. */
export const requestContext = (): RequestContext => storage.getStore() ?? { actor: 'system' };

/**
 * Runs code later in the context of now: what a response streams is produced after its request has been handled.
 */
export const keepContext = (): (<T>(work: () => T) => T) => AsyncLocalStorage.snapshot();

/** States why an operator does what follows: every event of the request has it. */
export function noteOfRequest(note: string): void {
  const context = storage.getStore();
  if (context) context.note = note;
}

/** States who calls, as soon as that is proved; nothing outside of a request. */
export function actAs(actor: Actor): void {
  const context = storage.getStore();
  if (context) context.actor = actor;
}
