import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { expect } from 'chai';
import { holder, PASSWORD, stepServer, verifyMobile } from '../pages/step-server.ts';
import { visitor } from '../pages/visitor.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { eventually } from '../support/eventually.ts';
import type { TestServer } from '../support/server.ts';
import {
  authorizationUrl,
  BASIC_CLIENT,
  pkce,
  SOMCHAI,
  signInOnPages,
  tokenRequest,
} from '../support/sign-in.ts';
import { collectTraces, idOf, parentIdOf, type Traces, textOf } from '../support/traces.ts';

const STATEMENT = /^([A-Z]+( [a-z_]+)?|(read|commit|insert|present)-[a-z-]+)$/;

describe('traces', () => {
  let traces: Traces;
  let server: TestServer;

  before(async () => {
    traces = collectTraces();
    server = await stepServer({}, { alone: true });
  });
  beforeEach(() => traces.reset());
  after(async () => {
    await server.stop();
    await traces.end();
  });

  /** The span of a request, once it has ended. */
  const requestSpan = async (name: string): Promise<ReadableSpan> => {
    await eventually(async () => expect(traces.spans().map((span) => span.name)).to.include(name));
    return traces.spans().find((span) => span.name === name) as ReadableSpan;
  };
  const inTraceOf = (root: ReadableSpan): ReadableSpan[] =>
    traces.spans().filter((span) => span.spanContext().traceId === root.spanContext().traceId);
  /** The names of the spans from the root to a span. */
  const pathOf = (span: ReadableSpan): string[] => {
    const parent = traces.spans().find((other) => idOf(other) === parentIdOf(span));
    return parent ? [...pathOf(parent), span.name] : [span.name];
  };
  const signIn = async (): Promise<{ code: string; verifier: string; agent: BrowserAgent }> => {
    const { verifier, challenge } = pkce();
    const agent = new BrowserAgent();
    const back = await signInOnPages(
      agent,
      authorizationUrl(server.url, challenge, { state: 'a-secret-state' }),
    );
    return { code: back.searchParams.get('code') ?? '', verifier, agent };
  };
  const redeem = ({ code, verifier }: { code: string; verifier: string }) =>
    tokenRequest(server.url, {
      grant_type: 'authorization_code',
      client_id: 'spa',
      code,
      redirect_uri: 'http://localhost:8080/cb',
      code_verifier: verifier,
    });

  it('show a sign-in from the page to the statements, with routes for names', async () => {
    const { status } = await redeem(await signIn());
    expect(status).to.equal(200);
    const token = await requestSpan('POST /oauth/token');
    const all = traces.spans().map((span) => pathOf(span).join(' > '));
    expect(all).to.include.members([
      'GET /oauth/authorize',
      'GET /oauth/authorize > oidc-provider',
      'GET /oauth/authorize > commit-records',
      'GET /interaction/:uid > render sign-in/login',
      'POST /interaction/:uid/login > verify password',
      'POST /oauth/token > oidc-provider > grant authorization_code > read-records',
      'POST /oauth/token > commit-records',
    ]);
    const login = await requestSpan('POST /interaction/:uid/login');
    const statements = inTraceOf(login).filter((span) => span.kind === SpanKind.CLIENT);
    expect(statements.length).to.be.greaterThan(4);
    for (const statement of statements) {
      expect(statement.name).to.match(STATEMENT);
      expect(statement.attributes).to.deep.equal({ 'db.system.name': 'postgresql' });
    }
    expect(token.kind).to.equal(SpanKind.SERVER);
    expect(token.attributes).to.include({
      'http.request.method': 'POST',
      'http.route': '/oauth/token',
      'http.response.status_code': 200,
    });
    expect(token.attributes['pratu.request_id']).to.match(/^[0-9a-f]{32}$/);
    const [hash] = inTraceOf(login).filter(({ name }) => name === 'verify password');
    expect(hash?.events.map(({ name }) => name)).to.deep.equal(['hashing started']);
  });

  it('have every span below a request or a delivery', async () => {
    await redeem(await signIn());
    await requestSpan('POST /oauth/token');
    const ids = new Set(traces.spans().map(idOf));
    const roots = traces.spans().filter((span) => !ids.has(parentIdOf(span) ?? ''));
    expect(
      roots.map(({ name }) => name).filter((name) => !/^((GET|POST) \/|send )/.test(name)),
    ).to.deep.equal([]);
    expect(roots.length).to.be.greaterThan(4);
  });

  it('keep requests apart that share a statement', async () => {
    const attempts = Array.from({ length: 6 }, () => redeem({ code: 'unknown', verifier: 'x'.repeat(43) }));
    await Promise.all(attempts);
    await eventually(async () => {
      const roots = traces.spans().filter(({ name }) => name === 'POST /oauth/token');
      expect(roots).to.have.length(6);
      for (const root of roots)
        expect(inTraceOf(root).filter(({ name }) => name === 'read-records')).to.have.length(1);
    });
  });

  it('say nothing of a person and no secret', async () => {
    const { mobile } = await holder(server, { email: 'private.person@example.com' });
    const person = visitor(server);
    const at = await person.begin({ login_hint: 'private.person@example.com', state: 'a-secret-state' });
    await verifyMobile(person, `${at}/sms`, mobile);
    const code = await person.codeTo(mobile);
    await server.jobs.sending.runNow();
    const signed = await signIn();
    const { body } = await redeem(signed);
    await tokenRequest(
      server.url,
      { grant_type: 'password', username: mobile, password: PASSWORD, scope: 'global' },
      { authorization: BASIC_CLIENT },
    );
    const answers = [
      await fetch(`${server.url}/oauth/userinfo`, {
        headers: { authorization: `Bearer ${body.access_token}` },
      }),
      await fetch(`${server.url}/reset-password?key=a-secret-key`),
      await fetch(`${server.url}/no-such-page/${mobile}?a-secret-query`),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 404]);
    await requestSpan('GET unmatched');
    await requestSpan('send sms');

    const told = traces.spans().map(textOf).join('\n');
    expect(traces.spans().length).to.be.greaterThan(60);
    const cookies = [...signed.agent.cookies.values()].map(({ value }) => value);
    const secrets = [
      ...[
        mobile,
        mobile.slice(1),
        'private.person',
        '@example.com',
        SOMCHAI.login,
        SOMCHAI.password,
        PASSWORD,
      ],
      ...[code, signed.code, signed.verifier, body.access_token, body.id_token ?? '', ...cookies],
      ...[
        'a-secret',
        BASIC_CLIENT,
        BASIC_CLIENT.slice(6),
        '127.0.0.1',
        'http://',
        at.split('/')[2] ?? '',
        'สม',
      ],
    ].filter((secret) => secret !== '');
    expect(secrets.length).to.be.greaterThan(16);
    expect(secrets.filter((secret) => told.includes(secret))).to.deep.equal([]);
  });

  it('link the delivery of a message to the request that queued it', async () => {
    const { mobile } = await holder(server);
    const person = visitor(server);
    const at = `${await person.begin()}/sms`;
    await person.open(at);
    await person.send(at, { login: mobile });
    const cause = await requestSpan('POST /interaction/:uid/sms');
    await server.jobs.sending.runNow();
    const sent = await requestSpan('send sms');
    expect(parentIdOf(sent)).to.equal(undefined);
    expect(sent.attributes).to.include({ 'pratu.message.attempts': 1 });
    const links = sent.links.map((link) => link.context.traceId);
    expect(links).to.deep.equal([cause.spanContext().traceId]);
    expect(inTraceOf(sent).map((span) => pathOf(span).join(' > '))).to.include('send sms > UPDATE outbox');
  });

  it('ignore the span of a caller, which could be anyone', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await fetch(`${server.url}/oauth/userinfo`, {
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'a=b', baggage: 'c=d' },
    });
    const span = await requestSpan('GET /oauth/userinfo');
    expect(span.spanContext().traceId).not.to.equal(traceId);
    expect(parentIdOf(span)).to.equal(undefined);
    expect(span.links).to.deep.equal([]);
  });

  it('leave out probes and metrics, and what nobody has requested', async () => {
    for (const path of ['/live', '/ready', '/metrics']) await fetch(server.url + path);
    await server.jobs.watching.runNow();
    await fetch(`${server.url}/oauth/userinfo`);
    await requestSpan('GET /oauth/userinfo');
    const roots = traces.spans().filter((span) => parentIdOf(span) === undefined);
    expect(roots.map(({ name }) => name)).to.deep.equal(['GET /oauth/userinfo']);
  });

  it('mark what failed for the server, and not what a caller did wrong', async () => {
    await fetch(`${server.url}/oauth/userinfo`);
    const refused = await requestSpan('GET /oauth/userinfo');
    expect(refused.attributes).to.include({ 'http.response.status_code': 401 });
    expect(refused.status.code).to.equal(SpanStatusCode.UNSET);
  });

  describe('with tracing.trustParent', () => {
    let trusting: TestServer;
    before(async () => {
      trusting = await stepServer({ tracing: { trustParent: true } });
    });
    after(() => trusting.stop());

    it('continue the trace of the caller', async () => {
      await fetch(`${trusting.url}/oauth/userinfo`, {
        headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
      });
      const span = await requestSpan('GET /oauth/userinfo');
      expect(span.spanContext().traceId).to.equal('0af7651916cd43dd8448eb211c80319c');
      expect(parentIdOf(span)).to.equal('b7ad6b7169203331');
    });

    it('begin one of their own for a header that is not valid', async () => {
      await fetch(`${trusting.url}/oauth/userinfo`, { headers: { traceparent: '00-0-0-01' } });
      expect(parentIdOf(await requestSpan('GET /oauth/userinfo'))).to.equal(undefined);
    });
  });
});
