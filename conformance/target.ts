import { hash } from '@node-rs/bcrypt';
import { randomHex, randomToken } from '../src/lib/ids.ts';
import { newNationalId } from '../test/apis/customers/customers-client.ts';
import type { TestClient } from '../test/support/clients.ts';
import { basic, type Person } from '../test/support/code-flow.ts';
import { tokenRequest } from '../test/support/sign-in.ts';
import type { Party } from './party.ts';
import { completeProfile } from './profile.ts';

/** The response of a JSON endpoint. */
export interface Answer {
  status: number;
  headers: Headers;
  body: ReturnType<typeof JSON.parse>;
}

export type Metadata = Readonly<Record<string, unknown>>;

/** A client that a check has registered, with the registration response. */
export interface RegisteredClient extends TestClient {
  metadata: Metadata;
}

/** The access to the server under test, including what its operator has provided. */
export interface Access {
  issuer: string;
  /** A client of the client credentials grant that may use the Admin API for accounts, clients and keys. */
  admin: { id: string; secret: string };
  /** Returns a token for client registration (RFC 7591 §3). Undefined when the operator provides none. */
  initialAccessToken?: () => Promise<string>;
  /** Another party with a folder of documents, which the server can reach. Undefined when it cannot. */
  party?: Party;
  /** A resource server (RFC 8707) with the scope `api:read` and opaque tokens. Undefined when there is none. */
  resource?: string;
  /** A role that accounts may have. Undefined when there is none. */
  role?: string;
  /** A detail of a configured type (RFC 9396 §2). Undefined when there is none. */
  detail?: Readonly<Record<string, unknown>>;
  /** Whether the proxy trusts the authority of the tests' client certificates. */
  trustsAuthority?: boolean;
  /** Waits for the given number of seconds. */
  wait(seconds: number): Promise<void>;
}

/** The server under test. `url` is its issuer. */
export interface Target extends Omit<Access, 'issuer' | 'admin'> {
  url: string;
  /** The discovery document. */
  metadata: Metadata;
  /** A person whose account has all possible data. */
  person: Person & { id: string; nationalId: string };
  /** A person with few claims. */
  stranger: Person & { id: string };
  /** Registers a client of the code flow, as an operator would. */
  client(metadata?: Metadata): Promise<RegisteredClient>;
  /** Returns the endpoint with this name in the discovery document. */
  endpoint(name: string): string;
  /** Rotates the keys. Returns false when the next key has not been published for long enough. */
  rotateKeys(): Promise<boolean>;
}

/** The scopes that the Admin API client needs, */
export const ADMIN_SCOPES = 'admin:accounts:write admin:clients:write admin:keys:write';
/** and the additional scope when accounts have roles. */
export const ROLES_SCOPE = 'admin:roles:write';
export const CALLBACK = 'https://client.example/cb';
/** Cheap to verify, because the hash is not what is checked. */
const BCRYPT_COST = 4;

export const json = async (url: string, init: RequestInit = {}): Promise<Answer> =>
  answerOf(await fetch(url, { redirect: 'manual', ...init }));

export async function answerOf(answer: Response): Promise<Answer> {
  const text = await answer.text();
  const isJson = /[/+]json\b/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

/** Posts a form. */
export const postForm = (
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> => json(url, { method: 'POST', body: new URLSearchParams(fields), headers });

/** Reads the discovery document, and creates the accounts for the checks. */
export async function connect(access: Access): Promise<Target> {
  const { issuer, admin } = access;
  const discovered = await json(`${issuer}/.well-known/openid-configuration`);
  if (discovered.status !== 200) throw new Error(`no discovery at ${issuer}: ${discovered.status}`);
  const metadata: Metadata = discovered.body;

  async function ask(method: string, path: string, body: unknown): Promise<Answer> {
    const authorization = basic({ ...admin, redirectUri: '' });
    const scope = access.role === undefined ? ADMIN_SCOPES : `${ADMIN_SCOPES} ${ROLES_SCOPE}`;
    const grant = { grant_type: 'client_credentials', resource: `${issuer}/admin`, scope };
    const token = await tokenRequest(issuer, grant, { authorization });
    if (token.status !== 200) throw new Error(`no token for the Admin API: ${JSON.stringify(token.body)}`);
    const answer = await json(`${issuer}/admin/v1${path}`, {
      method,
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${token.body.access_token}`, 'content-type': 'application/json' },
    });
    return answer;
  }

  async function done(method: string, path: string, body: unknown): Promise<Answer['body']> {
    const answer = await ask(method, path, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  async function account(row: Record<string, unknown>): Promise<Person & { id: string }> {
    const login = `conformance-${randomHex(64)}@example.com`;
    const password = randomToken(128);
    const { id } = await done('POST', '/accounts', {
      ...{ email: login, email_verified: true, password_hash: await hash(password, BCRYPT_COST) },
      ...row,
    });
    return { id, login, password };
  }

  const mobile = `08${String(Number.parseInt(randomHex(32), 16))
    .padStart(8, '0')
    .slice(0, 8)}`;
  const nationalId = newNationalId();
  const person = await account({
    thai_id: nationalId,
    ...{ mobile, mobile_verified: true, given_name: 'Somchai', family_name: 'Jaidee', middle_name: 'Chai' },
    ...{ nickname: 'Chai', preferred_username: 'somchai', gender: 'male', birthdate: '1990-04-13' },
    ...{ profile: 'https://client.example/somchai', website: 'https://somchai.example', locale: 'th' },
  });
  await completeProfile(issuer, person);
  if (access.role !== undefined) await done('POST', `/accounts/${person.id}/roles`, { role: access.role });

  return {
    ...access,
    url: issuer,
    metadata,
    person: { ...person, nationalId },
    stranger: await account({ given_name: 'Nok' }),
    async client(given = {}) {
      const registered = await done('POST', '/clients', {
        client_name: 'Conformance',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [CALLBACK],
        scope: 'openid profile email phone address offline_access',
        ...given,
      });
      const {
        client_id: id,
        client_secret: secret = '',
        redirect_uris: [redirectUri = ''] = [],
      } = registered;
      return { id, secret, redirectUri, metadata: registered };
    },
    endpoint(name) {
      const url = metadata[name];
      if (typeof url !== 'string') throw new Error(`discovery has no ${name}`);
      return url;
    },
    async rotateKeys() {
      const { status, body } = await ask('POST', '/keys/rotate', {});
      if (status < 300) return true;
      if (body.code === 'UNAVAILABLE') return false;
      throw new Error(`keys were not rotated: ${status} ${JSON.stringify(body)}`);
    },
  };
}
