import { basic } from '../test/support/code-flow.ts';
import { notApplicable } from './check.ts';
import { type SignedIn, signIn } from './flow.ts';
import { type Metadata, postForm, type RegisteredClient, type Target } from './target.ts';

/** Returns the detail of the target and its resource server. Ends the check when the target has none. */
export function detailOf({ detail, resource }: Target) {
  if (detail === undefined || resource === undefined)
    return notApplicable('no detail of a configured type was given');
  return { detail, resource, type: String(detail.type) };
}

/** Registers a client that may request details of this type. */
export const detailClient = (target: Target, metadata: Metadata = {}): Promise<RegisteredClient> =>
  target.client({ authorization_details_types: [detailOf(target).type], ...metadata });

/** Signs in with a request for the detail (RFC 9396 §3). */
export async function signInWithDetail(target: Target): Promise<SignedIn> {
  const { detail, resource } = detailOf(target);
  const params = { resource, scope: 'openid api:read', authorization_details: JSON.stringify([detail]) };
  return signIn(target, params, { client: await detailClient(target) });
}

/** Returns the details from the introspection of a token (§9.2). */
export async function detailsAt(target: Target, client: RegisteredClient, token: string): Promise<unknown> {
  const url = target.endpoint('introspection_endpoint');
  const { body } = await postForm(url, { token }, { authorization: basic(client) });
  return body.authorization_details;
}
