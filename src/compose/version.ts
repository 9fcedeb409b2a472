import PACKAGE from '../../package.json' with { type: 'json' };

/** Of the package; in a bundle that of the code in it, whatever is beside it. */
export const VERSION: string = PACKAGE.version;
