import type { Middleware } from 'koa';
import type { Overview } from '../../domain/administration/overview.ts';
import type { SignInsByHour } from '../../domain/administration/sign-ins-by-hour.ts';
import { CONSOLE_PATH } from '../kit/paths.ts';
import { sparkline } from '../kit/sparkline.ts';
import { momentWriter } from '../page-data/moment.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';

interface Deps {
  overview: () => Promise<Overview>;
  timeZone: string;
  signInsByHour: () => Promise<SignInsByHour>;
  version: string;
}

/** `/console`: the current state of the deployment. */
export const todayPage = (
  area: ConsoleArea,
  { overview, signInsByHour, version, timeZone }: Deps,
): Middleware => {
  const written = momentWriter(timeZone);
  return consolePage(area, {
    name: 'console/today',
    path: CONSOLE_PATH,
    scope: 'admin:overview:read',
    async load() {
      const [state, byHour] = await Promise.all([overview(), signInsByHour()]);
      return {
        ...state,
        limits: state.limits.map(({ limit, clientId, count, until }) => ({
          ...{ name: limit, client: clientId, count },
          until: written(until),
        })),
        lines: { succeeded: sparkline(byHour.succeeded), failed: sparkline(byHour.failed) },
        version,
      };
    },
  });
};
