import cluster from 'node:cluster';
import { withDeadline } from '../http/deadline.ts';
import type { Numbers, ToPrimary, ToWorker } from './messages.ts';

/** How a worker's process ended. */
export interface Ending {
  code: number | null;
  signal: string | null;
}

/** A worker as its primary sees it. */
export interface WorkerHandle {
  id: number;
  pid: number | undefined;
  /** Resolves when it serves; rejects when it ended before that. */
  ready: Promise<void>;
  ended: Promise<Ending>;
  hasEnded(): boolean;
  /** Its numbers now; rejects, or never answers, when it cannot tell them. */
  read(): Promise<Numbers>;
  /** Ends it in order, and by SIGKILL when it has not ended within `withinMs`. Again: waits for the same end. */
  end(how: 'retire' | 'stop', withinMs: number): Promise<Ending>;
}

interface WorkerHandleDeps {
  env: Record<string, string>;
  /** The numbers of all, when the worker is asked for `/metrics`. */
  scrape(): Promise<string>;
  /** Called once with its last numbers, when it still could tell them. */
  onLeaving(last: Numbers): void;
}

/** Starts a worker: another process of this program. */
export function startWorker({ env, scrape, onLeaving }: WorkerHandleDeps): WorkerHandle {
  const worker = cluster.fork(env);
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Ending>();
  const reads = new Map<number, (numbers: Numbers) => void>();
  let asked = 0;
  let serves = false;
  let over = false;
  let ending = false;

  /** A message that can no longer be sent has no recipient. */
  const send = (message: ToWorker): void => void worker.send(message, () => {});
  const end = (how: Ending): void => {
    over = true;
    ended.resolve(how);
    ready.reject(new Error('worker exited before it was ready'));
  };

  ready.promise.catch(() => {});
  worker.once('exit', (code: number | null, signal: string | null) => end({ code, signal }));
  // the machine has no room for another process, or the channel of one that ends has broken
  worker.on('error', () => {
    if (worker.process.pid === undefined) end({ code: null, signal: null });
  });
  worker.on('message', (message: ToPrimary) => {
    if (message.pratu === 'ready') {
      serves = true;
      ready.resolve();
    }
    if (message.pratu === 'numbers') reads.get(message.id)?.(message.numbers);
    if (message.pratu === 'scrape') {
      const { id } = message;
      const answer = (text?: string) =>
        send({ pratu: 'scraped', id, ...(text === undefined ? {} : { text }) });
      scrape().then(answer, () => answer());
    }
    if (message.pratu === 'leaving') {
      onLeaving(message.numbers);
      send({ pratu: 'left' });
    }
  });

  return {
    id: worker.id,
    pid: worker.process.pid,
    ready: ready.promise,
    ended: ended.promise,
    hasEnded: () => over,
    async read() {
      // it would not hear the question
      if (!serves) return [];
      asked += 1;
      const id = asked;
      const { promise, resolve } = Promise.withResolvers<Numbers>();
      reads.set(id, resolve);
      send({ pratu: 'read', id });
      return promise.finally(() => reads.delete(id));
    },
    async end(how, withinMs) {
      if (!ending) {
        ending = true;
        if (how === 'retire') send({ pratu: 'retire' });
        else worker.process.kill('SIGTERM');
      }
      return withDeadline(withinMs, () => ended.promise).catch(() => {
        worker.process.kill('SIGKILL');
        return ended.promise;
      });
    },
  };
}
