import { randomInt } from 'node:crypto';
import { mobileOf } from './accounts.ts';

export interface OperatorSearch {
  search: string;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

const ROUNDS = 300;
const CLIENT = `Basic ${Buffer.from('admin-api:admin-api-secret').toString('base64')}`;

async function tokenOf(url: string): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: CLIENT },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: `${url}/admin`,
      scope: 'admin:accounts:read',
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

const at = (sorted: readonly number[], share: number): number =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1));

/** Measures the searches and lists of the Admin API among `accounts` accounts, one request after another. */
export async function measureOperatorSearches(url: string, accounts: number): Promise<OperatorSearch[]> {
  const authorization = `Bearer ${await tokenOf(url)}`;
  const search = (body: () => object) => () =>
    fetch(`${url}/admin/v1/accounts/search`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body()),
    });
  const any = (): number => randomInt(accounts);
  const kinds: Record<string, () => Promise<Response>> = {
    'name that every account has': search(() => ({ name: 'pe' })),
    'name that few have': search(() => ({ name: `Number ${any()}` })),
    mobile: search(() => ({ mobile: mobileOf(any()) })),
    'e-mail': search(() => ({ email: `person${any()}@example.com` })),
    'card number': search(() => ({ card_number: `0001${String(1 + any()).padStart(12, '0')}` })),
    'external ID that none has': search(() => ({ external_id: `x-${any()}` })),
    'list of all': () => fetch(`${url}/admin/v1/accounts`, { headers: { authorization } }),
    'list of the suspended': () =>
      fetch(`${url}/admin/v1/accounts?status=suspended`, { headers: { authorization } }),
  };
  const results: OperatorSearch[] = [];
  for (const [name, request] of Object.entries(kinds)) {
    const taken: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = performance.now();
      const response = await request();
      await response.text();
      if (response.status !== 200) throw new Error(`${name}: ${response.status}`);
      taken.push(performance.now() - started);
    }
    taken.sort((one, other) => one - other);
    results.push({ search: name, p50: at(taken, 0.5), p99: at(taken, 0.99) });
  }
  return results;
}
