import { expect } from 'chai';
import type { Context } from 'koa';
import {
  type AnyOperation,
  type Api,
  type Contract,
  type Finding,
  operation,
  serveApi,
} from '../../src/apis/api.ts';
import { AppError } from '../../src/errors/app-error.ts';
import { type Served, serveAll, stopAll } from '../http/serve.ts';

type Caller = { name: string };

/** The steps of the API, in order. */
let steps: string[];

const contractOf = (findings: Finding[], checkAnswer?: Contract['checkAnswer']): Contract => ({
  checkRequest(id) {
    steps.push(`check ${id}`);
    return findings;
  },
  ...(checkAnswer ? { checkAnswer } : {}),
});

/** An operation that records each of its steps. */
const noting = (changes: Partial<Parameters<typeof operation<Caller, string, string>>[0]> = {}) =>
  operation<Caller, string, string>({
    id: 'greet',
    method: 'post',
    path: '/greet/:whom',
    async body() {
      steps.push('body');
      return {};
    },
    read(_ctx, { params }) {
      steps.push('read');
      return params.whom ?? '';
    },
    async run(whom, caller) {
      steps.push('run');
      return `${caller?.name ?? 'nobody'} greets ${whom}`;
    },
    write(ctx, text) {
      steps.push('write');
      ctx.body = text;
    },
    ...changes,
  });

describe('serveApi', () => {
  beforeEach(() => {
    steps = [];
  });
  afterEach(stopAll);

  const serve = (one: AnyOperation<Caller>, changes: Partial<Api<Caller>> = {}): Promise<Served> =>
    serveAll(
      serveApi<Caller>({
        name: 'greetings',
        contract: contractOf([]),
        operations: [one],
        async authenticate(ctx: Context) {
          steps.push('authenticate');
          const name = ctx.get('Authorization');
          if (name === '') throw new AppError('INVALID_TOKEN');
          return { name };
        },
        refuse: (_one, findings, reading) =>
          new AppError('BAD_REQUEST', {
            field: `${findings[0]?.field} ${(reading as Error | undefined)?.message}`,
          }),
        presentError(ctx, error) {
          if (!(error instanceof AppError)) throw error;
          ctx.status = error.status;
          ctx.body = error.field ?? error.code;
        },
        ...changes,
      }),
    );

  async function ask(
    { url }: Served,
    path: string,
    headers: Record<string, string> = { authorization: 'Ann' },
  ) {
    const answer = await fetch(url + path, { method: 'POST', headers });
    return { status: answer.status, text: await answer.text() };
  }

  it('takes every step in its order', async () => {
    const served = await serve(noting());
    expect(await ask(served, '/greet/Bob')).to.deep.equal({ status: 200, text: 'Ann greets Bob' });
    expect(steps).to.deep.equal(['authenticate', 'body', 'check greet', 'read', 'run', 'write']);
  });

  it('checks no request of a caller that is not authenticated', async () => {
    const served = await serve(noting());
    expect(await ask(served, '/greet/Bob', {})).to.deep.equal({ status: 401, text: 'INVALID_TOKEN' });
    expect(steps).to.deep.equal(['authenticate']);
  });

  it('authenticates no caller of an open operation', async () => {
    const served = await serve(noting({ open: true }));
    expect((await ask(served, '/greet/Bob', {})).text).to.equal('nobody greets Bob');
    expect(steps).to.not.include('authenticate');
  });

  it('never runs what the contract refuses, and still learns what else is wrong', async () => {
    const findings: Finding[] = [{ field: 'whom', problem: 'format' }];
    const read = async (): Promise<string> => {
      throw new Error('and more');
    };
    const served = await serve(noting({ read }), { contract: contractOf(findings) });
    expect(await ask(served, '/greet/Bob')).to.deep.equal({ status: 400, text: 'whom and more' });
    expect(steps).to.not.include('run');
    const readable = await serve(noting(), { contract: contractOf(findings) });
    expect((await ask(readable, '/greet/Bob')).text).to.equal('whom undefined');
    expect(steps).to.not.include('run');
  });

  it('leaves to the edge what the API does not present', async () => {
    const run = async (): Promise<string> => {
      throw new TypeError('a bug');
    };
    const served = await serve(noting({ run }));
    const { status, text } = await ask(served, '/greet/Bob');
    expect(status).to.equal(500);
    expect(text).to.not.include('a bug');
  });

  it('holds answers to the contract where it is told to, errors too', async () => {
    const seen: number[] = [];
    const checkAnswer: Contract['checkAnswer'] = (_id, { status }) => {
      seen.push(status);
      if (status === 200) throw new Error('not as documented');
    };
    const served = await serve(noting(), { contract: contractOf([], checkAnswer) });
    expect((await ask(served, '/greet/Bob')).status).to.equal(500);
    expect((await ask(served, '/greet/Bob', {})).status).to.equal(401);
    expect(seen).to.deep.equal([200, 401]);
  });

  it('takes a slash at the end only from an API that wants it, and no other case', async () => {
    const strict = await serve(noting());
    expect((await ask(strict, '/greet/Bob/')).status).to.equal(404);
    const lenient = await serve(noting(), { trailingSlash: true });
    expect((await ask(lenient, '/greet/Bob/')).status).to.equal(200);
    expect((await ask(lenient, '/greet/Bob//')).status).to.equal(404);
    expect((await ask(lenient, '/Greet/Bob')).status).to.equal(404);
  });
});
