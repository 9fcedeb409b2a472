import { scopesOfRole } from '../../../domain/operators/role.ts';
import { navigationOf } from '../../console/navigation.ts';
import type { ConsoleFrame } from '../../page-data/console-frame.ts';

const scopes = scopesOfRole('admin');

/** The frame of every page of the console. */
export const frame: ConsoleFrame = {
  csrf: 'token',
  errors: [],
  outcome: undefined,
  operator: { id: 1, role: 'admin' },
  may: [...scopes],
  navigation: navigationOf(scopes),
};

export const moment = {
  iso: '2026-01-02T03:04:05.000Z',
  text: { th: '2 ม.ค. 2569 10:04', en: '2 Jan 2026, 10:04' },
};
