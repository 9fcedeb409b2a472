import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface ProbeAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends requests to the issuer only. */
export interface IssuerProbe {
  /** Throws when the issuer does not respond in time. Does not follow redirects. `headers` may forge `host`. */
  get(path: string, headers?: Record<string, string>): Promise<ProbeAnswer>;
  /** Returns the JSON object in a body, or undefined. */
  jsonOf(body: string): Record<string, unknown> | undefined;
}

const TIMEOUT_MS = 5000;
const MOST_BYTES = 256 * 1024;

function jsonOf(body: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

/** Uses Node's own HTTP client, because `fetch` would replace a forged `Host`. */
export function issuerProbe(issuer: string): IssuerProbe {
  const request = issuer.startsWith('https:') ? httpsRequest : httpRequest;
  return {
    jsonOf,
    get: (path, headers = {}) =>
      new Promise((resolve, reject) => {
        const asked = request(
          new URL(path, issuer),
          { headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) },
          (answer) => {
            let body = '';
            answer.setEncoding('utf8');
            answer.on('data', (part: string) => {
              body += part;
              if (body.length > MOST_BYTES) answer.destroy(new Error('the response is too large'));
            });
            answer.once('error', reject);
            answer.once('end', () =>
              resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
            );
          },
        );
        asked.once('error', reject);
        asked.end();
      }),
  };
}
