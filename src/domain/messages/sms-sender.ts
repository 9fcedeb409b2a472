import type { Clock } from '../../lib/clock.ts';
import type { Send } from './message.ts';
import { retryAfterSeconds, SendFailure } from './send-failure.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface SmsSettings {
  /** `{{to}}`, `{{text}}` and `{{id}}` in it are replaced by percent-encoded values. */
  url: string;
  method: 'GET' | 'POST' | 'PUT';
  headers: Readonly<Record<string, string>>;
  /**
   * The same placeholders are replaced in the body, by quoted JSON strings or form-encoded values according to the
   * content type. A GET request has no body.
   */
  body: string;
  timeoutMs: number;
}

type Encode = (value: string) => string;
type Values = { to: string; text: string; id: string };

const fill = (template: string, encode: Encode, values: Values): string =>
  template.replace(/\{\{(to|text|id)\}\}/g, (_, name: keyof Values) => encode(values[name]));

/**
 * Returns the encoding of values in the body. Throws when values cannot be inserted into a body of this type without
 * changing its meaning.
 */
function encodingOf(headers: Headers): Encode {
  const type = headers.get('content-type') ?? '';
  if (/^application\/([\w.-]+\+)?json\b/i.test(type)) return JSON.stringify;
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return encodeURIComponent;
  throw new Error('messages.smsHeaders needs a content-type: JSON or application/x-www-form-urlencoded');
}

/**
 * Sends SMS through an HTTP gateway. The message's id is the idempotency key of every attempt. Any 2xx response is an
 * acceptance; for any other response, `Retry-After` is honoured.
 */
export function smsSender({
  url,
  method,
  headers: fixed,
  body,
  timeoutMs,
  fetch,
  clock,
}: SmsSettings & {
  fetch: Fetch;
  clock: Clock;
}): Send<'sms'> {
  const encode = method === 'GET' ? undefined : encodingOf(new Headers(fixed));

  return async ({ id, content: { to, text }, signal }) => {
    const values = { to, text, id };
    const headers = new Headers(fixed);
    headers.set('idempotency-key', id);
    const response = await fetch(fill(url, encodeURIComponent, values), {
      method,
      headers,
      body: encode ? fill(body, encode, values) : null,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
    if (response.ok) return;
    const retryAfter = retryAfterSeconds(response.headers.get('retry-after'), clock.now());
    throw new SendFailure(`HTTP_${response.status}`, { retryAfter });
  };
}
