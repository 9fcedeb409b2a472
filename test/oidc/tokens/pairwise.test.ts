import { expect } from 'chai';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { pairwiseSubject } from '../../../src/oidc/tokens/pairwise.ts';

const ctx = {} as KoaContextWithOIDC;
const of = (sectorIdentifier: string): Client => ({ sectorIdentifier }) as unknown as Client;

describe('a pairwise subject', () => {
  const subject = pairwiseSubject(Buffer.alloc(32, 1));

  it('is stable for a person in a sector', () => {
    expect(subject(ctx, '1', of('rp.example'))).to.equal(subject(ctx, '1', of('rp.example')));
  });

  it('reveals nothing of the person, and fits a subject', () => {
    expect(subject(ctx, '1', of('rp.example'))).to.match(/^[\w-]{43}$/);
  });

  it('differs for another person, sector or deployment', () => {
    const subjects = [
      subject(ctx, '1', of('rp.example')),
      subject(ctx, '2', of('rp.example')),
      subject(ctx, '1', of('other.example')),
      pairwiseSubject(Buffer.alloc(32, 2))(ctx, '1', of('rp.example')),
    ];
    expect(new Set(subjects).size).to.equal(4);
  });

  it('keeps sector and person apart', () => {
    expect(subject(ctx, '11', of('rp.example'))).to.not.equal(subject(ctx, '1', of('rp.example1')));
  });
});
