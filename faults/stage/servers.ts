import { closeSync, openSync } from 'node:fs';
import { type PratuOptions, type PratuProcess, startPratu } from '../../bench/services/pratu.ts';

/** A server whose process can be restarted at the same address. */
export interface Server {
  url: string;
  pid(): number;
  /** Sends the signal. Resolves to the exit code, or null if the signal killed the process. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Starts it again after `end`. Resolves when it is ready. */
  again(): Promise<void>;
  /** Starts it again if it has crashed. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

interface ServerOptions extends PratuOptions {
  port: number;
  /** The log file for its output. */
  log: string;
  /** Called when the process ends unexpectedly. */
  onCrash: (url: string) => void;
}

export async function startServer({ log, onCrash, ...options }: ServerOptions): Promise<Server> {
  const url = `http://localhost:${options.port}`;
  const output = openSync(log, 'a');
  let expected = false;
  let crashed = false;
  const begin = async (): Promise<PratuProcess> => {
    expected = false;
    const started = await startPratu({ ...options, output });
    started.exited.then(() => {
      if (expected || started !== current) return;
      crashed = true;
      onCrash(url);
    });
    return started;
  };
  let beginning = begin();
  let current = await beginning;
  let over = false;
  async function again(): Promise<void> {
    // this also removes its folder
    await current.stop();
    if (over) throw new Error('the run is over');
    beginning = begin();
    current = await beginning;
    crashed = false;
  }
  return {
    url,
    pid: () => current.pid,
    end(signal) {
      expected = true;
      return current.end(signal);
    },
    again,
    async revive() {
      if (crashed) await again();
    },
    async stop() {
      over = true;
      // an interruption may come during a restart
      current = await beginning.catch(() => current);
      expected = true;
      await current.stop();
      closeSync(output);
    },
  };
}
