import type { SignedInBrowser } from '../../domain/sessions/sessions.ts';
import type { DeviceWithSessions, ShownDevice } from '../page-data/access-data.ts';
import type { Moment } from '../page-data/moment.ts';

const PHONES: ReadonlySet<string | null> = new Set(['Android', 'iPhone', 'iPad']);

/** A browser as a person recognises it. An unrecognised program has no names. */
export const deviceOf = (browser: Pick<SignedInBrowser, 'place'> | undefined): ShownDevice => ({
  browser: browser?.place?.browser ?? null,
  system: browser?.place?.system ?? null,
  isPhone: PHONES.has(browser?.place?.system ?? null),
});

/** Groups the sessions of browsers that look alike into devices, in the order in which each device first occurs. */
export function byDevice(
  browsers: readonly SignedInBrowser[],
  { own, written }: { own: string; written: (time: Date) => Moment },
): DeviceWithSessions[] {
  const groups = Map.groupBy(browsers, ({ place }) => `${place?.browser} ${place?.system}`);
  return [...groups.values()].map((members) => ({
    ...deviceOf(members[0]),
    sessions: members.map(({ uid, signedInAt, seenAt }) => ({
      uid,
      isThis: uid === own,
      signedInAt: written(signedInAt),
      seenAt: written(seenAt),
    })),
  }));
}
