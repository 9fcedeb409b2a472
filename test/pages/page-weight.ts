import { expect } from 'chai';

const MOST_BYTES = 51_200;

/** What a page loads beside itself: style, script and icon, as they are served. */
async function sharedBytes({ url }: { url: string }, page: string): Promise<number> {
  const paths = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  const sizes = await Promise.all(
    paths.map(async (path) => (await (await fetch(url + path)).arrayBuffer()).byteLength),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Fails for a page that, with all that it loads, is heavier than a page may be. */
export async function expectLight(server: { url: string }, page: string, what = 'bytes'): Promise<void> {
  const shared = await sharedBytes(server, page);
  expect(shared).to.be.above(10_000);
  expect(Buffer.byteLength(page) + shared, what).to.be.at.most(MOST_BYTES);
}
