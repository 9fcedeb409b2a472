import { expect } from 'chai';
import fc from 'fast-check';
import { SPARKLINE, sparkline } from '../../../src/pages/kit/sparkline.ts';

const pointsOf = (values: readonly number[]): [number, number][] =>
  sparkline(values)
    .split(' ')
    .map((point) => point.split(',').map(Number) as [number, number]);

describe('a sparkline', () => {
  it('goes from left to right, and is highest where most was counted', () => {
    const points = pointsOf([0, 5, 10, 5]);
    expect(points.map(([x]) => x)).to.deep.equal([2, 80.7, 159.3, 238]);
    expect(points.map(([, y]) => y)).to.deep.equal([46, 24, 2, 24]);
  });

  it('lies at the bottom while nothing was counted', () => {
    expect(pointsOf([0, 0, 0]).map(([, y]) => y)).to.deep.equal([46, 46, 46]);
  });

  it('has a place for each value within its size, whatever was counted', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1e9 }), { minLength: 1, maxLength: 48 }), (values) => {
        const points = pointsOf(values);
        expect(points).to.have.length(values.length);
        for (const [x, y] of points) {
          expect(x).to.be.within(0, SPARKLINE.width);
          expect(y).to.be.within(0, SPARKLINE.height);
        }
      }),
    );
  });
});
