import type { Context } from 'koa';
import type { Lifecycle } from '../../domain/lifecycle/lifecycle.ts';
import type { LinkKey } from '../../domain/settings/email-links.ts';
import type { OwnProfile } from '../../domain/settings/profile-change.ts';
import type { ProfileChanges, ProfileRequest } from '../../domain/settings/profile-changes.ts';
import { type AnyOperation, operation } from '../api.ts';
import { type ApiDeps, type Caller, jsonReader, preservedSessionOf } from './authenticate.ts';
import { profile, wantedProfile } from './wire.ts';

interface Deps extends ApiDeps {
  lifecycle: Pick<Lifecycle, 'remove'>;
  profileChanges: ProfileChanges;
}

/** The caller's own profile: read, change, confirm a new e-mail, delete. */
export function profileOperations(deps: Deps): AnyOperation<Caller>[] {
  const { lifecycle, profileChanges, originOf } = deps;
  const body = jsonReader(deps);
  const write = (ctx: Context, shown: OwnProfile): void => {
    ctx.body = profile(shown);
  };

  return [
    operation<Caller, undefined, OwnProfile>({
      id: 'getSelf',
      method: 'get',
      path: '/customers/self',
      read: () => undefined,
      run: (_input, { accountId }) => profileChanges.show(accountId),
      write,
    }),
    operation<Caller, Pick<ProfileRequest, 'wanted' | 'currentPassword' | 'origin'>, OwnProfile>({
      id: 'updateSelf',
      method: 'patch',
      path: '/customers/self',
      body,
      read: (ctx, { body }) => ({ ...wantedProfile(body), origin: originOf(ctx) }),
      run: (input, caller) =>
        profileChanges.change({
          ...input,
          accountId: caller.accountId,
          preservedSession: preservedSessionOf(caller),
        }),
      write,
    }),
    operation<Caller, undefined, void>({
      id: 'deleteSelf',
      method: 'delete',
      path: '/customers/self',
      read: () => undefined,
      run: async (_input, { accountId }) => {
        await lifecycle.remove(accountId, 'owner');
      },
      write(ctx) {
        ctx.body = { result: 'deleted' };
      },
    }),
    operation<Caller, LinkKey, void>({
      id: 'confirmNewEmail',
      method: 'post',
      path: '/customers/newemail_confirm',
      open: true,
      body,
      read: (_ctx, { body }) => body as LinkKey,
      run: (link, _caller, ctx) => profileChanges.confirmEmail(link, originOf(ctx)),
      write(ctx) {
        ctx.body = { result: 'updated' };
      },
    }),
  ];
}
