import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';

/** Where the command reads and writes. */
export interface Terminal {
  /** Answers: one JSON document with `--json`, lines for people without. */
  out(text: string): void;
  /** Problems and progress, never part of the answer. */
  err(text: string): void;
  /** True when a person sits in front of it and can be asked. */
  interactive: boolean;
  ask(question: string): Promise<string>;
  /** Everything on the standard input, to its end. */
  readInput(): Promise<string>;
  /** The same as it arrives, for more of it than fits in memory. */
  streamInput(): AsyncIterable<Uint8Array>;
  /** As `out`, for an answer of any length: resolves when the reader can take more. */
  stream(text: string): Promise<void>;
  /** Ends what goes on until it is stopped: Ctrl+C, the end of the process, or a reader that has gone. */
  interruption(): AbortSignal;
}

/** The terminal of this process. Questions go to stderr, so that stdout holds the answer alone. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  interactive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
  async ask(question) {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await lines.question(question);
    } finally {
      lines.close();
    }
  },
  readInput: () => text(process.stdin),
  streamInput: () => process.stdin,
  async stream(words) {
    if (!process.stdout.write(words)) await once(process.stdout, 'drain');
  },
  interruption() {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, abort);
    process.stdout.once('error', abort);
    return controller.signal;
  },
};
