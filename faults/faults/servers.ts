import { setTimeout as pause } from 'node:timers/promises';
import type { Around } from '../clients/client.ts';
import type { Fault } from '../fault.ts';
import type { Server } from '../stage/servers.ts';

const ROLLS = 3;
const KILLING_MS = 60_000;

/** Stops a server gracefully and starts it again. */
async function roll(server: Server, { tally }: Around): Promise<void> {
  const began = performance.now();
  const code = await server.end('SIGTERM');
  tally.notes.push(`stopped within ${((performance.now() - began) / 1000).toFixed(1)} s`);
  if (code !== 0) tally.crashed.push(`a stop ended with ${code}`);
  await server.again();
}

export const serverStop: Fault = {
  name: 'server-stop',
  what: 'One of the two servers gets SIGTERM and is started again; clients go to the other one when it refuses connections.',
  never: 'A request that was sent and not answered, half an answer, an exit code other than 0.',
  inject: (around) => roll(around.stage.servers[1], around),
};

export const rollingRestart: Fault = {
  name: 'rolling-restart',
  what: `Both servers are stopped by SIGTERM and started again, one after the other, ${ROLLS} times.`,
  never: 'A request that was sent and not answered, half an answer, an exit code other than 0.',
  async inject(around) {
    for (let time = 0; time < ROLLS; time += 1)
      for (const server of around.stage.servers) await roll(server, around);
  },
};

export const serverKill: Fault = {
  name: 'server-kill',
  what: 'A server gets SIGKILL and is started again, by turns, for a minute.',
  never: 'A cut of anything but requests in flight, a burned token, an acknowledged thing that is missing.',
  cuts: true,
  async inject({ stage, tally }, { kills: wanted }) {
    const end = performance.now() + KILLING_MS;
    let kills = 0;
    while (wanted ? kills < wanted : performance.now() < end) {
      const server = stage.servers[kills % 2] as Server;
      // at a random moment of the load
      await pause(100 + Math.random() * 300);
      await server.end('SIGKILL');
      await server.again();
      kills += 1;
    }
    tally.notes.push(`killed ${kills} times`);
  },
};
