import type { ErrorCode } from '../../errors/catalogue.ts';
import { refuseIfAny, type Violation } from '../../errors/violations.ts';
import { isWebhookType } from '../webhook-events/webhook-type.ts';
import { INCLUDES } from './webhook.ts';
import type { Writable } from './webhook-store.ts';

/** The operator's input for a webhook, not validated yet. */
export type GivenWebhook = Readonly<Record<string, unknown>>;

const LONGEST_URL = 2000;

/** Rejects with an `OutboundError` if requests to the URL would be refused. */
export type CheckUrl = (url: string) => Promise<void>;

interface Rules {
  environment: string;
  checkUrl: CheckUrl;
}

async function urlViolation(url: unknown, { environment, checkUrl }: Rules): Promise<ErrorCode | undefined> {
  if (url === undefined || url === '') return 'VALUE_MISSING';
  const parsed = typeof url === 'string' && url.length <= LONGEST_URL ? URL.parse(url) : null;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) return 'INVALID_WEBHOOK_URL';
  if (parsed.username !== '' || parsed.password !== '' || parsed.hash !== '') return 'INVALID_WEBHOOK_URL';
  if (environment === 'production' && parsed.protocol === 'http:') return 'INVALID_WEBHOOK_URL';
  try {
    await checkUrl(parsed.href);
    return undefined;
  } catch (error) {
    const { reason } = error as { reason?: string };
    // a host name that cannot be resolved yet is accepted: deliveries fail until it can be resolved
    if (reason === 'address') return 'WEBHOOK_URL_REFUSED';
    return reason === 'scheme' ? 'INVALID_WEBHOOK_URL' : undefined;
  }
}

const distinct = <T>(list: readonly T[]): T[] => [...new Set(list)];

/**
 * Validates the members of a webhook. `isUrlStored`: the URL was accepted before and does not change, so that it is not
 * judged again. Throws `Violations` with each invalid member.
 */
export async function judged(
  { url, events, include = [] }: GivenWebhook,
  rules: Rules,
  { isUrlStored } = { isUrlStored: false },
): Promise<Writable> {
  const found: Violation[] = [];
  const wrongUrl = isUrlStored ? undefined : await urlViolation(url, rules);
  if (wrongUrl) found.push({ field: 'url', code: wrongUrl });
  const types = Array.isArray(events) ? events.filter(isWebhookType) : [];
  if (!Array.isArray(events) || events.length === 0) found.push({ field: 'events', code: 'VALUE_MISSING' });
  else if (types.length < events.length) found.push({ field: 'events', code: 'UNKNOWN_WEBHOOK_EVENT' });
  const included = INCLUDES.filter((one) => Array.isArray(include) && include.includes(one));
  if (!Array.isArray(include) || included.length < distinct(include).length)
    found.push({ field: 'include', code: 'UNKNOWN_WEBHOOK_INCLUDE' });
  refuseIfAny(found);
  return { url: new URL(String(url)).href, events: distinct(types), include: included };
}
