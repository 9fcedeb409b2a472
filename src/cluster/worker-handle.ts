import cluster from 'node:cluster';
import { withDeadline } from '../http/deadline.ts';
import type { Numbers, ToPrimary, ToWorker } from './messages.ts';

/** The exit status of a worker's process. */
export interface Ending {
  code: number | null;
  signal: string | null;
}

/** A worker, from the point of view of its primary. */
export interface WorkerHandle {
  id: number;
  pid: number | undefined;
  /** Resolves when the worker serves; rejects when it exits before that. */
  ready: Promise<void>;
  ended: Promise<Ending>;
  hasEnded(): boolean;
  /**
   * Returns its current metrics, which are empty before it serves. May reject, or never settle, when it cannot report
   * them.
   */
  read(): Promise<Numbers>;
  /**
   * Shuts it down gracefully, and by SIGKILL when it has not exited within `withinMs`. A repeated call waits for the
   * same exit.
   */
  end(how: 'retire' | 'stop', withinMs: number): Promise<Ending>;
}

interface WorkerHandleDeps {
  env: Record<string, string>;
  /** Returns the metrics of all workers, for a worker that serves `/metrics`. */
  scrape(): Promise<string>;
  /** Called once with the worker's last metrics, if it could still report them. */
  onLeaving(last: Numbers): void;
}

/** Starts a worker: another process of the same program. */
export function startWorker({ env, scrape, onLeaving }: WorkerHandleDeps): WorkerHandle {
  const worker = cluster.fork(env);
  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<Ending>();
  const reads = new Map<number, (numbers: Numbers) => void>();
  let asked = 0;
  let serves = false;
  let over = false;
  let ending = false;

  /** Sends a message to the worker. Ignores a failure: a worker whose channel is closed has no use for the message. */
  const send = (message: ToWorker): void => void worker.send(message, () => {});
  const end = (how: Ending): void => {
    over = true;
    ended.resolve(how);
    ready.reject(new Error('worker exited before it was ready'));
  };

  ready.promise.catch(() => {});
  worker.once('exit', (code: number | null, signal: string | null) => end({ code, signal }));
  // the process could not be started, or the channel of an exiting worker has broken
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
      // a worker that is still starting does not handle messages
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
