import { expect } from 'chai';
import { createClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { tokensFor } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { BASIC_CLIENT } from '../../support/sign-in.ts';
import { newEmail, PASSWORD, selfServiceClient } from './self-service-client.ts';

const HOURS = 3600;
const PROTECTED = ['GET', 'PATCH', 'DELETE'] as const;

describe('Self-service API: tokens', () => {
  let server: TestServer;
  let api: ReturnType<typeof selfServiceClient>;

  before(async () => {
    server = await testServer();
    api = selfServiceClient(server);
  });

  describe('POST /customers/login', () => {
    it('gives a token of 12 hours for an e-mail in any case', async () => {
      const me = await api.customer();
      const { status, body } = await api.login(me.email.toUpperCase());
      expect(status).to.equal(200);
      expect(Object.keys(body)).to.deep.equal(['token']);
      const headers = { authorization: `Bearer ${body.token}` };
      await moveClock(server.database, 12 * HOURS - 60);
      expect((await api.send('GET', '/customers/self', undefined, headers)).status).to.equal(200);
      await moveClock(server.database, 120);
      expect((await api.send('GET', '/customers/self', undefined, headers)).status).to.equal(401);
    });

    it('gives a token of the protocol, good for the other APIs', async () => {
      const { headers, id } = await api.customer();
      const { body: customer } = await api.call('GET', '/customers', { headers });
      expect(customer.id).to.equal(id);
      const { body: claims } = await api.call('GET', '/oauth/userinfo', { headers });
      expect(claims.sub).to.equal(String(id));
    });

    it('answers alike for an unknown e-mail, a wrong password and an account that is not active', async () => {
      const { email } = await api.customer();
      const suspended = await api.customer();
      await server.domain.lifecycle.suspend(suspended.id);
      const answers = [
        await api.login(email, 'wrong-password'),
        await api.login(newEmail()),
        await api.login(suspended.email),
      ];
      for (const { status, body, headers } of answers) {
        expect(status).to.equal(401);
        expect(headers.get('www-authenticate')).to.equal('Bearer');
        expect(body).to.deep.equal({
          error: 'invalid_credentials',
          message: 'The sign-in name or the password is wrong.',
        });
      }
    });

    it('counts wrong passwords, and then refuses the right one too', async () => {
      const email = newEmail();
      await server.domain.lifecycle.create({
        password: PASSWORD,
        contacts: [{ kind: 'email', value: email, verified: true }],
      });
      for (let tries = 0; tries < 10; tries += 1) await api.login(email, 'wrong-password');
      const { status, body, headers } = await api.login(email);
      expect(status).to.equal(429);
      expect(body.error).to.equal('too_many_attempts');
      expect(Number(headers.get('retry-after'))).to.be.within(1, 900);
    });

    it('names what is wrong with the input', async () => {
      const wrong: [body: unknown, ...members: string[]][] = [
        [{}, 'email', 'password'],
        [{ email: '', password: null }, 'email', 'password'],
        [{ email: ['a@example.com'], password: { a: 1 } }, 'email', 'password'],
        [{ email: '0812345678', password: PASSWORD }, 'email'],
        [{ email: 'a\0@example.com', password: PASSWORD }, 'email'],
        [{ email: 'a@example.com', password: 'x'.repeat(1025) }, 'password'],
      ];
      for (const [body, ...members] of wrong) {
        const answer = await api.post('/login', body);
        expect(answer.status, JSON.stringify(body)).to.equal(400);
        expect(answer.body.fields).to.have.keys(members);
      }
    });
  });

  it('come with the scheme in any case, or without one', async () => {
    const { token } = await api.customer();
    for (const authorization of [`Bearer ${token}`, `bearer ${token}`, `BEARER  ${token}`, token])
      expect((await api.send('GET', '/customers/self', undefined, { authorization })).status).to.equal(200);
  });

  for (const method of PROTECTED) {
    it(`are needed at ${method} /customers/self, one answer for every reason`, async () => {
      const { token } = await api.customer();
      const wrong = [
        '',
        'Bearer',
        'Bearer unknown',
        'unknown',
        `Basic ${btoa(token)}`,
        `DPoP ${token}`,
        BASIC_CLIENT,
      ];
      for (const authorization of wrong) {
        const answer = await api.send(method, '/customers/self', undefined, { authorization });
        expect(answer.status, authorization).to.equal(401);
        expect(answer.headers.get('www-authenticate')).to.equal('Bearer');
        expect(answer.body).to.deep.equal({
          error: 'invalid_token',
          message: 'The access token is missing or no longer valid.',
        });
      }
      const query = await fetch(`${server.url}/customers/self?access_token=${token}`, { method });
      expect(query.status).to.equal(401);
    });

    it(`of other clients are not enough at ${method} /customers/self`, async () => {
      const { access_token } = await tokensFor(server, await createClient(server), {});
      const weak = await api.send(method, '/customers/self', undefined, { authorization: access_token });
      expect(weak.status).to.equal(403);
      expect(weak.body.error).to.equal('insufficient_scope');
      expect(weak.headers.get('www-authenticate')).to.equal('Bearer error="insufficient_scope"');
    });
  }

  it('are checked before the body is', async () => {
    expect((await api.send('PATCH', '/customers/self', '{')).status).to.equal(401);
  });
});
