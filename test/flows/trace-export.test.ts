import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { eventually } from '../support/eventually.ts';
import { startProcess } from '../support/process.ts';

interface Exported {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: { name: string }[] }[];
  }[];
}

const PRELOAD = fileURLToPath(new URL('../../src/otel.ts', import.meta.url));

describe('the preload of docs/tracing.md', () => {
  let collector: Server;
  let endpoint: string;
  let exported: Exported[];

  before(async () => {
    exported = [];
    collector = createServer(async (req, res) => {
      const body = await text(req);
      if (req.url === '/v1/traces') exported.push(JSON.parse(body));
      res.setHeader('Content-Type', 'application/json').end('{}');
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  });
  after(() => void collector.close());

  const spansOf = (all: Exported[]): string[] =>
    all.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) =>
        scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name)),
      ),
    );

  it('sends the traces of a server to a collector, the last ones when it stops', async () => {
    const server = await startProcess({
      nodeOptions: ['--import', PRELOAD],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=trial',
      },
    });
    await fetch(`${server.url}/oauth/userinfo`);
    await eventually(async () => expect(server.output()).to.include('"route":"/oauth/userinfo"'));
    expect(server.output()).to.match(
      /"traceId":"[0-9a-f]{32}".*"route":"\/oauth\/userinfo"|"route":"\/oauth\/userinfo".*"traceId":"[0-9a-f]{32}"/,
    );
    expect(await server.end()).to.equal(0);
    expect(spansOf(exported)).to.include('GET /oauth/userinfo');
    const [first] = exported[0]?.resourceSpans ?? [];
    const attributes = Object.fromEntries(
      (first?.resource.attributes ?? []).map(({ key, value }) => [key, value.stringValue]),
    );
    expect(attributes).to.include({ 'service.name': 'pratu', 'deployment.environment.name': 'trial' });
  });

  it('lets both variables name the service, the shorter one first', async () => {
    const named = async (env: Record<string, string>) => {
      exported = [];
      const server = await startProcess({
        nodeOptions: ['--import', PRELOAD],
        env: {
          OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
          OTEL_RESOURCE_ATTRIBUTES: 'service.name=doors',
          ...env,
        },
      });
      await fetch(`${server.url}/oauth/userinfo`);
      expect(await server.end()).to.equal(0);
      const [first] = exported[0]?.resourceSpans ?? [];
      return first?.resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
    };
    expect(await named({})).to.equal('doors');
    expect(await named({ OTEL_SERVICE_NAME: 'gates' })).to.equal('gates');
  });

  it('traces nothing with a ratio of 0', async () => {
    exported = [];
    const server = await startProcess({
      nodeOptions: ['--import', PRELOAD],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER_ARG: '0' },
    });
    await fetch(`${server.url}/oauth/userinfo`);
    expect(await server.end()).to.equal(0);
    expect(spansOf(exported)).to.deep.equal([]);
  });

  const run = (path: string, env: Record<string, string>) =>
    spawnSync(process.execPath, ['--import', path, '-e', '0'], { env, encoding: 'utf8' });

  it('refuses a ratio that is none', () => {
    for (const ratio of ['2', '-1', 'half', '']) {
      const { status, stderr } = run(PRELOAD, { OTEL_TRACES_SAMPLER_ARG: ratio });
      expect(status, ratio).to.equal(1);
      expect(stderr).to.include('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1');
    }
  });

  it('names what is missing where its packages are not installed', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pratu-otel-'));
    try {
      cpSync(PRELOAD, join(folder, 'otel.ts'));
      cpSync(
        fileURLToPath(new URL('../../node_modules/@opentelemetry/api', import.meta.url)),
        join(folder, 'node_modules/@opentelemetry/api'),
        { recursive: true },
      );
      const { status, stderr } = run(join(folder, 'otel.ts'), {});
      expect(status).to.equal(1);
      expect(stderr).to.include('The packages of OpenTelemetry are not installed (docs/tracing.md)');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
