import { createProvider, type ProviderDeps } from './provider.ts';

type Unused =
  | 'appSignIn'
  | 'pages'
  | 'pairwiseSubject'
  | 'findAccount'
  | 'fetch'
  | 'originOf'
  | 'browserOf'
  | 'onRepeat'
  | 'onReuse'
  | 'queueLogout';

const unused = (): never => {
  throw new Error('this provider serves no request');
};

/**
 * Creates the provider as the server configures it, for uses of its rules outside of a request: the schema of client
 * metadata, and tokens that an operator issues. It serves no requests.
 */
export const offlineProvider = (deps: Omit<ProviderDeps, Unused>): ReturnType<typeof createProvider> =>
  createProvider({
    ...deps,
    appSignIn: undefined,
    pages: {
      logout: unused,
      signedOut: unused,
      deviceInput: unused,
      deviceConfirm: unused,
      deviceDone: unused,
      forward: unused,
      error: unused,
    },
    pairwiseSubject: unused,
    findAccount: unused,
    fetch: unused,
    originOf: unused,
    browserOf: unused,
    onRepeat: unused,
    onReuse: unused,
    queueLogout: unused,
  });
