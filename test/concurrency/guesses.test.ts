import { expect } from 'chai';
import { SOMCHAI, tokenRequest } from '../support/sign-in.ts';
import { atBoth, type Processes, twoProcesses } from './processes.ts';

const GUESSES = 200;
const LIMIT = 10;
const WINDOW_SECONDS = 900;

describe('two hundred guesses at once, at two processes', () => {
  let both: Processes;

  before(async function () {
    this.timeout(60_000);
    both = await twoProcesses();
  });

  after(() => both.end());

  const guess = (url: string, password: string) =>
    tokenRequest(url, {
      grant_type: 'password',
      client_id: 'client',
      client_secret: 'secret',
      username: SOMCHAI.login,
      password,
    });

  it('are looked at ten times, and the right one after them is not', async () => {
    const answers = await atBoth(both, GUESSES, (url, index) => guess(url, `wrong-${index}`));
    const statuses = answers.map(({ status }) => status);
    expect(new Set(statuses)).to.not.include(200);
    expect(statuses.filter((status) => status === 400)).to.have.length.within(1, LIMIT);
    // what did not get as far as the throttle was turned away by the lane that bounds the work
    expect(statuses.filter((status) => ![400, 429, 503].includes(status))).to.deep.equal([]);

    for (const url of [both.a, both.b]) {
      const right = await guess(url, SOMCHAI.password);
      expect(right.status).to.equal(429);
      expect(right.body.error).to.equal('temporarily_unavailable');
      expect(Number(right.headers.get('retry-after'))).to.be.within(1, WINDOW_SECONDS);
    }
    const failed = await both.server.database.knex('audit').where({ event: 'sign_in.failed' }).count();
    expect(failed[0]?.count).to.be.within(1, LIMIT);
  });
});
