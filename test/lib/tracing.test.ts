import { ProxyTracerProvider, SpanStatusCode, trace } from '@opentelemetry/api';
import { expect } from 'chai';
import { formatTraceparent, parseTraceparent } from '../../src/lib/traceparent.ts';
import { registeredTracing, type Tracing } from '../../src/lib/tracing.ts';
import { collectTraces, type Traces, textOf, treesOf } from '../support/traces.ts';

describe('tracing without an SDK', () => {
  it('is undefined, so that nothing is wrapped', () => {
    expect(registeredTracing('1.2.3')).to.equal(undefined);
  });
});

describe('tracing', () => {
  let traces: Traces;
  let tracing: Tracing;

  before(() => {
    traces = collectTraces();
    tracing = registeredTracing('1.2.3') as Tracing;
  });
  beforeEach(() => traces.reset());
  after(() => traces.end());

  const inRequest = async <T>(work: () => Promise<T>): Promise<T> => {
    const span = tracing.request('GET', undefined);
    try {
      return await span.run(work);
    } finally {
      span.end({ name: 'GET /', attributes: {}, failed: false });
    }
  };
  const names = (): string[] => treesOf(traces.spans()).map((line) => line.replace(/^.*? ms /, ''));

  it('nests what runs inside of each other, also at the same time', async () => {
    await inRequest(() =>
      Promise.all([
        tracing.child('one', {}, () => tracing.child('inner', {}, async () => 1)),
        tracing.child('other', {}, async () => tracing.childNow('now', {}, () => 2)),
      ]),
    );
    expect(names().sort()).to.deep.equal(['    inner', '    now', '  one', '  other', 'GET /']);
  });

  it('makes no span outside of a request, and none for what is shared', async () => {
    expect(await tracing.child('alone', {}, () => 7)).to.equal(7);
    expect(tracing.childNow('alone', {}, () => 7)).to.equal(7);
    expect(tracing.traceparent()).to.equal(undefined);
    await inRequest(() => tracing.detached(() => tracing.child('shared', {}, async () => {})));
    expect(names()).to.deep.equal(['GET /']);
  });

  it('notes the code of a failure, never its message', async () => {
    const failing = Object.assign(new Error('Key (email)=(someone@example.com) exists'), { code: '23505' });
    const odd = Object.assign(new Error('x'), { code: 'someone@example.com', name: 'also odd' });
    const failed = await inRequest(() =>
      Promise.allSettled([
        tracing.child('statement', {}, () => Promise.reject(new TypeError('someone@example.com'))),
        tracing.child('coded', {}, () => Promise.reject(failing)),
        tracing.child('odd', {}, () => Promise.reject(odd)),
        (async () =>
          tracing.childNow('now', {}, () => {
            throw new RangeError('someone@example.com');
          }))(),
      ]),
    );
    expect(failed.map(({ status }) => status)).to.deep.equal(Array(4).fill('rejected'));
    const types = Object.fromEntries(
      traces.spans().map(({ name, attributes, status }) => [name, [attributes['error.type'], status.code]]),
    );
    expect(types).to.deep.equal({
      'GET /': [undefined, SpanStatusCode.UNSET],
      statement: ['TypeError', SpanStatusCode.ERROR],
      coded: ['23505', SpanStatusCode.ERROR],
      odd: ['_OTHER', SpanStatusCode.ERROR],
      now: ['RangeError', SpanStatusCode.ERROR],
    });
    expect(traces.spans().map(textOf).join()).not.to.include('someone');
  });

  it('links a trace to another one, if that is named rightly', async () => {
    const traceparent = await inRequest(async () => tracing.traceparent());
    for (const named of [traceparent, 'nonsense', undefined])
      await tracing.linked('send', { traceparent: named }, async () => {});
    const links = traces
      .spans()
      .filter(({ name }) => name === 'send')
      .map((span) => span.links.map((link) => formatTraceparent(link.context)));
    expect(links).to.deep.equal([[traceparent], [], []]);
  });
});

describe('flushing traces', () => {
  let flushed = 0;
  const withFlush = (forceFlush: () => Promise<void>): Tracing => {
    const getTracer = () => new ProxyTracerProvider().getTracer('none');
    const provider = { getTracer, forceFlush };
    trace.disable();
    trace.setGlobalTracerProvider(provider);
    return registeredTracing('1.2.3') as Tracing;
  };
  after(() => trace.disable());

  it('sends what is collected', async () => {
    await withFlush(async () => {
      flushed += 1;
    }).flush();
    expect(flushed).to.equal(1);
  });

  it('does not fail with its collector, and does not wait for it', async () => {
    await withFlush(() => Promise.reject(new Error('down'))).flush();
    const began = performance.now();
    await withFlush(() => new Promise(() => {})).flush();
    expect(performance.now() - began).to.be.within(1900, 30_000);
  });
});

describe('a traceparent', () => {
  it('is read as it is written', () => {
    const text = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const parsed = parseTraceparent(text);
    expect(parsed).to.include({ traceFlags: 1, isRemote: true });
    expect(parsed && formatTraceparent(parsed)).to.equal(text);
  });

  for (const text of [
    '',
    '01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
    '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x',
  ])
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(parseTraceparent(text)).to.equal(undefined);
    });
});
