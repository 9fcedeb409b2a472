interface Running {
  stop(): Promise<unknown>;
}

/** What a command has started or is starting, newest last. */
const running: Promise<Running>[] = [];

/** Waits for something to start, and has it stopped when the command ends, however it ends and however early. */
export function keepTrack<T extends Running>(starting: T | Promise<T>): Promise<T> {
  const started = Promise.resolve(starting);
  running.push(started);
  return started;
}

/** Stops one before the end. */
export async function stopNow(one: Running): Promise<void> {
  const all = await Promise.all(running);
  running.splice(all.indexOf(one), 1);
  await one.stop();
}

async function stopAll(): Promise<void> {
  for (let last = running.pop(); last; last = running.pop()) {
    // one that did not start has nothing to stop
    const started = await last.catch(() => undefined);
    await started?.stop();
  }
}

/** Runs a command; what it has started is stopped at its end, after a failure, and at Ctrl-C or SIGTERM. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  let ended = false;
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => {
      ended = true;
      void stopAll().finally(() => process.exit(code));
    });
  try {
    await work();
  } catch (error) {
    // what an interruption took away from the work is no failure of its own
    if (!ended) throw error;
    await new Promise<never>(() => {});
  } finally {
    if (!ended) await stopAll();
  }
}
