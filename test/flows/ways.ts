import { BASIC_CLIENT } from '../support/sign-in.ts';

/** An account with all its identifiers, and a token of each API that can change it. */
export interface Owner {
  mobile: string;
  email: string;
  /** The card number, 16 digits. */
  card: string;
  password: string;
  /** A token of the Customers API, issued more than five minutes ago. */
  customerToken: string;
  /** A token of the Self-service API. */
  selfServiceToken: string;
}

/** One place at which a program has a password verified. */
export interface Way {
  name: string;
  /** The status of the response to a wrong password. */
  wrong: number;
  ask(url: string, password: string): Promise<Response>;
}

const NEXT = 'staple-gun-orchestra';
const FREE_MOBILE = '0890001234';
const FREE_EMAIL = 'next@example.com';

const json = (url: string, body: unknown, token?: string, method = 'POST'): Promise<Response> =>
  fetch(url, {
    method,
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
  });

const form = (url: string, fields: Record<string, string>, authorization: string): Promise<Response> =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers: { authorization } });

/** The password grant with one identifier of the account. */
export const byGrant = (name: string, username: string): Way => ({
  name: `the password grant by ${name}`,
  wrong: 400,
  ask: (url, password) =>
    form(`${url}/oauth/token`, { grant_type: 'password', username, password }, BASIC_CLIENT),
});

/** The ways to sign in with a password through an API. */
export const waysToSignIn = ({
  mobile,
  email,
  card,
}: Omit<Owner, 'customerToken' | 'selfServiceToken'>): Way[] => [
  byGrant('mobile', mobile),
  byGrant('e-mail', email),
  byGrant('card number', card),
  {
    name: 'the sign-in of the Self-service API',
    wrong: 401,
    ask: (url, password) => json(`${url}/customers/login`, { email, password }),
  },
  {
    name: 'the sign-in of the Keys API',
    wrong: 401,
    ask: (url, password) => json(`${url}/api/v2/auth/login`, { email, password }),
  },
];

/** The operations that require the current password from a caller that already has a token. */
export const waysToConfirm = ({ customerToken, selfServiceToken }: Owner): Way[] => [
  {
    name: 'the change of password of the Customers API',
    wrong: 400,
    ask: (url, oldPassword) =>
      json(`${url}/update-password`, { oldPassword, newPassword: NEXT }, customerToken),
  },
  ...['/pre-update-email', '/update-email'].map((path) => ({
    name: `the Customers API at ${path}`,
    wrong: 400,
    ask: (url: string, password: string) =>
      json(`${url}${path}`, { email: FREE_EMAIL, password }, customerToken),
  })),
  {
    name: 'the change of mobile of the Customers API',
    wrong: 400,
    ask: (url, password) =>
      json(`${url}/update-mobile`, { mobile: FREE_MOBILE, otpNumber: '000000', password }, customerToken),
  },
  ...[{ password: NEXT }, { email: FREE_EMAIL }].map((change) => ({
    name: `the change of ${Object.keys(change)[0]} of the Self-service API`,
    wrong: 400,
    ask: (url: string, current_password: string) =>
      json(`${url}/customers/self`, { ...change, current_password }, selfServiceToken, 'PATCH'),
  })),
];
