import autocannon from 'autocannon';

export interface HttpRequest {
  path: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/**
 * The state that a connection keeps between the steps of a sequence. It is discarded when the sequence starts again.
 */
export type Memory = Record<string, unknown>;

/** One request of a sequence. */
export interface Step {
  request(memory: Memory): HttpRequest;
  /** Extracts what the next step needs. */
  answered?(answer: HttpAnswer, memory: Memory): void;
  /** The status of a successful response. Defaults to 200. */
  status?: number;
}

export interface Load {
  url: string;
  connections: number;
  /** The steps that each connection repeats in order. */
  steps: readonly Step[];
  /** The duration or, for values that can be used once, the total number of sequences. */
  until: { seconds: number } | { sequences: number };
  /** The maximum number of sequences per second, over all connections. */
  rate?: number;
}

export interface Measured {
  /** The number of complete sequences. */
  requests: number;
  requestsPerSecond: number;
  /** Milliseconds of one request. */
  p50: number;
  p99: number;
  /** Missing and unexpected responses. */
  errors: number;
}

const NEVER_SECONDS = 300;

/** Loads one server with autocannon. */
export async function measure({ url, connections, steps, until, rate }: Load): Promise<Measured> {
  let sequences = 0;
  let wrong = 0;
  let last = 0;
  const started = performance.now();
  const requests = steps.map(({ request, answered, status: good = 200 }, index) => ({
    setupRequest: (given: object, memory: object) => ({ ...given, ...request(memory as Memory) }),
    onResponse(status: number, body: string, memory: object, headers: HttpAnswer['headers'] = {}) {
      if (status !== good) wrong += 1;
      if (index === steps.length - 1) {
        sequences += 1;
        last = performance.now();
      }
      answered?.({ status, headers, body }, memory as Memory);
    },
  }));
  const result = await autocannon({
    url,
    connections,
    requests: requests as autocannon.Request[],
    ...('seconds' in until
      ? { duration: until.seconds }
      : { amount: until.sequences * steps.length, duration: NEVER_SECONDS }),
    ...(rate ? { overallRate: rate * steps.length } : {}),
    sampleInt: 250,
  });
  return {
    requests: sequences,
    requestsPerSecond: sequences / ((last - started) / 1000),
    p50: result.latency.p50,
    p99: result.latency.p99,
    errors: wrong + result.errors + result.timeouts,
  };
}

/** Returns the median. */
export const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
