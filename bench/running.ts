interface Running {
  stop(): Promise<unknown>;
}

/** The services that a command has started or is starting, newest last. */
const running: Promise<Running>[] = [];

/** Waits for a service to start. It is stopped when the command ends, however and however early that happens. */
export function keepTrack<T extends Running>(starting: T | Promise<T>): Promise<T> {
  const started = Promise.resolve(starting);
  running.push(started);
  return started;
}

/** Stops one service before the end. */
export async function stopNow(one: Running): Promise<void> {
  const all = await Promise.all(running);
  running.splice(all.indexOf(one), 1);
  await one.stop();
}

async function stopAll(): Promise<void> {
  for (let last = running.pop(); last; last = running.pop()) {
    // a service that did not start has nothing to stop
    const started = await last.catch(() => undefined);
    await started?.stop();
  }
}

/** Runs a command. Stops the services that it has started at its end, after a failure, and at Ctrl-C or SIGTERM. */
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
    // an error caused by an interruption is not a failure of the work
    if (!ended) throw error;
    await new Promise<never>(() => {});
  } finally {
    if (!ended) await stopAll();
  }
}
