import { expect } from 'chai';
import { Secret, TOTP } from 'otpauth';
import { randomHex } from '../../src/lib/ids.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { authorizationUrl, pkce } from '../support/sign-in.ts';
import { Visitor } from '../support/visitor.ts';

const PASSWORD = 'violet-harbour-lantern';

describe('a deployment that requires a second factor', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer({ secondFactor: { policy: 'required' } });
  });

  after(() => server.stop());

  it('has accounts without one set it up in the sign-in', async () => {
    const email = `person-${randomHex(64)}@example.com`;
    const { id } = await server.domain.lifecycle.create({
      password: PASSWORD,
      contacts: [{ kind: 'email', value: email, verified: true }],
    });
    const visitor = new Visitor();
    const { challenge } = pkce();
    await visitor.open(authorizationUrl(server.url, challenge));
    const uid = /\/interaction\/([\w-]+)/.exec(visitor.page)?.[1];
    await visitor.send({ login: email, password: PASSWORD }, `/interaction/${uid}/login`);
    expect(visitor.location).to.match(/\/second-factor\/new$/);
    const secret = /<code data-secret>([A-Z2-7]+)</.exec(visitor.page)?.[1] ?? '';
    const { rows } = await server.database.knex.raw('select pratu_now() as now');
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    await visitor.send({ code: totp.generate({ timestamp: (rows[0] as { now: Date }).now.getTime() }) });
    expect(visitor.page).to.include('class="recovery-codes"');
    const next = /class="button primary" href="([^"]+)"/.exec(visitor.page)?.[1] ?? '';
    await visitor.open(new URL(next, server.url).href);
    expect(visitor.page).to.match(/consent|code=/);
    expect(await server.domain.secondFactors.isEnrolled(id)).to.equal(true);
  });
});
