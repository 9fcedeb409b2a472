import { hash } from '@node-rs/bcrypt';
import { randomHex, randomToken } from '../src/lib/ids.ts';
import { newNationalId } from '../test/apis/customers/customers-client.ts';
import type { TestClient } from '../test/support/clients.ts';
import { basic, type Person } from '../test/support/code-flow.ts';
import { tokenRequest } from '../test/support/sign-in.ts';
import type { Party } from './party.ts';
import { completeProfile } from './profile.ts';

/** What a JSON endpoint answered. */
export interface Answer {
  status: number;
  headers: Headers;
  body: ReturnType<typeof JSON.parse>;
}

export type Metadata = Readonly<Record<string, unknown>>;

/** A client that a check registered, with the answer of the registration. */
export interface RegisteredClient extends TestClient {
  metadata: Metadata;
}

/** How the server under test is reached, and what its operator has given us. */
export interface Access {
  issuer: string;
  /** A client of the client credentials grant that may use the Admin API: accounts, clients, keys. */
  admin: { id: string; secret: string };
  /** A token that lets us register clients ourselves (RFC 7591 §3); undefined where there is none. */
  initialAccessToken?: () => Promise<string>;
  /** Another party, which the server can reach, with a folder of documents; undefined where it cannot. */
  party?: Party;
  /** A resource server (RFC 8707) with the scope `api:read` and opaque tokens; undefined where there is none. */
  resource?: string;
  /** A role that accounts may have; undefined where there is none. */
  role?: string;
  /** A detail of a configured type (RFC 9396 §2); undefined where there is none. */
  detail?: Readonly<Record<string, unknown>>;
  /** Whether the proxy trusts the authority of the tests' client certificates. */
  trustsAuthority?: boolean;
  /** Lets so many seconds pass. */
  wait(seconds: number): Promise<void>;
}

/** The server under test. `url` is its issuer. */
export interface Target extends Omit<Access, 'issuer' | 'admin'> {
  url: string;
  /** Of discovery. */
  metadata: Metadata;
  /** A person whose account has everything that an account can have. */
  person: Person & { id: string; nationalId: string };
  /** A person with few claims. */
  stranger: Person & { id: string };
  /** Registers a client of the code flow as an operator would. */
  client(metadata?: Metadata): Promise<RegisteredClient>;
  /** The endpoint that discovery names. */
  endpoint(name: string): string;
  /** False when the next key has not been published for long enough. */
  rotateKeys(): Promise<boolean>;
}

/** What the client for the Admin API needs, */
export const ADMIN_SCOPES = 'admin:accounts:write admin:clients:write admin:keys:write';
/** and where accounts have roles, this too. */
export const ROLES_SCOPE = 'admin:roles:write';
export const CALLBACK = 'https://client.example/cb';
/** Cheap to verify: what is checked here is not the hash. */
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

/** Reads discovery, and makes the accounts that the checks sign in with. */
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
