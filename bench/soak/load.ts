import { setTimeout as pause } from 'node:timers/promises';
import { ACTORS } from './actors.ts';
import type { Target } from './target.ts';

export interface Load {
  /** The number of completed actions, by actor. */
  done: ReadonlyMap<string, number>;
  /** The number of errors, by message. */
  errors: ReadonlyMap<string, number>;
  /** Resolves when all running actions have ended. */
  stop(): Promise<void>;
}

/** Runs every actor until it is stopped. Each waits for its response, so a slow server receives fewer requests. */
export function startLoad(target: Target): Load {
  const done = new Map(ACTORS.map(({ name }) => [name, 0]));
  const errors = new Map<string, number>();
  let stopping = false;
  const add = (counts: Map<string, number>, name: string): void =>
    void counts.set(name, (counts.get(name) ?? 0) + 1);

  const loops = ACTORS.flatMap(({ name, count, everyMs, begin }) =>
    Array.from({ length: count }, async (_, index) => {
      await pause((everyMs * index) / count);
      let act = begin(target);
      while (!stopping) {
        const started = performance.now();
        try {
          await act();
          add(done, name);
        } catch (error) {
          const { cause, message } = error as Error;
          add(errors, `${name}: ${message}${cause ? ` (${(cause as Error).message})` : ''}`);
          act = begin(target);
        }
        await pause(Math.max(0, everyMs - (performance.now() - started)));
      }
    }),
  );
  return {
    done,
    errors,
    async stop() {
      stopping = true;
      await Promise.all(loops);
    },
  };
}
