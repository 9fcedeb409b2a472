import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'chai';

const MODULE = new URL('../../src/lib/end-in-order.ts', import.meta.url).href;

interface Case {
  /** The source of a function. */
  stop: string;
  /** The signals to send, one for each line of output. */
  signals: NodeJS.Signals[];
  withinMs?: number;
}

/** Starts a process that ends in order, and signals it. */
async function ended({ stop, signals, withinMs = 60_000 }: Case): Promise<{ code: unknown; said: string[] }> {
  const program = `
    import { endInOrder } from '${MODULE}';
    setInterval(() => {}, 1000);
    endInOrder(${stop}, (error) => console.log(error.message), { withinMs: ${withinMs} });
    console.log('begun');`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const signal = signals.shift();
    if (signal) child.kill(signal);
    if (line !== 'begun') said.push(line);
  }
  const [code, signal] = await closed;
  return { code: code ?? signal, said };
}

describe('an end in order', () => {
  it('has exit code 0 after a stop, which receives the signal', async () => {
    expect(
      await ended({ stop: 'async (reason) => console.log(reason)', signals: ['SIGTERM'] }),
    ).to.deep.equal({
      code: 0,
      said: ['SIGTERM'],
    });
  });

  it('has exit code 1 after a stop that failed', async () => {
    expect(
      await ended({ stop: "async () => { throw new Error('broken') }", signals: ['SIGINT'] }),
    ).to.deep.equal({
      code: 1,
      said: ['broken'],
    });
  });

  it('does not wait longer for a stop than its limit', async () => {
    expect(
      await ended({ stop: '() => new Promise(() => {})', signals: ['SIGTERM'], withinMs: 300 }),
    ).to.deep.equal({
      code: 1,
      said: ['not stopped within 300 ms'],
    });
  });

  it('is immediate at a second signal', async () => {
    const stop = "() => { console.log('stopping'); return new Promise(() => {}) }";
    expect(await ended({ stop, signals: ['SIGTERM', 'SIGTERM'] })).to.deep.equal({
      code: 'SIGTERM',
      said: ['stopping'],
    });
  });
});
