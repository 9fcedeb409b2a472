import { expect } from 'chai';
import { OFFLINE } from '../../test/support/code-flow.ts';
import { CLAIMS_OF_SCOPES } from '../checks/claims.ts';
import { signIn, userinfoOf } from '../flow.ts';
import type { Target } from '../target.ts';
import { each, type Uses } from './use.ts';

/** Claims of the ID token or the protocol. */
const PROTOCOL = ['sub', 'iss', 'sid', 'acr', 'amr', 'auth_time'] as const;
const ACCOUNT = Object.values(CLAIMS_OF_SCOPES).flat();

/** Expects the claims of a scope in the userinfo response. */
async function scopeOfClaims(target: Target, scope: string): Promise<void> {
  const { tokens } = await signIn(target, { scope: `openid ${scope}` });
  expect(await userinfoOf(target, tokens.access_token)).to.have.all.keys(
    'sub',
    ...(CLAIMS_OF_SCOPES[scope] ?? []),
  );
}

/** Expects a scope that operators grant to a client. */
async function allowedScope(target: Target, scope: string, metadata = {}): Promise<void> {
  const client = await target.client({ scope: `openid ${scope}`, ...metadata });
  const { tokens } = await signIn(target, { scope: `openid ${scope}` }, { client });
  expect(tokens.scope.split(' ')).to.include(scope);
}

/** Expects the role that the client is allowed to receive, or an empty list when no role was given. */
async function expectRoles(target: Target): Promise<void> {
  const { role = 'none' } = target;
  const client = await target.client({ scope: 'openid roles', allowed_roles: [role] });
  const { tokens } = await signIn(target, { scope: 'openid roles' }, { client });
  const { roles } = await userinfoOf(target, tokens.access_token);
  expect(roles).to.deep.equal(target.role === undefined ? [] : [role]);
}

const requested = (claims: readonly string[]) => Object.fromEntries(claims.map((claim) => [claim, null]));

/** Signs in once with a request for every claim by name: account claims from userinfo, the others in the ID token. */
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

/** The scopes and contents of tokens. */
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
