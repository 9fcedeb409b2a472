import PACKAGE from '../../package.json' with { type: 'json' };

/**
 * The version of the package. In a bundle, it is the version of the bundled code, regardless of the files around it.
 */
export const VERSION: string = PACKAGE.version;
