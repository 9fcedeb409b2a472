import { setTimeout as pause } from 'node:timers/promises';
import { caller } from './caller.ts';
import type { Around, LoadClient, MakeClient } from './clients/client.ts';
import { exchanging, replaying } from './clients/codes.ts';
import { loggingOut } from './clients/logouts.ts';
import { askingForCodes } from './clients/messages.ts';
import { changingPassword } from './clients/password-changes.ts';
import { probing } from './clients/probes.ts';
import { refreshing } from './clients/refresh.ts';
import { registering } from './clients/registrations.ts';
import { revoking } from './clients/revocations.ts';
import { signingIn } from './clients/sign-ins.ts';
import { PATIENT_MS, sender } from './send.ts';
import type { Stage } from './stage/stage.ts';
import type { Tally } from './tally.ts';

/** The clients of the load under every fault, */
export const CREW: readonly MakeClient[] = [
  refreshing,
  refreshing,
  refreshing,
  refreshing,
  exchanging,
  replaying,
  signingIn,
  signingIn,
  registering,
  registering,
  revoking,
  loggingOut,
  changingPassword,
  askingForCodes,
];
/** and under faults of clusters, with the probes that measure the time without service. */
export const PROBED_CREW: readonly MakeClient[] = [...CREW, probing(0), probing(1)];

export interface Load<S extends Stage> {
  around: Around<S>;
  start(): void;
  /** Lets every client finish its current turn, and waits for the responses. */
  stop(): Promise<void>;
  /** Compares what was acknowledged with the actual state. */
  check(): Promise<void>;
  /** Closes all connections immediately. */
  close(): void;
}

interface LoadOptions extends Pick<Around, 'later' | 'unheard'> {
  crew: readonly MakeClient[];
  cutsAllowed: boolean;
  /** The deadline of a request of the load, after which it is abandoned. */
  deadlineMs: number;
}

let addresses = 0;

/** Creates the clients and everything that they need. The load runs between `start` and `stop`. */
export async function prepareLoad<S extends Stage>(
  stage: S,
  tally: Tally,
  { crew, cutsAllowed, deadlineMs, ...given }: LoadOptions,
): Promise<Load<S>> {
  let isPreparing = true;
  const { send, close } = sender(() => (isPreparing ? PATIENT_MS : deadlineMs));
  const servers = stage.servers.map(({ url }) => url);
  const around: Around<S> = {
    stage,
    tally,
    issuer: stage.servers[0].url,
    ...given,
    caller(kind) {
      addresses += 1;
      // a separate network for each (in the range of RFC 2544), so that no limit counts them together
      const address = `198.18.${addresses >> 8}.${addresses & 255}`;
      return caller({ send, tally, servers, kind, address, first: addresses, cutsAllowed });
    },
  };
  const clients = crew.map((make) => make(around));
  for (const client of clients) await client.prepare();
  isPreparing = false;

  let going = true;
  const work = async (client: LoadClient): Promise<void> => {
    while (going) {
      await client.turn();
      await pause(client.thinkMs);
    }
  };
  let working: Promise<unknown> = Promise.resolve();
  return {
    around,
    start() {
      working = Promise.all(clients.map(work));
    },
    async stop() {
      going = false;
      await working;
    },
    async check() {
      await Promise.all(clients.map((client) => client.check()));
    },
    close() {
      going = false;
      close();
    },
  };
}
