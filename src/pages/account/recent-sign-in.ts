import { type AccountForm, SIGN_IN_AGAIN } from './account-page.ts';

/**
 * A form's `submit` for someone who signed in a moment ago; anyone else does so first and presses the button again.
 */
export const withRecentSignIn =
  (submit: AccountForm['submit']): AccountForm['submit'] =>
  async (sent, accountContext, ctx) =>
    accountContext.isRecentlyAuthenticated ? submit(sent, accountContext, ctx) : SIGN_IN_AGAIN;
