import { posix } from 'node:path';
import { expect } from 'chai';
import { headingSlugs } from '../../scripts/site/heading-slug.ts';
import { filesUnder } from './tree.ts';

const everything = filesUnder();
const paths = everything.map(({ path }) => path);
const pages = everything.filter(({ path }) => path.endsWith('.md'));

const exists = (path: string): boolean =>
  paths.some((known) => known === path || known.startsWith(path.replace(/\/?$/, '/')));

/** A text between backticks that looks like a file of this project. */
const NAMED = /`([\w-]+(?:\/[\w.-]+)*\.(?:ts|ejs|yaml|sql))`/g;
/** Names in examples of file names. */
const EXAMPLES = /^(things?|account|accounts)(-store)?\.ts$|^default\.yaml$/;

/** The targets of links into a page: its headings, and the anchors that do not change with the wording. */
const anchorsIn = (markdown: string): string[] => [
  ...headingSlugs(markdown),
  ...[...markdown.matchAll(/^<a id="([\w-]+)"><\/a>$/gm)].map(([, id = '']) => id),
];

describe('the documents', () => {
  it('link to what is there', () => {
    const broken = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !/^https?:/.test(link) && !exists(posix.join(posix.dirname(path), link)))
        .map((link) => `${path}: ${link}`),
    );
    expect(broken).to.deep.equal([]);
  });

  it('link to headings that are there', () => {
    const slugs = new Map(pages.map(({ path, text }) => [path, anchorsIn(text)]));
    const broken = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)#\s:]*)#([^)\s]+)\)/g)]
        .map(([, link = '', slug = '']) => ({
          page: link === '' ? path : posix.join(posix.dirname(path), link),
          slug,
        }))
        .filter(({ page, slug }) => slugs.get(page)?.includes(slug) === false)
        .map(({ page, slug }) => `${path}: ${page}#${slug}`),
    );
    expect(broken).to.deep.equal([]);
  });

  it('are all listed in docs/README.md', () => {
    const index = everything.find(({ path }) => path === 'docs/README.md')?.text ?? '';
    const missing = pages
      .map(({ path }) => path)
      .filter((path) => posix.dirname(path) === 'docs' && !path.endsWith('README.md'))
      .filter((path) => !index.includes(`](${posix.basename(path)})`));
    expect(missing).to.deep.equal([]);
  });

  it('name files that are there', () => {
    const unknown = pages.flatMap(({ path, text }) =>
      [...text.matchAll(NAMED)]
        .map(([, name = '']) => name)
        .filter((name) => !EXAMPLES.test(name) && !paths.some((known) => `/${known}`.endsWith(`/${name}`)))
        .map((name) => `${path}: ${name}`),
    );
    expect(unknown).to.deep.equal([]);
  });

  it('name npm scripts that are there', () => {
    const { scripts } = JSON.parse(everything.find(({ path }) => path === 'package.json')?.text ?? '{}');
    // an example has its own scripts
    const ours = pages.filter(({ path }) => !path.startsWith('examples/'));
    const others = everything.filter(({ path }) =>
      /^(\.ci\/run|Dockerfile|compose.*|packaging\/.*|\.github\/.*)$/.test(path),
    );
    const named = [...ours, ...others].flatMap(({ text }) =>
      [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name = '']) => name),
    );
    expect(named).to.include('pratu');
    expect(Object.keys(scripts)).to.include.members([...new Set(named)]);
  });

  it('list every decision', () => {
    const decisions = paths.filter((path) => /^docs\/adr\/\d{4}-/.test(path));
    const index = everything.find(({ path }) => path === 'docs/adr/README.md')?.text;
    for (const path of decisions) expect(index).to.include(`(${posix.basename(path)})`);
  });
});
