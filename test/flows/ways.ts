import { BASIC_CLIENT } from '../support/sign-in.ts';

/** An account under all its names, with a token of each API that has it change something. */
export interface Owner {
  mobile: string;
  email: string;
  /** 16 digits. */
  card: string;
  password: string;
  /** Of the Customers API, issued more than five minutes ago. */
  customerToken: string;
  /** Of the Self-service API. */
  selfServiceToken: string;
}

/** One place at which programs have a password looked at. */
export interface Way {
  name: string;
  /** The status of the answer to a wrong password. */
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

/** The password grant under one of the account's names. */
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

/** Where the APIs ask someone for the current password who has a token already. */
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
