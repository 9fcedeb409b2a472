/** A sign-in of so long ago proves who someone is for a sensitive change, without the password once more. */
export const RECENT_AUTH_SECONDS = 300;

/** Whether someone signed in recently: `signedInAt` and `now` in epoch seconds; undefined for no sign-in. */
export const isRecentAuth = (signedInAt: number | undefined, now: number): boolean =>
  signedInAt !== undefined && now - signedInAt <= RECENT_AUTH_SECONDS;
