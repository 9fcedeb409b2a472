import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { errorsPage } from '../../scripts/errors-page.ts';
import { frameworksPage, withFrameworks } from '../../scripts/frameworks-page.ts';
import { schemaListing } from '../../scripts/schema-listing.ts';
import { violationsPage } from '../../scripts/violations-page.ts';
import { testDatabase } from '../support/database.ts';

const readDocument = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('the generated documents (npm run docs writes them)', () => {
  it('list every error of the catalogue as it is', () => {
    expect(readDocument('errors.md')).to.equal(errorsPage());
  });

  it('list every code of a violation', () => {
    expect(readDocument('violations.md')).to.equal(violationsPage());
  });

  it('list every framework of `client create --for`, in its own page and in the table', () => {
    expect(readDocument('frameworks.md')).to.equal(frameworksPage());
    const clients = readDocument('clients.md');
    expect(clients).to.equal(withFrameworks(clients));
  });

  it('show the schema that the migrations make, on any PostgreSQL', async () => {
    const { records } = await testDatabase();
    expect(readDocument('schema.sql')).to.equal(await schemaListing(records));
  });
});
