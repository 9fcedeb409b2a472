import { readFile } from 'node:fs/promises';

/**
 * Returns the notes of a version: the text of `CHANGELOG.md` below `## <version>, <day>`. Throws when the version has
 * no notes or no release date.
 */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((one) => one.split(/[,\n]/, 1)[0]?.trim() === version);
  const [heading = '', ...lines] = section?.split('\n') ?? [];
  const notes = lines.join('\n').trim();
  if (!/, \d{4}-\d\d-\d\d$/.test(heading) || notes === '')
    throw new Error(`CHANGELOG.md has no notes below "## ${version}, <day>"`);
  return `${notes}\n`;
}

/** Throws unless the package and the chart have the released version. */
export function checkVersions(version: string, files: { package: string; chart: string }): void {
  const { version: packaged } = JSON.parse(files.package) as { version: string };
  const charted = [...files.chart.matchAll(/^(?:appVersion|version): "?([^"\n]+)"?$/gm)].map(
    ([, one]) => one,
  );
  const others = [packaged, ...charted].filter((one) => one !== version);
  if (charted.length !== 2 || others.length > 0)
    throw new Error(
      `package.json and charts/pratu/Chart.yaml must have the version ${version}, not ${others.join(', ')}`,
    );
}

if (import.meta.main) {
  const version = process.argv[2] ?? '';
  const read = (name: string): Promise<string> => readFile(new URL(`../${name}`, import.meta.url), 'utf8');
  checkVersions(version, {
    package: await read('package.json'),
    chart: await read('charts/pratu/Chart.yaml'),
  });
  process.stdout.write(releaseNotes(await read('CHANGELOG.md'), version));
}
