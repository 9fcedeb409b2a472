import type { Middleware } from 'koa';
import type { Overview } from '../../domain/administration/overview.ts';
import type { SignInsByHour } from '../../domain/administration/sign-ins-by-hour.ts';
import { CONSOLE_PATH } from '../kit/paths.ts';
import { sparkline } from '../kit/sparkline.ts';
import { type ConsoleArea, consolePage } from './console-page.ts';

interface Deps {
  overview: () => Promise<Overview>;
  signInsByHour: () => Promise<SignInsByHour>;
  version: string;
}

/** `/console`: the state of the deployment today. */
export const todayPage = (area: ConsoleArea, { overview, signInsByHour, version }: Deps): Middleware =>
  consolePage(area, {
    name: 'console/today',
    path: CONSOLE_PATH,
    scope: 'admin:overview:read',
    async load() {
      const [state, byHour] = await Promise.all([overview(), signInsByHour()]);
      return {
        ...state,
        lines: { succeeded: sparkline(byHour.succeeded), failed: sparkline(byHour.failed) },
        version,
      };
    },
  });
