import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { filesUnder } from './tree.ts';

const ROOT = new URL('../../', import.meta.url);
const pages = filesUnder([''], ['.md']);

describe('commands in the documents', () => {
  it('can be pasted: none is broken in the middle of a line of text', () => {
    const broken = pages.flatMap(({ path, text }) => {
      const prose = text.replace(/^```[\s\S]*?^```/gm, '');
      return [...prose.matchAll(/`((?:npm|curl|pratu|docker|git) [^`]*)`/g)]
        .filter(([, code = '']) => code.includes('\n'))
        .map(([, code = '']) => `${path}: ${code}`);
    });
    expect(broken).to.deep.equal([]);
  });

  it('send files that are there', () => {
    const sent = pages.flatMap(({ text }) =>
      [...text.matchAll(/-F \w+=@([\w./-]+)/g)].map(([, file = '']) => file),
    );
    expect(sent).to.not.have.length(0);
    expect(sent.filter((file) => !existsSync(new URL(file, ROOT)))).to.deep.equal([]);
  });

  it('of npm need no particular shell: cmd.exe keeps single quotes, and has no variables of ours', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const particular = /['`$;|<>]|(?<!&)&(?!&)|^[A-Z_]+=/;
    expect(Object.values(scripts).filter((script) => particular.test(script))).to.deep.equal([]);
  });
});
