import { expect } from 'chai';
import { unlimited } from '../apis/customers/code-steps.ts';
import { somebody } from '../pages/account/visitor.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type FakeProvider, fakeGoogle } from '../support/upstream/kinds.ts';
import { type At, claimsOf, firstParty, type TwoSteps, twoSteps } from './two-steps.ts';
import { approve, identity, leave, newPerson, signInWith, verifyMobile } from './upstream-steps.ts';

describe('signing in with another provider, many at once', () => {
  let server: TestServer;
  let other: TestServer;
  let flow: TwoSteps;
  let google: FakeProvider;
  before(async () => {
    google = await fakeGoogle();
    const upstream = [google.settings];
    server = await startServer({ ...unlimited(), upstream });
    other = await startServer({ ...unlimited(), upstream, server: { issuer: server.url } });
    flow = twoSteps(server, await firstParty(server));
    // refusals and responses about taken identities are limited by address
    await forgetCounts(server.database);
  });
  after(() => Promise.all([server.stop(), other.stop()]));

  /** Registers the person of Google in `many` browsers simultaneously. */
  async function registerAtOnce(many: number): Promise<At[]> {
    const forms = await Promise.all(
      Array.from({ length: many }, async () => verifyMobile(server, flow, await signInWith(flow, 'google'))),
    );
    return Promise.all(forms.map((at) => flow.send(at, 'upstream/register/details', identity())));
  }

  it('twenty browsers at once make one account of a person', async () => {
    google.issuer.person = newPerson();
    const ends = await registerAtOnce(20);
    for (const { back, status, step, page } of ends)
      expect(back?.searchParams.has('code'), `${status} ${step} ${page.slice(0, 2000)}`).to.equal(true);
    const subs = await Promise.all(ends.map(async (end) => claimsOf(await flow.tokens(end)).sub));
    expect(subs).to.have.length(20);
    expect(new Set(subs).size).to.equal(1);
    const binding = { provider: 'upstream:google', external_id: google.issuer.person.sub };
    expect(await server.database.knex('bindings').where(binding)).to.have.length(1);
  });

  it('twenty simultaneous callbacks of one response sign in once, at two processes', async () => {
    const owner = await somebody(server);
    google.issuer.person = newPerson();
    await server.domain.bindings.add(owner.id, {
      ...{ provider: 'upstream:google', externalId: google.issuer.person.sub, status: '1' },
    });
    const begun = await flow.start();
    const left = await leave(begun, 'google');
    const answer = await begun.agent.request((await approve(left)).address);
    const path = new URL(answer.headers.get('location') ?? '', server.url);
    const asked = google.issuer.asked.filter((one) => one === '/token').length;
    const cookies = (to: string): string =>
      [...begun.agent.cookies]
        .filter(([, cookie]) => new URL(to).pathname.startsWith(cookie.path))
        .map(([name, { value }]) => `${name}=${value}`)
        .join('; ');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        fetch(
          (index % 2 ? server.url : `http://localhost:${other.config.server.port}`) +
            path.pathname +
            path.search,
          {
            redirect: 'manual',
            headers: { cookie: cookies(path.href) },
          },
        ),
      ),
    );
    expect(answers.every(({ status }) => status === 303)).to.equal(true);
    expect(google.issuer.asked.filter((one) => one === '/token').length - asked).to.equal(1);
    const { rows } = await server.database.knex.raw(
      `select count(*)::int as n from audit where account_id = ? and event = 'sign_in.succeeded'`,
      [owner.id],
    );
    expect(rows).to.deep.equal([{ n: 1 }]);
  });
});
