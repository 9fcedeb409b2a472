import { expect } from 'chai';
import { inRequestContext } from '../../../src/lib/request-context.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const PASSWORD = 'violet-harbour-lantern';
const MOBILE = '0812345678';
const STRANGER = { address: '192.0.2.7' };

describe('why a sign-in failed, and what to do about it', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  beforeEach(() => domain.empty());

  after(() => domain.leave());

  const person = async (): Promise<number> =>
    (
      await domain.lifecycle.create({
        password: PASSWORD,
        contacts: [{ kind: 'mobile', value: MOBILE, verified: true }],
      })
    ).id;

  const signIn = (password: string): Promise<string> =>
    codeOf(
      domain.passwordAuthenticator.verify({
        identifier: MOBILE,
        password,
        origin: STRANGER,
        clientId: 'client',
      }),
    );

  it('tells the limit and the time of a lock, which an operator ends', async () => {
    const id = await person();
    for (let guess = 0; guess < domain.config.attempts.perAccount; guess += 1) await signIn('wrong');
    expect(await signIn(PASSWORD)).to.equal('TOO_MANY_ATTEMPTS');
    const until = (await domain.locks.lockedUntil(id)) as Date;
    const { data } = await domain.auditSearch.page({ accountId: id, event: 'sign_in.refused' }, { limit: 5 });
    expect(data[0]?.reason).to.equal('locked');
    expect(data[0]?.details).to.include({ limit: 'account' });
    const told = new Date(data[0]?.details.until as string);
    expect(Math.abs(told.getTime() - until.getTime())).to.be.below(5000);

    await inRequestContext({ actor: 'operator:7' }, () => domain.locks.unlock(id));
    expect(await domain.locks.lockedUntil(id)).to.equal(undefined);
    expect(await signIn(PASSWORD)).to.equal('none');
    const unlocked = await domain.auditSearch.page({ event: 'account.unlocked' }, { limit: 5 });
    expect(unlocked.data[0]).to.include({ accountId: id, actor: 'operator:7' });
  });

  it('tells the status of an account that is not active', async () => {
    const id = await person();
    await domain.lifecycle.suspend(id);
    expect(await signIn(PASSWORD)).to.equal('INVALID_CREDENTIALS');
    const { data } = await domain.auditSearch.page({ accountId: id, event: 'sign_in.failed' }, { limit: 5 });
    expect(data[0]?.reason).to.equal('not_active');
    expect(data[0]?.details).to.include({ method: 'password', status: 'suspended' });
  });

  it('is traced by the id of the request, with what it queued', async () => {
    const id = await person();
    await domain.lifecycle.create({ contacts: [{ kind: 'email', value: 'a@example.com', verified: true }] });
    expect(await domain.traces.of('f'.repeat(32))).to.equal(undefined);
    const requestId = 'a'.repeat(32);
    await inRequestContext({ requestId, actor: 'client:client' }, async () => {
      await domain.outbox.add({
        channel: 'mail',
        kind: 'password-changed',
        values: {},
        to: 'a@example.com',
        locale: 'th',
        accountId: id,
        lifetimeSeconds: 60,
      });
      await domain.lifecycle.signOutEverywhere(id);
    });
    domain.refusedRequests.note({
      requestId,
      method: 'POST',
      route: '/oauth/token',
      status: 400,
      error: 'invalid_grant',
      reason: null,
      clientId: 'client',
    });
    await domain.refusedRequests.flush();
    const trace = await domain.traces.of(requestId);
    expect(trace).to.deep.include({ accountId: id, clientId: 'client' });
    expect(trace?.refusal).to.include({ route: '/oauth/token', status: 400, error: 'invalid_grant' });
    expect(trace?.events.map(({ event }) => event)).to.deep.equal(['account.signed_out_everywhere']);
    expect(trace?.messages).to.have.length(1);
    expect(trace?.messages[0]).to.include({ kind: 'password-changed', sentAt: null, attempts: 0 });
  });

  it('records no more refusals in a minute than it may', async () => {
    const { refusedRequests, config } = domain;
    for (let index = 0; index < config.jobs.refusedPerMinute + 5; index += 1)
      refusedRequests.note({
        requestId: `r-${index}`,
        method: 'GET',
        route: '/x',
        status: 400,
        error: null,
        reason: null,
        clientId: null,
      });
    await refusedRequests.flush();
    const [row] = await domain.database.knex('refused_requests').count({ rows: '*' });
    expect(Number(row?.rows)).to.be.at.most(config.jobs.refusedPerMinute);
  });
});
