import { expect } from 'chai';
import { atBoth, type Processes, twoProcesses } from '../../concurrency/processes.ts';
import { moveClock } from '../../support/clock.ts';
import { codeSteps, otherThan } from './code-steps.ts';
import { type Answer, customersClient, newMobile, newNationalId } from './customers-client.ts';

const statusesOf = (answers: Answer[]): number[] => answers.map(({ status }) => status);

describe('Customers API: two processes over one database', () => {
  let both: Processes;
  let api: ReturnType<typeof customersClient>;

  before(async function () {
    this.timeout(60_000);
    both = await twoProcesses('server:\n  trustProxy: 1\n');
    api = customersClient({ url: both.a });
  });

  after(() => both.end());

  const at = (url: string) => codeSteps({ url });
  const register = (url: string, body: unknown, address = '192.0.2.1'): Promise<Answer> =>
    customersClient({ url }).post('/customers/register', body, { 'x-forwarded-for': address });

  /** A registered number, and its code to reset the password. */
  async function forgetful(): Promise<{ mobile: string; code: string }> {
    const { mobile } = await api.customer();
    await moveClock(both.server.database, 61);
    return { mobile, code: await api.newCode(mobile, 'reset') };
  }

  it('send one code of twenty that are requested at once', async () => {
    const mobile = newMobile();
    const statuses = statusesOf(await atBoth(both, 20, (url) => at(url).ask(mobile)));
    expect(statuses.sort()).to.deep.equal([200, ...Array(19).fill(429)]);
    expect(await at(both.b).textsTo(mobile)).to.have.length(1);
  });

  it('accept one code once, of twenty times at once', async () => {
    const { mobile, code } = await forgetful();
    const answers = await atBoth(both, 20, (url, index) =>
      at(url).reset(mobile, code, `another-horse-battery-${index}`),
    );
    expect(statusesOf(answers).sort()).to.deep.equal([200, ...Array(19).fill(400)]);
    const winner = answers.findIndex(({ status }) => status === 200);
    expect(await api.token(mobile, `another-horse-battery-${winner}`)).to.be.a('string');
  });

  it('evaluate five of a hundred guesses', async () => {
    const { mobile, code } = await forgetful();
    const answers = await atBoth(both, 100, (url, index) =>
      at(url).verify(mobile, otherThan(code, index + 1)),
    );
    expect(statusesOf(answers).filter((status) => status !== 400 && status !== 429)).to.deep.equal([]);
    const [row] = await both.server.database
      .knex('one_time_codes')
      .where({ mobile: `+66${mobile.slice(1)}` })
      .orderBy('id', 'desc')
      .select('tries', 'answers');
    expect(row).to.deep.equal({ tries: 5, answers: 0 });
    for (const url of [both.a, both.b]) expect((await at(url).verify(mobile, code)).status).to.equal(400);
  });

  it('find the right code among many guesses ten times at most', async () => {
    const { mobile, code } = await forgetful();
    const answers = await atBoth(both, 40, (url) => at(url).verify(mobile, code));
    expect(statusesOf(answers).filter((status) => status === 200)).to.have.length.within(5, 10);
  });

  it('make one account of thirty registrations with one number and code', async () => {
    const body = await api.person();
    const answers = await atBoth(both, 30, (url) =>
      register(url, { ...body, thaiId: newNationalId(), email: undefined }),
    );
    const statuses = statusesOf(answers);
    expect(statuses.filter((status) => status === 200)).to.have.length(1);
    expect(statuses.filter((status) => ![200, 400, 409].includes(status))).to.deep.equal([]);
    const welcomes = (await at(both.a).textsTo(String(body.mobile))).filter((text) => !/\d{6}/.test(text));
    expect(welcomes).to.have.length(1);
  });

  it('make one account of thirty registrations with one national id', async () => {
    const thaiId = newNationalId();
    const people: Record<string, unknown>[] = [];
    for (let index = 0; index < 30; index += 1) people.push(await api.person({ thaiId, email: undefined }));
    // each from its own address: one address learns only twenty times an hour that an identity is registered
    const answers = await atBoth(both, 30, (url, index) =>
      register(url, people[index], `192.0.2.${index + 2}`),
    );
    expect(statusesOf(answers).sort()).to.deep.equal([200, ...Array(29).fill(409)]);
    const winner = answers.find(({ status }) => status === 200);
    const { knex } = both.server.database;
    expect(await knex('cards').where({ account_id: winner?.body.id })).to.have.length(1);
  });
});
