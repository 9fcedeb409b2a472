import { expect } from 'chai';
import { DEMONSTRATION_ACCOUNT } from '../../src/domain/demonstration/demonstration.ts';
import { byGrant, type Way, waysToSignIn } from '../flows/ways.ts';
import { lineTo } from '../support/cut-line.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { freePort } from '../support/free-port.ts';
import { SOMCHAI } from '../support/sign-in.ts';
import { atBoth, type Processes, twoProcesses } from './processes.ts';

const GUESSES = 200;
const LIMIT = 10;
const WINDOW_SECONDS = 900;
const PER_ADDRESS = 60;
const IN_TOTAL = 25;

/** Every guess reaches the throttle: none is refused for lack of room. */
const ROOM = 'passwords: { maxQueued: 1000, maxWaitMs: 60000, memoryKiB: 1024, passes: 1 }\n';
const WRONG_STATUSES: readonly number[] = [400, 401];

/** Redis as it is, and unreachable: from the start, and in the middle where there is one. */
const LINES: { name: string; open: () => Promise<{ url: string; cut?: () => Promise<void> } | undefined> }[] =
  [
    { name: 'as they are', open: async () => undefined },
    {
      name: 'with a Redis that is not there',
      open: async () => ({ url: `redis://127.0.0.1:${await freePort()}` }),
    },
  ];
const { REDIS_URL } = process.env;
if (REDIS_URL) LINES.push({ name: 'whose Redis goes in the middle', open: () => lineTo(REDIS_URL) });

for (const { name, open } of LINES) {
  describe(`simultaneous guesses, at two processes ${name}`, () => {
    let both: Processes;
    let signIns: Way[];
    let cut: () => Promise<void>;

    before(async function () {
      this.timeout(60_000);
      const line = await open();
      cut = line?.cut ?? (async () => {});
      both = await twoProcesses(
        `${ROOM}attempts: { perAddress: ${PER_ADDRESS}, inTotal: ${IN_TOTAL}, totalWindowSeconds: 600 }\n`,
        line ? { REDIS_URL: line.url } : {},
      );
      const { knex } = both.server.database;
      const [held] = await knex('cards').where({ account_id: 1 }).select('id');
      signIns = waysToSignIn({
        ...DEMONSTRATION_ACCOUNT,
        card: `0001${String(held?.id).padStart(12, '0')}`,
      });
    });

    beforeEach(() => forgetCounts(both.server.database));

    after(async () => {
      await cut();
      await both.end();
    });

    /** The number of responses by status. */
    const tally = (statuses: number[]): Record<number, number> =>
      Object.fromEntries(
        [...new Set(statuses)].map((one) => [one, statuses.filter((other) => other === one).length]),
      );
    const looked = (statuses: number[]): number =>
      statuses.filter((status) => WRONG_STATUSES.includes(status)).length;

    /** Makes the guesses, and cuts the connection to Redis after half of the responses. */
    async function guess(wayOf: (index: number) => Way): Promise<number[]> {
      let answered = 0;
      const answers = await atBoth(both, GUESSES, async (url, index) => {
        const answer = await wayOf(index).ask(url, `wrong-${index}`);
        await answer.text();
        answered += 1;
        if (answered === GUESSES / 2) await cut();
        return answer;
      });
      for (const { status, headers } of answers)
        if (status === 429) expect(Number(headers.get('retry-after'))).to.be.within(1, WINDOW_SECONDS);
      return answers.map(({ status }) => status);
    }

    // this test is first because Redis counts for it
    it('at many accounts are checked as often as the limit of the deployment allows', async function () {
      this.timeout(60_000);
      const statuses = await guess((index) => byGrant('mobile', `089${String(index).padStart(7, '0')}`));
      // the counts in Redis are lost once, when it goes; then the database counts
      const most = name.includes('in the middle') ? 2 * IN_TOTAL : IN_TOTAL;
      expect(looked(statuses), JSON.stringify(tally(statuses))).to.be.within(IN_TOTAL, most);
      expect(looked(statuses) + (tally(statuses)[429] ?? 0)).to.equal(GUESSES);
    });

    it('at one account, every way, are checked ten times a counter, and the right one after them is not', async function () {
      this.timeout(60_000);
      const statuses = await guess((index) => signIns[index % signIns.length] as Way);
      // ten by mobile and e-mail, and ten by the card number, which has a counter of its own
      const most = 2 * LIMIT;
      expect(looked(statuses), JSON.stringify(tally(statuses))).to.equal(most);
      expect(tally(statuses)[429]).to.equal(GUESSES - most);
      for (const url of [both.a, both.b])
        for (const way of signIns) {
          const right = await way.ask(url, SOMCHAI.password);
          expect(right.status, way.name).to.equal(429);
          await right.text();
        }
      const failed = await both.server.database
        .knex('audit')
        .where({ event: 'sign_in.failed', account_id: 1 })
        .count();
      expect(Number(failed[0]?.count)).to.equal(most);
      await both.server.database.knex('audit').delete();
    });
  });
}
