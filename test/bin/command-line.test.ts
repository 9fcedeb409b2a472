import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { command, runCommand } from '../support/command.ts';
import { freePort } from '../support/free-port.ts';

const LEAVES = [
  'migrate',
  'client create',
  'client list',
  'client show',
  'client rotate-secret',
  'client remove',
  'key rotate',
  'key list',
  'account create',
  'account show',
  'account suspend',
  'account activate',
  'account remove',
  'account consents',
  'receipt list',
  'receipt verify',
  'account logout',
  'account release-mobile',
  'account release-national-id',
  'token initial-access',
  'secret re-encrypt',
  'doctor',
];

describe('the pratu command line', () => {
  it('explains every command with an example and the exit codes', async () => {
    for (const subcommand of LEAVES) {
      const { code, stdout, stderr } = await command([...subcommand.split(' '), '--help']);
      expect(code, subcommand).to.equal(0);
      expect(stderr, subcommand).to.equal('');
      expect(stdout, subcommand)
        .to.include(`$ pratu ${subcommand}`)
        .and.include('Exit codes: 0')
        .and.include('--json');
    }
  });

  it('says which version it is', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await command(['--version'])).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('ends with 2 and one line for a wrong usage', async () => {
    const wrong = [
      ['client', 'nonsense'],
      ['nonsense'],
      ['client', 'show'],
      ['client', 'list', '--nonsense'],
      ['client', 'rotate-secret', 'x', '--keep', 'soon'],
      ['client', 'rotate-secret', 'x', '--keep', '4000d'],
      ['client', 'create', '--number', '-1'],
      ['client', 'create', '--channel', 'tv'],
      ['token', 'initial-access', '--expires', '0'],
      ['account', 'create'],
    ];
    for (const args of wrong) {
      const { code, stdout, stderr } = await command(args);
      expect({ args, code, stdout }).to.deep.equal({ args, code: 2, stdout: '' });
      expect(stderr.trim().split('\n'), stderr).to.have.lengthOf(1);
    }
  });

  it('ends with 3 when the database does not respond', async () => {
    const env = { DATABASE_URL: `postgres://nobody:hidden@127.0.0.1:${await freePort()}/none` };
    for (const args of [['client', 'list', '--json'], ['migrate'], ['account', 'show', '1']]) {
      const { code, stdout, stderr } = await command(args, { env });
      expect({ code, stdout }).to.deep.equal({ code: 3, stdout: '' });
      expect(stderr)
        .to.match(/^pratu: The database does not respond.*\n$/)
        .and.not.include('hidden');
    }
  });

  it('ends with 1 and every problem of the settings, without a stack', async () => {
    const { code, stdout, stderr } = await runCommand(['client', 'list'], {
      env: { NODE_ENV: 'production', DATABASE_URL: '', ISSUER: 'http://id.example.com' },
    });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr)
      .to.include('ISSUER')
      .and.include('DATABASE_URL')
      .and.not.match(/^\s+at /m);
  });

  it('writes one JSON document to stdout and nothing else', async () => {
    const { code, stdout, stderr } = await runCommand(['key', 'list', '--json']);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).to.be.an('array');
  });

  it('migrates a database that is up to date without a change', async () => {
    const { code, stdout } = await command(['migrate', '--json']);
    expect(code).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({ applied: [] });
  });
});
