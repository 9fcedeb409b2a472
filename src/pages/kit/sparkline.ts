/** The size of a sparkline's `viewBox`. */
export const SPARKLINE = { width: 240, height: 48 } as const;

/** Room for the width of the line. */
const EDGE = 2;

/** The `points` of an SVG polyline of the values, scaled to the greatest. Zeros give a flat line at the bottom. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  const step = (SPARKLINE.width - 2 * EDGE) / Math.max(1, values.length - 1);
  const room = SPARKLINE.height - 2 * EDGE;
  const round = (number: number): number => Math.round(number * 10) / 10;
  return values
    .map(
      (value, index) =>
        `${round(EDGE + index * step)},${round(SPARKLINE.height - EDGE - (value / most) * room)}`,
    )
    .join(' ');
}
