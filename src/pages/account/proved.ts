import { type AccountForm, SIGN_IN_AGAIN } from './account-page.ts';

/** A form's `submit` for somebody who signed in a moment ago; anybody else does so first and presses the button again. */
export const proved =
  (submit: AccountForm['submit']): AccountForm['submit'] =>
  async (sent, visit, ctx) =>
    visit.isFresh ? submit(sent, visit, ctx) : SIGN_IN_AGAIN;
