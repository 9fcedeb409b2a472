import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';

/** The input and output of a command. */
export interface Terminal {
  /** Writes results: one JSON document with `--json`, otherwise lines for people. */
  out(text: string): void;
  /** Writes problems and progress, which are never part of the result. */
  err(text: string): void;
  /** True when a person can be prompted. */
  interactive: boolean;
  ask(question: string): Promise<string>;
  /** Reads standard input to its end. */
  readInput(): Promise<string>;
  /** Reads standard input as a stream, for input that does not fit in memory. */
  streamInput(): AsyncIterable<Uint8Array>;
  /** Like `out`, for output of any length. Resolves when the reader can accept more. */
  stream(text: string): Promise<void>;
  /** Returns a signal that ends continuous output: Ctrl+C, termination of the process, or a closed output stream. */
  interruption(): AbortSignal;
}

/** The terminal of this process. Prompts go to stderr, so that stdout contains only the result. */
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
