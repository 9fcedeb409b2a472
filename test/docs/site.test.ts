import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { deadLinks } from '../../scripts/site/dead-links.ts';
import { headingSlug, headingSlugs } from '../../scripts/site/heading-slug.ts';
import { navigationOf } from '../../scripts/site/navigation.ts';
import { siteLink } from '../../scripts/site/repository-links.ts';

const PAGES = new Set(['README.md', 'docs/README.md', 'docs/clients.md', 'config/README.md']);

describe('the site of the documents', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratu-site-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function built(files: Record<string, string>): Promise<string> {
    for (const [path, html] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), html);
    }
    return folder;
  }

  it('notices links to pages, files and headings that are not there', async () => {
    await built({
      'index.html': '<a href="docs/a.html#here">a</a> <a href="/docs/">b</a> <img src="/gone.png">',
      'docs/index.html': '<h2 id="ก-top">t</h2><a href="../index.html">c</a><a href="#%E0%B8%81-top">d</a>',
      'docs/a.html':
        '<h2 id="here">h</h2><a href="b.html">e</a><a href="/docs/a.html?x=1#there">f</a><a href="#">g</a>',
      'docs/outside.html': '<a href="https://example.com/none">h</a><a href="mailto:a@example.com">i</a>',
    });
    expect(deadLinks(folder)).to.have.members([
      'index.html: /gone.png',
      'docs/a.html: b.html',
      'docs/a.html: /docs/a.html?x=1#there',
    ]);
  });

  it('is checked under the path that it is served under', async () => {
    await built({ 'index.html': '<a href="/pratu/a.html">a</a><a href="/a.html">b</a>', 'a.html': '' });
    expect(deadLinks(folder, '/pratu/')).to.deep.equal(['index.html: /a.html']);
  });

  it('has the anchors that the repository has', () => {
    expect(headingSlug('Sign-in: `acr`, and ภาษาไทย (both)')).to.equal('sign-in-acr-and-ภาษาไทย-both');
    const page = '# One\n## [Two](x.md) `three`\n```\n# no heading\n```\n## One\n';
    expect(headingSlugs(page)).to.deep.equal(['one', 'two-three', 'one-1']);
  });

  it('links to its pages, and to files of the repository that it does not have', () => {
    const link = (href: string) => siteLink('docs/clients.md', href, PAGES);
    expect(link('../config/README.md#x')).to.deep.equal({ page: '../config/index.md#x' });
    expect(link('../config/')).to.deep.equal({ page: '../config/index.md' });
    expect(link('clients.md')).to.deep.equal({ page: 'clients.md' });
    expect(link('../compose.yaml')).to.deep.equal({ file: 'compose.yaml' });
    expect(link('../openapi/')).to.deep.equal({ file: 'openapi' });
    for (const href of ['https://example.com/a.md', 'mailto:a@example.com', '#scopes'])
      expect(link(href), href).to.equal(undefined);
  });

  it('has the navigation of docs/README.md', async () => {
    const index = await readFile(new URL('../../docs/README.md', import.meta.url), 'utf8');
    const groups = navigationOf(index);
    expect(groups[0]?.items[0]).to.deep.equal({
      text: 'Introduction and quick start',
      link: '/README.md',
    });
    expect(
      navigationOf('# T\n\n## None\n\ntext\n\n## A\n\n- [B](b.md): text\n- [C](../c/README.md#d)\n'),
    ).to.deep.equal([{ text: 'A', items: [{ text: 'B', link: '/docs/b.md' }] }]);
  });
});
