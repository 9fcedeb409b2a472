import type { Middleware } from 'koa';
import type { EffectiveSetting } from '../../config/effective-settings.ts';
import type { SigningKeys } from '../../domain/signing-keys/signing-keys.ts';
import { AppError } from '../../errors/app-error.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type ConsoleArea, consolePage, withOutcome } from './console-page.ts';

interface Deps {
  signingKeys: Pick<SigningKeys, 'list' | 'rotate' | 'rotatableIn'>;
  /** The time for which a next key must have been published, in seconds. */
  announceSeconds: number;
  settings: () => Promise<readonly EffectiveSetting[]>;
  timeZone: string;
}

const PATH = '/console/settings';

/** The group of a setting: `server` for `server.port`. The settings are shown one group at a time. */
const sliceOf = (name: string): string => name.split('.')[0] ?? '';

/** `/console/settings`: the signing keys, and all settings with their value and its source. */
export const settingsPage = (area: ConsoleArea, deps: Deps): Middleware => {
  const { signingKeys, announceSeconds, settings, timeZone } = deps;
  const written = momentWriter(timeZone);
  return consolePage(area, {
    name: 'console/settings',
    path: PATH,
    scope: 'admin:overview:read',
    outcomes: ['keys_rotated'],
    async load({ query }) {
      const [keys, values] = await Promise.all([signingKeys.list(), settings()]);
      const slices = [...new Set(values.map(({ name }) => sliceOf(name)))];
      const slice = slices.find((one) => one === query.slice) ?? slices[0] ?? '';
      return {
        keys: keys.map(({ kid, alg, state, createdAt }) => ({
          kid,
          alg,
          state,
          createdAt: written(createdAt),
        })),
        slices,
        slice,
        settings: values.filter(({ name }) => sliceOf(name) === slice),
      };
    },
    forms: [
      {
        action: `${PATH}/rotate-keys`,
        scope: 'admin:keys:write',
        destructive: true,
        async submit() {
          const retryAfter = await signingKeys.rotatableIn(announceSeconds);
          if (retryAfter > 0 || !(await signingKeys.rotate(announceSeconds)))
            throw new AppError('UNAVAILABLE', { retryAfter: Math.max(1, retryAfter) });
          return withOutcome(PATH, 'keys_rotated');
        },
      },
    ],
  });
};
