import packageJson from '../../package.json' with { type: 'json' };

/** This release: page and threads must be of the same. */
export const VERSION: string = packageJson.version;
