import { expect } from 'chai';
import { Secret, TOTP } from 'otpauth';
import { startServer, type TestServer } from '../../support/server.ts';
import { Visitor } from '../../support/visitor.ts';
import { PASSWORD, person } from './operator.ts';

describe('a console that requires two factors', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer({ console: { secondFactor: 'required' } });
  });

  after(() => server.stop());

  async function signIn(email: string): Promise<Visitor> {
    const visitor = new Visitor();
    await visitor.open(`${server.url}/console?lang=en`);
    const uid = /\/interaction\/([\w-]+)/.exec(visitor.page)?.[1];
    await visitor.send({ login: email, password: PASSWORD }, `/interaction/${uid}/login`);
    return visitor;
  }

  it('refuses an operator who has one, and says what to do', async () => {
    const { id, email } = await person(server, 'admin');
    await server.database.knex('contacts').where({ account_id: id }).update({ verified_at: null });
    const visitor = await signIn(email);
    expect(visitor.status).to.equal(403);
    expect(visitor.page).to.include('ต้องยืนยันตัวตนขั้นที่สอง').and.not.include('console-nav');
    await visitor.open(`${server.url}/console/operators`);
    expect(visitor.location).to.include('/interaction/');
  });

  it('sends a code to an operator who has set none up', async () => {
    const { email } = await person(server, 'admin');
    const visitor = await signIn(email);
    expect(visitor.location).to.match(/\/second-factor$/);
    const send = /action="([^"]+\/email\/send)"/.exec(visitor.page)?.[1] ?? '';
    await visitor.send({}, send);
    const [mail] = await server.domain.outbox.list({ to: email, limit: 1 });
    await visitor.send({ code: /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? '' }, send.replace(/\/send$/, ''));
    expect(visitor.location).to.match(/\/console/);
    expect(visitor.page).to.include('console-nav');
  });

  it('asks for the second, and lets the operator in', async () => {
    const { id, email } = await person(server, 'admin');
    const { secret } = await server.domain.secondFactors.begin(id, 'App');
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const { rows } = await server.database.knex.raw('select pratu_now() as now');
    const now = (rows[0] as { now: Date }).now.getTime();
    const origin = { address: '127.0.0.1' };
    await server.domain.secondFactors.confirm(id, totp.generate({ timestamp: now - 30_000 }), origin);
    const visitor = await signIn(email);
    expect(visitor.location).to.match(/\/second-factor$/);
    await visitor.send({ code: totp.generate({ timestamp: now }) });
    expect(visitor.location).to.match(/\/console/);
    expect(visitor.page).to.include('console-nav');
  });
});
