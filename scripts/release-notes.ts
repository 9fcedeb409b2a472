import { readFile } from 'node:fs/promises';

/**
 * The notes of a version: what `CHANGELOG.md` has below `## <version>, <day>`. Throws for a version that has none, or
 * is not released there yet.
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

/** Throws unless the package and the chart have the version that is released. */
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
