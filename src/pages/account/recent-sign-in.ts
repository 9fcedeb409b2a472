import { type AccountForm, SIGN_IN_AGAIN } from './account-page.ts';

/** A form's `submit` that requires a recent sign-in. Other visitors sign in first and submit the form again. */
export const withRecentSignIn =
  (submit: AccountForm['submit']): AccountForm['submit'] =>
  async (sent, accountContext, ctx) =>
    accountContext.isRecentlyAuthenticated ? submit(sent, accountContext, ctx) : SIGN_IN_AGAIN;
