import { setTimeout as pause } from 'node:timers/promises';
import type { Around } from '../clients/client.ts';
import { type Person, registered } from '../clients/people.ts';
import { byPassword } from '../clients/protocol.ts';
import type { Fault } from '../fault.ts';
import { quantile } from '../tally.ts';

const FLOOD_MS = 15_000;
/** The pause of refused clients, which retry earlier than `Retry-After` permits. */
const SHED_PAUSE_MS = 100;
const PEOPLE = 10;
/** Ten times the clients of the load, and more than the hash queues can hold. */
const AT_ONCE = 150;

/** Signs in at both servers until `end`, and counts the outcomes. */
async function flood({ caller }: Around, people: readonly Person[], end: number): Promise<[number, number]> {
  const call = caller('flood');
  let [served, shed] = [0, 0];
  for (let turn = 0; performance.now() < end; turn += 1) {
    const { mobile, password } = people[turn % people.length] as Person;
    const reply = await call.once({ ...byPassword(mobile, password), limited: true });
    if (typeof reply === 'object') served += 1;
    else {
      shed += 1;
      await pause(SHED_PAUSE_MS);
    }
  }
  return [served, shed];
}

export const passwordFlood: Fault = {
  name: 'password-flood',
  what: `${AT_ONCE} clients sign in with passwords as fast as they are answered, for ${FLOOD_MS / 1000} seconds: more than can be hashed.`,
  never: 'A server that stops answering what needs no password; refusals later than five seconds after it.',
  async inject(around) {
    const { tally, caller } = around;
    const people: Person[] = [];
    for (let index = 0; index < PEOPLE; index += 1) people.push(await registered(caller('flood'), tally));
    const end = performance.now() + FLOOD_MS;
    const done = await Promise.all(Array.from({ length: AT_ONCE }, () => flood(around, people, end)));
    const served = done.reduce((sum, [one]) => sum + one, 0);
    const shed = done.reduce((sum, [, one]) => sum + one, 0);
    const refresh = tally.latencies.get('refresh') ?? [];
    tally.notes.push(
      `${served} sign-ins served, ${shed} shed; refresh meanwhile: p50 ${quantile(refresh, 0.5).toFixed(0)} ms, p99 ${quantile(refresh, 0.99).toFixed(0)} ms`,
    );
    if (shed === 0) tally.notes.push('nothing was shed: the flood was no flood');
  },
};
