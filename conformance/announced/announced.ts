import { type Check, type Group, notApplicable, SPECS } from '../check.ts';
import type { Metadata } from '../target.ts';
import { algorithms } from './algorithms.ts';
import { backchannelUses } from './backchannel.ts';
import { certificates } from './certificates.ts';
import { clients } from './clients.ts';
import { encryption } from './encryption.ts';
import { endpoints } from './endpoints.ts';
import { requests } from './requests.ts';
import { scopesAndClaims } from './scopes-and-claims.ts';
import type { Use, Uses } from './use.ts';

/** The uses of everything that discovery may announce. */
export const USES: Uses = {
  ...{ ...endpoints, ...requests, ...clients },
  ...{ ...algorithms, ...encryption, ...scopesAndClaims },
  ...{ ...backchannelUses, ...certificates },
};

/** The values of a member, as keys of its uses. */
const valuesOf = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

/** Returns the announced members and values that no check uses, as `member` or `member value`. */
export function unusedIn(metadata: Metadata, uses: Uses = USES): string[] {
  return Object.entries(metadata).flatMap(([member, value]) => {
    const use = uses[member];
    if (typeof use === 'function') return [];
    if (!use) return [member];
    return valuesOf(value)
      .filter((one) => !(one in use))
      .map((one) => `${member} ${one}`);
  });
}

const section = `${SPECS.discovery} §3, RFC 8414 §2`;

const useCheck = (member: string, value: string | undefined, use: Use): Check => ({
  id: ['announced', member, value].filter(Boolean).join(' '),
  section,
  title: value === undefined ? 'is used' : `${value} is used`,
  async run(target) {
    const { [member]: announced } = target.metadata;
    if (announced === undefined || (value !== undefined && !valuesOf(announced).includes(value)))
      return notApplicable('not announced');
    return use(target);
  },
});

/** One check for each value that may be announced, and one check that nothing else is announced. */
export const announced: Group = {
  name: 'announced',
  checks: [
    {
      id: 'announced-nothing-else',
      section,
      title: 'announces nothing that no check uses',
      async run({ metadata }) {
        const unused = unusedIn(metadata);
        if (unused.length > 0) throw new Error(`no use in conformance/announced/ for ${unused.join(', ')}`);
      },
    },
    ...Object.entries(USES).flatMap(([member, use]) =>
      typeof use === 'function'
        ? [useCheck(member, undefined, use)]
        : Object.entries(use).map(([value, one]) => useCheck(member, value, one)),
    ),
  ],
};
