import type { Results } from '../results.ts';

const WIDTH = 760;
const LEFT = 200;
const RIGHT = 60;
const TOP = 56;
const BAR = 14;
const GAP = 18;
/** The ratio at the right edge. */
const FULL = 1.2;

/** The colours of the servers, which are distinguishable in greyscale and for colour-blind readers. */
const COLOURS: Record<string, string> = {
  embedded: '#b9a44c',
  PostgreSQL: '#0b5d57',
  'PostgreSQL and Redis': '#4f9d94',
  'two processes': '#7a5ea8',
};

const x = (ratio: number): number => LEFT + (Math.min(ratio, FULL) / FULL) * (WIDTH - LEFT - RIGHT);
const text = (left: number, top: number, content: string, more = ''): string =>
  `<text x="${left.toFixed(1)}" y="${top.toFixed(1)}" ${more}>${content}</text>`;

/** Draws a bar for each server in each scenario: its speed relative to plain oidc-provider, which is the line at 1. */
export function chart({ scenarios, at, machine }: Results): string {
  const names = Object.keys(COLOURS).filter((name) => scenarios.some(({ servers }) => servers[name]));
  const blockHeight = names.length * BAR + GAP;
  const height = TOP + scenarios.length * blockHeight + 40;
  const parts: string[] = [];

  for (const [index, name] of names.entries()) {
    const left = 16 + index * 180;
    parts.push(`<rect x="${left}" y="30" width="12" height="12" fill="${COLOURS[name]}"/>`);
    parts.push(text(left + 18, 40, name));
  }
  for (const ratio of [0.25, 0.5, 0.75, 1]) {
    const line = ratio === 1 ? 'stroke="#333" stroke-width="1.5"' : 'stroke="#ccc"';
    parts.push(`<line x1="${x(ratio)}" x2="${x(ratio)}" y1="${TOP}" y2="${height - 34}" ${line}/>`);
    parts.push(
      text(x(ratio), height - 20, ratio === 1 ? 'bare library' : String(ratio), 'text-anchor="middle"'),
    );
  }
  for (const [index, { name, servers }] of scenarios.entries()) {
    const top = TOP + index * blockHeight + GAP / 2;
    parts.push(text(LEFT - 10, top + (names.length * BAR) / 2 + 4, name, 'text-anchor="end"'));
    for (const [bar, server] of names.entries()) {
      const ratio = servers[server]?.ratio;
      if (ratio === undefined) continue;
      const y = top + bar * BAR;
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${(x(ratio) - LEFT).toFixed(1)}" height="${BAR - 3}" fill="${COLOURS[server]}"/>`,
        text(x(ratio) + 4, y + BAR - 4, ratio.toFixed(2), 'font-size="10"'),
      );
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<title>Requests a second as a share of the bare library's, ${at.slice(0, 10)}, ${machine}</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${text(16, 18, "Requests a second as a share of the bare library's, in memory", 'font-weight="bold"')}
${parts.join('\n')}
</svg>
`;
}
