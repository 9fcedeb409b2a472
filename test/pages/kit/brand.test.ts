import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { contrast, SURFACES, themeStyle } from '../../../src/pages/kit/brand.ts';

const ACCENTS = [
  '#0b5d57',
  '#000000',
  '#ffffff',
  '#ffeb3b',
  '#777777',
  '#ff0000',
  '#0000ff',
  '#00FF00',
  '#7f7f80',
];

const schemes = (style: string): Record<string, string>[] =>
  [...style.matchAll(/:root\{([^}]*)\}/g)].map(([, properties = '']) =>
    Object.fromEntries(properties.split(';').map((property) => property.split(':'))),
  );

describe('themeStyle', () => {
  it('computes contrast as WCAG does', () => {
    expect(contrast('#000000', '#ffffff')).to.equal(21);
    expect(contrast('#777777', '#ffffff')).to.be.closeTo(4.48, 0.01);
    expect(contrast('#123456', '#123456')).to.equal(1);
  });

  for (const accent of ACCENTS) {
    it(`can be read with ${accent}, light and dark`, () => {
      const [light, dark, ...more] = schemes(themeStyle({ accentColour: accent, cornerRadius: 10 }));
      expect(more).to.deep.equal([]);
      for (const [scheme, surface] of [
        [light, SURFACES.light],
        [dark, SURFACES.dark],
      ] as const) {
        const colour = (name: string): string => scheme?.[`--${name}`] ?? '';
        expect(contrast(colour('on-accent'), colour('accent')), 'button').to.be.at.least(4.5);
        expect(contrast(colour('on-accent'), colour('accent-hover')), 'hover').to.be.at.least(4.5);
        expect(contrast(colour('accent-text'), surface), 'link').to.be.at.least(4.5);
      }
      expect(light?.['--accent']).to.equal(accent.toLowerCase());
    });
  }

  it('rounds corners and prefers fonts as configured', () => {
    const style = themeStyle({
      accentColour: '#0b5d57',
      cornerRadius: 0,
      fontFamily: 'Sarabun, "Noto Sans Thai"',
    });
    expect(style).to.include('--corner:0rem').and.include('--preferred-fonts:Sarabun, "Noto Sans Thai",');
    expect(themeStyle({ accentColour: '#0b5d57', cornerRadius: 24 }))
      .to.include('--corner:1.5rem')
      .and.not.include('fonts');
  });

  it('measures on the surfaces that the style sheet has', () => {
    const sheet = readFileSync(new URL('../../../views/assets/pratu.css', import.meta.url), 'utf8');
    const [light = '', dark = ''] = sheet.split('@media (prefers-color-scheme: dark)');
    const surfaces = (part: string): string[] =>
      [...part.matchAll(/--(?:ground|surface|raised): (#[0-9a-f]{6})/g)].map(([, colour = '']) => colour);
    const byLuminance = (colours: string[]): string[] =>
      colours.sort((one, other) => contrast(one, '#000000') - contrast(other, '#000000'));
    expect(byLuminance(surfaces(light))[0]).to.equal(SURFACES.light);
    expect(byLuminance(surfaces(dark)).at(-1)).to.equal(SURFACES.dark);
  });
});
