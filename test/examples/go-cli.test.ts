import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { agree, consentOnce, signIn } from '../browser/steps.ts';
import { atEnd } from '../support/at-end.ts';
import { accountContext } from '../support/chromium.ts';
import { describeExample, type RunningExample, startExample } from './example.ts';
import { type Program, startScript, written } from './program.ts';
import { EMAIL, NAME } from './web-app.ts';
import { personWithoutEmail } from './without-email.ts';

const run = promisify(execFile);
const DEVICE_LINK = /Or open (\S+)/;
/** The time limit of the first start of a program, which compiles it and its packages. */
const BUILT_WITHIN_MS = 110_000;

describeExample('go-cli', { tools: ['go'] }, () => {
  let config: string;
  let env: Record<string, string>;
  let login: RunningExample;

  before(async function () {
    this.timeout(120_000);
    config = await mkdtemp(join(tmpdir(), 'pratu-go-cli-'));
    atEnd(() => rm(config, { recursive: true, force: true }));
    // Go has its own settings in the same folder
    const { stdout } = await run('go', ['env', 'GOENV']);
    env = { XDG_CONFIG_HOME: config, GOENV: stdout.trim() };
    login = await startExample('go-cli', env);
  });

  const start = (command: string): Program =>
    startScript(`cd examples/go-cli && go run . ${command}`, login.workspace, {
      ...env,
      ISSUER: login.issuer,
    });
  const tokens = () => join(config, 'pratu-go-cli', 'tokens.json');

  it('signs in by a loopback address with a free port, and saves tokens', async () => {
    const [address = ''] = await written(login, /^http\S+\/oauth\/authorize\S+$/m, BUILT_WITHIN_MS);
    const { page } = await accountContext();
    await page.goto(address);
    await signIn(page);
    await page.waitForSelector('.grants');
    await agree(page);
    await page.getByText('Return to the terminal').waitFor();
    expect(await login.exited(), login.output()).to.equal(0);
    expect(login.output()).to.include(`Signed in as ${NAME}\nE-mail: ${EMAIL}\n`);
    expect((await stat(tokens())).mode & 0o777).to.equal(0o600);
  });

  it('renews an expired access token, and revokes the tokens', async () => {
    const saved = JSON.parse(await readFile(tokens(), 'utf8'));
    await writeFile(tokens(), JSON.stringify({ ...saved, expiry: '2020-01-01T00:00:00Z' }));
    const whoami = start('whoami');
    expect(await whoami.exited(), whoami.output()).to.equal(0);
    expect(whoami.output()).to.include(`Signed in as ${NAME}`);
    const renewed = JSON.parse(await readFile(tokens(), 'utf8'));
    expect(renewed.refresh_token).to.be.a('string').and.not.equal(saved.refresh_token);

    const logout = start('logout');
    expect(await logout.exited(), logout.output()).to.equal(0);
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'go-cli',
      refresh_token: renewed.refresh_token,
    });
    const answer = await fetch(`${login.issuer}/oauth/token`, { method: 'POST', body });
    expect(await answer.json()).to.include({ error: 'invalid_grant' });
    const nobody = start('whoami');
    expect(await nobody.exited()).to.equal(1);
    expect(nobody.output()).to.include('not signed in');
  });

  it('signs in by another device, also without an e-mail address', async () => {
    const device = start('login -device');
    const [, link = ''] = await written(device, DEVICE_LINK, BUILT_WITHIN_MS);
    const person = await personWithoutEmail(login.issuer);
    const { page } = await accountContext();
    await page.goto(link);
    await page.waitForSelector('.code-shown');
    await agree(page);
    await signIn(page, person);
    await consentOnce(page);
    expect(await device.exited(), device.output()).to.equal(0);
    expect(device.output()).to.include(`Signed in as ${person.name}\nE-mail: none\n`);
  });

  it('says that the person refused', async () => {
    const device = start('login -device');
    const [, link = ''] = await written(device, DEVICE_LINK, BUILT_WITHIN_MS);
    const { page } = await accountContext();
    await page.goto(link);
    await page.waitForSelector('.code-shown');
    await page.click('#cancel');
    expect(await device.exited()).to.equal(1);
    expect(device.output()).to.include('access_denied');
  });
});
