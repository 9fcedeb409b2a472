import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { firstOf } from '../../src/lib/first-of.ts';

const never = (): Promise<never> => new Promise(() => {});
const fails = (message: string) => () => Promise.reject(new Error(message));

describe('the first of several attempts', () => {
  it('begins the next one when one fails, and none after a success', async () => {
    const begun: string[] = [];
    const attempt = (name: string, work: () => Promise<string>) => () => {
      begun.push(name);
      return work();
    };
    const attempts = [attempt('a', fails('a')), attempt('b', async () => 'b'), attempt('c', async () => 'c')];
    expect(await firstOf(attempts, 60_000)).to.equal('b');
    await pause(5);
    expect(begun).to.deep.equal(['a', 'b']);
  });

  it('begins the next one beside one that does not end', async () => {
    expect(await firstOf([never, async () => 'b'], 5)).to.equal('b');
  });

  it('rejects with every error when all fail, and with none when there is no attempt', async () => {
    const messages = async (attempts: (() => Promise<unknown>)[]): Promise<string[]> => {
      const error = await firstOf(attempts, 1).catch((caught: unknown) => caught);
      return (error as AggregateError).errors.map(({ message }) => message);
    };
    expect(await messages([fails('a'), fails('b')])).to.deep.equal(['a', 'b']);
    expect(await messages([])).to.deep.equal([]);
  });
});
