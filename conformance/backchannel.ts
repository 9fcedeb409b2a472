import { randomUUID } from 'node:crypto';
import { BrowserAgent } from '../test/support/browser-agent.ts';
import { basic } from '../test/support/code-flow.ts';
import { notApplicable } from './check.ts';
import { type Answer, type Metadata, postForm, type RegisteredClient, type Target } from './target.ts';

export const CIBA = 'urn:openid:params:grant-type:ciba';
const ENDPOINT = 'backchannel_authentication_endpoint';
const PAGE = '/account/approvals';

/** Ends a check when the server has no backchannel authentication. */
export const needsBackchannel = ({ metadata }: Target): void =>
  metadata[ENDPOINT] === undefined ? notApplicable('not announced') : undefined;

/** Registers a client for backchannel authentication. Defaults to the poll mode. */
export const backchannelClient = (target: Target, metadata: Metadata = {}): Promise<RegisteredClient> =>
  target.client({
    ...{ grant_types: [CIBA], response_types: [], redirect_uris: [], scope: 'openid' },
    backchannel_token_delivery_mode: 'poll',
    ...metadata,
  });

/** Sends a backchannel authentication request (CIBA Core §7.1). Defaults to the target's person. */
export const askBackchannel = (
  target: Target,
  client: RegisteredClient,
  fields: Record<string, string> = {},
): Promise<Answer> =>
  postForm(
    target.endpoint(ENDPOINT),
    { scope: 'openid', login_hint: target.person.login, ...fields },
    { authorization: basic(client) },
  );

/** Sends the token request (§10.1). */
export const pollBackchannel = (target: Target, client: RegisteredClient, id: string): Promise<Answer> =>
  postForm(
    target.endpoint('token_endpoint'),
    { grant_type: CIBA, auth_req_id: id },
    { authorization: basic(client) },
  );

/** Returns a message that identifies a request among others of the same person. */
export const newMessage = (): string => `Check ${randomUUID()}`;

/** Signs the target's person in, and answers the request with this message on its page. */
export async function answerOnPage(
  { url, person: { login, password } }: Target,
  message: string,
  how: 'approve' | 'deny',
): Promise<void> {
  const agent = new BrowserAgent();
  const asked = await (await agent.follow(url + PAGE)).text();
  const uid = /\/interaction\/([\w-]+)\//.exec(asked)?.[1];
  const page = await (await agent.submit(`/interaction/${uid}/login`, { login, password }, asked)).text();
  const [, after = ''] = page.split(message);
  const request = /name="request" value="([\da-f]+)"/.exec(after)?.[1];
  if (!request) throw new Error(`no request with the message at ${agent.location}`);
  await agent.submit(`${PAGE}/${how}`, { request }, page);
}
