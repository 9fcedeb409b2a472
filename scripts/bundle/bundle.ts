import { readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The optional drivers of Knex. They need not be installed, because the database is PostgreSQL. */
export const OTHER_DRIVERS = [
  'better-sqlite3',
  'mariadb',
  'mysql',
  'mysql2',
  'oracledb',
  'pg-native',
  'pg-query-stream',
  'sqlite3',
  'tedious',
];

/** Packages with native parts, with files of their own, or with rarely needed parts. */
const LEFT_IN_NODE_MODULES = ['@node-rs/argon2', '@node-rs/bcrypt', 'pino', 'raw-body'];

/**
 * Returns a source in which `import.meta.url` is the URL of its own file, at `place` relative to the bundle. Modules
 * find views, migrations and workers from it. Throws when the source uses something unsupported, such as
 * `import.meta.dirname`.
 */
export function withOwnUrl(source: string, place: string): string {
  const [other] = source.match(/import\.meta(?!\.url\b|\.resolve\('[^.'])[\w?.[\]'"]*/) ?? [];
  if (other) throw new Error(`${place} uses ${other}, which a bundle does not have. Use import.meta.url.`);
  return source.replaceAll('import.meta.url', `new URL(${JSON.stringify(place)}, import.meta.url).href`);
}

const filesFromTheSource = (outdir: string): Plugin => ({
  name: 'files-from-the-source',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.[jt]s$/ }, async ({ path }) => {
      if (!relative(ROOT, path).startsWith(`src${sep}`)) return undefined;
      const place = relative(outdir, path).replaceAll(sep, '/');
      return {
        contents: withOwnUrl(await readFile(path, 'utf8'), place),
        loader: path.endsWith('.ts') ? 'ts' : 'js',
        resolveDir: dirname(path),
      };
    });
  },
});

/** CommonJS packages call `require` for modules of Node. */
const BANNER = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`;

/**
 * Writes the server with most of its packages into a few files of `outdir`, an absolute path in the project. `main.js`
 * starts it, and finds its other files from there. Files of an earlier bundle are kept, because a running server may
 * still load them. See docs/adr/0082-the-image-runs-a-bundle.md.
 */
export async function bundleInto(outdir: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: { main: 'src/main.js' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    // stack traces and metrics show the names of functions and errors
    keepNames: true,
    sourcemap: 'linked',
    legalComments: 'linked',
    chunkNames: '[name]-[hash]',
    external: [...LEFT_IN_NODE_MODULES, ...OTHER_DRIVERS],
    banner: { js: BANNER },
    plugins: [filesFromTheSource(outdir)],
    // not the project's own, which the image does not contain
    tsconfigRaw: { compilerOptions: { target: 'es2024', verbatimModuleSyntax: true } },
    metafile: true,
    logLevel: 'warning',
  });
  return metafile;
}
