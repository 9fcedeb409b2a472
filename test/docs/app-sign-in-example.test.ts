import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { codeOf } from '../flows/app-steps.ts';
import { somebody, type Visitor } from '../pages/account/visitor.ts';
import { runCommand } from '../support/command.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { enrolApp } from '../support/totp.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/app-sign-in/sign-in.js', import.meta.url));
const README = readFileSync(new URL('../../examples/app-sign-in/README.md', import.meta.url), 'utf8');

describe('examples/app-sign-in', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
    await forgetCounts(server.database);
  });

  /** Runs the example for a person who answers its questions. Each answer belongs to a question. */
  async function run(answers: [question: RegExp, answer: () => Promise<string> | string][]) {
    const child = spawn(process.execPath, [EXAMPLE], {
      env: { PATH: process.env.PATH, ISSUER: server.url, CLIENT_ID: 'my-app' },
    });
    let output = '';
    let left = answers;
    let asked = '';
    child.stderr.on('data', (part) => (output += String(part)));
    child.stdout.on('data', async (part) => {
      output += String(part);
      asked += String(part);
      const [next] = left;
      if (!next?.[0].test(asked)) return;
      left = left.slice(1);
      asked = '';
      child.stdin.write(`${await next[1]()}\n`);
    });
    const [code] = await once(child, 'close');
    return { code, output };
  }

  const MOBILE = /Mobile number: $/;
  const OTP = /Code from the SMS with the reference \w{4}: $/;

  it('is registered and run by the commands of its page', async () => {
    const [create = '', start] = /```sh\n(.*?)```/s.exec(README)?.[1]?.trim().split('\n') ?? [];
    expect(start).to.equal('node examples/app-sign-in/sign-in.js');
    const words = [...create.replace('npm run pratu -- ', '').matchAll(/'([^']*)'|(\S+)/g)];
    const { code, stderr } = await runCommand(words.map(([, quoted, word]) => quoted ?? word ?? ''));
    expect(code, stderr).to.equal(0);
    const person: Visitor = await somebody(server);
    const { code: ended, output } = await run([
      [MOBILE, () => person.mobile],
      [OTP, () => '12'],
      [OTP, () => codeOf(server, person.mobile)],
    ]);
    expect(ended, output).to.equal(0);
    expect(output).to.include('The code is wrong').and.include('a DPoP access token for openid profile');
    expect(output).to.include(`"sub":"${person.id}"`);
  });

  it('asks for the second factor of an account that has one', async () => {
    const person = await somebody(server);
    const enrolled = await enrolApp(server.domain, person.id);
    const { code, output } = await run([
      [MOBILE, () => person.mobile],
      [OTP, () => codeOf(server, person.mobile)],
      [/recovery code: $/, () => enrolled.code()],
    ]);
    expect(code, output).to.equal(0);
    expect(output).to.include(`"sub":"${person.id}"`);
  });

  it('reports the errors of the server', async () => {
    const { code, output } = await run([[MOBILE, () => 'nobody']]);
    expect(code).to.equal(1);
    expect(output).to.include('login_hint is no address that this otp_channel sends to');
  });

  it('has about 100 lines and no dependencies', () => {
    const text = readFileSync(EXAMPLE, 'utf8');
    expect(text.split('\n').length).to.be.at.most(120);
    for (const [, from] of text.matchAll(/from '([^']+)'/g)) expect(from).to.match(/^node:/);
  });
});
