import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect } from 'chai';
import { ERRORS as CUSTOMERS } from '../../src/apis/customers/error-table.ts';
import { ELSEWHERE } from '../../src/apis/error-table.ts';
import { ERRORS as KEYS } from '../../src/apis/keys/error-table.ts';
import { ERRORS as PARTNERS } from '../../src/apis/partners/error-table.ts';
import { ERRORS as SELF_SERVICE } from '../../src/apis/self-service/error-table.ts';
import { CATALOGUE, type ErrorCode } from '../../src/errors/catalogue.ts';
import { filesUnder } from '../tidy/tree.ts';

const TABLES = { customers: CUSTOMERS, keys: KEYS, partners: PARTNERS, 'self-service': SELF_SERVICE };
/** Files that every API uses without importing them. */
const AROUND = [
  'src/apis/api.ts',
  'src/http/body.ts',
  'src/http/host-guard.ts',
  'src/http/request-limits.ts',
  'src/oidc/tokens/bearer.ts',
  'src/oidc/tokens/issue-token.ts',
];
const IMPORT = /^(?:import|export)\s+(?:type\s+)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'/gm;
const CODES = Object.keys(CATALOGUE) as ErrorCode[];

/** The files that the operations of an API may run, found by imports of values and of types. */
function reachedFrom(roots: readonly string[]): Map<string, string> {
  const reached = new Map<string, string>();
  const waiting = [...roots];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path) || !existsSync(path)) continue;
    const text = readFileSync(path, 'utf8');
    reached.set(path, text);
    for (const [, to = ''] of text.matchAll(IMPORT)) waiting.push(posix.join(posix.dirname(path), to));
  }
  return reached;
}

/** Files that define how codes are presented. They do not raise them. */
const isPresentation = (path: string): boolean =>
  path.startsWith('src/errors/') || /^src\/apis\/.*(?:errors|error-table)\.ts$/.test(path);

describe('the error table of an API', () => {
  for (const [api, table] of Object.entries(TABLES)) {
    it(`${api} excludes only codes that nothing behind the API fails with`, () => {
      const roots = filesUnder([`src/apis/${api}/`], ['.ts']).map(({ path }) => path);
      const texts = [...reachedFrom([...roots, ...AROUND])]
        .filter(([path]) => !isPresentation(path))
        .map(([, text]) => text);
      expect(texts.length).to.be.greaterThan(20);
      const wrong = CODES.filter(
        (code) => table[code] === ELSEWHERE && texts.some((text) => text.includes(`'${code}'`)),
      );
      expect(wrong).to.deep.equal([]);
    });
  }
});
