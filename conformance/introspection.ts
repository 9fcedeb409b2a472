import { basic } from '../test/support/code-flow.ts';
import { signIn } from './flow.ts';
import { type Answer, type Metadata, postForm, type RegisteredClient, type Target } from './target.ts';

export const SIGNED_INTROSPECTION = 'application/token-introspection+jwt';

/** Registers a client that introspects its own access token and requests a JWT response (RFC 9701 §4). */
export async function introspectSigned(
  target: Target,
  metadata: Metadata = {},
): Promise<{ client: RegisteredClient; answer: Answer; sub: string | undefined }> {
  const client = await target.client(metadata);
  const { tokens, claims } = await signIn(target, {}, { client });
  const answer = await postForm(
    target.endpoint('introspection_endpoint'),
    { token: tokens.access_token },
    { authorization: basic(client), accept: SIGNED_INTROSPECTION },
  );
  return { client, answer, sub: claims.sub };
}
