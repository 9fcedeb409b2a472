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

/** What one connection remembers from one step of a sequence to the next; forgotten when the sequence begins again. */
export type Memory = Record<string, unknown>;

/** One request of a sequence. */
export interface Step {
  request(memory: Memory): HttpRequest;
  /** Reads what the next step needs. */
  answered?(answer: HttpAnswer, memory: Memory): void;
  /** The status of a good answer; 200 unless told. */
  status?: number;
}

export interface Load {
  url: string;
  connections: number;
  /** Each connection does these one after another, again and again. */
  steps: readonly Step[];
  /** How long, or how many sequences in all, for what can be used once only. */
  until: { seconds: number } | { sequences: number };
  /** Sequences a second at most, over all connections. */
  rate?: number;
}

export interface Measured {
  /** Whole sequences. */
  requests: number;
  requestsPerSecond: number;
  /** Milliseconds of one request. */
  p50: number;
  p99: number;
  /** Answers that were none, or not the expected ones. */
  errors: number;
}

const NEVER_SECONDS = 300;

/** Loads one server, with autocannon. */
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

/** The value in the middle. */
export const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
