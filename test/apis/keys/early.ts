/** The responses to requests that fail before they reach the API. */
export const early = (url: string): Promise<{ status: number; body: unknown }[]> =>
  Promise.all(
    [
      fetch(`${url}/api/v2/auth/unknown`),
      fetch(`${url}/api/v2/location?q=%00`),
      fetch(`${url}/api/v2/auth/login`, {
        method: 'POST',
        body: 'a',
        headers: { 'content-encoding': 'gzip' },
      }),
    ].map(async (answer) => ({ status: (await answer).status, body: await (await answer).json() })),
  );
