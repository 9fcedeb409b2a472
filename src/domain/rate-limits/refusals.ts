import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Reason } from '../../errors/reasons.ts';
import { addressKey } from '../../lib/addresses.ts';
import { requestContext } from '../../lib/request-context.ts';
import { type AuditEvent, audit, lockDetails } from '../audit/audit.ts';
import type { KnownOrigins } from '../known-origins/known-origins.ts';
import type { Counters } from './counters.ts';

/** A refusal and its reason. */
export type Refusal = AuditEvent & { reason: Reason };

/** The subject and the address whose refusals are counted together. */
export interface About {
  /** For example `account 7`; events of one kind about one subject share their rows. */
  subject: string;
  /** The caller's address. Defaults to that of the request. */
  address?: string | undefined;
  /** The number of refusals of the subject that are recorded in a window. Defaults to one. */
  most?: number;
}

/** Refusals in the audit trail: enough to explain them, and no more than a flood of them may fill. */
export interface Refusals {
  /** Records a refusal, unless its subject or address has used up its rows in this window. */
  note(refusal: Refusal, about: About): Promise<void>;
  /** Records an error in the same way. An error of a limit is recorded as `locked`, with the limit and its end. */
  noteError(error: AppError, refusal: AuditEvent, about: About): Promise<void>;
  /** Runs `work`, and records when a limit refuses it; calls `refusal` only then. */
  ofLimits<T>(
    refusal: () => AuditEvent | Promise<AuditEvent>,
    about: About,
    work: () => Promise<T>,
  ): Promise<T>;
}

interface Deps {
  db: Db;
  counters: Counters;
  knownOrigins: Pick<KnownOrigins, 'networkTag'>;
  /** The seconds in which repetitions are counted. */
  windowSeconds: number;
}

/** The rows of one event for one address in a window. */
const OF_AN_ADDRESS = 20;

/** Returns the counter of the rows of a subject. Once it is cleared, the next refusal is recorded again. */
export const refusalCounter = (event: AuditEvent['event'], subject: string): string =>
  `refusal ${event} ${subject}`;

/** Returns whether a limit refused, the caller's or that of the deployment. */
export const isOfLimit = (error: unknown): boolean =>
  error instanceof AppError && (error.code === 'TOO_MANY_ATTEMPTS' || error.lock !== undefined);

export function refusals({ db, counters, knownOrigins, windowSeconds }: Deps): Refusals {
  async function note(refusal: Refusal, { subject, address, most = 1 }: About): Promise<void> {
    const from = address ?? requestContext().caller?.().address;
    const refused = await counters.consumeAll([
      { name: refusalCounter(refusal.event, subject), limit: most, windowSeconds },
      ...(from === undefined
        ? []
        : [
            {
              name: `refusal ${refusal.event} address ${addressKey(from)}`,
              limit: OF_AN_ADDRESS,
              windowSeconds,
            },
          ]),
    ]);
    if (refused) return;
    const details = { ...refusal.details };
    if (from !== undefined) details.network = knownOrigins.networkTag({ address: from });
    await audit({ db }).record({ ...refusal, details });
  }

  const noteError: Refusals['noteError'] = (error, refusal, about) => {
    const reason = isOfLimit(error) ? 'locked' : (error.reason ?? refusal.reason ?? 'invalid_request');
    const details = { ...refusal.details, ...lockDetails(error.lock) };
    return note({ ...refusal, reason, details }, about);
  };

  return {
    note,
    noteError,
    async ofLimits(refusal, about, work) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof AppError && isOfLimit(error)) await noteError(error, await refusal(), about);
        throw error;
      }
    },
  };
}
