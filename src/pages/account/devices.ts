import type { SignedInBrowser } from '../../domain/sessions/sessions.ts';
import type { DeviceWithSessions, ShownDevice } from '../page-data/access-data.ts';
import type { Moment } from '../page-data/moment.ts';

const PHONES: ReadonlySet<string | null> = new Set(['Android', 'iPhone', 'iPad']);

/** A browser as a person recognises it; a program that nobody here has heard of has no names. */
export const deviceOf = (browser: Pick<SignedInBrowser, 'place'> | undefined): ShownDevice => ({
  browser: browser?.place?.browser ?? null,
  system: browser?.place?.system ?? null,
  isPhone: PHONES.has(browser?.place?.system ?? null),
});

/** Sessions of browsers that look alike, one device each, in the order in which each device is first met. */
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
