import { expect } from 'chai';

const MOST_BYTES = 51_200;

/** The bytes of the other files that a page loads: style, script and icon, as they are served. */
async function sharedBytes({ url }: { url: string }, page: string): Promise<number> {
  const paths = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  const sizes = await Promise.all(
    paths.map(async (path) => (await (await fetch(url + path)).arrayBuffer()).byteLength),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Throws when a page, with everything that it loads, exceeds the limit. */
export async function expectLight(server: { url: string }, page: string, what = 'bytes'): Promise<void> {
  const shared = await sharedBytes(server, page);
  expect(shared).to.be.above(10_000);
  expect(Buffer.byteLength(page) + shared, what).to.be.at.most(MOST_BYTES);
}
