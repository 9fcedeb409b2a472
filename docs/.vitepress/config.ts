import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { headingSlug } from '../../scripts/site/heading-slug.ts';
import { navigationOf } from '../../scripts/site/navigation.ts';
import { repositoryLinks } from '../../scripts/site/repository-links.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NOT_PAGES = ['node_modules', '.git', '.github', 'data', 'tmp', 'test'];

const isPage = (path: string): boolean =>
  path.endsWith('.md') && !path.split('/').some((part) => NOT_PAGES.includes(part));
const pages = new Set(
  readdirSync(ROOT, { withFileTypes: true })
    .filter(({ name }) => !NOT_PAGES.includes(name))
    .flatMap((entry) =>
      entry.isDirectory()
        ? readdirSync(`${ROOT}${entry.name}`, { recursive: true, encoding: 'utf8' }).map(
            (path) => `${entry.name}/${path}`,
          )
        : [entry.name],
    )
    .filter(isPage),
);

/** The same Markdown as in the repository, which is the source folder: relative links work in both. */
export default defineConfig({
  title: 'Pratu',
  description: 'An OpenID Connect and OAuth 2 authorization server with customer accounts',
  base: process.env.DOCS_BASE ?? '/',
  srcDir: '..',
  srcExclude: NOT_PAGES.map((folder) => `**/${folder}/**`),
  outDir: '../tmp/site',
  cacheDir: '../tmp/vitepress',
  ignoreDeadLinks: 'localhostLinks',
  rewrites: (id) => id.replace(/README\.md$/, 'index.md'),
  vite: {
    plugins: [
      {
        // pages above this folder do not find its packages; the server bundle runs in it and does
        name: 'packages-of-the-generator',
        enforce: 'pre',
        resolveId: (id, _importer, { ssr }) =>
          ssr && /^vue(\/server-renderer)?$/.test(id) ? { id, external: true } : undefined,
      },
    ],
  },
  markdown: {
    anchor: { slugify: headingSlug },
    config: (markdown) => {
      repositoryLinks(pages, process.env.DOCS_REPOSITORY)(markdown);
      // Vue would evaluate what is between {{ and }} in code, and leave the page empty when that fails
      const { code_inline: code } = markdown.renderer.rules;
      if (!code) throw new Error('the Markdown renderer has no rule for code');
      markdown.renderer.rules.code_inline = (tokens, index, ...rest) => {
        tokens[index]?.attrSet('v-pre', '');
        return code(tokens, index, ...rest);
      };
    },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/' },
      { text: 'Documentation', link: '/docs/' },
      { text: 'Changes', link: '/CHANGELOG' },
    ],
    sidebar: navigationOf(readFileSync(`${ROOT}docs/README.md`, 'utf8')).map((group) => ({
      ...group,
      collapsed: true,
      items: group.items.map(({ text, link }) => ({ text, link: link.replace(/README\.md$/, '') })),
    })),
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
