import { expect } from 'chai';
import { requestId } from '../../src/http/request-id.ts';
import { requestContext } from '../../src/lib/request-context.ts';
import { serveAll, stopAll } from './serve.ts';

describe('request id', () => {
  afterEach(stopAll);

  it('is 128 random bits, the same in the state and the answer, whatever the caller says', async () => {
    const seen: string[] = [];
    const { url } = await serveAll(requestId(), (ctx) => {
      seen.push(ctx.state.requestId);
      ctx.body = '';
    });
    const first = await fetch(url, { headers: { 'X-Request-Id': 'mine' } });
    const second = await fetch(url);
    expect(seen).to.deep.equal([first, second].map(({ headers }) => headers.get('x-request-id')));
    expect(seen[0])
      .to.match(/^[0-9a-f]{32}$/)
      .and.not.equal(seen[1]);
  });

  it('comes with a context that knows the caller, behind a proxy too', async () => {
    const { url } = await serveAll(requestId({ trustProxy: 1 }), (ctx) => {
      const { requestId: id, caller } = requestContext();
      ctx.body = { known: id === ctx.state.requestId, ...caller?.() };
    });
    const answer = await fetch(url, {
      headers: { 'X-Forwarded-For': '203.0.113.7', 'User-Agent': 'Browser/1' },
    });
    expect(await answer.json()).to.deep.equal({
      known: true,
      address: '203.0.113.7',
      userAgent: 'Browser/1',
    });
  });

  it('is on failures too', async () => {
    const { url } = await serveAll(requestId(), () => {
      throw new Error('broken');
    });
    const response = await fetch(url);
    expect(response.status).to.equal(500);
    expect(response.headers.get('x-request-id')).to.match(/^[0-9a-f]{32}$/);
  });
});
