import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { decryptMobile, newMobileKey } from '../../src/domain/clients/encrypted-mobile.ts';

const run = promisify(execFile);
const DOCS = new URL('../../docs/', import.meta.url);
const PAGE = readFileSync(new URL('partner-code-exchange.md', DOCS), 'utf8');

interface Example {
  file: string;
  /** The language of its code block on the page. */
  language: string;
  program: string;
  /** The arguments of a command that succeeds where the example can run. */
  probe: readonly string[];
}

const EXAMPLES: readonly Example[] = [
  { file: 'encrypt-mobile.js', language: 'js', program: process.execPath, probe: ['--version'] },
  { file: 'encrypt-mobile.py', language: 'python', program: 'python3', probe: ['-c', 'import cryptography'] },
  {
    file: 'encrypt-mobile.php',
    language: 'php',
    program: 'php',
    probe: ['-r', 'openssl_get_cipher_methods();'],
  },
  {
    file: 'encrypt-mobile.sh',
    language: 'sh',
    program: 'sh',
    probe: ['-c', 'openssl version && od --version'],
  },
];

const fileOf = ({ file }: Example): URL => new URL(`examples/encrypt-mobile/${file}`, DOCS);

describe('the examples of docs/partner-code-exchange.md', () => {
  for (const example of EXAMPLES) {
    it(`show ${example.file} as it is`, () => {
      expect(PAGE).to.include(`\`\`\`${example.language}\n${readFileSync(fileOf(example), 'utf8')}\`\`\``);
    });
  }

  // an example cannot run without its language on this machine
  for (const example of EXAMPLES.filter(({ program, probe }) => spawnSync(program, probe).status === 0)) {
    it(`encrypt what the server decrypts: ${example.file}`, async () => {
      const key = newMobileKey();
      const { stdout } = await run(example.program, [fileURLToPath(fileOf(example)), key, '0812345678']);
      expect(decryptMobile(key, stdout)).to.equal('0812345678');
      const again = await run(example.program, [fileURLToPath(fileOf(example)), key, '0812345678']);
      expect(again.stdout, 'the IV is random').to.not.equal(stdout);
    });
  }
});
