import type { Middleware } from 'koa';
import type { AccessGrants, ClientGrant } from '../../domain/access-grants/access-grants.ts';
import type { Sessions } from '../../domain/sessions/sessions.ts';
import { shownName } from '../kit/client-card.ts';
import type { ShownGrant } from '../page-data/access-data.ts';
import { momentWriter } from '../page-data/moment.ts';
import { portion } from '../page-data/portion.ts';
import { type AccountArea, accountPage, withOutcome } from './account-page.ts';
import { byDevice } from './devices.ts';
import { withRecentSignIn } from './recent-sign-in.ts';

interface Deps {
  sessions: Sessions;
  accessGrants: Pick<AccessGrants, 'list' | 'end'>;
  timeZone: string;
}

const PATH = '/account/sessions';
/** When one session is ended, the next one becomes visible. */
const ON_PAGE = 8;

/** `/account/sessions`: the signed-in browsers and clients, and a way to end each. */
export function sessionsPage(area: AccountArea, { sessions, accessGrants, timeZone }: Deps): Middleware {
  const written = momentWriter(timeZone);

  const grantOf = ({ id, clientId, clientName, since, renewedAt }: ClientGrant): ShownGrant => ({
    id,
    client: shownName(clientName ?? clientId),
    since: written(since),
    // the first token is issued a moment after the grant or session that it belongs to
    renewedAt: renewedAt.getTime() - since.getTime() < 60_000 ? undefined : written(renewedAt),
  });

  return accountPage(area, {
    name: 'account/sessions',
    path: PATH,
    outcomes: ['session_ended', 'access_ended', 'others_ended'],
    async load({ account, sessionUid, isRecentlyAuthenticated }) {
      const [all, given] = await Promise.all([sessions.list(account.id), accessGrants.list(account.id)]);
      const ownFirst = all.toSorted(
        (one, other) => Number(other.uid === sessionUid) - Number(one.uid === sessionUid),
      );
      const browsers = portion(ownFirst, ON_PAGE);
      const clients = portion(given, ON_PAGE);
      return {
        needsRecentSignIn: !isRecentlyAuthenticated,
        devices: byDevice(browsers.shown, { own: sessionUid, written }),
        moreBrowsers: browsers.more,
        grants: clients.shown.map(grantOf),
        moreGrants: clients.more,
      };
    },
    forms: [
      {
        action: '/account/sessions/end',
        once: true,
        submit: withRecentSignIn(async ({ session = '' }, { account }, { state: { requestId } }) => {
          await sessions.end(account.id, session, { requestId });
          return withOutcome(PATH, 'session_ended');
        }),
      },
      {
        action: '/account/sessions/end-access',
        once: true,
        submit: withRecentSignIn(async ({ grant = '' }, { account }, { state: { requestId } }) => {
          await accessGrants.end(account.id, grant, { requestId });
          return withOutcome(PATH, 'access_ended');
        }),
      },
      {
        action: '/account/sessions/end-others',
        submit: withRecentSignIn(async (_sent, { account, preservedSession }, { state: { requestId } }) => {
          await sessions.endOthers(account.id, preservedSession, { requestId });
          return withOutcome(PATH, 'others_ended');
        }),
      },
    ],
  });
}
