import type { Config } from '../../config/config.ts';

/** Red, green and blue, from 0 to 255 each. */
type Colour = readonly [number, number, number];

/**
 * The backgrounds of accent-coloured text, light and dark: the darkest of the light surfaces and the lightest of the
 * dark ones in `views/assets/pratu.css`.
 */
export const SURFACES = { light: '#eef1f4', dark: '#242c35' } as const;

/** The contrast ratio for text of normal size (WCAG 2.2, 1.4.3). */
const READABLE = 4.5;
const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [255, 255, 255];

const parse = (hex: string): Colour => {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
};

const print = (colour: Colour): string =>
  `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

const mix = (from: Colour, to: Colour, share: number): Colour => {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
};

/** WCAG 2.2, "relative luminance". */
function luminance(colour: Colour): number {
  const linear = (part: number): number =>
    part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

function ratio(one: Colour, other: Colour): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The contrast ratio of two `#rrggbb` colours, from 1 to 21 (WCAG 2.2). */
export const contrast = (one: string, other: string): number => ratio(parse(one), parse(other));

const shades = (from: Colour, to: Colour): Colour[] =>
  Array.from({ length: 41 }, (_, step) => mix(from, to, step / 40));

const darker = (colour: Colour): Colour[] => shades(colour, BLACK);

/**
 * First increases the brightness of the hue to its maximum, then makes it paler. Mixing in white immediately would
 * turn the colour grey.
 */
function lighter(colour: Colour): Colour[] {
  const peak = Math.max(...colour);
  const bright = peak === 0 ? BLACK : mix(BLACK, colour, 255 / peak);
  return [...shades(colour, bright), ...shades(bright, WHITE)];
}

/** The first candidate that is readable on `surface`, or `end`, the last shade of the candidates, if none is. */
const firstReadable = (candidates: readonly Colour[], surface: string, end: Colour): Colour =>
  candidates.find((candidate) => ratio(candidate, parse(surface)) >= READABLE) ?? end;

/** White if it is readable on a button of this colour, otherwise black. */
const textOn = (fill: Colour): Colour => (ratio(fill, WHITE) >= READABLE ? WHITE : BLACK);

/** The custom properties of one scheme. On hover, a button's colour moves away from the colour of its text. */
function properties(fill: Colour, text: Colour): string {
  const onFill = textOn(fill);
  const hover = mix(fill, onFill === WHITE ? BLACK : WHITE, 0.15);
  return [
    `--accent:${print(fill)}`,
    `--accent-hover:${print(hover)}`,
    `--on-accent:${print(onFill)}`,
    `--accent-text:${print(text)}`,
  ].join(';');
}

export type Brand = Pick<Config['pages'], 'accentColour' | 'cornerRadius' | 'fontFamily'>;

/**
 * The style sheet of the configured colour (`#rrggbb`). Buttons have that colour with black or white text. Links and
 * focus rings use the nearest readable shade. Dark mode has a lighter set. The corners and fonts are included.
 */
export function themeStyle({ accentColour, cornerRadius, fontFamily }: Brand): string {
  const accent = parse(accentColour);
  const onLight = firstReadable(darker(accent), SURFACES.light, BLACK);
  const onDark = firstReadable(lighter(accent), SURFACES.dark, WHITE);
  const shape = [
    `--corner:${cornerRadius / 16}rem`,
    ...(fontFamily ? [`--preferred-fonts:${fontFamily},`] : []),
  ];
  return `:root{${[properties(accent, onLight), ...shape].join(';')}}@media (prefers-color-scheme:dark){:root{${properties(onDark, onDark)}}}`;
}

/** The configured colour in one scheme, as `#rrggbb`: of a button, of the text on it, and of links. */
export interface Accent {
  fill: string;
  onFill: string;
  text: string;
}

/** The same colours as in `themeStyle`, for mails, whose clients do not support custom properties. */
export function accentsOf(accentColour: string): { light: Accent; dark: Accent } {
  const accent = parse(accentColour);
  const onLight = firstReadable(darker(accent), SURFACES.light, BLACK);
  const onDark = firstReadable(lighter(accent), SURFACES.dark, WHITE);
  const written = (fill: Colour, text: Colour): Accent => ({
    fill: print(fill),
    onFill: print(textOn(fill)),
    text: print(text),
  });
  return { light: written(accent, onLight), dark: written(onDark, onDark) };
}
