import { expect } from 'chai';
import { decodeJwt } from 'jose';
import {
  answerOnPage,
  askBackchannel,
  backchannelClient,
  needsBackchannel,
  newMessage,
  pollBackchannel,
} from '../backchannel.ts';
import { type Check, group, SPECS } from '../check.ts';
import { verified } from '../flow.ts';
import { postForm, type Target } from '../target.ts';

/** A check that is not applicable when the feature is off. */
const where =
  (run: Check['run']): Check['run'] =>
  async (target) => {
    needsBackchannel(target);
    await run(target);
  };

const ask = async (target: Target, fields: Record<string, string>) =>
  askBackchannel(target, await backchannelClient(target), fields);

export const backchannel = group('backchannel', (check) => {
  check(
    'poll',
    `${SPECS.ciba} §10.1`,
    'gives tokens once, when the person has approved',
    where(async (target) => {
      const client = await backchannelClient(target);
      const message = newMessage();
      const { body } = await askBackchannel(target, client, { binding_message: message });
      const early = await pollBackchannel(target, client, body.auth_req_id);
      expect([early.status, early.body.error]).to.deep.equal([400, 'authorization_pending']);
      await answerOnPage(target, message, 'approve');
      await target.wait(body.interval);
      const { status, body: tokens } = await pollBackchannel(target, client, body.auth_req_id);
      expect(status, JSON.stringify(tokens)).to.equal(200);
      await verified(target, tokens.id_token, { audience: client.id });
      expect(decodeJwt(tokens.id_token).sub).to.equal(target.person.id);
      expect((await pollBackchannel(target, client, body.auth_req_id)).body.error).to.equal('invalid_grant');
    }),
  );

  check(
    'denied',
    `${SPECS.ciba} §11`,
    'is denied by the person',
    where(async (target) => {
      const client = await backchannelClient(target);
      const message = newMessage();
      const { body } = await askBackchannel(target, client, { binding_message: message });
      await answerOnPage(target, message, 'deny');
      expect((await pollBackchannel(target, client, body.auth_req_id)).body.error).to.equal('access_denied');
    }),
  );

  check(
    'of-client',
    `${SPECS.ciba} §10.1`,
    'belongs to the client that asked',
    where(async (target) => {
      const { body } = await ask(target, {});
      const other = await backchannelClient(target);
      expect((await pollBackchannel(target, other, body.auth_req_id)).body.error).to.equal('invalid_grant');
    }),
  );

  check(
    'slow-down',
    `${SPECS.ciba} §11`,
    'tells a client that polls too often',
    where(async (target) => {
      const client = await backchannelClient(target);
      const { body } = await askBackchannel(target, client);
      const poll = async () => (await pollBackchannel(target, client, body.auth_req_id)).body.error;
      expect([await poll(), await poll()]).to.deep.equal(['authorization_pending', 'slow_down']);
    }),
  );

  check(
    'hints',
    `${SPECS.ciba} §7.1`,
    'needs exactly one hint, and the scope openid',
    where(async (target) => {
      const client = await backchannelClient(target);
      const { login: login_hint } = target.person;
      const wrong: Record<string, string>[] = [
        { login_hint: '' },
        { login_hint, login_hint_token: 'a.b.c' },
        { login_hint, scope: 'profile' },
      ];
      for (const fields of wrong) {
        const { status, body } = await askBackchannel(target, client, fields);
        expect(status, JSON.stringify(fields)).to.equal(400);
        expect(body.error).to.be.oneOf(['invalid_request', 'invalid_scope']);
      }
    }),
  );

  check(
    'nobody',
    `${SPECS.ciba} §13`,
    'does not tell whether a hint identifies someone',
    where(async (target) => {
      const known = await ask(target, {});
      const unknown = await ask(target, { login_hint: 'nobody@conformance.example' });
      expect(unknown.status).to.equal(known.status);
      expect(Object.keys(unknown.body)).to.deep.equal(Object.keys(known.body));
    }),
  );

  check(
    'binding-message',
    `${SPECS.ciba} §13`,
    'refuses a message that cannot be shown',
    where(async (target) => {
      const { status, body } = await ask(target, { binding_message: '<b>1</b>' });
      expect([status, body.error]).to.deep.equal([400, 'invalid_binding_message']);
    }),
  );

  check(
    'authentication',
    `${SPECS.ciba} §7.1`,
    'is for clients that authenticate',
    where(async (target) => {
      const { id } = await backchannelClient(target);
      const url = target.endpoint('backchannel_authentication_endpoint');
      const fields = { client_id: id, scope: 'openid', login_hint: target.person.login };
      const { status, body } = await postForm(url, fields);
      expect([status, body.error]).to.deep.equal([401, 'invalid_client']);
    }),
  );
});
