import { expect } from 'chai';
import { messagesTo } from '../apis/customers/mails.ts';
import { createClient, type TestClient } from '../support/clients.ts';
import { checkAnswer } from '../support/openapi.ts';
import type { TestServer } from '../support/server.ts';
import { type Pkce, pkce, type Tokens, tokenRequest } from '../support/sign-in.ts';

/** The response to a step. */
export interface Challenged {
  status: number;
  headers: Headers;
  body: {
    error?: string;
    error_description?: string;
    reason?: string;
    auth_session?: string;
    expires_in?: number;
    next?: string[];
    otp_channels?: string[];
    otp?: { channel: string; reference: string };
    passkey_options?: { challenge: string };
    authorization_code?: string;
  };
}

type Fields = Record<string, string | undefined>;

const sentOf = (fields: Fields): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

/** Creates a first-party client without a secret, as apps are. */
export const appClient = (server: TestServer, more: object = {}): Promise<TestClient> =>
  createClient(server, { token_endpoint_auth_method: 'none', first_party: true, ...more });

/** An app that uses one server. Every response is checked against the document. */
export class App {
  readonly client: TestClient;
  readonly pkce: Pkce = pkce();
  url: string;
  /** Returns the proof for a request to a path. */
  proof: ((path: string) => Promise<string>) | undefined;

  constructor({ url }: Pick<TestServer, 'url'>, client: TestClient) {
    this.url = url;
    this.client = client;
  }

  async #headers(path: string): Promise<Record<string, string>> {
    const { id, secret } = this.client;
    return {
      ...(secret ? { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` } : {}),
      ...(this.proof ? { dpop: await this.proof(path) } : {}),
    };
  }

  async send(fields: Fields, headers: Record<string, string> = {}): Promise<Challenged> {
    const path = '/oauth/authorize-challenge';
    const answer = await fetch(this.url + path, {
      method: 'POST',
      body: new URLSearchParams(sentOf({ client_id: this.client.id, ...fields })),
      headers: { ...(await this.#headers(path)), ...headers },
    });
    const text = await answer.text();
    checkAnswer('challengeAuthorization', answer.status, answer.headers, text);
    return { status: answer.status, headers: answer.headers, body: JSON.parse(text) };
  }

  begin(login_hint?: string, more: Fields = {}): Promise<Challenged> {
    return this.send({ scope: 'openid', code_challenge: this.pkce.challenge, login_hint, ...more });
  }

  /** Takes the step that follows a response. */
  step({ body: { auth_session } }: Challenged, fields: Fields): Promise<Challenged> {
    return this.send({ auth_session, ...fields });
  }

  async redeem(
    { body }: Challenged,
    more: Fields = {},
  ): Promise<{ status: number; body: Tokens & { error?: string } }> {
    const fields: Fields = {
      grant_type: 'authorization_code',
      client_id: this.client.id,
      code: body.authorization_code ?? '',
      code_verifier: this.pkce.verifier,
      ...more,
    };
    return tokenRequest(this.url, sentOf(fields), await this.#headers('/oauth/token'));
  }

  async tokens(finished: Challenged): Promise<Tokens> {
    expect(finished.body, 'a sign-in that is complete').to.have.all.keys('authorization_code');
    const { status, body } = await this.redeem(finished);
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  }
}

/** The code in the newest message to a mobile number or an e-mail address. */
export async function codeOf(server: Pick<TestServer, 'url'>, address: string): Promise<string> {
  const [message] = await messagesTo(server, address.replace(/^0/, '+66'));
  return /\b\d{6}\b/.exec(message?.text ?? '')?.[0] ?? 'no code';
}
