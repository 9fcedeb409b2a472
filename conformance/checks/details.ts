import { expect } from 'chai';
import { group } from '../check.ts';
import { detailClient, detailOf, detailsAt, signInWithDetail } from '../details.ts';
import { errorAt, open, signIn } from '../flow.ts';
import type { RegisteredClient, Target } from '../target.ts';

const SPEC = 'RFC 9396';

/** Returns the error of a request with these details. */
async function refusal(target: Target, client: RegisteredClient, details: unknown): Promise<string | null> {
  const { resource } = detailOf(target);
  const sent = typeof details === 'string' ? details : JSON.stringify(details);
  return errorAt(await open(target, client, { resource, authorization_details: sent }));
}

export const details = group('details', (check) => {
  check('granted', `${SPEC} §7`, 'are in the token response and the introspection', async (target) => {
    const { client, tokens } = await signInWithDetail(target);
    const { detail } = detailOf(target);
    const { authorization_details: granted } = tokens as { authorization_details?: unknown };
    expect(granted).to.deep.equal([detail]);
    expect(await detailsAt(target, client, tokens.access_token)).to.deep.equal([detail]);
  });

  check('consent', `${SPEC} §16`, 'need the consent of the person each time', async (target) => {
    const { detail, resource } = detailOf(target);
    const { agent, client } = await signInWithDetail(target);
    const params = { resource, authorization_details: JSON.stringify([detail]), prompt: 'none' };
    expect(errorAt(await open(target, client, params, agent))).to.equal('consent_required');
  });

  check('form', `${SPEC} §5`, 'are refused where they do not fit their type', async (target) => {
    const { detail } = detailOf(target);
    const client = await detailClient(target);
    for (const wrong of [[{ ...detail, unknown: true }], [{ type: 'unknown' }], [{}], detail, 'no JSON'])
      expect(await refusal(target, client, wrong), JSON.stringify(wrong)).to.equal(
        'invalid_authorization_details',
      );
  });

  check('registered', `${SPEC} §10`, 'are for clients that are registered for the type', async (target) => {
    const { detail } = detailOf(target);
    const client = await target.client();
    const error = await refusal(target, client, [detail]);
    expect(error).to.be.oneOf(['invalid_authorization_details', 'unauthorized_client']);
  });

  check('of-request', `${SPEC} §3`, 'do not come back in a later request without them', async (target) => {
    const { resource } = detailOf(target);
    const { agent, client } = await signInWithDetail(target);
    const params = { resource, scope: 'openid api:read' };
    const { tokens } = await signIn(target, params, { client, agent });
    expect(await detailsAt(target, client, tokens.access_token)).to.equal(undefined);
  });
});
