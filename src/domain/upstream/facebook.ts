import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { AppError } from '../../errors/app-error.ts';
import { type Connector, library, type UpstreamClaims, type UpstreamSettings } from './connector.ts';
import type { FacebookGraph } from './facebook-graph.ts';

export interface FacebookDeps {
  graph: Pick<FacebookGraph, 'userOf'>;
  graphUrl: string;
  fetch: (url: URL, init?: RequestInit) => Promise<Response>;
}

const LONGEST_MS = 3000;

const profile = z.object({
  id: z.string(),
  email: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
});

/**
 * https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow. Plain OAuth 2: `/debug_token` and
 * `/me` identify the person, and `/debug_token` confirms that the token was issued to this app. Addresses may be
 * unverified.
 */
export function facebook(
  { clientSecret = '', issuer = 'https://www.facebook.com' }: UpstreamSettings,
  { graph, graphUrl, fetch }: FacebookDeps,
): Connector {
  const base = graphUrl.replace(/\/$/, '');

  async function profileBy(accessToken: string): Promise<UpstreamClaims> {
    const sub = await graph.userOf(accessToken);
    const url = new URL(`${base}/me`);
    const proof = createHmac('sha256', clientSecret).update(accessToken).digest('hex');
    url.search = String(
      new URLSearchParams({ fields: 'id,email,first_name,last_name', appsecret_proof: proof }),
    );
    try {
      const response = await fetch(url, {
        headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` },
        signal: AbortSignal.timeout(LONGEST_MS),
      });
      if (!response.ok) throw new Error(`Facebook answered ${response.status}`);
      const said = profile.parse(await response.json());
      if (said.id !== sub) throw new AppError('UPSTREAM_INVALID', { reason: 'upstream_invalid' });
      return { sub, email: said.email, given_name: said.first_name, family_name: said.last_name };
    } catch (cause) {
      throw cause instanceof AppError ? cause : new AppError('UNAVAILABLE', { cause });
    }
  }

  return {
    issuer,
    metadata: {
      issuer,
      authorization_endpoint: `${issuer}/dialog/oauth`,
      token_endpoint: `${base}/oauth/access_token`,
    },
    scope: 'public_profile email',
    reauthentication: { auth_type: 'reauthenticate' },
    clientAuth: async () => (await library()).ClientSecretPost(clientSecret),
    trustsEmail: false,
    profileBy,
  };
}
