import { expect } from 'chai';
import { consoleToLog } from '../../src/http/console-lines.ts';
import { logger } from '../../src/http/log.ts';

describe('what libraries print', () => {
  const lines: string[] = [];
  const log = logger({ level: 'debug' }, { write: (line) => void lines.push(line) });
  const target = { debug() {}, error() {}, info() {}, log() {}, warn() {} } as unknown as typeof console;
  let undo: () => void;

  beforeEach(() => {
    lines.length = 0;
    undo = consoleToLog(log, target);
  });
  afterEach(() => undo());

  it('is a log line', () => {
    target.warn('a library WARNING: %s', 'text');
    expect(JSON.parse(lines[0] ?? '')).to.include({ level: 'warn', printed: 'a library WARNING: text' });
  });

  it('is left out where it reports intended behaviour', () => {
    target.warn('oidc-provider WARNING: already parsed request body detected, having upstream …');
    expect(lines).to.deep.equal([]);
  });

  it('includes the warnings of Node', async () => {
    process.emitWarning('beware');
    await new Promise(setImmediate);
    expect(JSON.parse(lines[0] ?? '')).to.include({ level: 'warn', printed: 'beware' });
  });

  it('is printed again afterwards', () => {
    undo();
    target.warn('plain');
    expect(lines).to.deep.equal([]);
  });
});
