import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';

const SOURCE = readFileSync(new URL('../../../views/assets/forward.js', import.meta.url), 'utf8');

describe('the script that sends a form on', () => {
  it('has no syntax that is later than ES5', () => {
    const code = SOURCE.replaceAll(/\/\*[\s\S]*?\*\//g, '');
    expect(code).to.not.match(
      /=>|`|\?\.|\?\?|\.\.\.|\\p\{|\b(?:const|let|class|async|await|import|export|of)\b/,
    );
  });

  it('sends the form of its page, and leaves a page without one alone', () => {
    const sent: string[] = [];
    const form = { submit: () => sent.push('form') };
    for (const found of [form, null]) runInNewContext(SOURCE, { document: { querySelector: () => found } });
    expect(sent).to.deep.equal(['form']);
  });
});
