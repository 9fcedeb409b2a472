import { expect } from 'chai';
import { OFFLINE } from '../../test/support/code-flow.ts';
import { CLAIMS_OF_SCOPES } from '../checks/claims.ts';
import { signIn, userinfoOf } from '../flow.ts';
import type { Target } from '../target.ts';
import { each, type Uses } from './use.ts';

/** Of the ID token or of the protocol itself. */
const PROTOCOL = ['sub', 'iss', 'sid', 'acr', 'amr', 'auth_time'] as const;
const ACCOUNT = Object.values(CLAIMS_OF_SCOPES).flat();

/** A scope whose claims userinfo has. */
async function scopeOfClaims(target: Target, scope: string): Promise<void> {
  const { tokens } = await signIn(target, { scope: `openid ${scope}` });
  expect(await userinfoOf(target, tokens.access_token)).to.have.all.keys(
    'sub',
    ...(CLAIMS_OF_SCOPES[scope] ?? []),
  );
}

/** A scope that operators allow a client. */
async function allowedScope(target: Target, scope: string, metadata = {}): Promise<void> {
  const client = await target.client({ scope: `openid ${scope}`, ...metadata });
  const { tokens } = await signIn(target, { scope: `openid ${scope}` }, { client });
  expect(tokens.scope.split(' ')).to.include(scope);
}

/** Roles that the client may be told of; an empty list where accounts have none. */
async function expectRoles(target: Target): Promise<void> {
  const { role = 'none' } = target;
  const client = await target.client({ scope: 'openid roles', allowed_roles: [role] });
  const { tokens } = await signIn(target, { scope: 'openid roles' }, { client });
  const { roles } = await userinfoOf(target, tokens.access_token);
  expect(roles).to.deep.equal(target.role === undefined ? [] : [role]);
}

const requested = (claims: readonly string[]) => Object.fromEntries(claims.map((claim) => [claim, null]));

/** One sign-in that asks for every claim by its name: at userinfo those of the account, in the ID token the others. */
async function askForAll(target: Target): Promise<Record<string, unknown>> {
  const claims = JSON.stringify({ userinfo: requested(ACCOUNT), id_token: requested(PROTOCOL) });
  const visit = await signIn(target, { claims });
  return { ...(await userinfoOf(target, visit.tokens.access_token)), ...visit.claims };
}

const answers = new WeakMap<Target, Promise<Record<string, unknown>>>();

async function claimByName(target: Target, claim: string): Promise<void> {
  const answer = answers.get(target) ?? askForAll(target);
  answers.set(target, answer);
  expect((await answer)[claim], claim).to.not.be.oneOf([undefined, null, '']);
}

/** What tokens may reach, and what is in them. */
export const scopesAndClaims: Uses = {
  scopes_supported: {
    async openid(target) {
      expect((await signIn(target, { scope: 'openid' })).tokens.id_token).to.not.equal('');
    },
    async offline_access(target) {
      expect((await signIn(target, OFFLINE)).tokens.refresh_token).to.be.a('string');
    },
    ...each(Object.keys(CLAIMS_OF_SCOPES), scopeOfClaims),
    global: (target) => allowedScope(target, 'global', { first_party: true }),
    'accounts:lookup': (target) => allowedScope(target, 'accounts:lookup'),
    'bindings:write': (target) => allowedScope(target, 'bindings:write'),
    roles: expectRoles,
    async thai_id(target) {
      const client = await target.client({ scope: 'openid thai_id' });
      const { tokens } = await signIn(target, { scope: 'openid thai_id' }, { client });
      expect((await userinfoOf(target, tokens.access_token)).thai_id).to.match(/^\d{13}$/);
    },
  },
  claim_types_supported: { normal: (target) => claimByName(target, 'name') },
  claims_supported: {
    ...each([...PROTOCOL, ...ACCOUNT], claimByName),
    roles: expectRoles,
    async thai_id(target) {
      const client = await target.client({ scope: 'openid thai_id' });
      const { tokens } = await signIn(target, { scope: 'openid thai_id' }, { client });
      expect((await userinfoOf(target, tokens.access_token)).thai_id).to.equal(target.person.nationalId);
    },
  },
};
