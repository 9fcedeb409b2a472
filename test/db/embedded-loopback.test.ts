import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Embedded, openEmbedded } from '../../src/db/embedded.ts';
import { type Access, embeddedPlace, usualTransport } from '../../src/db/embedded-access.ts';
import { ask } from '../support/ask.ts';
import { eventually } from '../support/eventually.ts';
import { exchange } from '../support/raw-exchange.ts';

describe('the embedded PostgreSQL on loopback', function () {
  this.timeout(120_000);
  let folder: string;
  let open: Embedded[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratu-loopback-'));
    open = [];
  });
  afterEach(async () => {
    for (const embedded of open) await embedded.close();
    await rm(folder, { recursive: true });
  });

  async function start(): Promise<Embedded> {
    const embedded = await openEmbedded(folder, 'loopback');
    open.push(embedded);
    return embedded;
  }
  const code = (access: Access): Promise<unknown> =>
    ask(access, 'select 1').then(
      () => 'connected',
      (error: { code?: string }) => error.code,
    );

  it('is what Windows has, with a pipe that keeps other processes out', () => {
    expect(['win32', 'linux', 'darwin'].map((name) => usualTransport(name as NodeJS.Platform))).to.deep.equal(
      ['loopback', 'socket', 'socket'],
    );
    const lock = (platform: NodeJS.Platform, dataDir = folder): string =>
      embeddedPlace(dataDir, 'loopback', platform).lock;
    expect(lock('win32')).to.match(/^\\\\\.\\pipe\\pratu-[0-9a-f]{16}$/);
    expect(lock('win32')).to.not.equal(lock('win32', `${folder}-other`));
    expect(lock('linux')).to.equal(join(folder, '.s.PGSQL.5432.lock'));
  });

  it('responds to clients that have the password of the data folder, and to no others', async () => {
    const { access } = await start();
    expect(access.host).to.equal('127.0.0.1');
    const file = join(folder, 'embedded.json');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    const { port, password } = JSON.parse(await readFile(file, 'utf8'));
    expect(password).to.have.lengthOf(43);
    expect(await ask({ ...access, port, password }, 'select 1')).to.deep.equal([[1]]);
    expect(await code({ ...access, password: 'guess' })).to.equal('28P01');
    expect(await code({ ...access, password: `${password}x` })).to.equal('28P01');

    // an HTTP request, an impossible length, a length that is too large for a start, and a query in place of the
    // password
    expect(await exchange(port, `POST / HTTP/1.1\r\n\r\n${'x'.repeat(20_000)}`)).to.equal('');
    expect(await exchange(port, Buffer.from([0, 0, 0, 0, 0, 0, 0, 0]))).to.equal('');
    const startup = Buffer.concat([Buffer.from([0, 0, 0, 9, 0, 3, 0, 0]), Buffer.from([0])]);
    const query = Buffer.concat([Buffer.from('Q'), Buffer.from([0, 0, 0, 13]), Buffer.from('select 1\0')]);
    expect(await exchange(port, Buffer.concat([startup, query]))).to.include('28P01');
    expect(await ask(access, 'select 2')).to.deep.equal([[2]]);
  });

  it('is one for two that open its folder, at the same port when the first is closed', async () => {
    const first = await start();
    const second = await start();
    expect(second.access).to.deep.equal(first.access);
    await ask(first.access, 'create table kept (value int)');
    await ask(second.access, 'insert into kept values (7)');
    await first.close();
    open = [second];
    await eventually(async () => {
      expect(await ask(second.access, 'select value from kept')).to.deep.equal([[7]]);
    });
  });

  it('takes a free port when another program has its previous one, and creates a new password for a broken file', async () => {
    const other = createServer((peer) => peer.destroy()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const file = join(folder, 'embedded.json');
    await writeFile(file, JSON.stringify({ port, password: 'of before' }));
    const embedded = await start();
    expect(embedded.access.port).to.not.equal(port);
    expect(embedded.access.password).to.equal('of before');
    expect(await code(embedded.access)).to.equal('connected');
    await embedded.close();
    open = [];
    other.close();

    await writeFile(file, '{"port":');
    const again = await start();
    expect(again.access.password).to.have.lengthOf(43);
    expect(await code(again.access)).to.equal('connected');
  });
});
