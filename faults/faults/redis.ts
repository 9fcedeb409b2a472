import { setTimeout as pause } from 'node:timers/promises';
import type { Around } from '../clients/client.ts';
import { registered } from '../clients/people.ts';
import { byPassword } from '../clients/protocol.ts';
import type { Fault } from '../fault.ts';
import type { SingleStage } from '../stage/single-stage.ts';

const GONE_MS = 4000;
/** The permitted increase of response times. */
export const SLOWER_MS = 100;
/** The values of `attempts.perAccount`, and of `attempts.perAddress` as set in `stage.ts`. */
const TRIES_OF_AN_ACCOUNT = 10;
const TRIES_OF_AN_ADDRESS = 30;
const MORE = 4;

/**
 * Guesses passwords at both servers alternately, for one account and for many names from one address. Beyond the limit,
 * each attempt must be refused, even with the correct password.
 */
export async function guess({ caller, tally }: Around): Promise<void> {
  const owner = caller('guess');
  const { mobile, password } = await registered(owner, tally);
  const guesser = caller('guess');
  const expect = [400, 429] as const;
  let looked = 0;
  for (let tried = 0; tried < TRIES_OF_AN_ACCOUNT + MORE; tried += 1) {
    const { reply } = await guesser.insist(byPassword(mobile, `wrong guess ${tried}`, expect));
    if (reply?.status === 400) looked += 1;
  }
  if (looked > TRIES_OF_AN_ACCOUNT) tally.lost.push(`${looked} guesses at one account were checked`);
  await guesser.insist(byPassword(mobile, password, [429]));

  const stranger = caller('guess');
  let names = 0;
  for (let tried = 0; tried < TRIES_OF_AN_ADDRESS + MORE; tried += 1) {
    const { reply } = await stranger.insist(
      byPassword(`nobody-${tried}-${mobile}@example.com`, 'wrong guess', expect),
    );
    if (reply?.status === 400) names += 1;
  }
  tally.notes.push(`${looked} guesses at an account and ${names} from an address were checked`);
  if (names > TRIES_OF_AN_ADDRESS) tally.lost.push(`${names} guesses from one address were checked`);
}

const NEVER = `Answers that take more than ${SLOWER_MS} ms longer, a guess beyond a limit that is checked, a session that ends.`;

export const redisGone: Fault<SingleStage> = {
  name: 'redis-gone',
  what: 'Redis is killed; someone guesses passwords; then Redis is started again, empty.',
  never: NEVER,
  slowerByMs: SLOWER_MS,
  async inject(around) {
    const { redis } = around.stage;
    await redis.end();
    try {
      await guess(around);
    } finally {
      await redis.again();
    }
  },
};

export const redisEmptied: Fault<SingleStage> = {
  name: 'redis-emptied',
  what: 'Redis is killed and at once started again, empty.',
  never: NEVER,
  slowerByMs: SLOWER_MS,
  async inject(around) {
    const { redis } = around.stage;
    await redis.end();
    await redis.again();
    await pause(GONE_MS);
    return () => guess(around);
  },
};

export const redisHung: Fault<SingleStage> = {
  name: 'redis-hung',
  what: 'Redis is stopped where it is (SIGSTOP): connections stay and nothing answers; someone guesses passwords.',
  never: NEVER,
  slowerByMs: SLOWER_MS,
  async inject(around) {
    const { redis } = around.stage;
    redis.freeze();
    try {
      await guess(around);
    } finally {
      redis.thaw();
    }
  },
};
