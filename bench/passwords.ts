import { availableParallelism } from 'node:os';
import { bulkhead } from '../src/lib/bulkhead.ts';
import { passwordHasher } from '../src/lib/passwords/password-hasher.ts';
import { measure, median } from './load.ts';
import { HASHING, PERSON } from './person.ts';
import type { PasswordResult } from './results.ts';
import { CONNECTIONS } from './scenario.ts';
import { passwordGrant } from './scenarios/passwords.ts';
import { refreshing } from './scenarios/refresh.ts';
import type { Target } from './target.ts';

/** A low, steady rate of refreshes, as from apps in use. */
const REFRESHES_A_SECOND = 40;
const REFRESHING_CONNECTIONS = 8;

const refusal = (): Error => new Error('the bulkhead is full');

/** Measures the verifications per second of the hash alone, with as many in parallel as there are processors. */
async function hashesPerSecond(seconds: number): Promise<number> {
  const places = availableParallelism();
  const hasher = passwordHasher({
    ...HASHING,
    bulkhead: bulkhead({ size: places, queue: places, waitMs: 60_000, refusal }),
  });
  const stored = await hasher.hash(PERSON.password);
  const started = performance.now();
  let done = 0;
  const verifyAgainAndAgain = async (): Promise<void> => {
    while (performance.now() - started < seconds * 1000) {
      await hasher.verify(PERSON.password, stored);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: places }, verifyAgainAndAgain));
  return done / ((performance.now() - started) / 1000);
}

export interface PasswordOptions {
  rounds: number;
  seconds: number;
  progress: (line: string) => void;
}

/**
 * Measures the share of the hash rate that the password grant reaches, and its effect on refreshes, in alternating
 * runs.
 */
export async function measurePasswords(target: Target, options: PasswordOptions): Promise<PasswordResult> {
  const { rounds, seconds, progress } = options;
  const grants = async (until: { seconds: number }, connections = passwordGrant.connections ?? CONNECTIONS) =>
    measure({ url: target.url, connections, ...(await passwordGrant.prepare(target, until.seconds)) });
  const refreshes = async () =>
    measure({
      url: target.url,
      connections: REFRESHING_CONNECTIONS,
      steps: [await refreshing(target, REFRESHING_CONNECTIONS)],
      until: { seconds },
      rate: REFRESHES_A_SECOND,
    });

  const runs = [];
  for (let round = 0; round < rounds; round += 1) {
    const hashes = await hashesPerSecond(seconds);
    const granted = await grants({ seconds });
    const idle = await refreshes();
    // the flood lasts a second longer at either end, so that no refresh is measured without it
    const flood = grants({ seconds: seconds + 2 });
    await new Promise((resume) => setTimeout(resume, 1000));
    const saturated = await refreshes();
    await flood;
    runs.push({ hashes, granted, idle, saturated });
    progress(
      `round ${round + 1}: ${hashes.toFixed(0)} hashes a second, ${granted.requestsPerSecond.toFixed(0)} password grants; ` +
        `refresh p99 ${idle.p99} ms idle, ${saturated.p99} ms while passwords are checked`,
    );
  }
  return {
    hashesPerSecond: median(runs.map(({ hashes }) => hashes)),
    grantsPerSecond: median(runs.map(({ granted }) => granted.requestsPerSecond)),
    ratio: median(runs.map(({ hashes, granted }) => granted.requestsPerSecond / hashes)),
    refreshP99Idle: median(runs.map(({ idle }) => idle.p99)),
    refreshP99Saturated: median(runs.map(({ saturated }) => saturated.p99)),
    errors: runs.reduce(
      (sum, { granted, idle, saturated }) => sum + granted.errors + idle.errors + saturated.errors,
      0,
    ),
  };
}
